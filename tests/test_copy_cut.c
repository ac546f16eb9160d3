/*
 * test_copy_cut.c -- copies that are cut off anywhere, and gone on with.
 *
 * Room: tests.  May touch: engine/copy.
 */
#include "config.h"

#include "copyworld.h"

#include <sys/stat.h>

/* ---- cuts ---- */

#define CUTS 160

static void
test_a_cut_leaves_the_old_file_or_the_new_one(void **state)
{
	struct copier *c = copier(state);
	uint64_t all;

	assert_true(sh("head -c 1000000 /dev/urandom >new; echo old >old; "
		       "cp old dst"));
	assert_done(c, push(c, "new", "dst"));
	all = c->n_sent;
	for (uint64_t i = 0; i < CUTS; i++) {
		struct stat st;

		/* What the cut before has left is not gone on with. */
		assert_true(sh("cp old dst; rm -f .dst.muster-*"));
		c->cut_after = 1 + i * all / CUTS;
		assert_string_equal(push(c, "new", "dst"), "LOST");
		assert_int_equal(stat("dst", &st), 0);
		assert_int_equal(st.st_size, 4);
	}
	c->cut_after = 0;
	assert_done(c, push(c, "new", "dst"));
	assert_true(sh("cmp new dst"));
}

static void
test_a_cut_pull_leaves_nothing_half_done(void **state)
{
	struct copier *c = copier(state);
	uint64_t all;

	assert_true(sh("head -c 1000000 /dev/urandom >new; echo old >dst"));
	assert_done(c, pull(c, "new", "copy"));
	all = c->n_sent;
	for (uint64_t i = 1; i < 20; i++) {
		assert_true(sh("rm -f .dst.muster-*"));
		c->cut_after = i * all / 20;
		assert_string_equal(pull(c, "new", "dst"), "LOST");
		assert_true(sh("grep -qx old dst"));
	}
	c->cut_after = 0;
	assert_done(c, pull(c, "new", "dst"));
	assert_true(sh("cmp new dst"));
	assert_no_temps();
}

/* ---- going on ---- */

/* What was sent in part, as if some time had passed. */
static void
age_parts(void)
{
	assert_true(sh("for f in .*.muster-*; do [ ! -e \"$f\" ] || "
		       "touch -d '1 minute ago' \"$f\"; done"));
}

static void
test_a_push_that_was_cut_sends_the_rest(void **state)
{
	struct copier *c = copier(state);

	assert_true(sh("head -c 3000000 /dev/urandom >new; echo old >dst"));
	c->cut_after = 2000000;
	assert_string_equal(push(c, "new", "dst"), "LOST");
	age_parts();
	c->cut_after = 0;
	assert_done(c, push(c, "new", "dst"));
	assert_true(sh("cmp new dst"));
	assert_no_temps();
	if (c->n_sent > 1500000)
		fail_msg("%llu bytes were sent", (unsigned long long)c->n_sent);
	assert_int_equal(c->progress.bytes_done, 3000000);
}

static void
test_a_pull_that_was_cut_fetches_the_rest(void **state)
{
	struct copier *c = copier(state);

	assert_true(sh("head -c 3000000 /dev/urandom >new; echo old >dst"));
	assert_true(sh("head -c 2000000 new >.dst.muster-000000000000; "
		       "chmod 600 .dst.muster-*"));
	assert_done(c, pull(c, "new", "dst"));
	assert_true(sh("cmp new dst"));
	assert_no_temps();
	if (c->n_got > 1500000)
		fail_msg("%llu bytes came", (unsigned long long)c->n_got);
	assert_int_equal(c->progress.bytes_done, 3000000);
}

/* A part of another file, or of nobody knows what: it goes. */
static void
test_a_part_of_something_else_is_not_gone_on_with(void **state)
{
	static const char *const parts[] = {"head -c 1000000 /dev/urandom",
	    "head -c 2000000 new | tr a b", "head -c 100 new",
	    "head -c 4000000 /dev/zero", ":"};
	struct copier *c = copier(state);

	assert_true(sh("head -c 3000000 /dev/urandom >new"));
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		assert_int_equal(
		    scratch_run("rm -f dst; %s >.dst.muster-000000000000; "
				"chmod 600 .dst.muster-*",
			parts[i]),
		    0);
		age_parts();
		assert_done(c, push(c, "new", "dst"));
		assert_true(sh("cmp new dst"));
		assert_no_temps();
		assert_int_equal(
		    scratch_run("rm -f dst; %s >.dst.muster-000000000000; "
				"chmod 600 .dst.muster-*",
			parts[i]),
		    0);
		assert_done(c, pull(c, "new", "dst"));
		assert_true(sh("cmp new dst"));
		assert_no_temps();
	}
}

/* What somebody else is writing, or has planted, is left alone. */
static void
test_a_part_of_somebody_else_is_left_alone(void **state)
{
	static const char *const plants[] = {
	    "ln -s victim .dst.muster-000000000000",
	    "ln victim .dst.muster-000000000000",
	    "mkfifo .dst.muster-000000000000", "mkdir .dst.muster-000000000000",
	    "head -c 200000 new >.dst.muster-000000000000; "
	    "chmod 666 .dst.muster-000000000000"};
	struct copier *c = copier(state);

	assert_true(sh("head -c 300000 /dev/urandom >new; "
		       "head -c 200000 /dev/zero >victim; cp victim was"));
	assert_true(sh("head -c 200000 new >.dst.muster-000000000000; "
		       "chmod 600 .dst.muster-*"));
	assert_done(c, push(c, "new", "dst"));
	assert_true(sh("cmp new dst && test -e .dst.muster-000000000000"));
	for (size_t i = 0; i < sizeof(plants) / sizeof(plants[0]); i++) {
		assert_int_equal(
		    scratch_run("rm -rf dst .dst.muster-*; %s", plants[i]), 0);
		assert_done(c, push(c, "new", "dst"));
		assert_true(sh("cmp new dst && cmp was victim && rm dst"));
		assert_done(c, pull(c, "new", "dst"));
		assert_true(sh("cmp new dst && cmp was victim"));
		assert_true(sh("[ $(ls -d .dst.muster-* | wc -l) = 1 ]"));
	}
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, world_begin, world_end)
	const struct CMUnitTest tests[] = {
	    T(test_a_cut_leaves_the_old_file_or_the_new_one),
	    T(test_a_cut_pull_leaves_nothing_half_done),
	    T(test_a_push_that_was_cut_sends_the_rest),
	    T(test_a_pull_that_was_cut_fetches_the_rest),
	    T(test_a_part_of_something_else_is_not_gone_on_with),
	    T(test_a_part_of_somebody_else_is_left_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
