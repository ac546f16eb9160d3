/*
 * test_pam.c -- passwords and second factors, on real sshds with PAM.
 *
 * Room: tests.  May touch: behind.h, fixture/sshd.h, person.h.
 * The factor is the code of libpam-google-authenticator: of its codes for an
 * emergency each is good once. Only root can have a PAM and a password of its
 * own (in the fixture's mount namespace); others make no test here.
 */
#include "config.h"

#include "behind.h"
#include "fixture/sshd.h"
#include "person.h"

#include <glob.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

enum { PASSWORD, PAM, KEY_THEN_PAM, PASSWORD_THEN_PAM, N_SERVERS };

static const char *const names[N_SERVERS] = {
    "password", "pam", "key-then-pam", "password-then-pam"};

static struct person person;

/* ---- what PAM asks for ---- */

static void
write_text(const char *name, const char *text)
{
	char *path = behind_file(name);
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	(void)fputs(text, file);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(chmod(path, 0600), 0);
	free(path);
}

static bool
has_factor(void)
{
	glob_t found;
	bool any = glob("/lib*/*/security/pam_google_authenticator.so", 0, NULL,
		       &found) == 0;

	globfree(&found);
	return any;
}

/* PAM wants the password, and with `factor` one of three codes. */
static void
want(bool factor)
{
	char stack[600], line[400] = "";
	char *secret = behind_file("factor");

	if (factor)
		(void)snprintf(line, sizeof(line),
		    "auth required pam_google_authenticator.so secret=%s "
		    "user=root\n",
		    secret);
	(void)snprintf(stack, sizeof(stack),
	    "auth required pam_unix.so nodelay\n%s"
	    "account required pam_permit.so\n"
	    "session required pam_permit.so\n",
	    line);
	write_text("pam", stack);
	write_text("factor", "JBSWY3DPEHPK3PXPJBSWY3DPEH\n\" TOTP_AUTH\n"
			     "11111111\n22222222\n33333333\n");
	free(secret);
}

/* ---- a login ---- */

static bool
can_run(void)
{
	if (behind.f == NULL)
		skip();
	if (geteuid() == 0)
		return true;
	print_message("# not tried: only root has a PAM of its own\n");
	return false;
}

static void
log_in(size_t server, bool with_key, const char *const *answers)
{
	char lines[300];

	(void)snprintf(lines, sizeof(lines),
	    "Host %s\n HostName %s\n PubkeyAuthentication %s\n", names[server],
	    sshd_fleet_host(behind.f, server), with_key ? "yes" : "no");
	behind_open(lines);
	behind.e.options.ask = answers != NULL;
	memset(&person, 0, sizeof(person));
	person.answers = answers;
	behind_add(names[server]);
	person_run(&person, &behind.e, "true");
}

static void
log_in_with(size_t server, const char *password, const char *expected)
{
	char lines[300];

	(void)snprintf(lines, sizeof(lines),
	    "Host %s\n HostName %s\n PubkeyAuthentication no\n", names[server],
	    sshd_fleet_host(behind.f, server));
	behind_open(lines);
	behind.e.options.password = password;
	behind_add(names[server]);
	engine_run(&behind.e, "true");
	engine_assert_end(&behind.e, 0, expected);
}

static void
test_a_password_logs_in(void **state)
{
	(void)state;
	if (!can_run())
		return;
	log_in_with(PASSWORD, SSHD_FLEET_PASSWORD, "EXIT 0");
}

static void
test_a_wrong_one_does_not(void **state)
{
	(void)state;
	if (!can_run())
		return;
	log_in_with(PASSWORD, "wrong", "AUTH_DENIED");
	behind_assert_text(0, "the password was refused");
}

static void
test_pam_asks_for_the_password(void **state)
{
	(void)state;
	if (!can_run())
		return;
	want(false);
	log_in_with(PAM, SSHD_FLEET_PASSWORD, "EXIT 0");
}

static void
test_pam_refuses_a_wrong_one(void **state)
{
	(void)state;
	if (!can_run())
		return;
	want(false);
	log_in_with(PAM, "wrong", "AUTH_DENIED");
}

