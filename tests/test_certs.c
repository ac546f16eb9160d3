/*
 * test_certs.c -- logins by certificates, on real sshds that know a CA alone.
 *
 * Room: tests.  May touch: behind.h, fixture/sshd.h, ssh/prefs.h.
 * Server 0 takes what the CA signed; server 1 takes the fixture's keys as
 * they are.
 */
#include "config.h"

#include "base/mem.h"
#include "behind.h"
#include "fixture/sshd.h"
#include "ssh/prefs.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static char folder[] = "/tmp/test_certs-XXXXXX"; /* of the CA */

/* Signs user_TYPE; the certificate lies beside it. */
static void
sign(const char *type)
{
	char *name = mem_printf("user_%s.pub", type);
	char *public = behind_file(name);
	char *user =
	    mem_printf("-n %s -I me -q %s", sshd_fleet_user(behind.f), public);

	behind_shell(mem_printf("ssh-keygen -s %s/ca %s", folder, user));
	free(user);
	free(public);
	free(name);
}

/* Logs in to the server of that number with user_TYPE. */
static void
log_in(const char *type, size_t server, const char *more)
{
	char *name, *key, *lines;

	(void)behind_teardown(NULL);
	if (behind.f == NULL)
		skip();
	sign(type);
	name = mem_printf("user_%s", type);
	key = behind_file(name);
	lines = mem_printf("Host a\n HostName %s\n IdentityFile %s\n"
			   " IdentitiesOnly yes\n%s",
	    sshd_fleet_host(behind.f, server), key, more);
	behind_open(lines);
	behind.e.options.agent_path = NULL;
	behind_add("a");
	engine_run(&behind.e, "true");
	free(lines);
	free(key);
	free(name);
}

static void
test_a_certificate_beside_the_key_logs_in(void **state)
{
	(void)state;
	log_in("ecdsa", 0, "");
	engine_assert_end(&behind.e, 0, "EXIT 0");
}

static void
test_other_kinds_log_in_or_say_what_they_need(void **state)
{
	static const char *const types[] = {"ed25519", "rsa"};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		log_in(types[i], 0, "");
		if (prefs_has_rsa_sha2()) {
			engine_assert_end(&behind.e, 0, "EXIT 0");
			continue;
		}
		engine_assert_end(&behind.e, 0, "AUTH_KEY_UNSUPPORTED");
		behind_assert_text(0, "need libssh2 1.11 or newer");
	}
}

/* The key alone is good enough, whatever lies beside it. */
static void
test_the_key_follows_its_certificate(void **state)
{
	(void)state;
	log_in("ed25519", 1, "");
	engine_assert_end(&behind.e, 0, "EXIT 0");
	log_in("ecdsa", 1, "");
	engine_assert_end(&behind.e, 0, "EXIT 0");
}

static void
test_a_certificate_may_lie_elsewhere(void **state)
{
	char *from, *to, *more;

	(void)state;
	if (behind.f == NULL)
		skip();
	sign("ecdsa");
	from = behind_file("user_ecdsa-cert.pub");
	to = behind_file("elsewhere.pub");
	behind_shell(mem_printf("mv %s %s", from, to));
	more = mem_printf(" CertificateFile %s\n", to);
	/* log_in() signs again: away with that one. */
	log_in("ecdsa", 1, "");
	(void)unlink(from);
	(void)behind_teardown(NULL);
	free(from);
	from = behind_file("user_ecdsa");
	{
		char *lines = mem_printf("Host a\n HostName %s\n"
					 " IdentityFile %s\n%s",
		    sshd_fleet_host(behind.f, 0), from, more);

		behind_open(lines);
		free(lines);
	}
	behind_add("a");
	engine_run(&behind.e, "true");
	engine_assert_end(&behind.e, 0, "EXIT 0");
	free(more);
	free(to);
	free(from);
}

static void
test_an_agent_signs_for_a_certificate(void **state)
{
	char *agent, *key;

	(void)state;
	if (behind.f == NULL)
		skip();
	agent = behind_file("agent");
	key = behind_file("user_ecdsa");
	behind_shell(mem_printf("eval \"$(ssh-agent -a %s)\" >/dev/null && "
				"ssh-add -q %s && echo $SSH_AGENT_PID >pid",
	    agent, key));
	sign("ecdsa");
	free(key);
	/* The private half is away: the agent has it. */
	key = behind_file("user_ecdsa.pub");
	{
		char *lines =
		    mem_printf("Host a\n HostName %s\n IdentityFile %s\n"
			       " IdentityAgent %s\n CertificateFile ",
			sshd_fleet_host(behind.f, 0), key, agent);
		char *cert = behind_file("user_ecdsa-cert.pub");
		char *all = mem_printf("%s%s\n", lines, cert);

		behind_open(all);
		free(all);
		free(cert);
		free(lines);
	}
	behind.e.options.agent_path = NULL;
	behind_add("a");
	engine_run(&behind.e, "true");
	behind_shell(mem_printf("kill $(cat pid)"));
	engine_assert_end(&behind.e, 0, "EXIT 0");
	free(key);
	free(agent);
}

static int
setup_all(void **state)
{
	const char *config[2] = {NULL, NULL};
	char *lines;
	int rc;

	(void)state;
	if (mkdtemp(folder) == NULL || chdir(folder) != 0)
		return -1;
	if (system("ssh-keygen -q -t ed25519 -N '' -f ca") != 0)
		print_message("# skipped: no ssh-keygen here\n");
	lines = mem_printf("TrustedUserCAKeys %s/ca.pub\n"
			   "AuthorizedKeysFile none",
	    folder);
	config[0] = lines;
	rc = behind_begin(2, config);
	free(lines);
	return rc;
}

static int
teardown_all(void **state)
{
	(void)state;
	behind_end();
	return system("rm -r \"$PWD\"") == 0 ? 0 : -1;
}

#define TEST(fn) cmocka_unit_test_teardown(fn, behind_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(test_a_certificate_beside_the_key_logs_in),
	    TEST(test_other_kinds_log_in_or_say_what_they_need),
	    TEST(test_the_key_follows_its_certificate),
	    TEST(test_a_certificate_may_lie_elsewhere),
	    TEST(test_an_agent_signs_for_a_certificate),
	};

	return cmocka_run_group_tests(tests, setup_all, teardown_all);
}
