/*
 * test_openssh.c -- commands by way of ssh(1), on real sshds.
 *
 * Room: tests.  May touch: behind.h, fixture/sshd.h, engine/ssh/client.h.
 * The host a is server 0; server 1 lets nobody in by the fixture's key, and
 * server 2 is not listening.
 */
#include "config.h"

#include "base/mem.h"
#include "behind.h"
#include "fixture/sshd.h"
#include "ssh/client.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define N_SERVERS 4

static bool
has_ssh(void)
{
	/* NOLINTNEXTLINE(cert-env33-c): what PATH has is what is asked. */
	return system("command -v ssh >/dev/null 2>&1") == 0;
}

/* The hosts h0 to h3 are the servers. */
static void
open_hosts(const char *lines)
{
	struct buf text;

	if (behind.f == NULL || !has_ssh())
		skip();
	buf_init(&text, 64 * 1024);
	(void)buf_adds(&text, lines);
	for (size_t i = 0; i < N_SERVERS; i++)
		(void)buf_addf(&text, "\nHost h%zu h%zu?\n HostName %s\n", i, i,
		    sshd_fleet_host(behind.f, i));
	behind_open(buf_str(&text));
	buf_clear(&text);
	behind.e.options.openssh = true;
}

static void
test_output_input_and_status_come_by_ssh(void **state)
{
	const char input[] = "in\n";
	const struct muster_command c = {.command = "cat; echo bad >&2; exit 7",
	    .input = input,
	    .input_len = 3};

	(void)state;
	open_hosts("");
	behind_add("h0,h3");
	engine_start(&behind.e, &c);
	engine_gather(&behind.e, 2);
	for (size_t i = 0; i < 2; i++) {
		engine_assert_end(&behind.e, i, "EXIT 7");
		engine_assert_out(&behind.e, i, "in\n", 3);
		engine_assert_err(&behind.e, i, "bad\n", 4);
	}
}

static void
test_bytes_and_much_of_them_pass_unchanged(void **state)
{
	const size_t len = 3 * 1000 * 1000;
	char *input = mem_new(len);
	const struct muster_command c = {
	    .command = "cat", .input = input, .input_len = len};

	(void)state;
	for (size_t i = 0; i < len; i++)
		input[i] = (char)(i * 7 + i / 256);
	open_hosts("");
	behind_add("h0");
	engine_start(&behind.e, &c);
	engine_gather(&behind.e, 1);
	engine_assert_end(&behind.e, 0, "EXIT 0");
	engine_assert_out(&behind.e, 0, input, len);
	free(input);
}

/* 255 is what ssh exits with itself when it fails. */
static void
test_255_of_the_command_is_its_own(void **state)
{
	(void)state;
	open_hosts("");
	behind_add("h0");
	engine_run(&behind.e, "exit 255");
	engine_assert_end(&behind.e, 0, "EXIT 255");
	engine_run(&behind.e, "kill -9 $$");
	assert_int_equal(engine_result(&behind.e, 0)->outcome, MUSTER_SIGNAL);
}

static void
test_a_lost_connection_is_lost(void **state)
{
	const struct muster_command c = {.command = "printf some; sleep 60"};

	(void)state;
	open_hosts("");
	behind_add("h0");
	engine_start(&behind.e, &c);
	engine_await(&behind.e, 0, "some");
	sshd_fleet_cut(behind.f, 0);
	engine_gather(&behind.e, 1);
	engine_assert_end(&behind.e, 0, "LOST");
	behind_assert_text(0, "the connection was lost");
}

static void
test_what_is_stopped_is_told_so(void **state)
{
	const struct muster_command c = {.command = "printf some; sleep 60"};

	(void)state;
	open_hosts("");
	behind_add("h0");
	engine_start(&behind.e, &c);
	engine_await(&behind.e, 0, "some");
	muster_cancel(behind.e.m, NULL, 0, MUSTER_CANCEL_TERM);
	engine_gather(&behind.e, 1);
	engine_assert_end(&behind.e, 0, "KILLED_LOCAL");
	(void)behind_teardown(NULL);
	open_hosts("");
	behind.e.options.command_timeout_ms = 500;
	behind_add("h0");
	engine_run(&behind.e, "sleep 60");
	engine_assert_end(&behind.e, 0, "CMD_TIMEOUT");
}

