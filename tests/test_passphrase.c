/*
 * test_passphrase.c -- key files behind a passphrase, on real sshds.
 *
 * Room: tests.  May touch: behind.h, person.h, fixture/sshd.h.
 */
#include "config.h"

#include "base/mem.h"
#include "behind.h"
#include "fixture/sshd.h"
#include "person.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define N_HOSTS 6

static struct person person;
static char folder[] = "/tmp/test_passphrase-XXXXXX";

/* Makes `name` in the folder, user_ed25519 behind the passphrase "open". */
static void
lock_up(const char *name, const char *options)
{
	char *key = behind_file("user_ed25519");

	behind_shell(mem_printf("cd %s && cp %s %s && cp %s.pub %s.pub && "
				"ssh-keygen -q -p -a 4 %s -P '' -N open -f %s "
				">/dev/null",
	    folder, key, name, key, name, options, name));
	free(key);
}

/* An engine that knows that key file of the folder only. */
static void
open_engine(const char *name, const char *const *answers)
{
	if (behind.f == NULL)
		skip();
	engine_init(&behind.e, behind.f);
	free((void *)(uintptr_t)behind.e.identity);
	behind.e.identity = mem_printf("%s/%s", folder, name);
	behind.e.options.ask = answers != NULL;
	memset(&person, 0, sizeof(person));
	person.answers = answers;
}

static void
run_on(size_t n)
{
	engine_open(&behind.e);
	for (size_t i = 0; i < n; i++)
		engine_add(&behind.e, behind.f, i);
	person_run(&person, &behind.e, "true");
}

static void
test_one_passphrase_is_asked_for_all_hosts(void **state)
{
	static const char *const what[] = {"open", NULL};

	(void)state;
	open_engine("locked", what);
	run_on(N_HOSTS);
	for (size_t i = 0; i < N_HOSTS; i++)
		engine_assert_end(&behind.e, i, "EXIT 0");
	assert_int_equal(person.n, 1);
	assert_int_equal(person.kind, MUSTER_PROMPT_PASSPHRASE);
	assert_false(person.echo);
	assert_non_null(strstr(person.about, "/locked"));
}

static void
test_a_wrong_one_is_asked_for_again(void **state)
{
	static const char *const what[] = {"wrong", "open", NULL};

	(void)state;
	open_engine("locked", what);
	run_on(N_HOSTS);
	for (size_t i = 0; i < N_HOSTS; i++)
		engine_assert_end(&behind.e, i, "EXIT 0");
	assert_int_equal(person.n, 2);
	assert_int_equal(person.attempt, 2);
}

static void
test_three_wrong_ones_are_enough(void **state)
{
	static const char *const what[] = {"a", "b", "c", NULL};

	(void)state;
	open_engine("locked", what);
	run_on(N_HOSTS);
	for (size_t i = 0; i < N_HOSTS; i++)
		engine_assert_end(&behind.e, i, "AUTH_KEY");
	behind_assert_text(0, "was wrong 3 times");
	assert_int_equal(person.n, 3);
}

static void
test_who_refuses_is_asked_once(void **state)
{
	static const char *const what[] = {"no", NULL};

	(void)state;
	open_engine("locked", what);
	run_on(N_HOSTS);
	for (size_t i = 0; i < N_HOSTS; i++)
		engine_assert_end(&behind.e, i, "AUTH_KEY");
	behind_assert_text(0, "was not given");
	assert_int_equal(person.n, 1);
}

static void
test_nobody_waits_for_ever(void **state)
{
	static const char *const what[] = {"-", NULL};

	(void)state;
	open_engine("locked", what);
	behind.e.options.prompt_timeout_ms = 50;
	run_on(1);
	engine_assert_end(&behind.e, 0, "AUTH_KEY");
	behind_assert_text(0, "was not given within 0.05 s");
}

/* An encrypted PEM file says nothing of its key before it is open. */
static void
test_a_file_that_hides_its_public_half_is_opened_first(void **state)
{
	static const char *const what[] = {"open", NULL};

	(void)state;
	if (behind.f == NULL)
		skip();
	lock_up("hidden", "-m PKCS8");
	behind_shell(mem_printf("rm %s/hidden.pub", folder));
	open_engine("hidden", what);
	run_on(2);
	engine_assert_end(&behind.e, 0, "EXIT 0");
	engine_assert_end(&behind.e, 1, "EXIT 0");
	assert_int_equal(person.n, 1);
}

/* Asked only when a server would take the key. */
static void
test_a_key_that_no_server_takes_is_not_asked_about(void **state)
{
	static const char *const what[] = {NULL};

	(void)state;
	if (behind.f == NULL)
		skip();
	behind_shell(mem_printf(
	    "ssh-keygen -q -t ed25519 -N open -f %s/stranger", folder));
	open_engine("stranger", what);
	run_on(1);
	engine_assert_end(&behind.e, 0, "AUTH_DENIED");
	assert_int_equal(person.n, 0);
}

/* With nobody to ask. */
static void
test_without_a_person_it_is_an_error_that_says_what_to_do(void **state)
{
	struct muster_host host = {0};
	struct muster_error err = {0};

	(void)state;
	open_engine("locked", NULL);
	engine_open(&behind.e);
	host.name = sshd_fleet_host(behind.f, 0);
	assert_int_equal(muster_add_host(behind.e.m, &host, &err), -1);
	assert_int_equal(err.code, MUSTER_ERR_PASSPHRASE);
	assert_non_null(strstr(err.text, "ssh-agent, or --ask"));
}

static void
test_without_a_person_the_other_keys_go_on(void **state)
{
	const char *both[2];
	char *other;

	(void)state;
	open_engine("locked", NULL);
	other = behind_file("user_ecdsa");
	both[0] = behind.e.identity;
	both[1] = other;
	behind.e.options.identities = both;
	behind.e.options.n_identities = 2;
	run_on(1);
	engine_assert_end(&behind.e, 0, "EXIT 0");
	free(other);
}

static int
setup_all(void **state)
{
	int rc = behind_begin(N_HOSTS, NULL);

	(void)state;
	if (rc != 0 || behind.f == NULL)
		return rc;
	if (mkdtemp(folder) == NULL)
		return -1;
	lock_up("locked", "");
	return 0;
}

static int
teardown_all(void **state)
{
	(void)state;
	(void)behind_teardown(NULL);
	behind_end();
	behind_shell(mem_printf("rm -rf %s", folder));
	return 0;
}

#define TEST(fn) cmocka_unit_test_teardown(fn, behind_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(test_one_passphrase_is_asked_for_all_hosts),
	    TEST(test_a_wrong_one_is_asked_for_again),
	    TEST(test_three_wrong_ones_are_enough),
	    TEST(test_who_refuses_is_asked_once),
	    TEST(test_nobody_waits_for_ever),
	    TEST(test_a_file_that_hides_its_public_half_is_opened_first),
	    TEST(test_a_key_that_no_server_takes_is_not_asked_about),
	    TEST(test_without_a_person_it_is_an_error_that_says_what_to_do),
	    TEST(test_without_a_person_the_other_keys_go_on),
	};

	return cmocka_run_group_tests(tests, setup_all, teardown_all);
}
