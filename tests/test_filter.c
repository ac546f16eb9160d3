/*
 * test_filter.c -- which hosts: expressions over what is known of them.
 *
 * Room: tests.  May touch: ui/filter.h, muster.h.
 */
#include "config.h"

#include "ui/filter.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define S INT64_C(1000000)

static struct model *model;

static void
end(size_t host, enum muster_outcome outcome, uint32_t code, int64_t seconds)
{
	const struct muster_result r = {.outcome = outcome,
	    .code = code,
	    .begun_us = 1 * S,
	    .started_us = 1 * S,
	    .ended_us = (1 + seconds) * S,
	    .out_bytes = 4096,
	    .attempts = 1};

	model_event(model,
	    &(struct muster_event){
		.type = MUSTER_EVENT_RESULT, .host = host, .result = &r});
}

static void
show(size_t host, const char *text, enum muster_stream stream)
{
	const struct muster_shown_line line = {
	    .stream = stream, .line = {.text = text, .len = strlen(text)}};
	const struct muster_snapshot s = {
	    .n_ever = 1, .n_lines = 1, .lines = &line};

	model_event(model,
	    &(struct muster_event){
		.type = MUSTER_EVENT_SNAPSHOT, .host = host, .snapshot = &s});
}

/* a: ok.  b: exit 3, 40 s.  c: exit 100.  d: lost.  e: queued, marked. */
static int
setup(void **state)
{
	static const char *const names[] = {
	    "web-1.fra", "web-2.fra", "web-10.ams", "db-1.fra", "db-2.ams"};

	(void)state;
	model = model_new(NULL,
	    &(struct model_run){.verb = "run", .arg = "x", .target = "all"});
	for (size_t i = 0; i < 5; i++) {
		(void)model_add_host(model, names[i]);
		model_start(model, i, 1 * S);
	}
	end(0, MUSTER_EXIT, 0, 2);
	end(1, MUSTER_EXIT, 3, 40);
	end(2, MUSTER_EXIT, 100, 5);
	end(3, MUSTER_LOST, 0, 6);
	show(1, "E: Could not get lock", MUSTER_STDERR);
	show(2, "all fine", MUSTER_STDOUT);
	model_mark(model, 4, true);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	model_free(model);
	return 0;
}

/* The hosts that pass, a letter each. */
static void
assert_filter(const char *text, const char *expected)
{
	struct muster_error err;
	struct filter *f = filter_new(text, &err);
	char got[8];
	size_t n = 0;

	if (f == NULL)
		fail_msg("'%s': %s at %zu", text, err.text, err.at);
	for (size_t i = 0; i < model->n_hosts; i++)
		if (filter_match(f, model, i))
			got[n++] = (char)('a' + i);
	got[n] = '\0';
	filter_free(f);
	if (strcmp(got, expected) != 0)
		fail_msg("'%s' gives '%s', not '%s'", text, got, expected);
}

static void
test_terms_choose_hosts(void **state)
{
	static const struct {
		const char *text, *hosts;
	} rows[] = {
	    {"state=failed", "bc"},
	    {"state=failed,lost", "bcd"},
	    {"state!=ok", "bcde"},
	    {"exit=0", "a"},
	    {"exit!=0", "bcde"},
	    {"exit>=3 exit<100", "b"},
	    {"exit=3,100", "bc"},
	    {"exit=-", "de"},
	    {"time>30s", "b"},
	    {"time<=5", "ac"},
	    {"time>0.5m", "b"},
	    {"bytes>=4k", "abcd"},
	    {"attempt=1", "abcd"},
	    {"web", "abc"},
	    {"WEB-1", "ac"},
	    {"*.fra", "abd"},
	    {"web-[1-2].fra", "ab"},
	    {"host~'^web-1'", "ac"},
	    {"host=db-*", "de"},
	    {"host!=db-*", "abc"},
	    {"err~\"could not\"", "b"},
	    {"err~Could", "b"},
	    {"err~COULD", ""},
	    {"out~.", "bc"},
	    {"last!~fine", "abde"},
	    {"marked", "e"},
	    {"new", "bcd"},
	    {"@trouble", "bcd"},
	    {"@marked", "e"},
	    {"@waiting", "e"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_filter(rows[i].text, rows[i].hosts);
}

static void
test_terms_are_joined(void **state)
{
	(void)state;
	assert_filter("web state=failed", "bc");
	assert_filter("web | db", "abcde");
	assert_filter("db | web state=ok", "ade");
	assert_filter("(db | web) !state=ok", "bcde");
	assert_filter("!(db|web)", "");
	assert_filter("! ! web", "abc");
	assert_filter("  fra   !db  ", "ab");
}

static void
test_errors_point_at_the_byte(void **state)
{
	static const struct {
		const char *text;
		size_t at;
		const char *why;
	} rows[] = {
	    {"", 0, "here should be a term"},
	    {"web | ", 6, "here should be a term"},
	    {"stat=ok", 0, "there is no such field"},
	    {"web state=broken", 10, "there is no such state: broken"},
	    {"state=ok,bad", 9, "there is no such state: bad"},
	    {"state", 5, "an operator is missing behind state"},
	    {"state>ok", 5, "this operator does not fit state"},
	    {"exit=abc", 5, "this is no number: abc"},
	    {"time>3x", 5, "this is no time (10s, 5m): 3x"},
	    {"host~'web", 5, "the quote has no end"},
	    {"host~(", 5, "here should be a value"},
	    {"host~'('", 5, "this is no regular expression"},
	    {"host~'(a{9}){9}'", 5, "the pattern is too complex"},
	    {"(web", 0, "the parenthesis has no end"},
	    {"web)", 3, "nothing opened this parenthesis"},
	    {"exit=", 5, "here should be a value"},
	    {"@nobody", 0, "nothing is called nobody"},
	    {"*a*b*c*d*e*f*g*", 0, "too many *"},
	    {"web-[1-", 4, NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct muster_error err;

		assert_null(filter_new(rows[i].text, &err));
		if (rows[i].why != NULL)
			assert_string_equal(err.text, rows[i].why);
		assert_true(err.text[0] != '\0');
		if (err.at != rows[i].at)
			fail_msg("'%s' is wrong at %zu", rows[i].text, err.at);
	}
}

static void
test_what_is_too_big_is_refused(void **state)
{
	char text[3000];

	(void)state;
	memset(text, '(', sizeof(text));
	text[1000] = '\0';
	assert_null(filter_new(text, NULL));
	text[1000] = '(';
	text[sizeof(text) - 1] = '\0';
	assert_null(filter_new(text, NULL));
	for (size_t i = 0; i < 500; i++)
		memcpy(text + 2 * i, "a ", 2);
	text[1000] = '\0';
	assert_null(filter_new(text, NULL));
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
	    TEST(test_terms_choose_hosts),
	    TEST(test_terms_are_joined),
	    TEST(test_errors_point_at_the_byte),
	    TEST(test_what_is_too_big_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