static void
ends_with(const char *lines, const char *host, const char *end)
{
	(void)behind_teardown(NULL);
	open_hosts(lines);
	behind_add(host);
	engine_run(&behind.e, "echo ran");
	engine_assert_end(&behind.e, 0, end);
	engine_assert_out(&behind.e, 0, "", 0);
}

static void
test_failures_have_their_outcomes(void **state)
{
	(void)state;
	ends_with("", "h1", "AUTH_DENIED");
	ends_with("Host h0\n Port 1\n", "h0", "CONN_REFUSED");
	ends_with(
	    "Host h0\n HostName no.such.name.invalid\n", "h0", "DNS_NXDOMAIN");
	ends_with("Host h0\n HostKeyAlias elsewhere\n", "h0", "HK_UNKNOWN");
	ends_with(
	    "Host h0\n ProxyCommand echo no >&2; exit 1\n", "h0", "CONN_RESET");
	ends_with("Host h2\n KexAlgorithms ecdh-sha2-nistp256\n", "h2",
	    "KEX_NOMATCH");
}

static void
test_bastions_are_sshs_own_business(void **state)
{
	(void)state;
	open_hosts("Host h0\n ProxyJump h3\n");
	behind_add("h0");
	engine_run(&behind.e, "echo $SSH_CONNECTION");
	engine_assert_end(&behind.e, 0, "EXIT 0");
}

static void
test_many_at_once_leave_nothing_behind(void **state)
{
	char folder[] = "/tmp/test_openssh-XXXXXX";
	DIR *dir;
	size_t n = 0;

	(void)state;
	assert_non_null(mkdtemp(folder));
	assert_int_equal(setenv("TMPDIR", folder, 1), 0);
	open_hosts("");
	behind.e.options.fanout = 4;
	behind_add("h0[0-9]");
	engine_run(&behind.e, "echo here");
	for (size_t i = 0; i < 10; i++) {
		engine_assert_end(&behind.e, i, "EXIT 0");
		engine_assert_out(&behind.e, i, "here\n", 5);
	}
	assert_int_equal(unsetenv("TMPDIR"), 0);
	dir = opendir(folder);
	assert_non_null(dir);
	while (readdir(dir) != NULL)
		n++;
	(void)closedir(dir);
	assert_int_equal(n, 2);
	assert_int_equal(rmdir(folder), 0);
}

static void
test_a_terminal_is_given(void **state)
{
	const struct muster_command c = {.command = "test -t 0", .pty = true};

	(void)state;
	open_hosts("");
	behind_add("h0");
	engine_start(&behind.e, &c);
	engine_gather(&behind.e, 1);
	engine_assert_end(&behind.e, 0, "EXIT 0");
}

/* B8 among them: sshd's own words before the identification. */
static void
test_lines_of_ssh_are_understood(void **state)
{
	(void)state;
	assert_int_equal(
	    client_outcome("root@h: Permission denied (publickey)."),
	    MUSTER_AUTH_DENIED);
	assert_int_equal(
	    client_outcome("debug1: kex_exchange_identification: banner line "
			   "0: Exceeded MaxStartups"),
	    MUSTER_THROTTLED);
	assert_int_equal(
	    client_outcome("Connection timed out during banner exchange"),
	    MUSTER_BANNER_TIMEOUT);
	assert_int_equal(client_outcome("@    WARNING: REMOTE HOST "
					"IDENTIFICATION HAS CHANGED!     @"),
	    MUSTER_HK_CHANGED);
	assert_int_equal(client_outcome("debug1: nothing"), MUSTER_PENDING);
}

static int
setup_all(void **state)
{
	static const char *const config[N_SERVERS] = {
	    [1] = "AuthorizedKeysFile none",
	    [2] = "KexAlgorithms curve25519-sha256",
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
	    TEST(test_output_input_and_status_come_by_ssh),
	    TEST(test_bytes_and_much_of_them_pass_unchanged),
	    TEST(test_255_of_the_command_is_its_own),
	    TEST(test_a_lost_connection_is_lost),
	    TEST(test_what_is_stopped_is_told_so),
	    TEST(test_failures_have_their_outcomes),
	    TEST(test_bastions_are_sshs_own_business),
	    TEST(test_many_at_once_leave_nothing_behind),
	    TEST(test_a_terminal_is_given),
	    TEST(test_lines_of_ssh_are_understood),
	};

	return cmocka_run_group_tests(tests, setup_all, teardown_all);
}
