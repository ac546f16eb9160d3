/*
 * test_jump.c -- hosts reached by way of bastions (ProxyJump), on real sshds.
 *
 * Room: tests.  May touch: behind.h, fixture/sshd.h.
 * Server 0 is the bastion, 1 to 3 stand behind it, and 4 forwards nothing.
 */
#include "config.h"

#include "base/mem.h"
#include "behind.h"
#include "fixture/sshd.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* The servers but for the last, which forwards nothing. */
#define N_SERVERS 4

/* The hosts t1 to t3 are servers 1 to 3, b is server 0; `lines` come before. */
static void
open_jumps(const char *lines)
{
	struct buf text;

	if (behind.f == NULL)
		skip();
	buf_init(&text, 64 * 1024);
	(void)buf_addf(&text, "%s\nHost b\n HostName %s\n", lines,
	    sshd_fleet_host(behind.f, 0));
	for (size_t i = 1; i < N_SERVERS; i++)
		(void)buf_addf(&text, "Host t%zu\n HostName %s\n", i,
		    sshd_fleet_host(behind.f, i));
	behind_open(buf_str(&text));
	buf_clear(&text);
}

static void
test_hosts_behind_a_bastion_share_one_login(void **state)
{
	unsigned before;

	(void)state;
	open_jumps("Host t*\n ProxyJump b\n");
	before = sshd_fleet_n_accepted(behind.f, 0);
	behind_add("t[1-3]");
	engine_run(&behind.e, "echo $SSH_CONNECTION");
	for (size_t i = 0; i < 3; i++)
		engine_assert_end(&behind.e, i, "EXIT 0");
	assert_int_equal(sshd_fleet_n_accepted(behind.f, 0), before + 1);
	/* Again, with a login of its own or not: it works. */
	engine_run(&behind.e, "true");
	engine_assert_end(&behind.e, 2, "EXIT 0");
}

static void
test_three_hundred_hosts_are_one_login_at_the_bastion(void **state)
{
	struct buf lines;
	unsigned before;

	(void)state;
	buf_init(&lines, 64 * 1024);
	(void)buf_adds(&lines, "Host *.x\n ProxyJump b\n");
	for (unsigned i = 1; i < N_SERVERS && behind.f != NULL; i++)
		(void)buf_addf(&lines, "Host h%u??.x\n HostName %s\n", i,
		    sshd_fleet_host(behind.f, i));
	open_jumps(buf_str(&lines));
	before = sshd_fleet_n_accepted(behind.f, 0);
	behind_add("h[100-399].x");
	engine_run(&behind.e, "echo here");
	for (size_t i = 0; i < 300; i++) {
		engine_assert_end(&behind.e, i, "EXIT 0");
		engine_assert_out(&behind.e, i, "here\n", 5);
	}
	assert_int_equal(sshd_fleet_n_accepted(behind.f, 0), before + 1);
	buf_clear(&lines);
}

static void
test_ten_megabytes_come_through_a_bastion_whole(void **state)
{
	const size_t len = 10 * 1000 * 1000;
	char *input = mem_new(len);
	const struct muster_command c = {
	    .command = "cat", .input = input, .input_len = len};

	(void)state;
	for (size_t i = 0; i < len; i++)
		input[i] = (char)(i * 7 + i / 256);
	open_jumps("Host t*\n ProxyJump b\n");
	/* This one renews its keys often, and so does the bastion. */
	behind_add("t3");
	engine_start(&behind.e, &c);
	engine_gather(&behind.e, 1);
	engine_assert_end(&behind.e, 0, "EXIT 0");
	engine_assert_out(&behind.e, 0, input, len);
	free(input);
}

