/*
 * test_rollout.c -- waves, budgets, gates: the judge against its rules, and
 * against a model of them.
 *
 * Room: tests.  May touch: muster.h, rollout_model.h.
 */
#include "config.h"

#include "rollout_model.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#define PLANS 20000 /* MUSTER_LONG_TESTS: 100,000 */
#define SECOND INT64_C(1000000)

/* A rollout at work, and what its last step said. */
struct trial {
	struct muster_rollout *r;
	struct muster_rollout_todo todo;
	int64_t now_us;
};

static const size_t ten[10] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};

static struct muster_rollout_plan
plain(const size_t *waves, size_t n_waves)
{
	struct muster_rollout_plan plan = {.order = ten,
	    .waves = waves,
	    .n_waves = n_waves,
	    .parallel = 100,
	    .check_every_us = SECOND,
	    .check_deadline_us = 60 * SECOND};

	for (size_t i = 0; i < n_waves; i++)
		plan.n_hosts += waves[i];
	return plan;
}

static void
step(struct trial *t, enum muster_rollout_event_type type, size_t host)
{
	const struct muster_rollout_event event = {
	    .type = type, .now_us = t->now_us, .host = host, .number = host};

	muster_rollout_step(t->r, &event, &t->todo);
}

static void
check_ended(struct trial *t, bool ok)
{
	const struct muster_rollout_event event = {
	    .type = MUSTER_ROLLOUT_CHECKED, .now_us = t->now_us, .ok = ok};

	muster_rollout_step(t->r, &event, &t->todo);
}

static void
begin(struct trial *t, const struct muster_rollout_plan *plan)
{
	*t = (struct trial){.r = muster_rollout_new(plan), .now_us = SECOND};
	step(t, MUSTER_ROLLOUT_BEGIN, 0);
}

static void
assert_begun(const struct trial *t, size_t first, size_t n)
{
	assert_int_equal(t->todo.n_hosts, n);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(t->todo.hosts[i], first + i);
}

static void
assert_phase(const struct trial *t, enum muster_rollout_phase phase,
    enum muster_rollout_reason reason)
{
	assert_int_equal(muster_rollout_view(t->r)->phase, phase);
	assert_int_equal(muster_rollout_view(t->r)->reason, reason);
}

static void
test_a_canary_that_fails_lets_nobody_else_begin(void **state)
{
	const size_t waves[] = {2, 8};
	struct muster_rollout_plan plan = plain(waves, 2);
	struct trial t;

	(void)state;
	plan.has_canary = true;
	plan.max_fail = 100;
	begin(&t, &plan);
	assert_begun(&t, 0, 2);
	step(&t, MUSTER_ROLLOUT_BAD, 1);
	assert_begun(&t, 0, 0);
	assert_true(t.todo.withdraw);
	assert_phase(&t, MUSTER_ROLLOUT_STOPPING, MUSTER_ROLLOUT_BY_CANARY);
	step(&t, MUSTER_ROLLOUT_PROMOTE, 0);
	assert_begun(&t, 0, 0);
	step(&t, MUSTER_ROLLOUT_GOOD, 0);
	assert_begun(&t, 0, 0);
	assert_phase(&t, MUSTER_ROLLOUT_OVER, MUSTER_ROLLOUT_BY_CANARY);
	muster_rollout_free(t.r);
}

static void
test_failures_add_up_over_the_waves(void **state)
{
	const size_t waves[] = {2, 2, 2, 2, 2};
	struct muster_rollout_plan plan = plain(waves, 5);
	struct trial t;

	(void)state;
	plan.max_fail = 3;
	begin(&t, &plan);
	for (size_t w = 0; w < 4; w++) {
		assert_begun(&t, 2 * w, 2);
		step(&t, MUSTER_ROLLOUT_GOOD, 2 * w);
		step(&t, MUSTER_ROLLOUT_BAD, 2 * w + 1);
	}
	assert_begun(&t, 0, 0);
	assert_phase(&t, MUSTER_ROLLOUT_OVER, MUSTER_ROLLOUT_BY_FAILURES);
	assert_int_equal(muster_rollout_view(t.r)->n_bad, 4);
	muster_rollout_free(t.r);
}

static void
test_a_wave_may_fail_whole_within_the_budget(void **state)
{
	const size_t waves[] = {3, 7};
	struct muster_rollout_plan plan = plain(waves, 2);
	struct trial t;

	(void)state;
	plan.max_fail = 3;
	begin(&t, &plan);
	for (size_t h = 0; h < 3; h++)
		step(&t, MUSTER_ROLLOUT_BAD, h);
	assert_begun(&t, 3, 7);
	muster_rollout_free(t.r);
}

