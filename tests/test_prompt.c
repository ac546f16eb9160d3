/*
 * test_prompt.c -- what the engine asks of a person, and what an answer does.
 *
 * Room: tests.  May touch: muster.h, person.h, simfleet.h.
 */
#include "config.h"

#include "base/mem.h"
#include "person.h"
#include "simfleet.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define N_MANY 10

static struct simfleet fleet;
static struct engine engine;

static const char table[] = "new[1-2] known=none\n"
			    "late known=none\n"
			    "pw auth=password password=right\n"
			    "many[01-10] auth=password password=right\n"
			    "both auth=password+publickey password=right\n"
			    "gate auth=password password=open\n"
			    "odd auth=password password=other\n";

static struct person asked;

static void
open_engine(const char *const *what)
{
	simfleet_engine(&fleet, &engine);
	engine.options.ask = true;
	engine.options.fanout = 100;
	memset(&asked, 0, sizeof(asked));
	asked.answers = what;
}

static void
run(void)
{
	person_run(&asked, &engine, "true");
}

static int
teardown(void **state)
{
	(void)state;
	engine_clear(&engine);
	return 0;
}

/* ---- host keys ---- */

static void
test_a_new_host_key_is_asked_about(void **state)
{
	static const char *const what[] = {"yes", NULL};

	(void)state;
	open_engine(what);
	engine_open(&engine);
	(void)simfleet_add(&fleet, &engine, "new1");
	run();
	engine_assert_end(&engine, 0, "EXIT 0");
	assert_int_equal(asked.n, 1);
	assert_int_equal(asked.kind, MUSTER_PROMPT_HOSTKEY);
	assert_int_equal(strncmp(asked.print, "SHA256:", 7), 0);
}

static void
test_what_was_accepted_is_written_down(void **state)
{
	(void)state;
	open_engine(NULL);
	engine_open(&engine);
	(void)simfleet_add(&fleet, &engine, "new1");
	run();
	engine_assert_end(&engine, 0, "EXIT 0");
	assert_int_equal(asked.n, 0);
}

static void
test_a_key_that_is_refused_ends_it(void **state)
{
	static const char *const what[] = {"no", NULL};
	const struct fleetsim_ledger *ledger = simfleet_ledger(&fleet, "new2");

	(void)state;
	open_engine(what);
	engine_open(&engine);
	(void)simfleet_add(&fleet, &engine, "new2");
	run();
	engine_assert_end(&engine, 0, "HK_UNKNOWN");
	assert_int_equal(ledger->auth_none + ledger->auth_publickey, 0);
}

static void
test_a_fingerprint_is_a_yes_and_another_is_not(void **state)
{
	static const char *const wrong[] = {"SHA256:other", NULL};
	static const char *const right[] = {"print", NULL};

	(void)state;
	open_engine(wrong);
	engine_open(&engine);
	(void)simfleet_add(&fleet, &engine, "new2");
	run();
	engine_assert_end(&engine, 0, "HK_UNKNOWN");
	(void)teardown(NULL);
	open_engine(right);
	engine_open(&engine);
	(void)simfleet_add(&fleet, &engine, "new2");
	run();
	engine_assert_end(&engine, 0, "EXIT 0");
}

static void
test_nobody_waits_for_ever(void **state)
{
	static const char *const what[] = {"-", NULL};

	(void)state;
	open_engine(what);
	engine.options.prompt_timeout_ms = 50;
	engine_open(&engine);
	(void)simfleet_add(&fleet, &engine, "late");
	run();
	engine_assert_end(&engine, 0, "HK_UNKNOWN");
	assert_non_null(strstr(engine_result(&engine, 0)->text, "0.05 s"));
}

static void
test_a_question_without_askers_is_withdrawn(void **state)
{
	const struct muster_command command = {.command = "true"};
	struct muster_event event;
	struct muster_error err;
	uint64_t id = 0;

	(void)state;
	open_engine(NULL);
	engine_open(&engine);
	(void)simfleet_add(&fleet, &engine, "late");
	engine_start(&engine, &command);
	while (muster_next(engine.m, 10000, &event) == 1) {
		if (event.type != MUSTER_EVENT_PROMPT)
			continue;
		assert_int_equal(event.prompt->withdrawn, id != 0);
		if (id != 0)
			break;
		id = event.prompt->id;
		assert_int_equal(event.prompt->n_hosts, 1);
		muster_cancel(engine.m, NULL, 0, MUSTER_CANCEL_NOW);
	}
	assert_int_not_equal(id, 0);
	assert_int_equal(muster_answer(engine.m, id, "yes", &err), -1);
	assert_int_equal(err.code, MUSTER_ERR_USAGE);
}

/* ---- passwords ---- */

static void
run_many(const char *prefix, unsigned n)
{
	char name[16];

	engine_open(&engine);
	for (unsigned i = 1; i <= n; i++) {
		(void)snprintf(name, sizeof(name), "%s%02u", prefix, i);
		(void)simfleet_add(&fleet, &engine, name);
	}
	run();
}

static uint32_t
tries(const char *prefix, unsigned n)
{
	uint32_t sum = 0;
	char name[16];

	for (unsigned i = 1; i <= n; i++) {
		(void)snprintf(name, sizeof(name), "%s%02u", prefix, i);
		sum += simfleet_ledger(&fleet, name)->auth_password;
	}
	return sum;
}

static void
test_one_password_is_asked_for_a_fleet(void **state)
{
	static const char *const what[] = {"right", NULL};

	(void)state;
	open_engine(what);
	run_many("many", N_MANY);
	for (size_t i = 0; i < N_MANY; i++)
		engine_assert_end(&engine, i, "EXIT 0");
	assert_int_equal(asked.n, 1);
	assert_int_equal(asked.kind, MUSTER_PROMPT_PASSWORD);
	assert_int_equal(tries("many", N_MANY), N_MANY);
}