static void
test_a_person_is_asked_what_pam_asks(void **state)
{
	static const char *const what[] = {"wrong", SSHD_FLEET_PASSWORD, NULL};

	(void)state;
	if (!can_run())
		return;
	want(false);
	log_in(PAM, false, what);
	engine_assert_end(&behind.e, 0, "EXIT 0");
	assert_int_equal(person.n, 2);
	assert_int_equal(person.kind, MUSTER_PROMPT_PASSWORD);
}

static void
test_a_key_and_then_pam(void **state)
{
	static const char *const what[] = {SSHD_FLEET_PASSWORD, NULL};

	(void)state;
	if (!can_run())
		return;
	want(false);
	log_in(KEY_THEN_PAM, true, what);
	engine_assert_end(&behind.e, 0, "EXIT 0");
	assert_int_equal(person.n, 1);
}

static void
test_without_a_person_it_says_what_is_wanted(void **state)
{
	(void)state;
	if (!can_run())
		return;
	want(false);
	log_in(KEY_THEN_PAM, true, NULL);
	engine_assert_end(&behind.e, 0, "AUTH_NO_METHOD");
	behind_assert_text(0, "the server wants keyboard-interactive of user");
}

static void
log_in_with_factor(size_t server, const char *const *answers)
{
	if (!can_run())
		return;
	if (!has_factor()) {
		print_message("# not tried: no libpam-google-authenticator\n");
		return;
	}
	want(true);
	log_in(server, true, answers);
	engine_assert_end(&behind.e, 0, "EXIT 0");
	assert_null(answers[person.n]);
	assert_int_equal(person.kind, MUSTER_PROMPT_INTERACTIVE);
	assert_non_null(strstr(person.text, "erification code"));
}

static void
test_a_second_factor(void **state)
{
	static const char *const what[] = {
	    SSHD_FLEET_PASSWORD, "11111111", NULL};

	(void)state;
	log_in_with_factor(PAM, what);
}

static void
test_a_mistyped_factor_may_be_mended(void **state)
{
	static const char *const what[] = {SSHD_FLEET_PASSWORD, "10101010",
	    SSHD_FLEET_PASSWORD, "22222222", NULL};

	(void)state;
	log_in_with_factor(PAM, what);
}

/* What the first step took is given in the second unasked. */
static void
test_a_password_and_then_pam(void **state)
{
	static const char *const what[] = {SSHD_FLEET_PASSWORD, NULL};

	(void)state;
	if (!can_run())
		return;
	want(false);
	log_in(PASSWORD_THEN_PAM, false, what);
	engine_assert_end(&behind.e, 0, "EXIT 0");
	assert_int_equal(person.n, 1);
}

static int
setup_all(void **state)
{
	static const char *const config[N_SERVERS] = {
	    [PASSWORD] = "PasswordAuthentication yes\nUsePAM no",
	    [PAM] = "UsePAM yes\nKbdInteractiveAuthentication yes\n"
		    "AuthenticationMethods keyboard-interactive",
	    [KEY_THEN_PAM] =
		"UsePAM yes\nKbdInteractiveAuthentication yes\n"
		"AuthenticationMethods publickey,keyboard-interactive",
	    [PASSWORD_THEN_PAM] =
		"UsePAM yes\nKbdInteractiveAuthentication yes\n"
		"PasswordAuthentication yes\n"
		"AuthenticationMethods password,keyboard-interactive",
	};

	(void)state;
	return behind_begin(N_SERVERS, config);
}

static int
teardown_all(void **state)
{
	(void)state;
	behind_end();
	return 0;
}

#define TEST(fn) cmocka_unit_test_teardown(fn, behind_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(test_a_password_logs_in),
	    TEST(test_a_wrong_one_does_not),
	    TEST(test_pam_asks_for_the_password),
	    TEST(test_pam_refuses_a_wrong_one),
	    TEST(test_a_person_is_asked_what_pam_asks),
	    TEST(test_a_key_and_then_pam),
	    TEST(test_without_a_person_it_says_what_is_wanted),
	    TEST(test_a_second_factor),
	    TEST(test_a_mistyped_factor_may_be_mended),
	    TEST(test_a_password_and_then_pam),
	};

	return cmocka_run_group_tests(tests, setup_all, teardown_all);
}
