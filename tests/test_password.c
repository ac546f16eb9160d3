/*
 * test_password.c -- logins by password: given once, braked when refused.
 *
 * Room: tests.  May touch: muster.h, simfleet.h.
 */
#include "config.h"

#include "simfleet.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define N_MANY 30

static struct simfleet fleet;
static struct engine engine;

static const char table[] = "pw auth=password password=right\n"
			    "kbd auth=keyboard-interactive password=right\n"
			    "both auth=publickey+password password=right\n"
			    "either auth=publickey,password password=other\n"
			    "key\n"
			    "many[01-30] auth=password password=right\n"
			    "other[01-30] auth=password password=other\n";

static void
open_engine(const char *password)
{
	simfleet_engine(&fleet, &engine);
	engine.options.password = password;
	engine.options.fanout = 100;
	engine_open(&engine);
}

static int
teardown(void **state)
{
	(void)state;
	engine_clear(&engine);
	return 0;
}

static void
run_one(const char *host, const char *password, const char *expected)
{
	open_engine(password);
	(void)simfleet_add(&fleet, &engine, host);
	engine_run(&engine, "echo in");
	engine_assert_end(&engine, 0, expected);
}

static void
test_a_password_logs_in(void **state)
{
	(void)state;
	run_one("pw", "right", "EXIT 0");
	engine_assert_out(&engine, 0, "in\n", 3);
	assert_int_equal(simfleet_ledger(&fleet, "pw")->auth_password, 1);
}

static void
test_a_question_is_answered(void **state)
{
	(void)state;
	run_one("kbd", "right", "EXIT 0");
}

static void
test_a_key_and_a_password_one_after_the_other(void **state)
{
	(void)state;
	run_one("both", "right", "EXIT 0");
}

static void
test_a_key_that_does_spares_the_password(void **state)
{
	(void)state;
	run_one("either", "right", "EXIT 0");
	assert_int_equal(simfleet_ledger(&fleet, "either")->auth_password, 0);
}

static void
test_without_a_password_none_is_tried(void **state)
{
	uint32_t before = simfleet_ledger(&fleet, "pw")->auth_password;

	(void)state;
	run_one("pw", NULL, "AUTH_NO_METHOD");
	assert_int_equal(simfleet_ledger(&fleet, "pw")->auth_password, before);
}

static void
test_a_wrong_password_is_tried_once_a_host(void **state)
{
	uint32_t before = simfleet_ledger(&fleet, "pw")->auth_password;

	(void)state;
	run_one("pw", "wrong", "AUTH_DENIED");
	assert_int_equal(
	    simfleet_ledger(&fleet, "pw")->auth_password, before + 1);
}

static void
test_a_changed_mind_of_ssh_config_counts(void **state)
{
	static const char *const options[] = {"PasswordAuthentication=no"};
	uint32_t before = simfleet_ledger(&fleet, "pw")->auth_password;

	(void)state;
	simfleet_engine(&fleet, &engine);
	engine.options.password = "right";
	engine.options.ssh_options = options;
	engine.options.n_ssh_options = 1;
	engine_open(&engine);
	(void)simfleet_add(&fleet, &engine, "pw");
	engine_run(&engine, "true");
	engine_assert_end(&engine, 0, "AUTH_NO_METHOD");
	assert_int_equal(simfleet_ledger(&fleet, "pw")->auth_password, before);
}

/* Runs on thirty hosts. Returns how often the password was tried in all. */
static uint32_t
run_many(const char *prefix, const char *password)
{
	uint32_t n = 0;
	char name[16];

	open_engine(password);
	for (unsigned i = 1; i <= N_MANY; i++) {
		(void)snprintf(name, sizeof(name), "%s%02u", prefix, i);
		(void)simfleet_add(&fleet, &engine, name);
	}
	engine_run(&engine, "true");
	for (unsigned i = 1; i <= N_MANY; i++) {
		(void)snprintf(name, sizeof(name), "%s%02u", prefix, i);
		n += simfleet_ledger(&fleet, name)->auth_password;
	}
	return n;
}

static void
test_a_fleet_takes_the_right_password(void **state)
{
	(void)state;
	assert_int_equal(run_many("many", "right"), N_MANY);
	for (size_t i = 0; i < N_MANY; i++)
		engine_assert_end(&engine, i, "EXIT 0");
}

static void
test_three_refusals_stop_the_rest(void **state)
{
	(void)state;
	assert_int_equal(run_many("other", "right"), 3);
	for (size_t i = 0; i < N_MANY; i++)
		engine_assert_end(&engine, i, "AUTH_DENIED");
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
	    TEST(test_a_password_logs_in),
	    TEST(test_a_question_is_answered),
	    TEST(test_a_key_and_a_password_one_after_the_other),
	    TEST(test_a_key_that_does_spares_the_password),
	    TEST(test_without_a_password_none_is_tried),
	    TEST(test_a_wrong_password_is_tried_once_a_host),
	    TEST(test_a_changed_mind_of_ssh_config_counts),
	    TEST(test_a_fleet_takes_the_right_password),
	    TEST(test_three_refusals_stop_the_rest),
	};

	return cmocka_run_group_tests(tests, setup_all, teardown_all);
}
