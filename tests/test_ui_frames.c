/*
 * test_ui_frames.c -- when the screen draws; time is made up.
 *
 * Room: tests.  May touch: ui/frames.h.
 */
#include "config.h"

#include "ui/frames.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

#define MS 1000

static void
nothing_is_drawn_without_need(void **state)
{
	struct frames f;

	(void)state;
	frames_init(&f, 10);
	assert_false(frames_is_due(&f, 0));
	assert_int_equal(frames_timeout_ms(&f, 5 * MS), -1);
}

static void
frames_keep_their_distance(void **state)
{
	struct frames f;

	(void)state;
	frames_init(&f, 10);
	frames_mark(&f, false);
	assert_true(frames_is_due(&f, 1000 * MS));
	frames_sent(&f, 100, false, 1000 * MS);
	frames_written(&f);
	frames_mark(&f, false);
	assert_false(frames_is_due(&f, 1050 * MS));
	assert_int_equal(frames_timeout_ms(&f, 1050 * MS), 50);
	assert_true(frames_is_due(&f, 1100 * MS));
}

static void
who_presses_a_key_does_not_wait(void **state)
{
	struct frames f;

	(void)state;
	frames_init(&f, 10);
	frames_mark(&f, false);
	frames_sent(&f, 100, false, 1000 * MS);
	frames_mark(&f, true);
	/* but never are two frames in flight */
	assert_false(frames_is_due(&f, 1001 * MS));
	frames_written(&f);
	assert_true(frames_is_due(&f, 1001 * MS));
	assert_int_equal(frames_timeout_ms(&f, 1001 * MS), 0);
}

static void
a_frame_is_finished_when_the_terminal_says_so(void **state)
{
	struct frames f;

	(void)state;
	frames_init(&f, 10);
	f.asks = true;
	frames_mark(&f, true);
	frames_sent(&f, 100, false, 1000 * MS);
	frames_written(&f);
	frames_mark(&f, true);
	assert_false(frames_is_due(&f, 1500 * MS));
	frames_answered(&f, 1500 * MS);
	assert_true(frames_is_due(&f, 1500 * MS));
	frames_answered(&f, 1501 * MS); /* to nothing */
	assert_true(frames_is_due(&f, 1501 * MS));
}

static void
who_never_answers_is_not_asked_for_long(void **state)
{
	struct frames f;
	int64_t now = 1000 * MS;

	(void)state;
	frames_init(&f, 10);
	f.asks = true;
	for (int i = 0; i < FRAMES_N_TIMEOUTS; i++) {
		assert_true(f.asks);
		frames_mark(&f, true);
		assert_true(frames_is_due(&f, now));
		frames_sent(&f, 100, false, now);
		frames_written(&f);
		assert_int_equal(frames_timeout_ms(&f, now), 2000);
		now += FRAMES_ACK_US;
		frames_expire(&f, now);
	}
	assert_false(f.asks);
	assert_int_equal(f.n_lost, FRAMES_N_TIMEOUTS);
}

/* A line of so many bytes a second, answering after `rtt`. */
static void
go_over_a_line(struct frames *f, double bytes_per_s, int64_t rtt, size_t bytes)
{
	int64_t now = 1000 * MS;

	for (int i = 0; i < 40; i++) {
		size_t budget = frames_budget(f);
		size_t n = i % 4 == 0 ? 60 : bytes < budget ? bytes : budget;

		frames_mark(f, true);
		frames_sent(f, n, false, now);
		frames_written(f);
		now += rtt + (int64_t)((double)n * 1e6 / bytes_per_s);
		frames_answered(f, now);
	}
}

static void
a_slow_line_gets_small_frames(void **state)
{
	struct frames f;

	(void)state;
	frames_init(&f, 10);
	assert_int_equal(frames_budget(&f), FRAMES_NO_BUDGET);
	f.asks = true;
	assert_int_equal(frames_budget(&f), FRAMES_NO_BUDGET);
	go_over_a_line(&f, 8000, 60 * MS, 6000); /* 64 kbit/s */
	assert_in_range(frames_budget(&f), 400, 1000);
	frames_init(&f, 10);
	f.asks = true;
	go_over_a_line(&f, 32000, 5 * MS, 6000);
	assert_in_range(frames_budget(&f), 1500, 4000);
	frames_init(&f, 10);
	f.asks = true;
	go_over_a_line(&f, 5e6, 1 * MS, 6000);
	assert_int_equal(frames_budget(&f), FRAMES_NO_BUDGET);
}

static void
what_had_no_room_comes_next(void **state)
{
	struct frames f;

	(void)state;
	frames_init(&f, 10);
	frames_mark(&f, true);
	frames_sent(&f, 400, true, 1000 * MS);
	frames_written(&f);
	assert_false(frames_is_due(&f, 1000 * MS));
	assert_true(frames_is_due(&f, 1100 * MS));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(nothing_is_drawn_without_need),
	    cmocka_unit_test(frames_keep_their_distance),
	    cmocka_unit_test(who_presses_a_key_does_not_wait),
	    cmocka_unit_test(a_frame_is_finished_when_the_terminal_says_so),
	    cmocka_unit_test(who_never_answers_is_not_asked_for_long),
	    cmocka_unit_test(a_slow_line_gets_small_frames),
	    cmocka_unit_test(what_had_no_room_comes_next),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