/* By way of t1 and t2 to t3, said in the file or as an option. */
static void
run_chain(const char *lines, const char *jump)
{
	unsigned before;

	open_jumps(lines);
	before = sshd_fleet_n_accepted(behind.f, 1) +
		 sshd_fleet_n_accepted(behind.f, 2);
	behind.e.options.jump = jump;
	behind_add("t3");
	engine_run(&behind.e, "echo $SSH_CONNECTION");
	engine_assert_end(&behind.e, 0, "EXIT 0");
	assert_int_equal(sshd_fleet_n_accepted(behind.f, 1) +
			     sshd_fleet_n_accepted(behind.f, 2),
	    before + 2);
}

static void
test_bastions_stand_behind_one_another(void **state)
{
	(void)state;
	run_chain("Host t3\n ProxyJump t1,t2\n", NULL);
	(void)behind_teardown(NULL);
	run_chain("Host t3\n ProxyJump t2\nHost t2\n ProxyJump t1\n", NULL);
	(void)behind_teardown(NULL);
	run_chain("Host t3\n ProxyJump b\n", "t1,t2");
}

static void
refuse_to_add(const char *lines, const char *text)
{
	struct muster_error err = {.code = MUSTER_ERR_NONE};

	open_jumps(lines);
	engine_open(&behind.e);
	assert_int_equal(muster_add_hosts(behind.e.m, "t1", &err), -1);
	assert_int_equal(err.code, MUSTER_ERR_SYNTAX);
	if (strstr(err.text, text) == NULL)
		fail_msg("%s", err.text);
	(void)behind_teardown(NULL);
}

static void
test_a_circle_of_bastions_is_refused(void **state)
{
	(void)state;
	refuse_to_add("Host t1\n ProxyJump t2\nHost t2\n ProxyJump t3\n"
		      "Host t3\n ProxyJump t2\n",
	    "circle");
	refuse_to_add(
	    "Host t1\n ProxyJump t2\nHost t2\n ProxyJump t1\n", "circle");
	refuse_to_add("Host t1\n ProxyJump t2,t3,t2\n", "circle");
	refuse_to_add("Host t?\n ProxyJump t2\n", "way station");
}

static void
jump_fails(const char *lines, const char *text)
{
	open_jumps(lines);
	behind_add("t1,t2");
	engine_run(&behind.e, "true");
	for (size_t i = 0; i < 2; i++) {
		engine_assert_end(&behind.e, i, "JUMP_FAIL");
		behind_assert_text(i, text);
	}
}

static void
test_a_bastion_with_an_unknown_key_is_not_logged_in_to(void **state)
{
	(void)state;
	jump_fails("Host t*\n ProxyJump b\n"
		   "Host b\n HostKeyAlias elsewhere\n",
	    "bastion 'b' cannot be reached: HK_UNKNOWN");
}

static void
test_a_bastion_with_another_key_is_not_logged_in_to(void **state)
{
	static const char key[] = "AAAAC3NzaC1lZDI1NTE5AAAAIBnrTw5kpSl0aBbI7bmK"
				  "qGkmJd1wCp3LbQWJb4cFsyQj";
	char *path, *lines;
	FILE *file;

	(void)state;
	if (behind.f == NULL)
		skip();
	path = behind_file("known_hosts.wrong");
	file = fopen(path, "w");
	assert_non_null(file);
	(void)fprintf(file, "[%s]:%u ssh-ed25519 %s\n",
	    sshd_fleet_host(behind.f, 0), sshd_fleet_port(behind.f), key);
	assert_int_equal(fclose(file), 0);
	lines = mem_printf("Host t*\n ProxyJump b\n"
			   "Host b\n UserKnownHostsFile %s\n",
	    path);
	jump_fails(lines, "bastion 'b' cannot be reached: HK_CHANGED");
	free(lines);
	free(path);
}

static void
test_a_bastion_that_does_not_listen_is_named(void **state)
{
	(void)state;
	jump_fails("Host t*\n ProxyJump b\nHost b\n Port 1\n",
	    "bastion 'b' cannot be reached: CONN_REFUSED");
}

