/*
 * test_dropbear.c -- another server than OpenSSH's: dropbear.
 *
 * Room: tests.  May touch: behind.h, fixture/sshd.h, ssh/prefs.h.
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

/* The hosts a and b are servers 0 and 1. */
static void
open_hosts(const char *lines)
{
	char *text;

	if (behind.f == NULL)
		skip();
	text = mem_printf("Host a\n HostName %s\nHost b\n HostName %s\n%s",
	    sshd_fleet_host(behind.f, 0), sshd_fleet_host(behind.f, 1), lines);
	behind_open(text);
	free(text);
}

static void
test_commands_run_one_after_another(void **state)
{
	unsigned before;

	(void)state;
	open_hosts("");
	behind.e.options.keep_open = true;
	behind_add("a,b");
	before = sshd_fleet_n_accepted(behind.f, 0);
	for (unsigned i = 0; i < 3; i++) {
		engine_run(&behind.e, "echo out; echo err >&2; exit 3");
		for (size_t k = 0; k < 2; k++) {
			engine_assert_end(&behind.e, k, "EXIT 3");
			engine_assert_out(&behind.e, k, "out\n", 4);
			engine_assert_err(&behind.e, k, "err\n", 4);
		}
	}
	assert_int_equal(sshd_fleet_n_accepted(behind.f, 0), before + 1);
	engine_run(&behind.e, "kill -9 $$");
	engine_assert_end(&behind.e, 0, "SIGNAL KILL");
}

static void
test_much_goes_through_whole(void **state)
{
	const size_t len = 2 * 1000 * 1000;
	char *input = mem_new(len);
	const struct muster_command c = {
	    .command = "cat", .input = input, .input_len = len};

	(void)state;
	for (size_t i = 0; i < len; i++)
		input[i] = (char)(i * 7 + i / 256);
	open_hosts("");
	behind_add("a");
	engine_start(&behind.e, &c);
	engine_gather(&behind.e, 1);
	engine_assert_end(&behind.e, 0, "EXIT 0");
	engine_assert_out(&behind.e, 0, input, len);
	free(input);
}

static void
log_in_with(const char *name, const char *end)
{
	(void)behind_teardown(NULL);
	if (behind.f == NULL)
		skip();
	engine_init(&behind.e, behind.f);
	free((void *)(uintptr_t)behind.e.identity);
	behind.e.identity = behind_file(name);
	engine_open(&behind.e);
	engine_add(&behind.e, behind.f, 0);
	engine_run(&behind.e, "true");
	engine_assert_end(&behind.e, 0, end);
}

static void
test_each_kind_of_key_logs_in(void **state)
{
	(void)state;
	log_in_with("user_ecdsa", "EXIT 0");
	log_in_with("user_ed25519", "EXIT 0");
	/* It takes no RSA key by the name of its signature. */
	log_in_with("user_rsa",
	    prefs_has_rsa_sha2() ? "EXIT 0" : "AUTH_KEY_UNSUPPORTED");
}

static void
test_a_dropbear_is_a_bastion(void **state)
{
	(void)state;
	open_hosts("Host b\n ProxyJump a\n");
	behind_add("b");
	engine_run(&behind.e, "echo here");
	engine_assert_end(&behind.e, 0, "EXIT 0");
	engine_assert_out(&behind.e, 0, "here\n", 5);
}

/* It knows nothing of our question, and answers. */
static void
test_a_silent_command_is_not_lost(void **state)
{
	(void)state;
	open_hosts("");
	behind.e.options.keepalive_ms = 50;
	behind.e.options.keepalive_max = 20;
	behind_add("a,b");
	engine_run(&behind.e, "sleep 2");
	engine_assert_end(&behind.e, 0, "EXIT 0");
	sshd_fleet_freeze(behind.f, 0);
}

static int
setup_all(void **state)
{
	const char *srcdir = getenv("top_srcdir");
	char *path =
	    mem_printf("%s/tests/fixture/dropbear.sh", srcdir ? srcdir : ".");
	int rc = 0;

	(void)state;
	if (system("command -v dropbear dropbearconvert >/dev/null 2>&1") != 0)
		print_message("# skipped: no dropbear here\n");
	else if (setenv("MUSTER_SSHD", path, 1) == 0)
		rc = behind_begin(2, NULL);
	free(path);
	return rc;
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
	    TEST(test_commands_run_one_after_another),
	    TEST(test_much_goes_through_whole),
	    TEST(test_each_kind_of_key_logs_in),
	    TEST(test_a_dropbear_is_a_bastion),
	    TEST(test_a_silent_command_is_not_lost),
	};

	return cmocka_run_group_tests(tests, setup_all, teardown_all);
}
