/*
 * test_looking.c -- what hosts print, looked at while it comes.
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
open_engine(size_t n)
{
	char name[16];

	simfleet_engine(&fleet, &engine);
	engine.options.keep_lines = true;
	engine_open(&engine);
	for (size_t i = 1; i <= n; i++) {
		(void)snprintf(name, sizeof(name), "h%zu", i);
		(void)simfleet_add(&fleet, &engine, name);
	}
}

static int
teardown(void **state)
{
	(void)state;
	engine_clear(&engine);
	return 0;
}

static const struct muster_snapshot *
look(size_t host, const struct muster_look *at)
{
	struct muster_event event;

	assert_true(muster_ask_look(engine.m, host, at));
	while (muster_next(engine.m, 10000, &event) == 1)
		if (event.type == MUSTER_EVENT_SNAPSHOT)
			return event.snapshot;
	fail_msg("no lines came");
	return NULL;
}

static void
assert_first(const struct muster_snapshot *s, uint64_t no, const char *text)
{
	assert_true(s->n_lines > 0);
	assert_true(s->lines[0].no == no);
	assert_int_equal(s->lines[0].line.len, strlen(text));
	assert_memory_equal(s->lines[0].line.text, text, strlen(text));
}

static void
test_lines_can_be_seen_from_anywhere(void **state)
{
	const struct muster_snapshot *s;

	(void)state;
	open_engine(1);
	engine_run(&engine, "seq 1 500; echo Error here");
	s = look(0, &(struct muster_look){.from = 100, .n = 3});
	assert_int_equal(s->n_lines, 3);
	assert_int_equal(s->n_ever, 501);
	assert_first(s, 100, "101");
	s = look(0, &(struct muster_look){
			.from = 0, .n = 2, .needle = "error", .seek = 1});
	assert_first(s, 500, "Error here");
	assert_true(s->match == 500);
	/* With a capital it is meant so. */
	s = look(0, &(struct muster_look){
			.from = 7, .n = 2, .needle = "ERROR", .seek = 1});
	assert_true(s->match == UINT64_MAX);
	assert_first(s, 7, "8");
	s = look(0, &(struct muster_look){
			.from = 300, .n = 1, .needle = "99", .seek = -1});
	assert_first(s, 298, "299");
	s = look(
	    0, &(struct muster_look){
		   .from = 0, .n = 9, .needle = "00", .only_matches = true});
	assert_int_equal(s->n_lines, 5);
	assert_first(s, 99, "100");
	s = look(0, &(struct muster_look){.from = UINT64_MAX,
			.n = 2,
			.needle = "00",
			.only_matches = true});
	assert_int_equal(s->n_lines, 2);
	assert_first(s, 399, "400");
}

static void
test_what_was_too_much_leaves_a_hole(void **state)
{
	const struct muster_snapshot *s;

	(void)state;
	open_engine(1);
	engine_run(&engine, "seq 1 50000");
	s = look(0, &(struct muster_look){.from = 0, .n = 1});
	assert_first(s, 0, "1");
	assert_true(s->n_dropped > 0 && s->n_dropped < 50000);
	assert_true(s->hole > 0 && s->hole + s->n_dropped < 50000);
	s = look(0, &(struct muster_look){.from = UINT64_MAX, .n = 1});
	assert_first(s, 49999, "50000");
}

static void
test_output_is_counted(void **state)
{
	struct muster_event event;
	struct muster_meter meter;
	const struct muster_command c = {
	    .command = "echo one; echo two >&2; printf 'Name: '; sleep 30"};

	(void)state;
	open_engine(1);
	muster_host_meter(engine.m, 0, &meter);
	assert_true(meter.n_lines == 0 && meter.last_us == 0);
	engine_start(&engine, &c);
	while (!meter.waits || meter.n_lines < 2) {
		assert_int_equal(muster_next(engine.m, 10000, &event), 1);
		muster_host_meter(engine.m, 0, &meter);
	}
	assert_true(meter.n_lines == 2);
	assert_true(meter.n_bytes == 14);
	assert_true(meter.n_err_bytes == 4);
	assert_true(meter.last_us > 0);
	muster_cancel(engine.m, NULL, 0, MUSTER_CANCEL_NOW);
	engine_gather(&engine, 1);
	muster_host_meter(engine.m, 0, &meter);
	assert_false(meter.waits);
}

static void
test_equal_outputs_are_grouped_and_parted(void **state)
{
	struct muster_groups g;
	struct muster_branch branches[4];
	size_t n_lines;

	(void)state;
	open_engine(5);
	/* h1 h2 h3 say the same; h4 another second line; h5 ends badly. */
	engine_run(&engine,
	    "echo same; case $PWD in *h4) echo other;; *) echo more;; esac; "
	    "case $PWD in *h5) exit 3;; esac");
	muster_group_hosts(engine.m, false, &g);
	assert_int_equal(g.n, 3);
	assert_int_equal(g.items[0].n_hosts, 3);
	assert_int_equal(g.items[0].hosts[0], 0);
	assert_int_equal(g.items[0].hosts[2], 2);
	assert_int_equal(g.items[0].n_lines, 2);
	assert_true(g.items[0].is_ended);
	assert_int_equal(g.items[1].hosts[0], 3);
	assert_int_equal(g.items[2].hosts[0], 4);
	muster_groups_clear(&g);
	assert_int_equal(
	    muster_branches(engine.m, false, &n_lines, branches, 4), 2);
	assert_int_equal(n_lines, 1);
	assert_int_equal(branches[0].n_hosts, 4);
	assert_int_equal(branches[1].n_hosts, 1);
	assert_int_equal(branches[1].host, 3);
	assert_false(branches[0].is_ended);
}

/* The workers get to the masks when they get to it. */
static size_t
masked_groups(size_t n_hosts)
{
	struct muster_groups g;
	size_t n, all = 0;

	for (;;) {
		muster_group_hosts(engine.m, true, &g);
		n = g.n;
		all = 0;
		for (size_t i = 0; i < g.n; i++)
			all += g.items[i].n_hosts;
		muster_groups_clear(&g);
		if (all == n_hosts)
			return n;
		/* An answer of the worker's comes behind its masks. */
		for (size_t i = 0; i < n_hosts; i++)
			(void)look(i, &(struct muster_look){.n = 1});
	}
}

static void
test_masks_join_what_numbers_part(void **state)
{
	struct muster_groups g;

	(void)state;
	open_engine(4);
	engine_run(&engine, "echo pid $$ on ${PWD##*/}; exit 0");
	muster_group_hosts(engine.m, false, &g);
	assert_int_equal(g.n, 4);
	muster_groups_clear(&g);
	assert_int_equal(masked_groups(4), 1);
	/* And what comes after is masked as it comes. */
	engine_run(&engine, "echo now $$; case $PWD in *h2) exit 1;; esac");
	assert_int_equal(masked_groups(4), 2);
}

static int
setup(void **state)
{
	(void)state;
	simfleet_start(&fleet, "h[1-5]\n");
	return 0;
}

static int
finish(void **state)
{
	(void)state;
	simfleet_stop(&fleet);
	return 0;
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_teardown(f, teardown)
	const struct CMUnitTest tests[] = {
	    TEST(test_lines_can_be_seen_from_anywhere),
	    TEST(test_what_was_too_much_leaves_a_hole),
	    TEST(test_output_is_counted),
	    TEST(test_equal_outputs_are_grouped_and_parted),
	    TEST(test_masks_join_what_numbers_part),
	};

	return cmocka_run_group_tests(tests, setup, finish);
}