static void
test_bad_hosts_and_those_in_flight_have_a_limit(void **state)
{
	const size_t waves[] = {10};
	struct muster_rollout_plan plan = plain(waves, 1);
	struct trial t;

	(void)state;
	plan.max_fail = 9;
	plan.max_unavailable = 3;
	begin(&t, &plan);
	assert_begun(&t, 0, 3);
	step(&t, MUSTER_ROLLOUT_BAD, 0);
	assert_begun(&t, 0, 0);
	step(&t, MUSTER_ROLLOUT_GOOD, 1);
	assert_begun(&t, 3, 1);
	step(&t, MUSTER_ROLLOUT_BAD, 2);
	step(&t, MUSTER_ROLLOUT_BAD, 3);
	assert_phase(&t, MUSTER_ROLLOUT_OVER, MUSTER_ROLLOUT_BY_UNAVAILABLE);
	muster_rollout_free(t.r);
}

static void
test_a_person_is_asked_once_between_waves(void **state)
{
	const size_t waves[] = {1, 1};
	struct muster_rollout_plan plan = plain(waves, 2);
	struct trial t;

	(void)state;
	plan.gate = MUSTER_ROLLOUT_ASK;
	begin(&t, &plan);
	step(&t, MUSTER_ROLLOUT_GOOD, 0);
	assert_true(t.todo.ask);
	assert_begun(&t, 0, 0);
	step(&t, MUSTER_ROLLOUT_TIME, 0);
	assert_false(t.todo.ask);
	step(&t, MUSTER_ROLLOUT_PROMOTE, 0);
	assert_begun(&t, 1, 1);
	step(&t, MUSTER_ROLLOUT_GOOD, 1);
	assert_false(t.todo.ask);
	assert_phase(&t, MUSTER_ROLLOUT_OVER, MUSTER_ROLLOUT_NOT_STOPPED);
	muster_rollout_free(t.r);
}

static void
test_a_check_must_succeed_all_through_the_soak(void **state)
{
	const size_t waves[] = {1, 1};
	struct muster_rollout_plan plan = plain(waves, 2);
	struct trial t;

	(void)state;
	plan.has_check = true;
	plan.soak_us = 2 * SECOND;
	begin(&t, &plan);
	step(&t, MUSTER_ROLLOUT_GOOD, 0);
	assert_true(t.todo.check);
	check_ended(&t, true); /* well from second 1 on */
	t.now_us = t.todo.wake_us;
	assert_int_equal(t.now_us, 2 * SECOND);
	step(&t, MUSTER_ROLLOUT_TIME, 0);
	check_ended(&t, false); /* flaps */
	t.now_us = 4 * SECOND;
	step(&t, MUSTER_ROLLOUT_TIME, 0);
	assert_true(t.todo.check);
	check_ended(&t, true); /* well from second 4 on */
	for (int s = 5; s <= 6; s++) {
		assert_begun(&t, 0, 0);
		assert_int_equal(t.todo.wake_us, s * SECOND);
		t.now_us = t.todo.wake_us;
		step(&t, MUSTER_ROLLOUT_TIME, 0);
		assert_true(t.todo.check);
		check_ended(&t, true);
	}
	assert_begun(&t, 1, 1);
	muster_rollout_free(t.r);
}

static void
test_a_check_that_hangs_is_ended_at_its_deadline(void **state)
{
	const size_t waves[] = {1, 1};
	struct muster_rollout_plan plan = plain(waves, 2);
	struct trial t;

	(void)state;
	plan.has_check = true;
	begin(&t, &plan);
	step(&t, MUSTER_ROLLOUT_GOOD, 0);
	assert_true(t.todo.check);
	assert_int_equal(t.todo.wake_us, 61 * SECOND);
	t.now_us = t.todo.wake_us;
	step(&t, MUSTER_ROLLOUT_TIME, 0);
	assert_true(t.todo.end_check);
	assert_phase(&t, MUSTER_ROLLOUT_OVER, MUSTER_ROLLOUT_BY_CHECK);
	muster_rollout_free(t.r);
}

static void
test_the_clock_of_progress_stands_still_in_a_pause(void **state)
{
	const size_t waves[] = {2};
	struct muster_rollout_plan plan = plain(waves, 1);
	struct trial t;

	(void)state;
	plan.progress_us = 10 * SECOND;
	plan.parallel = 1;
	begin(&t, &plan);
	t.now_us += 9 * SECOND;
	step(&t, MUSTER_ROLLOUT_PAUSE, 0);
	assert_int_equal(t.todo.wake_us, 0);
	t.now_us += 3600 * SECOND;
	step(&t, MUSTER_ROLLOUT_RESUME, 0);
	assert_int_equal(t.todo.wake_us, t.now_us + SECOND);
	t.now_us += SECOND;
	step(&t, MUSTER_ROLLOUT_TIME, 0);
	assert_phase(&t, MUSTER_ROLLOUT_STOPPING, MUSTER_ROLLOUT_BY_STALL);
	muster_rollout_free(t.r);
}