static void
test_a_wrong_one_is_asked_for_again(void **state)
{
	static const char *const what[] = {"wrong", "right", NULL};
	uint32_t before = tries("many", N_MANY);

	(void)state;
	open_engine(what);
	run_many("many", N_MANY);
	for (size_t i = 0; i < N_MANY; i++)
		engine_assert_end(&engine, i, "EXIT 0");
	assert_int_equal(asked.n, 2);
	assert_int_equal(asked.attempt, 2);
	assert_non_null(strstr(asked.more, "refused"));
	assert_int_equal(tries("many", N_MANY), before + N_MANY + 1);
}

static void
test_the_same_one_is_given_to_no_host_twice(void **state)
{
	static const char *const what[] = {"wrong", "wrong", "wrong", NULL};
	uint32_t before = simfleet_ledger(&fleet, "pw")->auth_password;

	(void)state;
	open_engine(what);
	engine_open(&engine);
	(void)simfleet_add(&fleet, &engine, "pw");
	run();
	engine_assert_end(&engine, 0, "AUTH_DENIED");
	assert_int_equal(asked.n, 2);
	assert_int_equal(
	    simfleet_ledger(&fleet, "pw")->auth_password, before + 1);
}

static void
test_three_of_them_are_enough(void **state)
{
	static const char *const what[] = {"a", "b", "c", "d", NULL};
	uint32_t before = simfleet_ledger(&fleet, "pw")->auth_password;

	(void)state;
	open_engine(what);
	engine_open(&engine);
	(void)simfleet_add(&fleet, &engine, "pw");
	run();
	engine_assert_end(&engine, 0, "AUTH_DENIED");
	assert_int_equal(asked.n, 3);
	assert_int_equal(
	    simfleet_ledger(&fleet, "pw")->auth_password, before + 3);
}

static void
test_who_gives_none_is_not_asked_again(void **state)
{
	static const char *const what[] = {"no", NULL};
	uint32_t before = tries("many", N_MANY);

	(void)state;
	open_engine(what);
	run_many("many", 1);
	engine_assert_end(&engine, 0, "AUTH_DENIED");
	assert_non_null(
	    strstr(engine_result(&engine, 0)->text, "nobody gave one"));
	assert_int_equal(tries("many", N_MANY), before);
}

static void
test_what_others_took_is_not_asked_for_again(void **state)
{
	static const char *const what[] = {"right", "?", NULL};

	(void)state;
	open_engine(what);
	engine.options.keep_open = true;
	engine_open(&engine);
	(void)simfleet_add(&fleet, &engine, "pw");
	run();
	(void)simfleet_add(&fleet, &engine, "odd");
	free(engine.outputs);
	engine.outputs = NULL;
	run();
	engine_assert_end(&engine, 0, "EXIT 0");
	engine_assert_end(&engine, 1, "AUTH_DENIED");
	assert_int_equal(asked.n, 1);
}

static void
test_a_key_may_come_after_the_password(void **state)
{
	static const char *const what[] = {"right", NULL};

	(void)state;
	open_engine(what);
	engine_open(&engine);
	(void)simfleet_add(&fleet, &engine, "both");
	run();
	engine_assert_end(&engine, 0, "EXIT 0");
	assert_int_equal(asked.n, 1);
}

/* A bastion's password is its own. That this one, which forwards nothing,
 * refuses the channel says that it let us in. */
static void
test_a_bastion_is_asked_about_by_its_name(void **state)
{
	static const char *const what[] = {"wrong", "open", NULL};
	const size_t gate = fleetsim_find(fleet.sim, "gate");
	struct muster_error err = {0};
	struct muster_host host = {.name = "far", .address = "127.0.0.1"};
	char *jump = mem_printf("ProxyJump=%s:%u",
	    fleetsim_address(fleet.sim, gate), fleetsim_port(fleet.sim, gate));
	const char *options[] = {jump};
	uint32_t before = simfleet_ledger(&fleet, "gate")->logins;

	(void)state;
	open_engine(what);
	engine.options.ssh_options = options;
	engine.options.n_ssh_options = 1;
	engine_open(&engine);
	if (muster_add_host(engine.m, &host, &err) != 1)
		fail_msg("%s", err.text);
	run();
	engine_assert_end(&engine, 0, "JUMP_FAIL");
	assert_non_null(
	    strstr(engine_result(&engine, 0)->text, "does not reach"));
	assert_int_equal(asked.n, 2);
	assert_non_null(strstr(asked.about, "@127."));
	assert_int_equal(simfleet_ledger(&fleet, "gate")->logins, before + 1);
	free(jump);
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
	    TEST(test_a_new_host_key_is_asked_about),
	    TEST(test_what_was_accepted_is_written_down),
	    TEST(test_a_key_that_is_refused_ends_it),
	    TEST(test_a_fingerprint_is_a_yes_and_another_is_not),
	    TEST(test_nobody_waits_for_ever),
	    TEST(test_a_question_without_askers_is_withdrawn),
	    TEST(test_one_password_is_asked_for_a_fleet),
	    TEST(test_a_wrong_one_is_asked_for_again),
	    TEST(test_the_same_one_is_given_to_no_host_twice),
	    TEST(test_three_of_them_are_enough),
	    TEST(test_who_gives_none_is_not_asked_again),
	    TEST(test_what_others_took_is_not_asked_for_again),
	    TEST(test_a_key_may_come_after_the_password),
	    TEST(test_a_bastion_is_asked_about_by_its_name),
	};

	return cmocka_run_group_tests(tests, setup_all, teardown_all);
}
