/*
 * test_rollout_plan.c -- options into waves: sizes, orders, what is left.
 *
 * Room: tests.  May touch: src/, muster.h.
 */
#include "config.h"

#include "src/args.h"
#include "src/number.h"
#include "src/rollout_plan.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct trial {
	struct muster *m;
	struct args args;
	struct rollout_plan plan;
	struct muster_error err;
};

static void
open_trial(struct trial *t, const char *hosts)
{
	struct muster_options options;

	memset(t, 0, sizeof(*t));
	muster_options_init(&options);
	options.ssh_config = "none";
	options.no_env_files = true;
	t->m = muster_new(&options, &t->err);
	assert_non_null(t->m);
	assert_int_equal(muster_add_hosts(t->m, hosts, &t->err), 0);
	args_init(&t->args);
}

static void
close_trial(struct trial *t)
{
	rollout_plan_clear(&t->plan);
	args_clear(&t->args);
	muster_free(t->m);
}

static int
make(struct trial *t)
{
	rollout_plan_clear(&t->plan);
	return rollout_plan_make(&t->plan, &t->args, t->m, &t->err);
}

/* "n1 n2 | n3 |": each wave and its hosts. */
static const char *
write_waves(const struct trial *t, struct text *to)
{
	const struct muster_rollout_plan *r = &t->plan.rules;
	size_t at = 0;

	text_clear(to);
	for (size_t w = 0; w < r->n_waves; w++) {
		for (size_t i = 0; i < r->waves[w]; i++)
			text_addf(
			    to, "%s ", muster_host_name(t->m, r->order[at++]));
		text_adds(to, "| ");
	}
	return text_str(to);
}

static void
assert_waves(struct trial *t, const char *waves)
{
	struct text text = {0};

	if (make(t) != 0)
		fail_msg("%s", t->err.text);
	assert_string_equal(write_waves(t, &text), waves);
	text_clear(&text);
}

static void
test_waves_of_shares_are_rounded_up(void **state)
{
	struct trial t;

	(void)state;
	open_trial(&t, "n[1-7]");
	assert_waves(&t, "n1 n2 n3 n4 n5 n6 n7 | ");
	t.args.rollout.serial = "2";
	assert_waves(&t, "n1 n2 | n3 n4 | n5 n6 | n7 | ");
	t.args.rollout.serial = "1,50%";
	assert_waves(&t, "n1 | n2 n3 n4 n5 | n6 n7 | ");
	t.args.rollout.serial = "1%";
	assert_waves(&t, "n1 | n2 | n3 | n4 | n5 | n6 | n7 | ");
	t.args.rollout.canary = "20%";
	t.args.rollout.serial = "3";
	assert_waves(&t, "n1 n2 | n3 n4 n5 | n6 n7 | ");
	assert_true(t.plan.rules.has_canary);
	t.args.rollout.canary = "n5,n3";
	assert_waves(&t, "n5 n3 | n1 n2 n4 | n6 n7 | ");
	t.args.rollout.canary = "100";
	assert_waves(&t, "n1 n2 n3 n4 n5 n6 n7 | ");
	t.args.rollout.canary = t.args.rollout.serial = NULL;
	t.args.rollout.ramp = true;
	assert_waves(&t, "n1 | n2 n3 | n4 n5 n6 n7 | ");
	t.args.fanout = 2;
	assert_waves(&t, "n1 | n2 n3 | n4 n5 | n6 n7 | ");
	close_trial(&t);
}

static void
test_limits_of_shares_are_rounded_down(void **state)
{
	struct trial t;

	(void)state;
	open_trial(&t, "n[1-250]");
	assert_int_equal(make(&t), 0);
	assert_false(t.plan.has_max_fail);
	t.args.rollout.serial = "10";
	assert_int_equal(make(&t), 0);
	assert_true(t.plan.has_max_fail);
	assert_int_equal(t.plan.rules.max_fail, 2);
	t.args.max_fail = "3%";
	assert_int_equal(make(&t), 0);
	assert_int_equal(t.plan.rules.max_fail, 7);
	t.args.max_fail = NULL;
	t.args.fail_fast = true;
	t.args.rollout.max_unavailable = "1%";
	assert_int_equal(make(&t), 0);
	assert_int_equal(t.plan.rules.max_fail, 0);
	assert_int_equal(t.plan.rules.max_unavailable, 2);
	t.args.rollout.max_unavailable = "0";
	assert_int_equal(make(&t), 0);
	assert_int_equal(t.plan.rules.max_unavailable, 1);
	close_trial(&t);
}

