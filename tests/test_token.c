/*
 * test_token.c -- keys that no file has: security keys, and PKCS #11 tokens.
 *
 * Room: tests.  May touch: behind.h, fakeagent.h, fixture/sshd.h,
 * ssh/prefs.h.
 * Both sign in an agent; real sshds say whether they did so rightly.
 */
#include "config.h"

#include "base/mem.h"
#include "behind.h"
#include "fakeagent.h"
#include "fixture/sshd.h"
#include "ssh/prefs.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static char folder[] = "/tmp/test_token-XXXXXX";

/* One host, "a", which takes the key of that line too. */
static void
open_host(const char *key_line)
{
	char *text, *accepted;

	if (behind.f == NULL)
		skip();
	accepted = behind_file("authorized_keys");
	behind_shell(mem_printf("echo '%s' >>%s", key_line, accepted));
	text = mem_printf("Host a\n HostName %s\n IdentityFile none\n",
	    sshd_fleet_host(behind.f, 0));
	behind_open(text);
	behind.e.options.agent_path = "agent";
	free(text);
	free(accepted);
}

/* `behind` names a key of the fixture's, which must have no part. */
static void
log_in(void)
{
	char *key = behind_file("user_ed25519");

	behind_shell(
	    mem_printf("sed -i '/IdentityFile .*user_/d' %s", behind.config));
	free(key);
	behind_add("a");
	engine_run(&behind.e, "echo in");
}

static void
test_security_keys_log_in_or_say_what_they_need(void **state)
{
	pid_t agent = fakeagent_start("agent", FAKEAGENT_TOKEN);
	char *line = fakeagent_token_line();

	(void)state;
	open_host(line);
	log_in();
	if (prefs_has_rsa_sha2()) {
		engine_assert_end(&behind.e, 0, "EXIT 0");
		engine_assert_out(&behind.e, 0, "in\n", 3);
	} else {
		engine_assert_end(&behind.e, 0, "AUTH_KEY_UNSUPPORTED");
		behind_assert_text(
		    0, "security keys (sk-...) need libssh2 1.11");
	}
	free(line);
	fakeagent_stop(agent);
}

/* ---- PKCS #11, by the token that SoftHSM plays ---- */

#define MODULE "/usr/lib/softhsm/libsofthsm2.so"

/* Makes a token with an RSA key, and an agent that has it. */
static void
start_token(void)
{
	behind_shell(mem_strdup(
	    "mkdir -p tokens && "
	    "echo \"directories.tokendir = $PWD/tokens\" >softhsm2.conf && "
	    "softhsm2-util --init-token --free --label t --pin 1234 "
	    "--so-pin 1234 >log && "
	    "openssl genpkey -algorithm RSA -out key.pem 2>>log && "
	    "softhsm2-util --import key.pem --token t --label k --id 01 "
	    "--pin 1234 >>log && "
	    "printf '#!/bin/sh\\necho 1234\\n' >pin && chmod +x pin && "
	    "eval \"$(ssh-agent -a $PWD/agent)\" >>log && "
	    "echo $SSH_AGENT_PID >pid && "
	    "SSH_ASKPASS=$PWD/pin SSH_ASKPASS_REQUIRE=force DISPLAY=none "
	    "ssh-add -q -s " MODULE " </dev/null 2>>log && "
	    "SSH_AUTH_SOCK=$PWD/agent ssh-add -L >public"));
}

static void
test_a_pkcs11_token_logs_in(void **state)
{
	char line[2000];
	FILE *file;

	(void)state;
	if (access(MODULE, R_OK) != 0) {
		print_message("# no SoftHSM here\n");
		return;
	}
	start_token();
	file = fopen("public", "r");
	assert_non_null(file);
	assert_non_null(fgets(line, sizeof(line), file));
	(void)fclose(file);
	line[strcspn(line, "\n")] = '\0';
	open_host(line);
	log_in();
	engine_assert_end(&behind.e, 0, "EXIT 0");
	engine_assert_out(&behind.e, 0, "in\n", 3);
}

static int
teardown(void **state)
{
	(void)behind_teardown(state);
	return system("test ! -f pid || kill $(cat pid); rm -f pid agent");
}

static int
setup_all(void **state)
{
	char *config;

	(void)state;
	if (mkdtemp(folder) == NULL || chdir(folder) != 0)
		return -1;
	config = mem_printf("%s/softhsm2.conf", folder);
	(void)setenv("SOFTHSM2_CONF", config, 1);
	free(config);
	return behind_begin(1, NULL);
}

static int
teardown_all(void **state)
{
	(void)state;
	behind_end();
	return system("rm -r \"$PWD\"") == 0 ? 0 : -1;
}

#define TEST(fn) cmocka_unit_test_teardown(fn, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(test_security_keys_log_in_or_say_what_they_need),
	    TEST(test_a_pkcs11_token_logs_in),
	};

	return cmocka_run_group_tests(tests, setup_all, teardown_all);
}
