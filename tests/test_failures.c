/*
 * test_failures.c -- how many hosts may fail before no more begin.
 *
 * Room: tests.  May touch: muster.h, simfleet.h.
 */
#include "config.h"

#include "simfleet.h"

#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const char table[] = "good[1-9] exec=canned\n"
			    "bad[1-9] exec=canned exit=1\n"
			    "new exec=canned known=none\n"
			    "clock exec=canned\n";

static const struct muster_command command = {.command = "command"};

static struct simfleet fleet;
static struct engine engine;

static void
open_engine(unsigned fanout)
{
	simfleet_engine(&fleet, &engine);
	engine.options.fanout = fanout;
	engine.options.n_workers = 4;
	engine_open(&engine);
}

static void
add(const char *const *names, size_t n)
{
	for (size_t i = 0; i < n; i++)
		(void)simfleet_add(&fleet, &engine, names[i]);
}

/* Lets the workers go on for as long as three commands on another host take,
 * while no event of theirs is taken. */
static void
let_time_pass(void)
{
	struct engine other = {0};

	simfleet_engine(&fleet, &other);
	engine_open(&other);
	(void)simfleet_add(&fleet, &other, "clock");
	for (unsigned i = 0; i < 3; i++) {
		engine_run(&other, "command");
		engine_assert_end(&other, 0, "EXIT 0");
	}
	engine_clear(&other);
}

static void
await_event(void)
{
	struct pollfd pfd = {.fd = muster_fd(engine.m), .events = POLLIN};

	assert_int_equal(poll(&pfd, 1, 30000), 1);
}

/* Waits until a host has sent an exit status. */
static void
await_exit(const char *name)
{
	const struct fleetsim_ledger *l = simfleet_ledger(&fleet, name);

	for (unsigned i = 0; l->exits == 0; i++) {
		assert_true(i < 30000);
		(void)poll(NULL, 0, 1);
	}
}

static void
await_login(const struct fleetsim_ledger *l)
{
	for (unsigned i = 0; l->logins == 0; i++) {
		assert_true(i < 30000);
		(void)poll(NULL, 0, 1);
	}
}

static uint32_t
connects(const char *name)
{
	return simfleet_ledger(&fleet, name)->connects;
}

static void
test_behind_the_first_failure_nothing_begins(void **state)
{
	static const char *const names[] = {
	    "good1", "bad1", "bad2", "bad3", "good2"};
	static const char *const ends[] = {
	    "EXIT 0", "EXIT 1", "CANCELLED", "CANCELLED", "CANCELLED"};

	(void)state;
	open_engine(1);
	add(names, 5);
	muster_limit_failures(engine.m, 0);
	engine_start(&engine, &command);
	await_event();
	let_time_pass();
	engine_gather(&engine, 5);
	for (size_t i = 0; i < 5; i++)
		engine_assert_end(&engine, i, ends[i]);
	assert_int_equal(connects("bad1"), 1);
	for (size_t i = 2; i < 5; i++)
		assert_int_equal(connects(names[i]), 0);
}

static void
test_as_many_as_allowed_change_nothing(void **state)
{
	static const char *const names[] = {
	    "bad4", "bad5", "good3", "good4", "bad6", "good5"};

	(void)state;
	open_engine(1);
	add(names, 6);
	muster_limit_failures(engine.m, 2);
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(
		    muster_start(engine.m, &i, 1, &command, NULL), 0);
	engine_gather(&engine, 4);
	engine_assert_end(&engine, 1, "EXIT 1");
	engine_assert_end(&engine, 3, "EXIT 0");
	for (size_t i = 4; i < 6; i++)
		assert_int_equal(
		    muster_start(engine.m, &i, 1, &command, NULL), 0);
	engine_gather(&engine, 6);
	engine_assert_end(&engine, 4, "EXIT 1");
	engine_assert_end(&engine, 5, "CANCELLED");
	assert_non_null(
	    strstr(engine_result(&engine, 5)->text, "too many hosts failed"));
}

static void
test_a_new_limit_counts_anew(void **state)
{
	static const char *const names[] = {"bad7", "good6"};

	(void)state;
	open_engine(1);
	add(names, 2);
	muster_limit_failures(engine.m, 0);
	engine_start(&engine, &command);
	engine_gather(&engine, 2);
	engine_assert_end(&engine, 1, "CANCELLED");
	muster_limit_failures(engine.m, 0);
	assert_int_equal(
	    muster_start(engine.m, &(size_t){1}, 1, &command, NULL), 0);
	engine_gather(&engine, 3);
	engine_assert_end(&engine, 1, "EXIT 0");
	muster_limit_failures(engine.m, SIZE_MAX);
	engine_start(&engine, &command);
	engine_gather(&engine, 2);
	engine_assert_end(&engine, 0, "EXIT 1");
	engine_assert_end(&engine, 1, "EXIT 0");
}

/* A host that is stopped by its user is no failure. */
static void
test_what_was_cancelled_did_not_fail(void **state)
{
	static const char *const names[] = {"good7", "good8"};

	(void)state;
	open_engine(1);
	add(names, 2);
	muster_limit_failures(engine.m, 0);
	muster_pause(engine.m, true);
	engine_start(&engine, &command);
	muster_cancel(engine.m, &(size_t){0}, 1, MUSTER_CANCEL_PENDING);
	engine_gather(&engine, 1);
	muster_pause(engine.m, false);
	engine_gather(&engine, 2);
	engine_assert_end(&engine, 0, "CANCELLED");
	engine_assert_end(&engine, 1, "EXIT 0");
}

/* It waits for an answer about its key when another fails; the answer comes
 * before anybody takes note of the failure. */
static void
test_a_login_under_way_is_not_followed_by_the_command(void **state)
{
	static const char *const names[] = {"new", "bad8"};
	const struct fleetsim_ledger *new = simfleet_ledger(&fleet, "new");
	struct muster_event event;

	(void)state;
	simfleet_engine(&fleet, &engine);
	engine.options.ask = true;
	engine_open(&engine);
	add(names, 2);
	muster_limit_failures(engine.m, 0);
	assert_int_equal(
	    muster_start(engine.m, &(size_t){0}, 1, &command, NULL), 0);
	assert_int_equal(muster_next(engine.m, 30000, &event), 1);
	assert_int_equal(event.type, MUSTER_EVENT_PROMPT);
	assert_int_equal(
	    muster_start(engine.m, &(size_t){1}, 1, &command, NULL), 0);
	await_exit("bad8");
	let_time_pass();
	assert_int_equal(
	    muster_answer(engine.m, event.prompt->id, "yes", NULL), 0);
	await_login(new);
	let_time_pass();
	engine_gather(&engine, 2);
	engine_assert_end(&engine, 0, "CANCELLED");
	engine_assert_end(&engine, 1, "EXIT 1");
	assert_int_equal(new->execs, 0);
}

static int
setup(void **state)
{
	(void)state;
	simfleet_start(&fleet, table);
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
	    TEST(test_behind_the_first_failure_nothing_begins),
	    TEST(test_as_many_as_allowed_change_nothing),
	    TEST(test_a_new_limit_counts_anew),
	    TEST(test_what_was_cancelled_did_not_fail),
	    TEST(test_a_login_under_way_is_not_followed_by_the_command),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