static void
test_orders_are_what_they_are_called(void **state)
{
	struct trial t;

	(void)state;
	open_trial(&t, "n10,n9,n1");
	t.args.rollout.order = "sorted";
	assert_waves(&t, "n1 n9 n10 | ");
	t.args.rollout.order = "reverse";
	assert_waves(&t, "n1 n9 n10 | ");
	t.args.rollout.order = "given";
	assert_waves(&t, "n10 n9 n1 | ");
	close_trial(&t);
	open_trial(&t, "a1,a2,a3,b1,c1,c2");
	t.args.rollout.spread = "[a-z]";
	assert_waves(&t, "a1 b1 c1 a2 c2 a3 | ");
	t.args.rollout.spread = "(1|2)$";
	assert_waves(&t, "a1 a2 a3 b1 c2 c1 | ");
	close_trial(&t);
}

static void
test_chance_falls_the_same_for_a_seed(void **state)
{
	struct text a = {0}, b = {0}, word = {0};
	struct trial t;
	uint32_t seed;

	(void)state;
	open_trial(&t, "n[1-50]");
	seed = t.args.rollout.seed;
	t.args.rollout.order = "random";
	assert_int_equal(make(&t), 0);
	(void)write_waves(&t, &a);
	rollout_plan_name_order(&t.args, "random", &word);
	t.args.rollout.seed = seed + 1;
	assert_int_equal(make(&t), 0);
	assert_true(strcmp(text_str(&a), write_waves(&t, &b)) != 0);
	t.args.rollout.order = text_str(&word);
	assert_int_equal(make(&t), 0);
	assert_string_equal(text_str(&a), write_waves(&t, &b));
	close_trial(&t);
	text_clear(&a);
	text_clear(&b);
	text_clear(&word);
}

static void
test_what_is_kept_keeps_its_order_and_waves(void **state)
{
	const bool kept[] = {false, true, false, false, true, true, false};
	struct trial t;

	(void)state;
	open_trial(&t, "n[1-7]");
	t.args.rollout.order = "reverse"; /* 6 5 | 4 3 | 2 1 | 0 */
	t.args.rollout.serial = "2";
	t.args.rollout.canary = "2";
	assert_int_equal(make(&t), 0);
	rollout_plan_keep(&t.plan, kept, 1);
	assert_int_equal(t.plan.rules.n_hosts, 3);
	assert_int_equal(t.plan.rules.n_waves, 3);
	assert_int_equal(t.plan.rules.n_bad, 1);
	assert_int_equal(t.plan.n_all, 7);
	assert_true(t.plan.rules.has_canary);
	for (size_t i = 0; i < 3; i++) { /* 5, 4, 1 are now 2, 1, 0 */
		assert_int_equal(t.plan.rules.order[i], 2 - i);
		assert_int_equal(t.plan.rules.waves[i], 1);
	}
	close_trial(&t);
}

static void
test_shares_are_numbers_or_percents(void **state)
{
	static const struct {
		const char *text;
		bool up, good;
		size_t n;
	} samples[] = {{"0", true, true, 0}, {"7", true, true, 7},
	    {"0%", true, true, 0}, {"1%", true, true, 1},
	    {"1%", false, true, 0}, {"100%", false, true, 40},
	    {"51%", false, true, 20}, {"51%", true, true, 21},
	    {"101%", true, false, 0}, {"", true, false, 0},
	    {"%", true, false, 0}, {"-1", true, false, 0},
	    {"1 %", true, false, 0}, {"99999999999999999%", true, false, 0}};

	(void)state;
	for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
		size_t n = 0;
		bool good =
		    number_share(samples[i].text, 40, samples[i].up, &n);

		if (good != samples[i].good || n != samples[i].n)
			fail_msg("'%s': %d, %zu", samples[i].text, good, n);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_waves_of_shares_are_rounded_up),
	    cmocka_unit_test(test_limits_of_shares_are_rounded_down),
	    cmocka_unit_test(test_orders_are_what_they_are_called),
	    cmocka_unit_test(test_chance_falls_the_same_for_a_seed),
	    cmocka_unit_test(test_what_is_kept_keeps_its_order_and_waves),
	    cmocka_unit_test(test_shares_are_numbers_or_percents),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
