/*
 * test_exitcode.c -- the table of muster(1), EXIT STATUS.
 *
 * Room: tests.  May touch: src/exitcode.h.
 */
#include "config.h"

#include "src/exitcode.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static struct muster_result
make_exit(uint32_t code)
{
	return (struct muster_result){.outcome = MUSTER_EXIT, .code = code};
}

static struct muster_result
make_outcome(enum muster_outcome outcome)
{
	return (struct muster_result){.outcome = outcome};
}

static void
test_precedence_is_130_1_141_6_3_4_5(void **state)
{
	static const struct {
		struct exitcode_facts facts;
		int code;
	} samples[] = {
	    {{0}, 0},
	    {{.failed = true}, 5},
	    {{.not_run = true}, 4},
	    {{.not_run = true, .failed = true}, 4},
	    {{.unknown = true}, 3},
	    {{.unknown = true, .not_run = true, .failed = true}, 3},
	    {{.policy = true}, 6},
	    {{.policy = true, .unknown = true, .not_run = true}, 6},
	    {{.no_more = true}, 0},
	    {{.no_more = true, .failed = true}, 5},
	    {{.no_more = true, .cancelled = true, .not_run = true}, 6},
	    {{.cancelled = true, .not_run = true}, 4},
	    {{.signal = SIGPIPE}, 141},
	    {{.signal = SIGPIPE, .not_run = true, .policy = true}, 141},
	    {{.local_error = true}, 1},
	    {{.local_error = true, .unknown = true, .policy = true}, 1},
	    {{.signal = SIGINT}, 130},
	    {{.signal = SIGINT,
		 .local_error = true,
		 .policy = true,
		 .unknown = true,
		 .not_run = true,
		 .failed = true},
		130},
	    {{.signal = SIGTERM, .unknown = true}, 143},
	    {{.signal = SIGHUP}, 129},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++)
		assert_int_equal(
		    exitcode_choose(&samples[i].facts, false), samples[i].code);
}

static void
test_the_worse_of_two_runs_goes_by_the_same_order(void **state)
{
	static const int order[] = {130, 1, 2, 141, 6, 3, 4, 5, 0};
	const int n = sizeof(order) / sizeof(order[0]);

	(void)state;
	for (int i = 0; i < n; i++)
		for (int j = 0; j < n; j++)
			assert_int_equal(
			    exitcode_worse(order[i], order[j], false),
			    order[i < j ? i : j]);
	assert_int_equal(exitcode_worse(7, 3, true), 7);
	assert_int_equal(exitcode_worse(3, 254, true), 254);
}

static void
test_maxrc_gives_the_highest_code(void **state)
{
	struct exitcode_facts facts = {0};
	struct muster_result three = make_exit(3), seven = make_exit(7);
	struct muster_result refused = make_outcome(MUSTER_CONN_REFUSED);
	struct muster_result denied = make_outcome(MUSTER_AUTH_DENIED);

	(void)state;
	assert_int_equal(exitcode_choose(&facts, true), 0);
	exitcode_add(&facts, &seven);
	exitcode_add(&facts, &three);
	assert_int_equal(exitcode_choose(&facts, true), 7);
	assert_int_equal(exitcode_choose(&facts, false), 5);
	exitcode_add(&facts, &refused);
	assert_int_equal(exitcode_choose(&facts, true), 254);
	assert_int_equal(exitcode_choose(&facts, false), 4);
	exitcode_add(&facts, &denied);
	assert_int_equal(exitcode_choose(&facts, true), 255);
	facts.signal = SIGINT;
	assert_int_equal(exitcode_choose(&facts, true), 130);
}

static void
test_a_result_has_a_code_of_its_own(void **state)
{
	static const struct {
		struct muster_result result;
		uint32_t code;
	} samples[] = {
	    {{.outcome = MUSTER_EXIT}, 0},
	    {{.outcome = MUSTER_EXIT, .code = 254}, 254},
	    {{.outcome = MUSTER_EXIT, .code = 256}, 255},
	    {{.outcome = MUSTER_EXIT, .code = 0xc0000005}, 255},
	    {{.outcome = MUSTER_SIGNAL, .signal = "TERM"}, 143},
	    {{.outcome = MUSTER_SIGNAL, .signal = "KILL"}, 137},
	    {{.outcome = MUSTER_SIGNAL, .signal = "odd@example"}, 255},
	    {{.outcome = MUSTER_DNS_FAIL}, 254},
	    {{.outcome = MUSTER_HK_CHANGED}, 255},
	    {{.outcome = MUSTER_CMD_TIMEOUT}, 255},
	    {{.outcome = MUSTER_LOST}, 255},
	    {{.outcome = MUSTER_PENDING}, 255},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++)
		assert_int_equal(
		    exitcode_of_result(&samples[i].result), samples[i].code);
}

static void
test_every_family_counts_as_itself(void **state)
{
	(void)state;
	for (int o = 0; o < MUSTER_N_OUTCOMES; o++) {
		struct exitcode_facts facts = {0};
		struct muster_result result =
		    make_outcome((enum muster_outcome)o);
		enum muster_family family =
		    muster_outcome_family(result.outcome);

		result.code = 1;
		exitcode_add(&facts, &result);
		assert_int_equal(exitcode_choose(&facts, false),
		    o == MUSTER_DONE                  ? 0
		    : family == MUSTER_FAMILY_RAN     ? 5
		    : family == MUSTER_FAMILY_NOT_RUN ? 4
						      : 3);
	}
}

static void
test_two_hundred_and_fifty_six_failures_are_not_zero(void **state)
{
	struct exitcode_facts facts = {0};
	struct muster_result failed = make_exit(256);

	(void)state;
	for (int i = 0; i < 256; i++)
		exitcode_add(&facts, &failed);
	assert_int_equal(exitcode_choose(&facts, false), 5);
	assert_int_equal(exitcode_choose(&facts, true), 255);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_precedence_is_130_1_141_6_3_4_5),
	    cmocka_unit_test(test_the_worse_of_two_runs_goes_by_the_same_order),
	    cmocka_unit_test(test_maxrc_gives_the_highest_code),
	    cmocka_unit_test(test_a_result_has_a_code_of_its_own),
	    cmocka_unit_test(test_every_family_counts_as_itself),
	    cmocka_unit_test(
		test_two_hundred_and_fifty_six_failures_are_not_zero),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
