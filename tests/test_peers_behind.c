/*
 * test_peers_behind.c -- hosts that are far behind the others: when they count
 * as stuck, and how the line of progress tells.
 *
 * Room: tests.  May touch: muster.h, src/.
 */
#include "config.h"

#include "src/control.h"
#include "src/progress.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define SECOND INT64_C(1000000)

static void
test_nine_of_ten_are_found_within_an_eighth(void **state)
{
	(void)state;
	for (int64_t us = 1; us < 10 * SECOND; us = us * 3 / 2 + 1) {
		struct muster_peers p = {0};

		assert_int_equal(muster_peers_p90_us(&p), 0);
		for (int i = 0; i < 90; i++)
			muster_peers_add(&p, us);
		for (int i = 0; i < 10; i++)
			muster_peers_add(&p, 1000 * us);
		assert_true(muster_peers_p90_us(&p) > us);
		assert_true(muster_peers_p90_us(&p) <= us + us / 8 + 1);
		muster_peers_add(&p, 1000 * us);
		assert_true(muster_peers_p90_us(&p) > 900 * us);
	}
}

static void
test_what_cannot_be_counted_is_at_an_end_of_the_scale(void **state)
{
	struct muster_peers p = {0};

	(void)state;
	muster_peers_add(&p, -5);
	assert_int_equal(muster_peers_p90_us(&p), 1);
	muster_peers_add(&p, INT64_MAX);
	assert_true(muster_peers_p90_us(&p) > 3600 * SECOND);
}

static void
test_stuck_is_long_behind_and_silent(void **state)
{
	struct muster_peers p = {0};

	(void)state;
	for (int i = 0; i < 4; i++)
		muster_peers_add(&p, 20 * SECOND);
	assert_false(muster_peers_is_stuck(&p, 900 * SECOND, 900 * SECOND));
	muster_peers_add(&p, 20 * SECOND);
	assert_true(muster_peers_is_stuck(&p, 900 * SECOND, 900 * SECOND));
	assert_false(muster_peers_is_stuck(&p, 59 * SECOND, 59 * SECOND));
	assert_false(muster_peers_is_stuck(&p, 900 * SECOND, 19 * SECOND));
}

static void
test_short_commands_get_ten_seconds(void **state)
{
	struct muster_peers p = {0};

	(void)state;
	for (int i = 0; i < 100; i++)
		muster_peers_add(&p, 1000);
	assert_false(muster_peers_is_stuck(&p, 9 * SECOND, 9 * SECOND));
	assert_true(muster_peers_is_stuck(&p, 11 * SECOND, 4 * SECOND));
}

static void
test_the_line_of_progress_names_them(void **state)
{
	int64_t now_us = control_event_us();
	struct muster_result result = {.outcome = MUSTER_EXIT,
	    .started_us = now_us - 40 * SECOND,
	    .ended_us = now_us - 39 * SECOND};
	struct muster_options options;
	struct muster_error err;
	struct progress *p;
	struct text text = {0};
	struct muster *m;

	(void)state;
	muster_options_init(&options);
	options.ssh_config = "none";
	options.no_env_files = true;
	m = muster_new(&options, &err);
	assert_int_equal(muster_add_hosts(m, "n[1-7]", &err), 0);
	p = progress_new(m, 7);
	for (size_t i = 0; i < 7; i++) {
		progress_state(p, i, MUSTER_RUNNING);
		progress_heard(p, i, now_us - 40 * SECOND);
	}
	progress_heard(p, 5, now_us);
	for (size_t i = 0; i < 5; i++)
		progress_result(p, i, &result);
	progress_write(p, &text);
	assert_string_equal(
	    text_str(&text), "5 of 7 done, 2 at work: n[6-7], 1 stuck: n7");
	text_clear(&text);
	progress_write_rate(p, 1000, &text);
	assert_non_null(strstr(text_str(&text), " 1 stuck"));
	text_clear(&text);
	progress_free(p);
	muster_free(m);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_nine_of_ten_are_found_within_an_eighth),
	    cmocka_unit_test(
		test_what_cannot_be_counted_is_at_an_end_of_the_scale),
	    cmocka_unit_test(test_stuck_is_long_behind_and_silent),
	    cmocka_unit_test(test_short_commands_get_ten_seconds),
	    cmocka_unit_test(test_the_line_of_progress_names_them),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
