/*
 * test_faults_sweep.c -- connections that break at every point.
 *
 * Room: tests.  May touch: muster.h, simfleet.h, engine/ssh/airbag.h.
 * One session after the other is cut or garbled a little later than the one
 * before, from the identification to the end of the channel.
 */
#include "config.h"

#include "simfleet.h"
#include "ssh/airbag.h"

#include <assert.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static struct simfleet fleet;
static struct engine engine;

static void
open_engine(void)
{
	simfleet_engine(&fleet, &engine);
	engine.options.fanout = 1000;
	engine.options.connects_per_100ms = 1000;
	engine.options.retries = 0;
	engine.options.banner_timeout_ms = 1000;
	engine.options.kex_timeout_ms = 1500;
	engine.options.auth_timeout_ms = 1500;
	engine.options.open_timeout_ms = 1000;
	engine.options.command_timeout_ms = 1000;
	engine.options.linger_ms = 300;
	engine.options.grace_ms = 100;
	engine_open(&engine);
}

/* Three sweeps over what a server sends in a session: it resets the
 * connection, closes it, or garbles one byte. */
#define SWEEP_STEP 29
#define N_SWEEP 160
#define FLIP_STEP 7
#define N_FLIPS 640
#define SWEEP_BYTES 400

static int
rank_of(const struct muster_result *r)
{
	switch (muster_outcome_family(r->outcome)) {
	case MUSTER_FAMILY_NOT_RUN:
		return 0;
	case MUSTER_FAMILY_UNKNOWN:
		return 1;
	case MUSTER_FAMILY_RAN:
		return 2;
	case MUSTER_FAMILY_PENDING:
		break;
	}
	fail();
	return 0;
}

/* What came is the beginning of what was sent. */
static void
assert_prefix(size_t host)
{
	const struct muster_result *r = engine_result(&engine, host);
	uint8_t expected[SWEEP_BYTES];

	fleetsim_pattern(0, expected, sizeof(expected));
	assert_true(r->out_bytes <= sizeof(expected));
	engine_assert_out(&engine, host, expected, (size_t)r->out_bytes);
	if (r->outcome == MUSTER_EXIT) {
		engine_assert_end(&engine, host, "EXIT 5");
		assert_int_equal(r->out_bytes, sizeof(expected));
	}
}

static void
run_sweep(const char *name, size_t n)
{
	open_engine();
	for (size_t i = 0; i < n; i++) {
		char host[40];

		(void)snprintf(host, sizeof(host), "%s%03zu", name, i);
		assert_int_equal(simfleet_add(&fleet, &engine, host), i);
	}
	engine_run(&engine, "command");
}

/* The later the cut, the further it got; what the server ran is never
 * called NOT_RUN. */
static void
assert_safe_cuts(void)
{
	unsigned n_of_rank[3] = {0}, n_unsure = 0;
	int last = 0;

	for (size_t i = 0; i < N_SWEEP; i++) {
		const struct muster_result *r = engine_result(&engine, i);
		const char *name = muster_host_name(engine.m, i);
		unsigned execs = simfleet_ledger(&fleet, name)->execs;
		int rank = rank_of(r);

		if (rank < last)
			fail_msg("%s: %s, %s", name,
			    muster_outcome_word(r->outcome), r->text);
		last = rank;
		n_of_rank[rank]++;
		if (rank == 0)
			assert_int_equal(execs, 0);
		else if (execs == 0)
			n_unsure++;
		if (rank == 1)
			engine_assert_end(&engine, i, "LOST");
		assert_prefix(i);
	}
	assert_true(n_of_rank[0] > 20);
	assert_true(n_of_rank[1] > 3);
	assert_true(n_of_rank[2] > 3);
	/* Only when the answer that let us send was the last to come. */
	assert_true(n_unsure <= 1);
}

static void
test_a_reset_is_safe_wherever_it_comes(void **state)
{
	(void)state;
	run_sweep("reset", N_SWEEP);
	assert_safe_cuts();
}

static void
test_an_early_end_is_safe_wherever_it_comes(void **state)
{
	(void)state;
	run_sweep("cut", N_SWEEP);
	assert_safe_cuts();
}

static void
test_a_garbled_byte_is_never_taken_for_output(void **state)
{
	unsigned n_not_run = 0;

	(void)state;
	run_sweep("flip", N_FLIPS);
	for (size_t i = 0; i < N_FLIPS; i++) {
		const struct muster_result *r = engine_result(&engine, i);
		const char *name = muster_host_name(engine.m, i);

		if (rank_of(r) == 0) {
			assert_int_equal(
			    simfleet_ledger(&fleet, name)->execs, 0);
			n_not_run++;
		}
		/* Nobody refused anything. */
		assert_int_not_equal(r->outcome, MUSTER_AUTH_DENIED);
		assert_int_not_equal(r->outcome, MUSTER_AUTH_NO_METHOD);
		assert_prefix(i);
	}
	assert_true(n_not_run > 20);
}

/* libssh2 asserts what a garbled length makes false, and is not to end us;
 * what we assert ourselves is. */
static void
test_an_assertion_of_ours_still_ends_the_program(void **state)
{
	int status;
	pid_t pid;

	(void)state;
	(void)fflush(NULL);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		struct airbag bag;

		(void)close(STDERR_FILENO);
		(void)setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
		airbag_arm(&bag);
		if (setjmp(bag.jump) == 0)
			assert(false);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGABRT);
}

static int
setup(void **state)
{
	static const struct {
		const char *name;
		size_t n, step;
	} sweeps[] = {{"reset", N_SWEEP, SWEEP_STEP},
	    {"cut", N_SWEEP, SWEEP_STEP}, {"flip", N_FLIPS, FLIP_STEP}};
	struct buf table;

	(void)state;
	buf_init(&table, 200000);
	for (size_t sweep = 0; sweep < 3; sweep++)
		for (size_t i = 0; i < sweeps[sweep].n; i++)
			buf_addf(&table,
			    "%s%03zu exec=canned bytes=%d exit=5 "
			    "scenario=%s@%zu\n",
			    sweeps[sweep].name, i, SWEEP_BYTES,
			    sweeps[sweep].name, 1 + i * sweeps[sweep].step);
	simfleet_start(&fleet, buf_str(&table));
	buf_clear(&table);
	return 0;
}

static int
teardown_one(void **state)
{
	(void)state;
	engine_clear(&engine);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	simfleet_stop(&fleet);
	return 0;
}

#define TEST(fn) cmocka_unit_test_teardown(fn, teardown_one)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(test_a_reset_is_safe_wherever_it_comes),
	    TEST(test_an_early_end_is_safe_wherever_it_comes),
	    TEST(test_a_garbled_byte_is_never_taken_for_output),
	    cmocka_unit_test(test_an_assertion_of_ours_still_ends_the_program),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
