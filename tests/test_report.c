/*
 * test_report.c -- the end report.
 *
 * Room: tests.  May touch: src/report.h.
 */
#include "config.h"

#include "src/report.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

struct end {
	const char *name;
	struct muster_result result;
};

static void
assert_report(
    const struct end *ends, size_t n, bool verbose, const char *expected)
{
	struct report *r = report_new();
	struct text text = {0};

	for (size_t i = 0; i < n; i++)
		report_add(r, ends[i].name, &ends[i].result);
	report_write(r, verbose, &text);
	assert_string_equal(text_str(&text), expected);
	text_clear(&text);
	report_free(r);
}

static void
test_success_is_quiet_unless_asked(void **state)
{
	static const struct end ends[] = {
	    {"a", {.outcome = MUSTER_EXIT}},
	    {"b", {.outcome = MUSTER_EXIT}},
	};

	(void)state;
	assert_report(ends, 2, false, "");
	assert_report(ends, 2, true, "muster: 2 hosts: 2 ok\n");
	assert_report(ends, 1, true, "muster: 1 host: 1 ok\n");
}

static void
test_hosts_that_ended_alike_share_a_line(void **state)
{
	static const struct end ends[] = {
	    {"u", {.outcome = MUSTER_LOST, .text = "the line went dead"}},
	    {"x", {.outcome = MUSTER_CONN_REFUSED, .text = "refused"}},
	    {"a", {.outcome = MUSTER_EXIT, .code = 2}},
	    {"ok", {.outcome = MUSTER_EXIT}},
	    {"b", {.outcome = MUSTER_EXIT, .code = 1}},
	    {"k", {.outcome = MUSTER_SIGNAL, .signal = "KILL"}},
	    {"s", {.outcome = MUSTER_SIGNAL,
		      .signal = "SEGV",
		      .flags = MUSTER_CORE_DUMPED}},
	    {"c", {.outcome = MUSTER_EXIT, .code = 2}},
	    {"p", {.outcome = MUSTER_PENDING}},
	};

	(void)state;
	assert_report(ends, sizeof(ends) / sizeof(ends[0]), false,
	    "muster: exit 1 on 1 host: b\n"
	    "muster: exit 2 on 2 hosts: a,c\n"
	    "muster: signal KILL on 1 host: k\n"
	    "muster: signal SEGV (core dumped) on 1 host: s\n"
	    "muster: CONN_REFUSED on 1 host: x: refused\n"
	    "muster: LOST on 1 host: u: the line went dead\n"
	    "muster: STILL_RUNNING on 1 host: p\n"
	    "muster: 9 hosts: 1 ok, 5 failed, 1 not reached, 1 unknown, "
	    "1 still running\n");
}

static void
test_causes_that_differ_are_told_on_demand(void **state)
{
	static const struct end ends[] = {
	    {"a", {.outcome = MUSTER_HK_CHANGED, .text = "line 7"}},
	    {"b", {.outcome = MUSTER_HK_CHANGED, .text = "line 9"}},
	};

	(void)state;
	assert_report(ends, 2, false,
	    "muster: HK_CHANGED on 2 hosts: a,b: a: line 7\n"
	    "muster: 2 hosts: 0 ok, 2 not reached\n");
	assert_report(ends, 2, true,
	    "muster: HK_CHANGED on 2 hosts: a,b\n"
	    "muster: a: line 7\n"
	    "muster: b: line 9\n"
	    "muster: 2 hosts: 0 ok, 2 not reached\n");
}

static void
test_cut_output_is_told_though_all_went_well(void **state)
{
	static const struct end ends[] = {
	    {"a", {.outcome = MUSTER_EXIT, .flags = MUSTER_INCOMPLETE}},
	    {"b", {.outcome = MUSTER_EXIT}},
	    {"c", {.outcome = MUSTER_EXIT, .flags = MUSTER_NO_PTY}},
	    {"d", {.outcome = MUSTER_EXIT, .flags = MUSTER_OUTPUT_HELD}},
	};

	(void)state;
	assert_report(ends, 4, false,
	    "muster: output may be cut on 1 host: a\n"
	    "muster: no terminal was given on 1 host: c\n"
	    "muster: a process was left behind that holds the output "
	    "on 1 host: d\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_success_is_quiet_unless_asked),
	    cmocka_unit_test(test_hosts_that_ended_alike_share_a_line),
	    cmocka_unit_test(test_causes_that_differ_are_told_on_demand),
	    cmocka_unit_test(test_cut_output_is_told_though_all_went_well),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
