/*
 * test_model.c -- a run as the screen knows it, fed with events.
 *
 * Room: tests.  May touch: ui/model.h, muster.h.
 */
#include "config.h"

#include "ui/model.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define S INT64_C(1000000)

static struct model *model;

static int
setup(void **state)
{
	const struct model_run run = {
	    .verb = "run", .arg = "uptime\033[2J", .target = "web"};

	(void)state;
	model = model_new(NULL, &run);
	for (int i = 0; i < 10; i++) {
		char name[16];

		(void)snprintf(name, sizeof(name), "web-%d", i);
		assert_int_equal(model_add_host(model, name), i);
		model_start(model, (size_t)i, 1 * S);
	}
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	model_free(model);
	return 0;
}

static void
enter(size_t host, enum muster_state state, int64_t at_us)
{
	model_event(model, &(struct muster_event){.type = MUSTER_EVENT_STATE,
			       .host = host,
			       .state = state,
			       .at_us = at_us});
}

static void
print(size_t host, const char *text, int64_t at_us)
{
	model_event(model, &(struct muster_event){.type = MUSTER_EVENT_OUTPUT,
			       .host = host,
			       .at_us = at_us,
			       .data = text,
			       .len = strlen(text)});
}

static void
end(size_t host, enum muster_outcome outcome, uint32_t code, int64_t at_us)
{
	const struct muster_result r = {.outcome = outcome,
	    .code = code,
	    .begun_us = 1 * S,
	    .started_us = 1 * S,
	    .ended_us = at_us};

	model_event(model, &(struct muster_event){.type = MUSTER_EVENT_RESULT,
			       .host = host,
			       .at_us = at_us,
			       .result = &r});
}

static void
assert_sum(void)
{
	size_t n = 0;
	struct model_sums s = model_sums(model);

	for (int b = 0; b < BADGE_N; b++)
		n += model->counts[b];
	assert_int_equal(n, model->n_hosts);
	assert_int_equal(s.n_ok + s.n_failed + s.n_trouble + s.n_running +
			     s.n_waiting + s.n_left_out,
	    model->n_hosts);
}

static void
test_each_event_is_one_step_of_a_counter(void **state)
{
	(void)state;
	assert_string_equal(model->arg, "uptime");
	assert_int_equal(model->counts[BADGE_QUEUED], 10);
	enter(0, MUSTER_CONNECT, 2 * S);
	assert_int_equal(model->hosts[0].badge, BADGE_CONNECTING);
	enter(0, MUSTER_RUNNING, 3 * S);
	assert_int_equal(model->hosts[0].badge, BADGE_RUNNING);
	print(0, "one\ntwo\nthr", 4 * S);
	assert_true(model->hosts[0].n_lines == 2);
	end(0, MUSTER_EXIT, 0, 5 * S);
	/* What comes late says nothing any more. */
	enter(0, MUSTER_CLOSING, 6 * S);
	assert_int_equal(model->hosts[0].badge, BADGE_OK);
	end(1, MUSTER_EXIT, 3, 5 * S);
	end(2, MUSTER_HK_CHANGED, 0, 5 * S);
	end(3, MUSTER_LOST, 0, 5 * S);
	end(4, MUSTER_CANCELLED, 0, 5 * S);
	assert_int_equal(model->n_finished, 5);
	assert_int_equal(model_percent(model), 50);
	assert_true(model->hosts[1].is_new);
	assert_false(model->hosts[0].is_new);
	assert_sum();
}

static void
test_every_outcome_has_a_badge_of_its_family(void **state)
{
	(void)state;
	for (int o = MUSTER_PENDING + 1; o < MUSTER_N_OUTCOMES; o++) {
		enum badge b;

		end(0, (enum muster_outcome)o, 1, 2 * S);
		b = model->hosts[0].badge;
		assert_true(badge_row(b)->is_end);
		assert_int_equal(b == BADGE_OK, o == MUSTER_DONE);
		if (o == MUSTER_DONE)
			continue;
		if (muster_outcome_family((enum muster_outcome)o) ==
		    MUSTER_FAMILY_UNKNOWN)
			assert_true(b == BADGE_LOST || b == BADGE_TIMEOUT ||
				    b == BADGE_CANCELLED);
		assert_sum();
	}
}

static void
test_who_says_nothing_is_quiet_until_it_speaks(void **state)
{
	(void)state;
	enter(0, MUSTER_RUNNING, 2 * S);
	model_tick(model, 31 * S);
	assert_int_equal(model->hosts[0].badge, BADGE_RUNNING);
	model_tick(model, 32 * S);
	assert_int_equal(model->hosts[0].badge, BADGE_QUIET);
	print(0, "x", 33 * S);
	assert_int_equal(model->hosts[0].badge, BADGE_RUNNING);
	assert_sum();
}

static void
test_paused_hosts_are_held(void **state)
{
	(void)state;
	enter(0, MUSTER_RUNNING, 2 * S);
	model_pause(model, true);
	assert_int_equal(model->counts[BADGE_HELD], 9);
	model_pause(model, false);
	assert_int_equal(model->counts[BADGE_QUEUED], 9);
	assert_sum();
}

static void
test_hundred_percent_is_said_at_the_end_only(void **state)
{
	(void)state;
	for (int i = 0; i < 990; i++)
		(void)model_add_host(model, "more");
	for (size_t i = 0; i < 999; i++)
		end(i, MUSTER_EXIT, 0, 5 * S);
	assert_int_equal(model_percent(model), 99);
	assert_true(model->ended_us == 0);
	end(999, MUSTER_EXIT, 0, 6 * S);
	assert_int_equal(model_percent(model), 100);
	assert_true(model->ended_us == 6 * S);
	/* A host that begins again takes that back. */
	model_start(model, 5, 7 * S);
	assert_true(model->ended_us == 0);
	assert_int_equal(model_percent(model), 99);
	assert_sum();
}

static void
test_the_time_left_is_said_when_it_can_be(void **state)
{
	(void)state;
	model_tick(model, 1 * S);
	assert_true(model_eta_s(model) == -1);
	for (size_t i = 0; i < 5; i++)
		end(i, MUSTER_EXIT, 0, 5 * S);
	model_tick(model, 6 * S);
	/* One a second, five wait. */
	assert_true(model->rate.per_s > 0.9 && model->rate.per_s < 1.1);
	assert_true(model_eta_s(model) == 5);
	model_pause(model, true);
	assert_true(model_eta_s(model) == -1);
}

static void
test_marks_and_messages_are_kept(void **state)
{
	char text[16];

	(void)state;
	model_mark(model, 3, true);
	model_mark(model, 3, true);
	assert_int_equal(model->n_marked, 1);
	model_mark(model, 3, false);
	assert_int_equal(model->n_marked, 0);
	for (int i = 0; i < 500; i++) {
		(void)snprintf(text, sizeof(text), "said %d", i);
		model_say(model, text);
	}
	assert_true(model->n_messages < 500);
	assert_string_equal(
	    model->messages[model->n_messages - 1].text, "said 499");
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
	    TEST(test_each_event_is_one_step_of_a_counter),
	    TEST(test_every_outcome_has_a_badge_of_its_family),
	    TEST(test_who_says_nothing_is_quiet_until_it_speaks),
	    TEST(test_paused_hosts_are_held),
	    TEST(test_hundred_percent_is_said_at_the_end_only),
	    TEST(test_the_time_left_is_said_when_it_can_be),
	    TEST(test_marks_and_messages_are_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
