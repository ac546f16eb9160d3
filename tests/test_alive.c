/*
 * test_alive.c -- servers that fall silent, and ones that merely have nothing
 * to say, on real sshds.
 *
 * Room: tests.  May touch: behind.h, fixture/sshd.h.
 * Servers 0 and 1 are as they are; server 0 serves as bastion, too.
 */
#include "config.h"

#include "base/clock.h"
#include "base/mem.h"
#include "behind.h"
#include "fixture/sshd.h"

#include <malloc.h>
#include <setjmp.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

extern char **environ;

#define INTERVAL_MS 150

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
	behind.e.options.keepalive_ms = INTERVAL_MS;
	behind.e.options.keepalive_max = 2;
}

static const struct muster_command waiting = {
    .command = "printf partial; sleep 60"};

/* A16, A17: nothing comes, no end of the connection either. */
static void
test_a_server_that_falls_silent_is_lost(void **state)
{
	int64_t began_us;

	(void)state;
	open_hosts("");
	behind_add("a,b");
	engine_start(&behind.e, &waiting);
	engine_await(&behind.e, 0, "partial");
	sshd_fleet_freeze(behind.f, 0);
	began_us = clock_now_us();
	engine_gather(&behind.e, 1);
	assert_true(clock_now_us() - began_us >= 2 * INTERVAL_MS * 1000);
	engine_assert_end(&behind.e, 0, "LOST");
	behind_assert_text(0, "the server is gone: silent for ");
	assert_true(engine_result(&behind.e, 0)->flags & MUSTER_INCOMPLETE);
	/* The other one is as silent, but answers. */
	engine_assert_end(&behind.e, 1, "PENDING");
	muster_cancel(behind.e.m, NULL, 0, MUSTER_CANCEL_NOW);
	engine_gather(&behind.e, 2);
}

static void
test_a_silent_bastion_loses_what_is_behind_it(void **state)
{
	(void)state;
	open_hosts("Host b\n ProxyJump a\n");
	behind_add("b");
	engine_start(&behind.e, &waiting);
	engine_await(&behind.e, 0, "partial");
	sshd_fleet_freeze(behind.f, 0);
	engine_gather(&behind.e, 1);
	engine_assert_end(&behind.e, 0, "LOST");
}

static void
test_a_silent_server_is_noticed_between_commands(void **state)
{
	unsigned before;

	(void)state;
	open_hosts("");
	behind.e.options.keep_open = true;
	behind.e.options.open_timeout_ms = 600000;
	behind_add("a");
	before = sshd_fleet_n_accepted(behind.f, 0);
	engine_run(&behind.e, "true");
	sshd_fleet_freeze(behind.f, 0);
	/* However early this comes: the old session answers nothing. */
	engine_run(&behind.e, "echo here");
	engine_assert_end(&behind.e, 0, "EXIT 0");
	engine_assert_out(&behind.e, 0, "here\n", 5);
	assert_int_equal(sshd_fleet_n_accepted(behind.f, 0), before + 2);
}

static void
test_a_stale_session_is_opened_anew_once(void **state)
{
	(void)state;
	open_hosts("");
	behind.e.options.keep_open = true;
	behind.e.options.keepalive_ms = 0;
	behind.e.options.open_timeout_ms = 400;
	behind_add("a");
	engine_run(&behind.e, "true");
	sshd_fleet_freeze(behind.f, 0);
	engine_run(&behind.e, "echo here");
	engine_assert_end(&behind.e, 0, "EXIT 0");
	assert_int_equal(engine_result(&behind.e, 0)->attempts, 2);
	/* And when there is nobody to open one to: that is the result. */
	sshd_fleet_freeze(behind.f, 0);
	sshd_fleet_close(behind.f, 0);
	engine_run(&behind.e, "echo here");
	engine_assert_end(&behind.e, 0, "CONN_REFUSED");
}

