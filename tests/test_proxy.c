/*
 * test_proxy.c -- hosts reached by way of a program (ProxyCommand).
 *
 * Room: tests.  May touch: behind.h, fixture/sshd.h.
 */
#include "config.h"

#include "base/clock.h"
#include "base/mem.h"
#include "behind.h"
#include "fixture/sshd.h"

#include <dirent.h>
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define PATIENCE_US 10000000

/* The host "box", which is server 1, by this program. "NC" in it stands for
 * one that connects to its address. */
static void
open_proxied(const char *command, const char *more)
{
	char *lines, *wanted = mem_strdup(command);
	char *nc = strstr(wanted, "NC");
	const char *host;

	if (behind.f == NULL)
		skip();
	host = sshd_fleet_host(behind.f, 1);
	if (nc != NULL) {
		char *ssh_config = behind_file("ssh_config");

		*nc = '\0';
		lines = mem_printf("%sssh -F %s -W %s:%u %s%s", wanted,
		    ssh_config, host, sshd_fleet_port(behind.f),
		    sshd_fleet_host(behind.f, 0), nc + 2);
		free(ssh_config);
		free(wanted);
		wanted = lines;
	}
	lines = mem_printf("Host box\n%s\n HostName %s\n ProxyCommand %s\n",
	    more, host, wanted);
	behind_open(lines);
	free(lines);
	free(wanted);
}

static void
run_proxied(const char *command, const char *expected)
{
	open_proxied(command, "");
	behind_add("box");
	engine_run(&behind.e, "echo here");
	engine_assert_end(&behind.e, 0, expected);
}

static void
test_a_program_is_the_way(void **state)
{
	unsigned before;

	(void)state;
	if (behind.f == NULL)
		skip();
	before = sshd_fleet_n_accepted(behind.f, 0);
	run_proxied("NC", "EXIT 0");
	engine_assert_out(&behind.e, 0, "here\n", 5);
	assert_int_equal(sshd_fleet_n_accepted(behind.f, 0), before + 1);
}

static void
test_no_name_is_looked_up_for_a_program(void **state)
{
	(void)state;
	open_proxied(
	    "NC", " HostName no.such.invalid\n StrictHostKeyChecking no");
	behind_add("box");
	engine_run(&behind.e, "true");
	engine_assert_end(&behind.e, 0, "EXIT 0");
}

static void
test_none_is_no_program(void **state)
{
	(void)state;
	run_proxied("none", "EXIT 0");
}

static void
test_ten_megabytes_come_through_a_program_whole(void **state)
{
	const size_t len = 10 * 1000 * 1000;
	char *input = mem_new(len);
	const struct muster_command c = {
	    .command = "cat", .input = input, .input_len = len};

	(void)state;
	for (size_t i = 0; i < len; i++)
		input[i] = (char)(i * 7 + i / 256);
	open_proxied("NC", "");
	behind_add("box");
	engine_start(&behind.e, &c);
	engine_gather(&behind.e, 1);
	engine_assert_end(&behind.e, 0, "EXIT 0");
	engine_assert_out(&behind.e, 0, input, len);
	free(input);
}

static void
test_a_program_that_fails_says_why(void **state)
{
	(void)state;
	run_proxied("sh -c 'echo no way >&2; exit 3'", "JUMP_FAIL");
	behind_assert_text(0, "ProxyCommand exited with 3: no way");
}

static void
test_a_program_that_is_not_there_is_told(void **state)
{
	(void)state;
	run_proxied("/nowhere/program %h", "JUMP_FAIL");
	behind_assert_text(0, "ProxyCommand exited with 127");
}

static void
test_a_program_that_is_killed_is_told(void **state)
{
	(void)state;
	run_proxied("sh -c 'kill -9 $$'", "JUMP_FAIL");
	behind_assert_text(0, "ProxyCommand was killed by signal 9");
}

static void
test_a_dash_is_refused(void **state)
{
	struct muster_error err;

	(void)state;
	open_proxied("-", "");
	engine_open(&behind.e);
	assert_int_equal(muster_add_hosts(behind.e.m, "box", &err), -1);
	assert_int_equal(err.code, MUSTER_ERR_USAGE);
}