static void
test_what_failed_before_counts(void **state)
{
	const size_t waves[] = {2};
	struct muster_rollout_plan plan = plain(waves, 1);
	struct trial t;

	(void)state;
	plan.max_fail = 1;
	plan.n_bad = 2;
	begin(&t, &plan);
	assert_begun(&t, 0, 0);
	assert_phase(&t, MUSTER_ROLLOUT_OVER, MUSTER_ROLLOUT_BY_FAILURES);
	muster_rollout_free(t.r);
}

/* ---- random plans ---- */

static unsigned
pick(unsigned *seed, unsigned n)
{
	*seed = *seed * 1664525u + 1013904223u;
	return (*seed >> 8) % n;
}

static void
make_plan(struct muster_rollout_plan *plan, size_t *order, size_t *waves,
    unsigned *seed)
{
	size_t n = 1 + pick(seed, MODEL_HOSTS), left = n;

	*plan = (struct muster_rollout_plan){.order = order,
	    .waves = waves,
	    .n_hosts = n,
	    .has_canary = pick(seed, 2) == 0,
	    .parallel = 1 + pick(seed, 8),
	    .max_fail = pick(seed, 3) == 0 ? n : pick(seed, 4),
	    .max_unavailable = pick(seed, 2) * pick(seed, 6),
	    .n_bad = pick(seed, 8) == 0 ? pick(seed, 3) : 0,
	    .gate = (enum muster_rollout_gate)pick(seed, 3),
	    .gate_us = (int64_t)pick(seed, 20),
	    .has_check = pick(seed, 2) == 0,
	    .soak_us = (int64_t)(pick(seed, 2) * pick(seed, 20)),
	    .check_deadline_us = 1 + (int64_t)pick(seed, 40),
	    .check_every_us = 1 + (int64_t)pick(seed, 5),
	    .progress_us = (int64_t)(pick(seed, 2) * pick(seed, 60))};
	for (size_t i = 0; i < n; i++)
		order[i] = i;
	for (size_t i = n; i-- > 1;) {
		size_t j = pick(seed, (unsigned)i + 1), other = order[i];

		order[i] = order[j];
		order[j] = other;
	}
	while (left > 0) {
		size_t size = 1 + pick(seed, (unsigned)left);

		waves[plan->n_waves++] = size;
		left -= size;
	}
}

/* Mostly what can happen, and at times what cannot. */
static struct muster_rollout_event
make_event(const struct model *m, const struct muster_rollout_todo *todo,
    int64_t now_us, unsigned *seed)
{
	static const enum muster_rollout_event_type rare[] = {
	    MUSTER_ROLLOUT_PAUSE, MUSTER_ROLLOUT_RESUME, MUSTER_ROLLOUT_RESUME,
	    MUSTER_ROLLOUT_PROMOTE, MUSTER_ROLLOUT_PROMOTE,
	    MUSTER_ROLLOUT_MAX_FAIL, MUSTER_ROLLOUT_PARALLEL,
	    MUSTER_ROLLOUT_LEFT, MUSTER_ROLLOUT_STOP, MUSTER_ROLLOUT_ABORT,
	    MUSTER_ROLLOUT_BEGIN};
	struct muster_rollout_event e = {.now_us = now_us};
	unsigned what = pick(seed, 16);

	e.host = m->plan->order[pick(seed, (unsigned)m->plan->n_hosts)];
	e.number = pick(seed, 6);
	e.ok = pick(seed, 3) > 0;
	if (what == 0 && pick(seed, 3) == 0) {
		e.type = rare[pick(seed, sizeof(rare) / sizeof(rare[0]))];
	} else if (what < 4 && todo->wake_us != 0) {
		e.type = MUSTER_ROLLOUT_TIME;
		e.now_us = todo->wake_us > now_us ? todo->wake_us : now_us;
	} else if (what < 8) {
		e.type = MUSTER_ROLLOUT_CHECKED;
		e.now_us += pick(seed, 4);
	} else if (what < 9) {
		e.type = MUSTER_ROLLOUT_PROMOTE;
	} else {
		e.type = pick(seed, 6) == 0 ? MUSTER_ROLLOUT_BAD
					    : MUSTER_ROLLOUT_GOOD;
		e.now_us += pick(seed, 4);
	}
	return e;
}