static void
test_a_bastion_that_forwards_nothing_says_so(void **state)
{
	char *lines;

	(void)state;
	if (behind.f == NULL)
		skip();
	lines = mem_printf(
	    "Host t*\n ProxyJump %s\n", sshd_fleet_host(behind.f, N_SERVERS));
	jump_fails(lines, "administratively prohibited");
	free(lines);
}

static void
test_a_host_that_does_not_listen_behind_a_bastion(void **state)
{
	(void)state;
	open_jumps("Host t*\n ProxyJump b\nHost t1\n Port 1\n");
	behind_add("t[1-2]");
	engine_run(&behind.e, "true");
	engine_assert_end(&behind.e, 0, "JUMP_FAIL");
	behind_assert_text(0, "Connection refused");
	engine_assert_end(&behind.e, 1, "EXIT 0");
}

static void
test_a_bastion_that_dies_loses_what_runs_behind_it(void **state)
{
	const struct muster_command c = {.command = "printf partial; sleep 60"};

	(void)state;
	open_jumps("Host t*\n ProxyJump b\n");
	behind_add("t[1-3]");
	engine_start(&behind.e, &c);
	for (size_t i = 0; i < 3; i++)
		engine_await(&behind.e, i, "partial");
	sshd_fleet_cut(behind.f, 0);
	engine_gather(&behind.e, 3);
	for (size_t i = 0; i < 3; i++) {
		engine_assert_end(&behind.e, i, "LOST");
		behind_assert_text(i, "bastion 'b' is gone");
	}
}

/* E23: each has a window of its own. */
static void
test_a_host_that_reads_nothing_holds_up_no_other(void **state)
{
	const size_t len = 6 * 1000 * 1000;
	char *input = mem_new(len);
	const struct muster_command c = {
	    .command = "case $SSH_CONNECTION in *127.77.0.2\\ *) sleep 60;; "
		       "*) wc -c;; esac",
	    .input = input,
	    .input_len = len};

	(void)state;
	memset(input, 'x', len);
	open_jumps("Host t*\n ProxyJump b\n");
	behind_add("t[1-3]");
	engine_start(&behind.e, &c);
	engine_gather(&behind.e, 2);
	engine_assert_end(&behind.e, 0, "PENDING");
	for (size_t i = 1; i < 3; i++) {
		engine_assert_end(&behind.e, i, "EXIT 0");
		engine_assert_out(&behind.e, i, "6000000\n", 8);
	}
	muster_cancel(behind.e.m, NULL, 0, MUSTER_CANCEL_NOW);
	engine_gather(&behind.e, 3);
	free(input);
}

static int
setup_all(void **state)
{
	static const char *const config[N_SERVERS + 1] = {
	    [0] = "RekeyLimit 512K",
	    [3] = "RekeyLimit 256K",
	    [N_SERVERS] = "AllowTcpForwarding no",
	};

	(void)state;
	return behind_begin(N_SERVERS + 1, config);
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
	    TEST(test_hosts_behind_a_bastion_share_one_login),
	    TEST(test_three_hundred_hosts_are_one_login_at_the_bastion),
	    TEST(test_ten_megabytes_come_through_a_bastion_whole),
	    TEST(test_bastions_stand_behind_one_another),
	    TEST(test_a_circle_of_bastions_is_refused),
	    TEST(test_a_bastion_with_an_unknown_key_is_not_logged_in_to),
	    TEST(test_a_bastion_with_another_key_is_not_logged_in_to),
	    TEST(test_a_bastion_that_does_not_listen_is_named),
	    TEST(test_a_bastion_that_forwards_nothing_says_so),
	    TEST(test_a_host_that_does_not_listen_behind_a_bastion),
	    TEST(test_a_host_that_reads_nothing_holds_up_no_other),
	    TEST(test_a_bastion_that_dies_loses_what_runs_behind_it),
	};

	return cmocka_run_group_tests(tests, setup_all, teardown_all);
}
