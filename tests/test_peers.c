/*
 * test_peers.c -- sshds that are set up in unusual ways.
 *
 * Room: tests.  May touch: behind.h, fixture/sshd.h.
 * What each server is like stands in setup_all(); the hosts are called by
 * that.
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

#include <cmocka.h>

enum { PLAIN, RSA_ONLY, OLD_KEX, ONE_SESSION, THREE_TRIES, REKEY, N_SERVERS };

static const char *const names[N_SERVERS] = {
    "plain", "rsa-only", "old-kex", "one-session", "three-tries", "rekey"};

static void
open_peers(const char *lines)
{
	struct buf text;

	if (behind.f == NULL)
		skip();
	buf_init(&text, 64 * 1024);
	(void)buf_adds(&text, lines);
	for (size_t i = 0; i < N_SERVERS; i++)
		(void)buf_addf(&text, "\nHost %s\n HostName %s\n", names[i],
		    sshd_fleet_host(behind.f, i));
	behind_open(buf_str(&text));
	buf_clear(&text);
}

/* B15. */
static void
test_a_server_with_an_rsa_key_alone(void **state)
{
	(void)state;
	open_peers("");
	behind_add("rsa-only");
	engine_run(&behind.e, "true");
	if (prefs_has_rsa_sha2()) {
		engine_assert_end(&behind.e, 0, "EXIT 0");
		return;
	}
	engine_assert_end(&behind.e, 0, "KEX_NOMATCH");
	behind_assert_text(0, "RSA host keys need libssh2 1.11 or newer");
}

/* B14. */
static void
test_no_algorithm_in_common(void **state)
{
	(void)state;
	open_peers("");
	behind_add("old-kex");
	engine_run(&behind.e, "true");
	engine_assert_end(&behind.e, 0, "KEX_NOMATCH");
	behind_assert_text(0, "the server offers kex diffie-hellman-group1");
	behind_assert_text(0, "; we offer curve25519-sha256,");
}

static void
test_a_server_with_one_session_runs_one_after_another(void **state)
{
	unsigned before;

	(void)state;
	open_peers("");
	behind.e.options.keep_open = true;
	behind_add("one-session");
	before = sshd_fleet_n_accepted(behind.f, ONE_SESSION);
	for (unsigned i = 0; i < 10; i++) {
		engine_run(&behind.e, "echo here");
		engine_assert_end(&behind.e, 0, "EXIT 0");
	}
	assert_int_equal(
	    sshd_fleet_n_accepted(behind.f, ONE_SESSION), before + 1);
}

static void
test_an_rsa_key_logs_in(void **state)
{
	char *key, *lines;

	(void)state;
	if (behind.f == NULL)
		skip();
	key = behind_file("user_rsa");
	lines =
	    mem_printf("Host *\n IdentityFile %s\n IdentitiesOnly yes\n", key);
	open_peers(lines);
	free(lines);
	behind_add("plain");
	engine_run(&behind.e, "true");
	engine_assert_end(&behind.e, 0, "EXIT 0");
	free(key);
}

/* D2: the server ends it after three, and the message says why. */
static void
test_too_many_keys_are_named(void **state)
{
	struct buf lines;

	(void)state;
	if (behind.f == NULL)
		skip();
	buf_init(&lines, 64 * 1024);
	(void)buf_adds(&lines, "Host *\n");
	for (size_t i = 0; i < 3; i++) {
		static const char *const wrong[] = {
		    "host_ed25519", "host_ecdsa", "host_rsa"};

		(void)buf_addf(&lines, " IdentityFile %s\n",
		    sshd_fleet_file(behind.f, wrong[i]));
	}
	open_peers(buf_str(&lines));
	behind_add("three-tries,plain");
	engine_run(&behind.e, "true");
	engine_assert_end(&behind.e, 0, "AUTH_DENIED");
	behind_assert_text(0, "MaxAuthTries");
	/* One with more patience comes to the fourth key. */
	engine_assert_end(&behind.e, 1, "EXIT 0");
	buf_clear(&lines);
}

static void
test_keys_are_renewed_in_both_directions(void **state)
{
	const size_t len = 4 * 1000 * 1000;
	char *input = mem_new(len);
	const struct muster_command c = {
	    .command = "cat", .input = input, .input_len = len};

	(void)state;
	for (size_t i = 0; i < len; i++)
		input[i] = (char)(i * 7 + i / 256);
	open_peers("");
	behind.e.options.keepalive_ms = 5;
	behind.e.options.keepalive_max = 1000;
	behind_add("rekey");
	engine_start(&behind.e, &c);
	engine_gather(&behind.e, 1);
	engine_assert_end(&behind.e, 0, "EXIT 0");
	engine_assert_out(&behind.e, 0, input, len);
	free(input);
}

static int
setup_all(void **state)
{
	static const char *const config[N_SERVERS] = {
	    [RSA_ONLY] = "HostKeyAlgorithms rsa-sha2-512,rsa-sha2-256",
	    [OLD_KEX] = "KexAlgorithms diffie-hellman-group1-sha1",
	    [ONE_SESSION] = "MaxSessions 1",
	    [THREE_TRIES] = "MaxAuthTries 3",
	    [REKEY] = "RekeyLimit 256K",
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
	    TEST(test_a_server_with_an_rsa_key_alone),
	    TEST(test_no_algorithm_in_common),
	    TEST(test_a_server_with_one_session_runs_one_after_another),
	    TEST(test_an_rsa_key_logs_in),
	    TEST(test_too_many_keys_are_named),
	    TEST(test_keys_are_renewed_in_both_directions),
	};

	return cmocka_run_group_tests(tests, setup_all, teardown_all);
}
