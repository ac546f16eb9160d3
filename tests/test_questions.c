/*
 * test_questions.c -- what servers ask at a login (keyboard-interactive).
 *
 * Room: tests.  May touch: muster.h, person.h, simfleet.h.
 */
#include "config.h"

#include "person.h"
#include "simfleet.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct simfleet fleet;
static struct engine engine;
static struct person person;

static const char table[] =
    "pw[1-5] auth=keyboard-interactive password=right\n"
    "two[1-2] auth=keyboard-interactive password=right code=\"42 a\"\n"
    "step auth=password+keyboard-interactive password=right code=42\n"
    "key[1-2] auth=publickey+keyboard-interactive code=42\n"
    "wild auth=keyboard-interactive code=42 scenario=auth.prompts@3\n"
    "many auth=keyboard-interactive code=42 scenario=auth.prompts@20\n"
    "much auth=keyboard-interactive code=42 scenario=auth.prompts\n";

static void
open_engine(const char *const *answers)
{
	simfleet_engine(&fleet, &engine);
	engine.options.ask = answers != NULL;
	memset(&person, 0, sizeof(person));
	person.answers = answers;
	engine_open(&engine);
}

static void
run_on(const char *prefix, unsigned n)
{
	char name[16];

	for (unsigned i = 1; i <= n; i++) {
		(void)snprintf(name, sizeof(name), "%s%u", prefix, i);
		(void)simfleet_add(&fleet, &engine, name);
	}
	person_run(&person, &engine, "true");
}

static uint32_t
n_talks(const char *name)
{
	return simfleet_ledger(&fleet, name)->auth_interactive;
}

static void
assert_text(const char *part)
{
	const char *text = engine_result(&engine, 0)->text;

	if (strstr(text, part) == NULL)
		fail_msg("'%s' is not in: %s", part, text);
}

static int
teardown(void **state)
{
	(void)state;
	engine_clear(&engine);
	return 0;
}

static void
test_a_password_is_asked_once_for_all(void **state)
{
	static const char *const what[] = {"right", NULL};

	(void)state;
	open_engine(what);
	run_on("pw", 5);
	for (size_t i = 0; i < 5; i++)
		engine_assert_end(&engine, i, "EXIT 0");
	assert_int_equal(person.n, 1);
	assert_int_equal(person.kind, MUSTER_PROMPT_PASSWORD);
}

static void
test_a_wrong_one_is_tried_on_one_host(void **state)
{
	static const char *const what[] = {"wrong", "right", NULL};
	uint32_t before = 0, after = 0;
	char name[16];

	(void)state;
	for (unsigned i = 1; i <= 5; i++) {
		(void)snprintf(name, sizeof(name), "pw%u", i);
		before += n_talks(name);
	}
	open_engine(what);
	run_on("pw", 5);
	for (size_t i = 0; i < 5; i++)
		engine_assert_end(&engine, i, "EXIT 0");
	for (unsigned i = 1; i <= 5; i++) {
		(void)snprintf(name, sizeof(name), "pw%u", i);
		after += n_talks(name);
	}
	assert_int_equal(person.n, 2);
	assert_int_equal(after - before, 6);
}

static void
test_second_factors_are_each_hosts_own(void **state)
{
	static const char *const what[] = {"right", "42 a", "42 a", NULL};

	(void)state;
	open_engine(what);
	run_on("two", 2);
	engine_assert_end(&engine, 0, "EXIT 0");
	engine_assert_end(&engine, 1, "EXIT 0");
	assert_int_equal(person.n, 3);
	assert_int_equal(person.kind, MUSTER_PROMPT_INTERACTIVE);
	assert_int_equal(person.n_hosts, 1);
	assert_true(person.echo);
	assert_string_equal(person.text, "Verification code: ");
	assert_int_equal(strncmp(person.about, "two", 3), 0);
}

static void
test_a_factor_may_follow_a_key(void **state)
{
	static const char *const what[] = {"42", NULL};

	(void)state;
	open_engine(what);
	run_on("key", 1);
	engine_assert_end(&engine, 0, "EXIT 0");
	assert_int_equal(person.n, 1);
}

static void
test_a_wrong_one_is_asked_for_three_times(void **state)
{
	static const char *const what[] = {"1", "2", "3", NULL};
	uint32_t before = n_talks("key2");

	(void)state;
	open_engine(what);
	(void)simfleet_add(&fleet, &engine, "key2");
	person_run(&person, &engine, "true");
	engine_assert_end(&engine, 0, "AUTH_DENIED");
	assert_text("the answers to the server's questions were refused");
	assert_int_equal(n_talks("key2") - before, 3);
}

/* Which of the answers was wrong nobody says: both are asked for anew, and
 * may be the same. */
static void
test_a_wrong_factor_behind_a_password_may_be_mended(void **state)
{
	static const char *const what[] = {
	    "right", "43", "right", "42 a", NULL};
	uint32_t before = n_talks("two1");

	(void)state;
	open_engine(what);
	run_on("two", 1);
	engine_assert_end(&engine, 0, "EXIT 0");
	assert_int_equal(person.n, 4);
	assert_int_equal(n_talks("two1") - before, 2);
}

static void
test_what_is_in_doubt_is_said(void **state)
{
	static const char *const what[] = {"right", "43", "no", NULL};

	(void)state;
	open_engine(what);
	run_on("two", 1);
	engine_assert_end(&engine, 0, "AUTH_DENIED");
	assert_int_equal(person.kind, MUSTER_PROMPT_PASSWORD);
	assert_string_equal(person.more,
	    "'two1' refused the last one, or what was answered with it");
}

