/*
 * test_snapshot.c -- the lines of hosts, asked for while they run.
 *
 * Room: tests.  May touch: muster.h, simfleet.h.
 */
#include "config.h"

#include "simfleet.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct simfleet fleet;
static struct engine engine;

static void
open_engine(bool keep_lines)
{
	simfleet_engine(&fleet, &engine);
	engine.options.keep_lines = keep_lines;
	engine_open(&engine);
	(void)simfleet_add(&fleet, &engine, "one");
}

static int
teardown(void **state)
{
	(void)state;
	engine_clear(&engine);
	return 0;
}

/* Asks, and takes events until the answer is here; lent. */
static const struct muster_snapshot *
snapshot(size_t n)
{
	struct muster_event event;

	assert_true(muster_ask_snapshot(engine.m, 0, n));
	while (muster_next(engine.m, 10000, &event) == 1)
		if (event.type == MUSTER_EVENT_SNAPSHOT) {
			assert_int_equal(event.host, 0);
			return event.snapshot;
		}
	fail_msg("no snapshot came");
	return NULL;
}

static void
assert_line(const struct muster_shown_line *l, uint64_t no, const char *text)
{
	assert_true(l->no == no);
	assert_int_equal(l->line.len, strlen(text));
	assert_memory_equal(l->line.text, text, l->line.len);
}

static void
test_the_last_lines_are_given_clean_and_numbered(void **state)
{
	const struct muster_snapshot *s;

	(void)state;
	open_engine(true);
	engine_run(&engine,
	    "seq 1 1000; printf '\\033[31mred\\033[0m\\033]0;x\\007\\n'; "
	    "printf end");
	s = snapshot(3);
	assert_int_equal(s->n_ever, 1002);
	assert_int_equal(s->n_lines, 3);
	assert_line(&s->lines[0], 999, "1000");
	assert_line(&s->lines[1], 1000, "red");
	assert_int_equal(s->lines[1].line.n_spans, 1);
	assert_line(&s->lines[2], 1001, "end");
	assert_int_equal(s->lines[0].stream, MUSTER_STDOUT);
}

static void
test_a_line_that_waits_for_its_end_is_seen(void **state)
{
	const struct muster_command c = {
	    .command = "echo first; printf waiting; sleep 30"};
	const struct muster_snapshot *s;

	(void)state;
	open_engine(true);
	engine_start(&engine, &c);
	engine_await(&engine, 0, "waiting");
	s = snapshot(10);
	assert_int_equal(s->n_lines, 2);
	assert_line(&s->lines[0], 0, "first");
	assert_line(&s->lines[1], UINT64_MAX, "waiting");
	muster_cancel(engine.m, NULL, 0, MUSTER_CANCEL_NOW);
	engine_gather(&engine, 1);
}

static void
test_the_next_command_begins_anew(void **state)
{
	const struct muster_snapshot *s;

	(void)state;
	open_engine(true);
	engine_run(&engine, "seq 1 100");
	engine_run(&engine, "echo only >&2");
	s = snapshot(10);
	assert_int_equal(s->n_ever, 1);
	assert_int_equal(s->n_lines, 1);
	assert_line(&s->lines[0], 0, "only");
	assert_int_equal(s->lines[0].stream, MUSTER_STDERR);
}

static void
test_nothing_is_kept_unasked(void **state)
{
	(void)state;
	open_engine(false);
	engine_run(&engine, "echo x");
	assert_false(muster_ask_snapshot(engine.m, 0, 10));
}

static void
test_a_host_that_never_began_has_none(void **state)
{
	(void)state;
	open_engine(true);
	assert_false(muster_ask_snapshot(engine.m, 0, 10));
}

static int
setup_all(void **state)
{
	(void)state;
	simfleet_start(&fleet, "one\n");
	return 0;
}

static int
teardown_all(void **state)
{
	(void)state;
	simfleet_stop(&fleet);
	return 0;
}

#define TEST(fn) cmocka_unit_test_teardown(fn, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(test_the_last_lines_are_given_clean_and_numbered),
	    TEST(test_a_line_that_waits_for_its_end_is_seen),
	    TEST(test_the_next_command_begins_anew),
	    TEST(test_nothing_is_kept_unasked),
	    TEST(test_a_host_that_never_began_has_none),
	};

	return cmocka_run_group_tests(tests, setup_all, teardown_all);
}
