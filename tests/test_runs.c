/*
 * test_runs.c -- what a fleet writes down, held against what its hosts saw.
 *
 * Room: tests.  May touch: muster.h, scratch.h, simfleet.h.
 * The program is killed again and again, at random instants. What its
 * journals say afterwards must be true: a host that was sent a command has a
 * START; a host with an end of EXIT did send it.
 */
#include "config.h"

#include "base/mem.h"
#include "scratch.h"
#include "simfleet.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define N_HOSTS 8
#define ROUNDS 40 /* MUSTER_LONG_TESTS: 1,000 */

static struct simfleet fleet;
static char *home;

static void
name_host(size_t i, char name[16])
{
	(void)snprintf(name, 16, "h%02zu", i + 1);
}

static void
open_engine(struct engine *e)
{
	simfleet_engine(&fleet, e);
	e->options.record = home;
	engine_open(e);
	for (size_t i = 0; i < N_HOSTS; i++) {
		char name[16];

		name_host(i, name);
		(void)simfleet_add(&fleet, e, name);
	}
}

static struct muster_run *
open_last(void)
{
	struct muster_error err = {0};
	struct muster_run *run = muster_run_open(home, "last", &err);

	if (run == NULL)
		fail_msg("%s", err.text);
	return run;
}

static void
test_the_record_says_what_the_front_end_was_told(void **state)
{
	struct engine e;
	struct muster_run *run;
	char data[128];

	(void)state;
	open_engine(&e);
	engine_run(&e, "ignored");
	muster_record_close(e.m, 5);
	run = open_last();
	assert_string_equal(muster_run_about(run)->id, muster_record_id(e.m));
	assert_int_equal(muster_run_about(run)->exitcode, 5);
	assert_int_equal(muster_run_about(run)->n_hosts, N_HOSTS);
	for (size_t i = 0; i < N_HOSTS; i++) {
		const struct muster_result *told = engine_result(&e, i);
		const struct muster_result *written =
		    muster_run_result(run, 0, i);
		size_t n = muster_run_read(
		    run, 0, i, MUSTER_STDOUT, 0, data, sizeof(data));

		assert_int_equal(written->outcome, told->outcome);
		assert_int_equal(written->code, told->code);
		assert_int_equal(written->out_bytes, told->out_bytes);
		assert_int_equal(n, told->out_bytes);
		engine_assert_out(&e, i, data, n);
	}
	assert_null(muster_run_about(run)->damage);
	muster_run_free(run);
	engine_clear(&e);
}

/* Runs a command on two hosts, in a record of their own. */
static void
run_apart(struct engine *e, const size_t hosts[2])
{
	static const char *const words[] = {"run", "--", "apart"};
	const struct muster_record_next next = {home, words, 3, hosts, 2};
	const struct muster_command command = {.command = "apart"};
	struct muster_error err = {0};

	e->n_results = 0;
	if (muster_record_begin(e->m, &next, &err) != 0 ||
	    muster_start(e->m, hosts, 2, &command, &err) != 0)
		fail_msg("%s", err.text);
	engine_gather(e, 2);
	muster_record_note(e->m, 0, "of a host that is not in it");
	muster_record_close(e->m, 0);
}

static void
test_a_record_of_its_own_is_about_its_hosts_alone(void **state)
{
	const size_t hosts[2] = {5, 2}, again[2] = {2, 7};
	const size_t *of[] = {again, hosts};
	struct engine e;

	(void)state;
	open_engine(&e);
	engine_run(&e, "all");
	muster_record_close(e.m, 0);
	for (size_t round = 2; round-- > 0;) {
		struct muster_run *run;

		run_apart(&e, of[round]);
		run = open_last();
		assert_null(muster_run_about(run)->damage);
		assert_false(muster_run_about(run)->is_running);
		assert_string_equal(muster_run_about(run)->words[2], "apart");
		assert_int_equal(muster_run_about(run)->n_hosts, 2);
		assert_int_equal(muster_run_about(run)->n_orders, 1);
		for (size_t i = 0; i < 2; i++) {
			const struct muster_result *told =
			    engine_result(&e, of[round][i]);

			assert_string_equal(muster_run_host(run, i)->name,
			    muster_host_name(e.m, of[round][i]));
			assert_int_equal(
			    muster_run_result(run, 0, i)->out_bytes,
			    told->out_bytes);
		}
		muster_run_free(run);
	}
	engine_clear(&e);
}

/* ---- killed ---- */

/* Sent, and ended, of all journals so far; of each host. */
static unsigned starts[N_HOSTS], ends[N_HOSTS];

static pid_t
run_in_child(void)
{
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		struct engine e;

		open_engine(&e);
		for (;;)
			engine_run(&e, "again");
	}
	return pid;
}

/* Up to `most_us`. */
static void
wait_a_while(unsigned *seed, unsigned most_us)
{
	*seed = *seed * 1103515245 + 12345;
	(void)usleep((*seed >> 8) % most_us);
}

static void
count_host(struct muster_run *run, size_t order, size_t host)
{
	const struct muster_result *r = muster_run_result(run, order, host);

	if (muster_outcome_family(r->outcome) == MUSTER_FAMILY_UNKNOWN ||
	    r->started_us != 0)
		starts[host]++;
	if (r->outcome == MUSTER_EXIT)
		ends[host]++;
}

static void
check_host(size_t host)
{
	const struct fleetsim_ledger *ledger;
	char name[16];

	name_host(host, name);
	ledger = simfleet_ledger(&fleet, name);
	if (ends[host] > ledger->exits)
		fail_msg("%s: %u ends in the journals, %u were sent", name,
		    ends[host], ledger->exits);
	if (ledger->execs > starts[host])
		fail_msg("%s: sent %u times, %u starts in the journals", name,
		    ledger->execs, starts[host]);
}

static void
test_whenever_it_is_killed_the_record_is_true(void **state)
{
	unsigned rounds = getenv("MUSTER_LONG_TESTS") != NULL ? 1000 : ROUNDS;
	unsigned seed = (unsigned)getpid(), n_runs = 0, most_us = 30000;

	(void)state;
	print_message("# seed %u\n", seed);
	for (unsigned i = 0; i < rounds; i++) {
		pid_t pid = run_in_child();
		struct muster_run *run;

		wait_a_while(&seed, most_us);
		assert_int_equal(kill(pid, SIGKILL), 0);
		assert_int_equal(waitpid(pid, NULL, 0), pid);
		run = muster_run_open(home, "last", NULL);
		if (run == NULL) { /* it was not so far: a slow machine? */
			if (n_runs == 0 && most_us < 1000000)
				most_us += most_us / 4;
			continue;
		}
		n_runs++;
		for (size_t o = 0; o < muster_run_about(run)->n_orders; o++)
			for (size_t h = 0; h < N_HOSTS; h++)
				count_host(run, o, h);
		muster_run_free(run);
		scratch_run("rm -r runs/*");
	}
	assert_true(n_runs > 0);
	for (size_t h = 0; h < N_HOSTS; h++)
		check_host(h);
}

static int
setup(void **state)
{
	(void)state;
	simfleet_start(&fleet,
	    "h[01-08] exec=canned stdout=\"hello\\n\" delay=2ms linger=1ms "
	    "exit=5\n");
	home = mem_printf("%s/runs", fleet.folder);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	free(home);
	simfleet_stop(&fleet);
	return 0;
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
	    TEST(test_the_record_says_what_the_front_end_was_told),
	    TEST(test_a_record_of_its_own_is_about_its_hosts_alone),
	    TEST(test_whenever_it_is_killed_the_record_is_true),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