/* Where another host has taken the password it was the factor. */
static void
test_a_password_that_others_took_is_not_asked_for(void **state)
{
	static const char *const what[] = {"right", "42 a", "43", "42 a", NULL};

	(void)state;
	open_engine(what);
	run_on("two", 2);
	engine_assert_end(&engine, 0, "EXIT 0");
	engine_assert_end(&engine, 1, "EXIT 0");
	assert_int_equal(person.n, 4);
	assert_int_equal(person.kind, MUSTER_PROMPT_INTERACTIVE);
}

/* The same where the password was a step of its own. */
static void
test_a_wrong_factor_after_a_password_may_be_mended(void **state)
{
	static const char *const what[] = {"right", "43", "42", NULL};

	(void)state;
	open_engine(what);
	(void)simfleet_add(&fleet, &engine, "step");
	person_run(&person, &engine, "true");
	engine_assert_end(&engine, 0, "EXIT 0");
	assert_int_equal(person.n, 3);
}

static void
test_who_refuses_ends_it_there(void **state)
{
	static const char *const what[] = {"no", NULL};
	uint32_t before = n_talks("key1");

	(void)state;
	open_engine(what);
	run_on("key", 1);
	engine_assert_end(&engine, 0, "AUTH_DENIED");
	assert_text("was not answered");
	assert_int_equal(n_talks("key1") - before, 1);
}

static void
test_a_fleet_may_end_while_a_question_is_open(void **state)
{
	const struct muster_command command = {.command = "true"};
	static const char *const what[] = {NULL};
	struct muster_event event;

	(void)state;
	open_engine(what);
	(void)simfleet_add(&fleet, &engine, "key1");
	(void)simfleet_add(&fleet, &engine, "key2");
	engine_start(&engine, &command);
	while (muster_next(engine.m, 10000, &event) == 1 &&
	       event.type != MUSTER_EVENT_PROMPT)
		;
	assert_int_equal(event.type, MUSTER_EVENT_PROMPT);
}

static void
test_nobody_waits_for_ever(void **state)
{
	static const char *const what[] = {"-", NULL};

	(void)state;
	simfleet_engine(&fleet, &engine);
	engine.options.ask = true;
	engine.options.prompt_timeout_ms = 50;
	memset(&person, 0, sizeof(person));
	person.answers = what;
	engine_open(&engine);
	run_on("key", 1);
	engine_assert_end(&engine, 0, "AUTH_DENIED");
	assert_text("was not answered in time");
}

static void
test_without_a_person_nothing_is_answered(void **state)
{
	(void)state;
	open_engine(NULL);
	run_on("key", 1);
	engine_assert_end(&engine, 0, "AUTH_NO_METHOD");
	assert_text("keyboard-interactive");
}

/* What a server says of itself is shown clean, behind our own name for it. */
static void
test_hostile_questions_are_cleaned(void **state)
{
	static const char *const what[] = {"a", "b", "no", NULL};

	(void)state;
	open_engine(what);
	(void)simfleet_add(&fleet, &engine, "wild");
	person_run(&person, &engine, "true");
	engine_assert_end(&engine, 0, "AUTH_DENIED");
	assert_int_equal(person.n, 3);
	assert_string_equal(person.about, "wild");
	assert_null(strchr(person.text, '\033'));
	assert_null(strchr(person.more, '\033'));
	assert_null(strchr(person.more, '\007'));
}

static void
test_many_of_them_are_over_the_limit(void **state)
{
	static const char *const what[] = {NULL};

	(void)state;
	open_engine(what);
	(void)simfleet_add(&fleet, &engine, "many");
	(void)simfleet_add(&fleet, &engine, "much");
	person_run(&person, &engine, "true");
	engine_assert_end(&engine, 0, "LIMIT");
	engine_assert_end(&engine, 1, "LIMIT");
	assert_text("asks too much");
	assert_int_equal(person.n, 0);
}

static int
setup_all(void **state)
{
	(void)state;
	simfleet_start(&fleet, table);
	return 0;
}

static int
teardown_all(void **state)
{
	(void)state;
	simfleet_stop(&fleet);
	return 0;
}

#define TEST(fn) cmocka_unit_test_teardown(fn, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(test_a_password_is_asked_once_for_all),
	    TEST(test_a_wrong_one_is_tried_on_one_host),
	    TEST(test_second_factors_are_each_hosts_own),
	    TEST(test_a_factor_may_follow_a_key),
	    TEST(test_a_wrong_one_is_asked_for_three_times),
	    TEST(test_a_wrong_factor_behind_a_password_may_be_mended),
	    TEST(test_what_is_in_doubt_is_said),
	    TEST(test_a_password_that_others_took_is_not_asked_for),
	    TEST(test_a_wrong_factor_after_a_password_may_be_mended),
	    TEST(test_who_refuses_ends_it_there),
	    TEST(test_a_fleet_may_end_while_a_question_is_open),
	    TEST(test_nobody_waits_for_ever),
	    TEST(test_without_a_person_nothing_is_answered),
	    TEST(test_hostile_questions_are_cleaned),
	    TEST(test_many_of_them_are_over_the_limit),
	};

	return cmocka_run_group_tests(tests, setup_all, teardown_all);
}