/* Many questions are answered, and nothing is left of them. */
static void
test_questions_leave_nothing_behind(void **state)
{
	const struct muster_command c = {
	    .command = "echo first; sleep 1; echo second; sleep 3; echo third"};
	FILE *trace = tmpfile();
	size_t before;

	(void)state;
	assert_non_null(trace);
	muster_trace("alive", fileno(trace));
	open_hosts("");
	behind.e.options.keepalive_ms = 3;
	behind.e.options.keepalive_max = 1000;
	behind_add("b");
	engine_start(&behind.e, &c);
	engine_await(&behind.e, 0, "second");
	before = mallinfo2().uordblks;
	engine_await(&behind.e, 0, "third");
	/* 64 bytes of each would be more. */
	assert_in_range(mallinfo2().uordblks, 0, before + 16 * 1024);
	engine_gather(&behind.e, 1);
	engine_assert_end(&behind.e, 0, "EXIT 0");
	engine_assert_out(&behind.e, 0, "first\nsecond\nthird\n", 19);
	(void)behind_teardown(NULL);
	muster_trace(NULL, -1);
	/* A line each: some hundreds of questions at least. */
	assert_true(lseek(fileno(trace), 0, SEEK_END) > 200 * 20);
	(void)fclose(trace);
}

static void
test_questions_do_not_disturb_what_opens_channels(void **state)
{
	(void)state;
	open_hosts(
	    "Host b*\n ProxyJump a\nHost b? b??\n HostName 127.77.0.2\n");
	behind.e.options.keepalive_ms = 2;
	behind.e.options.keepalive_max = 1000;
	behind.e.options.keep_open = true;
	behind_add("b[1-9]");
	for (unsigned i = 0; i < 3; i++) {
		engine_run(&behind.e, "echo here; sleep 0.05");
		for (size_t k = 0; k < 9; k++)
			engine_assert_end(&behind.e, k, "EXIT 0");
	}
}

/* A18: this process stands still for longer than many intervals. */
static void
test_standing_still_loses_no_server_that_answers(void **state)
{
	char sh[] = "sh", c[] = "-c",
	     line[] = "kill -STOP $PPID; sleep 3; kill -CONT $PPID";
	char *const argv[] = {sh, c, line, NULL};
	pid_t pid;

	(void)state;
	open_hosts("");
	behind_add("a,b");
	engine_start(&behind.e,
	    &(struct muster_command){.command = "echo here; read x; sleep 4"});
	engine_await(&behind.e, 0, "here");
	engine_await(&behind.e, 1, "here");
	sshd_fleet_freeze(behind.f, 0);
	assert_int_equal(
	    posix_spawn(&pid, "/bin/sh", NULL, NULL, argv, environ), 0);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	engine_gather(&behind.e, 2);
	engine_assert_end(&behind.e, 0, "LOST");
	engine_assert_end(&behind.e, 1, "EXIT 0");
}

/* ServerAliveInterval 0 is what ssh_config(5) has for never. */
static void
test_the_interval_is_each_hosts_own(void **state)
{
	(void)state;
	open_hosts("Host a\n ServerAliveInterval 1\n ServerAliveCountMax 1\n"
		   "Host b\n ServerAliveInterval 0\n");
	behind_add("a,b");
	engine_start(&behind.e, &waiting);
	engine_await(&behind.e, 0, "partial");
	engine_await(&behind.e, 1, "partial");
	sshd_fleet_freeze(behind.f, 0);
	sshd_fleet_freeze(behind.f, 1);
	engine_gather(&behind.e, 1);
	engine_assert_end(&behind.e, 0, "LOST");
	engine_assert_end(&behind.e, 1, "PENDING");
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
	    TEST(test_a_server_that_falls_silent_is_lost),
	    TEST(test_a_silent_bastion_loses_what_is_behind_it),
	    TEST(test_a_silent_server_is_noticed_between_commands),
	    TEST(test_questions_leave_nothing_behind),
	    TEST(test_questions_do_not_disturb_what_opens_channels),
	    TEST(test_standing_still_loses_no_server_that_answers),
	    TEST(test_the_interval_is_each_hosts_own),
	    TEST(test_a_stale_session_is_opened_anew_once),
	};

	return cmocka_run_group_tests(tests, setup_all, teardown_all);
}