/* What must hold whatever the model says. */
static void
check_rules(const struct model *m, const struct muster_rollout_view *v,
    const struct muster_rollout_todo *todo, bool was_stopped)
{
	size_t n_bad = m->plan->n_bad + model_count(m, SIZE_MAX, 'b');
	size_t n_flying = model_count(m, SIZE_MAX, '>');

	if (todo->n_hosts == 0)
		return;
	assert_false(was_stopped);
	assert_int_equal(v->phase, MUSTER_ROLLOUT_RUNNING);
	assert_true(n_flying <= v->parallel);
	assert_true(
	    v->max_unavailable == 0 || n_bad + n_flying <= v->max_unavailable);
	assert_true(n_bad <= v->max_fail);
	assert_false(m->plan->has_canary && model_count(m, 0, 'b') > 0);
	for (size_t w = 0; w < v->wave; w++) {
		assert_int_equal(model_count(m, w, '-'), 0);
		assert_int_equal(model_count(m, w, '>'), 0);
	}
}

static void
compare(const struct model *m, const struct muster_rollout_view *v,
    const struct muster_rollout_todo *todo)
{
	assert_int_equal(todo->n_hosts, m->n_begin);
	for (size_t i = 0; i < m->n_begin; i++)
		assert_int_equal(todo->hosts[i], m->begin[i]);
	assert_int_equal(todo->check, m->check);
	assert_int_equal(todo->end_check, m->end_check);
	assert_int_equal(todo->ask, m->ask);
	assert_int_equal(v->phase == MUSTER_ROLLOUT_OVER, m->over);
	assert_int_equal(v->reason, m->reason);
	assert_int_equal(v->n_in_flight, model_count(m, SIZE_MAX, '>'));
	assert_int_equal(v->n_good, model_count(m, SIZE_MAX, 'g'));
	assert_int_equal(v->n_left, model_count(m, SIZE_MAX, 'l'));
	assert_int_equal(
	    v->n_bad, m->plan->n_bad + model_count(m, SIZE_MAX, 'b'));
}

/* Runs one plan. Returns whether it came to an end. */
static bool
run_plan(unsigned *seed)
{
	static struct model m;
	size_t order[MODEL_HOSTS], waves[MODEL_HOSTS],
	    starts[MODEL_HOSTS] = {0};
	struct muster_rollout_plan plan;
	struct muster_rollout_todo todo = {0};
	struct muster_rollout_event e = {.type = MUSTER_ROLLOUT_BEGIN};
	struct muster_rollout *r;
	int64_t now_us = 1 + (int64_t)pick(seed, 100);
	bool over;

	make_plan(&plan, order, waves, seed);
	r = muster_rollout_new(&plan);
	model_init(&m, &plan);
	m.now = e.now_us = now_us;
	for (int i = 0; i < 400 && !(m.over && i > 200); i++) {
		bool was_stopped = m.stopped || m.over;

		if (i == 0 && pick(seed, 8) == 0)
			e.type = MUSTER_ROLLOUT_PAUSE;
		else if (!m.begun && i < 3)
			e.type = MUSTER_ROLLOUT_BEGIN;
		else
			e = make_event(&m, &todo, now_us, seed);
		now_us = e.now_us;
		muster_rollout_step(r, &e, &todo);
		model_step(&m, &e);
		compare(&m, muster_rollout_view(r), &todo);
		check_rules(&m, muster_rollout_view(r), &todo, was_stopped);
		for (size_t k = 0; k < todo.n_hosts; k++)
			assert_int_equal(starts[todo.hosts[k]]++, 0);
	}
	over = m.over;
	muster_rollout_free(r);
	return over;
}

static void
test_random_plans_go_as_the_model_says(void **state)
{
	const char *given = getenv("MUSTER_SEED");
	unsigned n = getenv("MUSTER_LONG_TESTS") != NULL ? 100000 : PLANS;
	unsigned seed = given != NULL ? (unsigned)strtoul(given, NULL, 10)
				      : (unsigned)time(NULL),
		 n_over = 0;

	(void)state;
	for (unsigned i = 0; i < n; i++) {
		if (i % 10000 == 0)
			print_message("# plan %u: MUSTER_SEED=%u\n", i, seed);
		n_over += run_plan(&seed);
	}
	print_message("# %u of %u came to an end\n", n_over, n);
	assert_true(n_over > n / 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_a_canary_that_fails_lets_nobody_else_begin),
	    cmocka_unit_test(test_failures_add_up_over_the_waves),
	    cmocka_unit_test(test_a_wave_may_fail_whole_within_the_budget),
	    cmocka_unit_test(test_bad_hosts_and_those_in_flight_have_a_limit),
	    cmocka_unit_test(test_a_person_is_asked_once_between_waves),
	    cmocka_unit_test(test_a_check_must_succeed_all_through_the_soak),
	    cmocka_unit_test(test_a_check_that_hangs_is_ended_at_its_deadline),
	    cmocka_unit_test(
		test_the_clock_of_progress_stands_still_in_a_pause),
	    cmocka_unit_test(test_what_failed_before_counts),
	    cmocka_unit_test(test_random_plans_go_as_the_model_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