/* The process that wrote its number there. */
static pid_t
read_pid(const char *path)
{
	FILE *file = fopen(path, "r");
	char line[32] = "";

	assert_non_null(file);
	assert_non_null(fgets(line, sizeof(line), file));
	(void)fclose(file);
	return (pid_t)strtol(line, NULL, 10);
}

/* Waits until the process is gone, zombies not. */
static void
await_gone(pid_t pid)
{
	int64_t until = clock_now_us() + PATIENCE_US;

	assert_true(pid > 0);
	while (kill(pid, 0) == 0) {
		if (clock_now_us() > until)
			fail_msg("process %d is still there", (int)pid);
		(void)usleep(1000);
	}
	assert_int_equal(errno, ESRCH);
}

/* Runs a program that never says anything until the patience with it ends;
 * then it ends. */
static void
outlive(const char *shell)
{
	char *path, *command;

	if (behind.f == NULL)
		skip();
	path = behind_file("proxy.pid");
	command = mem_printf("sh -c 'echo $$ > %s; %s'", path, shell);
	open_proxied(command, "");
	behind.e.options.banner_timeout_ms = 300;
	behind_add("box");
	engine_run(&behind.e, "true");
	engine_assert_end(&behind.e, 0, "BANNER_TIMEOUT");
	await_gone(read_pid(path));
	free(path);
	free(command);
}

static void
test_a_silent_program_is_ended(void **state)
{
	(void)state;
	outlive("exec sleep 60");
}

static void
test_a_program_deaf_to_hup_is_ended(void **state)
{
	(void)state;
	outlive("trap \"\" HUP; sleep 60; sleep 60");
}

static void
test_a_program_that_ends_meanwhile_is_a_loss(void **state)
{
	const struct muster_command c = {.command = "printf partial; sleep 60"};
	char *path, *command;

	(void)state;
	if (behind.f == NULL)
		skip();
	path = behind_file("proxy.pid");
	command = mem_printf("sh -c 'echo $$ > %s; exec NC'", path);
	open_proxied(command, "");
	behind_add("box");
	engine_start(&behind.e, &c);
	engine_await(&behind.e, 0, "partial");
	assert_int_equal(kill(read_pid(path), SIGKILL), 0);
	engine_gather(&behind.e, 1);
	engine_assert_end(&behind.e, 0, "LOST");
	behind_assert_text(0, "ProxyCommand was killed by signal 9");
	await_gone(read_pid(path));
	free(path);
	free(command);
}

static size_t
n_descriptors(void)
{
	DIR *dir = opendir("/proc/self/fd");
	size_t n = 0;

	if (dir == NULL)
		return 0;
	while (readdir(dir) != NULL)
		n++;
	(void)closedir(dir);
	return n;
}

static void
test_programs_leave_no_descriptors(void **state)
{
	static const char *const commands[] = {"NC", "false", "/nowhere"};
	int64_t until;
	size_t before;

	(void)state;
	run_proxied("NC", "EXIT 0");
	(void)behind_teardown(NULL);
	before = n_descriptors();
	for (size_t i = 0; i < 9; i++) {
		run_proxied(
		    commands[i % 3], i % 3 == 0 ? "EXIT 0" : "JUMP_FAIL");
		(void)behind_teardown(NULL);
	}
	/* What a program said is closed with it, on a helper thread. */
	until = clock_now_us() + PATIENCE_US;
	while (n_descriptors() > before && clock_now_us() < until)
		(void)usleep(1000);
	assert_true(n_descriptors() <= before);
}

static int
setup_all(void **state)
{
	(void)state;
	return behind_begin(2, NULL);
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
	    TEST(test_a_program_is_the_way),
	    TEST(test_no_name_is_looked_up_for_a_program),
	    TEST(test_none_is_no_program),
	    TEST(test_ten_megabytes_come_through_a_program_whole),
	    TEST(test_a_program_that_fails_says_why),
	    TEST(test_a_program_that_is_not_there_is_told),
	    TEST(test_a_program_that_is_killed_is_told),
	    TEST(test_a_dash_is_refused),
	    TEST(test_a_silent_program_is_ended),
	    TEST(test_a_program_deaf_to_hup_is_ended),
	    TEST(test_a_program_that_ends_meanwhile_is_a_loss),
	    TEST(test_programs_leave_no_descriptors),
	};

	return cmocka_run_group_tests(tests, setup_all, teardown_all);
}
