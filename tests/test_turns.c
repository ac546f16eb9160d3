/*
 * test_turns.c -- hosts that wait for their turn, and hosts that are stopped.
 *
 * Room: tests.  May touch: muster.h, simfleet.h.
 */
#include "config.h"

#include "base/buf.h"
#include "base/mem.h"
#include "simfleet.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define N_CROWD 30
#define CUT_FIRST 900
#define CUT_LAST 2000
#define CUT_STEP 8
#define N_HASHED 20000

static struct simfleet fleet;
static struct engine engine;

static void
test_a_turn_that_comes_late_is_no_connect_timeout(void **state)
{
	(void)state;
	simfleet_engine(&fleet, &engine);
	engine.options.n_workers = 1;
	engine.options.connects_per_100ms = 3;
	engine.options.connect_timeout_ms = 400;
	engine_open(&engine);
	for (size_t i = 0; i < N_CROWD; i++) {
		char name[16];

		(void)snprintf(name, sizeof(name), "crowd%02zu", i);
		(void)simfleet_add(&fleet, &engine, name);
	}
	engine_run(&engine, "command");
	for (size_t i = 0; i < N_CROWD; i++)
		engine_assert_end(&engine, i, "EXIT 0");
}

/* A session that was kept open from an earlier command. */
static void
test_stopped_before_its_turn_an_open_session_runs_nothing(void **state)
{
	static const enum muster_cancel ways[] = {
	    MUSTER_CANCEL_PENDING, MUSTER_CANCEL_TERM, MUSTER_CANCEL_NOW};
	const struct muster_command c = {.command = "command"};
	const struct fleetsim_ledger *l = simfleet_ledger(&fleet, "idle");

	(void)state;
	simfleet_engine(&fleet, &engine);
	engine.options.keep_open = true;
	engine_open(&engine);
	(void)simfleet_add(&fleet, &engine, "idle");
	engine_run(&engine, "command");
	for (unsigned i = 0; i < 3; i++) {
		muster_pause(engine.m, true);
		engine_start(&engine, &c);
		muster_cancel(engine.m, NULL, 0, ways[i]);
		engine_gather(&engine, 1);
		engine_assert_end(&engine, 0, "CANCELLED");
		muster_pause(engine.m, false);
		assert_int_equal(l->execs, i + 1);
		engine_run(&engine, "command");
		engine_assert_end(&engine, 0, "EXIT 0");
	}
	assert_int_equal(l->execs, 4);
	assert_int_equal(l->connects, 1);
}

/* The command has ended; only its channel has not. */
static void
test_a_status_that_came_is_not_lost_to_a_stop(void **state)
{
	const struct muster_command c = {.command = "command"};

	(void)state;
	simfleet_engine(&fleet, &engine);
	engine.options.command_timeout_ms = 300;
	engine.options.linger_ms = 60000;
	engine_open(&engine);
	(void)simfleet_add(&fleet, &engine, "unclosed");
	engine_start(&engine, &c);
	engine_gather(&engine, 1);
	engine_assert_end(&engine, 0, "EXIT 3");
	engine_assert_out(&engine, 0, "out\n", 4);
	assert_true(engine_result(&engine, 0)->flags & MUSTER_UNCLEAN_CLOSE);
}

/* Servers that close the connection after so many bytes: in the login, the
 * output, behind the status, and not at all. */
static void
test_a_status_that_came_is_not_lost_to_a_cut(void **state)
{
	size_t n = 0, n_cut = 0;

	(void)state;
	simfleet_engine(&fleet, &engine);
	engine.options.retries = 0;
	engine_open(&engine);
	for (int at = CUT_FIRST; at <= CUT_LAST; at += CUT_STEP, n++) {
		char name[16];

		(void)snprintf(name, sizeof(name), "cut%d", at);
		(void)simfleet_add(&fleet, &engine, name);
	}
	engine_run(&engine, "command");
	for (size_t i = 0; i < n; i++) {
		const struct muster_result *r = engine_result(&engine, i);

		if (muster_outcome_family(r->outcome) != MUSTER_FAMILY_RAN)
			continue;
		engine_assert_end(&engine, i, "EXIT 3");
		engine_assert_out(&engine, i, "out\n", 4);
		n_cut += (r->flags & MUSTER_UNCLEAN_CLOSE) != 0;
	}
	engine_assert_end(&engine, n - 1, "EXIT 3");
	assert_true(n_cut > 0);
}

/* Lines that each cost a look-up two turns of SHA-1. */
static char *
write_hashed_lines(void)
{
	char *path = mem_printf("%s/hashed", fleet.folder);
	char *line = fleetsim_known_hosts(fleet.sim, 0);
	FILE *file = fopen(path, "we");

	assert_non_null(file);
	for (unsigned i = 0; i < N_HASHED; i++)
		assert_true(
		    fprintf(file, "|1|%08uAAAAAAAAAAAAAAAAAAA=|%027d=%s", i, 0,
			strchr(line, ' ')) > 0);
	assert_int_equal(fclose(file), 0);
	free(line);
	return path;
}

/* Helper threads are in the middle of it then. */
static void
test_a_fleet_may_end_while_keys_are_looked_up(void **state)
{
	const struct muster_command c = {.command = "command"};
	struct muster_event event;
	const char *path;

	(void)state;
	simfleet_engine(&fleet, &engine);
	path = write_hashed_lines();
	engine.options.known_hosts = &path;
	engine_open(&engine);
	for (int at = CUT_FIRST; at <= CUT_LAST; at += CUT_STEP) {
		char name[16];

		(void)snprintf(name, sizeof(name), "cut%d", at);
		(void)simfleet_add(&fleet, &engine, name);
	}
	muster_want_states(engine.m, true);
	engine_start(&engine, &c);
	assert_int_equal(muster_next(engine.m, 10000, &event), 1);
	assert_int_equal(event.type, MUSTER_EVENT_STATE);
	assert_int_equal(event.state, MUSTER_RESOLVE);
	muster_free(engine.m);
	engine.m = NULL;
	free((void *)(uintptr_t)path);
}

static int
setup(void **state)
{
	struct buf table;

	(void)state;
	buf_init(&table, 100000);
	for (int at = CUT_FIRST; at <= CUT_LAST; at += CUT_STEP)
		(void)buf_addf(&table,
		    "cut%d exec=canned stdout=\"out\\n\" exit=3 "
		    "scenario=cut@%d\n",
		    at, at);
	(void)buf_adds(&table, "crowd[00-29] exec=canned\n"
			       "idle exec=canned\n"
			       "unclosed exec=canned exit=3 stdout=\"out\\n\" "
			       "scenario=eofnoclose\n");
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
	    TEST(test_a_turn_that_comes_late_is_no_connect_timeout),
	    TEST(test_stopped_before_its_turn_an_open_session_runs_nothing),
	    TEST(test_a_status_that_came_is_not_lost_to_a_stop),
	    TEST(test_a_status_that_came_is_not_lost_to_a_cut),
	    TEST(test_a_fleet_may_end_while_keys_are_looked_up),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
