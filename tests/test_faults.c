/*
 * test_faults.c -- servers that break, stall, flood and lie.
 *
 * Room: tests.  May touch: muster.h, faults.h, simfleet.h.
 * Each test runs one command on a group of broken hosts with 20 healthy ones
 * beside them. Every broken host must end with its exact outcome, in time;
 * the healthy ones must be byte-exact and no slower than among themselves.
 */
#include "config.h"

#include "faults.h"
#include "simfleet.h"

#include <openssl/evp.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define N_HEALTHY 20
#define HEALTHY_BYTES 30000
/* Sanitizers take many times as long, and not of everything alike. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SLACK_MS 8000
#else
#define SLACK_MS 0
#endif

static struct simfleet fleet;
static struct engine engine;
static uint32_t patience_ms; /* for floods, which take time to come in */
static int64_t usual_us;     /* the slowest of the healthy, among themselves */

/* ---- the healthy ---- */

static void
open_engine(void)
{
	simfleet_engine(&fleet, &engine);
	engine.options.fanout = 100;
	engine.options.retries = 0;
	engine.options.banner_timeout_ms = BANNER_MS;
	engine.options.kex_timeout_ms = KEX_MS + patience_ms;
	engine.options.auth_timeout_ms = AUTH_MS + patience_ms;
	engine.options.open_timeout_ms = OPEN_MS;
	engine.options.linger_ms = LINGER_MS;
	engine.options.command_timeout_ms = COMMAND_MS + patience_ms;
	engine.options.grace_ms = 100;
	engine_open(&engine);
}

static const char *
healthy_name(size_t i)
{
	static char name[16];

	(void)snprintf(name, sizeof(name), "ok%02zu", i + 1);
	return name;
}

static void
add_healthy(void)
{
	for (size_t i = 0; i < N_HEALTHY; i++)
		(void)simfleet_add(&fleet, &engine, healthy_name(i));
}

static int64_t
time_of(size_t host)
{
	const struct muster_result *r = engine_result(&engine, host);

	return r->ended_us - r->begun_us;
}

static void
assert_digest(struct buf *b, const uint8_t expected[32])
{
	uint8_t digest[32];

	assert_int_equal(EVP_Digest(b->len > 0 ? (const void *)buf_data(b) : "",
			     b->len, digest, NULL, EVP_sha256(), NULL),
	    1);
	assert_memory_equal(digest, expected, sizeof(digest));
}

/* Complete, as the ledger has it, and not slowed. */
static void
assert_healthy(size_t host, const char *name)
{
	const struct fleetsim_ledger *l = simfleet_ledger(&fleet, name);

	engine_assert_end(&engine, host, "EXIT 0");
	assert_int_equal(engine_result(&engine, host)->flags, 0);
	assert_int_equal(engine.outputs[host].out.len, HEALTHY_BYTES);
	assert_digest(&engine.outputs[host].out, l->stdout_sha256);
	assert_digest(&engine.outputs[host].err, l->stderr_sha256);
	if (usual_us > 0 &&
	    time_of(host) > 3 * usual_us + 500000 + SLACK_MS * 1000)
		fail_msg("%s took %lld ms, usually %lld at most", name,
		    (long long)time_of(host) / 1000,
		    (long long)usual_us / 1000);
}

static void
assert_all_healthy(void)
{
	for (size_t i = 0; i < N_HEALTHY; i++)
		assert_healthy(i, healthy_name(i));
}

/* ---- the broken ---- */

static void
assert_fault(const struct fault *f, size_t host)
{
	const struct muster_result *r = engine_result(&engine, host);
	const struct fleetsim_ledger *l = simfleet_ledger(&fleet, f->name);
	enum muster_family family = muster_outcome_family(r->outcome);
	int64_t ms = time_of(host) / 1000;
	unsigned to = f->to_ms != 0 ? f->to_ms : f->from_ms + 2000;

	if (!f->starves || r->outcome != MUSTER_NO_STATUS)
		engine_assert_end(&engine, host, f->end);
	if (!f->may_run || family != MUSTER_FAMILY_UNKNOWN)
		assert_int_equal(family, f->family);
	if (ms < (int64_t)f->from_ms - 5 || ms > (int64_t)to + SLACK_MS)
		fail_msg("%s ended after %lld ms", f->name, (long long)ms);
	if (f->family != MUSTER_FAMILY_RAN)
		assert_true(r->text[0] != '\0');
	for (const char *p = r->text; *p != '\0'; p++)
		if (*p < ' ' && *p >= 0)
			fail_msg("%s: '%s' is not clean", f->name, r->text);
	if (f->says != NULL && strstr(r->text, f->says) == NULL)
		fail_msg("%s says '%s'", f->name, r->text);
	/* What certainly did not run was never seen by the server. */
	if (f->ran || family == MUSTER_FAMILY_NOT_RUN)
		assert_int_equal(l->execs, f->ran);
	assert_int_equal(
	    r->started_us != 0, family != MUSTER_FAMILY_NOT_RUN ||
				    r->outcome == MUSTER_EXEC_REFUSED);
	if (family == MUSTER_FAMILY_NOT_RUN || f->ran) {
		engine_assert_out(&engine, host, f->out ? f->out : "",
		    f->out ? strlen(f->out) : 0);
		engine_assert_err(&engine, host, f->err ? f->err : "",
		    f->err ? strlen(f->err) : 0);
	}
	assert_int_equal(r->flags & f->flags, f->flags);
	if (family == MUSTER_FAMILY_UNKNOWN)
		assert_true(r->flags & MUSTER_INCOMPLETE);
}

static void
run_group(const struct fault_group *g)
{
	size_t first;

	open_engine();
	add_healthy();
	first = muster_n_hosts(engine.m);
	for (size_t i = 0; i < g->n; i++)
		(void)simfleet_add(&fleet, &engine, g->faults[i].name);
	engine_run(&engine, "command");
	for (size_t i = 0; i < g->n; i++)
		assert_fault(&g->faults[i], first + i);
	assert_all_healthy();
}

static void
test_the_healthy_are_quick_among_themselves(void **state)
{
	(void)state;
	open_engine();
	add_healthy();
	engine_run(&engine, "command");
	assert_all_healthy();
	for (size_t i = 0; i < N_HEALTHY; i++)
		if (time_of(i) > usual_us)
			usual_us = time_of(i);
}

static void
test_a_bad_greeting_is_told_for_what_it_is(void **state)
{
	(void)state;
	run_group(&faults_groups[0]);
}

static void
test_a_bad_key_exchange_never_gets_to_the_login(void **state)
{
	(void)state;
	run_group(&faults_groups[1]);
	for (size_t i = 0; i < faults_groups[1].n; i++) {
		const struct fleetsim_ledger *l =
		    simfleet_ledger(&fleet, faults_groups[1].faults[i].name);

		assert_int_equal(l->auth_none + l->auth_publickey +
				     l->auth_probe + l->auth_password,
		    0);
	}
}

static void
test_a_login_that_fails_runs_nothing(void **state)
{
	(void)state;
	run_group(&faults_groups[2]);
}

static void
test_floods_end_at_a_ceiling_and_delay_nobody(void **state)
{
	(void)state;
	patience_ms = SLACK_MS;
	run_group(&faults_groups[3]);
	patience_ms = 0;
}

static void
test_success_is_an_exit_status_that_came(void **state)
{
	(void)state;
	run_group(&faults_groups[4]);
}

static void
test_oddities_are_told_from_harm(void **state)
{
	(void)state;
	run_group(&faults_groups[5]);
}

/* Either every byte came, or it is no success. */
static void
test_output_beyond_the_window_is_whole_or_no_success(void **state)
{
	static const char *const names[] = {"overwindow", "overpacket"};

	(void)state;
	open_engine();
	add_healthy();
	for (size_t i = 0; i < 2; i++) {
		size_t host = simfleet_add(&fleet, &engine, names[i]);

		assert_int_equal(host, N_HEALTHY + i);
	}
	engine_run(&engine, "command");
	for (size_t i = N_HEALTHY; i < N_HEALTHY + 2; i++) {
		const struct muster_result *r = engine_result(&engine, i);
		const struct fleetsim_ledger *l =
		    simfleet_ledger(&fleet, muster_host_name(engine.m, i));

		assert_int_equal(l->execs, 1);
		if (r->outcome == MUSTER_PROTO)
			continue;
		engine_assert_end(&engine, i, "EXIT 0");
		assert_int_equal(r->out_bytes, l->stdout_bytes);
		for (size_t at = 0; at < engine.outputs[i].out.len; at++)
			assert_int_equal(
			    buf_data(&engine.outputs[i].out)[at], 0);
	}
	assert_all_healthy();
}

/* ---- trying again ---- */

static void
test_a_busy_server_is_asked_again(void **state)
{
	size_t later, never;

	(void)state;
	simfleet_engine(&fleet, &engine);
	engine.options.retries = 1;
	engine_open(&engine);
	later = simfleet_add(&fleet, &engine, "busy-once");
	never = simfleet_add(&fleet, &engine, "busy-always");
	engine_run(&engine, "echo done");
	engine_assert_end(&engine, later, "EXIT 0");
	engine_assert_out(&engine, later, "done\n", 5);
	assert_int_equal(engine_result(&engine, later)->attempts, 2);
	engine_assert_end(&engine, never, "THROTTLED");
	assert_int_equal(engine_result(&engine, never)->attempts, 2);
	assert_int_equal(simfleet_ledger(&fleet, "busy-always")->connects, 2);
	assert_int_equal(simfleet_ledger(&fleet, "busy-once")->execs, 1);
}

/* ---- all of it ---- */

static void
describe_group(struct buf *table, const struct fault_group *g)
{
	for (size_t i = 0; i < g->n; i++)
		assert_true(buf_addf(
		    table, "%s %s\n", g->faults[i].name, g->faults[i].words));
}

static int
setup(void **state)
{
	struct buf table;

	(void)state;
	buf_init(&table, 100000);
	buf_addf(&table, "ok[01-%d] exec=canned bytes=%d stderr=\"oops\\n\"\n",
	    N_HEALTHY, HEALTHY_BYTES);
	for (size_t i = 0; i < FAULTS_N_GROUPS; i++)
		describe_group(&table, &faults_groups[i]);
	buf_adds(&table, "busy-once scenario=throttled@1\n"
			 "busy-always scenario=throttled\n"
			 "overwindow scenario=overwindow\n"
			 "overpacket scenario=overpacket\n");
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
	    TEST(test_the_healthy_are_quick_among_themselves),
	    TEST(test_a_bad_greeting_is_told_for_what_it_is),
	    TEST(test_a_bad_key_exchange_never_gets_to_the_login),
	    TEST(test_a_login_that_fails_runs_nothing),
	    TEST(test_floods_end_at_a_ceiling_and_delay_nobody),
	    TEST(test_success_is_an_exit_status_that_came),
	    TEST(test_oddities_are_told_from_harm),
	    TEST(test_output_beyond_the_window_is_whole_or_no_success),
	    TEST(test_a_busy_server_is_asked_again),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
