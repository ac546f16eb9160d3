/*
 * test_jump.c -- hosts reached by way of others, on real sshds.
 *
 * Room: tests.  May touch: engine.h, fixture/sshd.h.
 * Server 0 is the way station; what stands behind it are the others.
 */
#include "config.h"

#include "base/clock.h"
#include "base/mem.h"
#include "engine.h"
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

#define N_SERVERS 4
#define PATIENCE_US 10000000

struct scene {
	struct sshd_fleet *f;
	struct engine e;
	char *config; /* owned; the path of the ssh_config */
};

static struct scene scene;

static char *
fixture_file(const char *name)
{
	return mem_strdup(sshd_fleet_file(scene.f, name));
}

/* A fleet that knows an ssh_config of these lines, behind them what all hosts
 * share. */
static void
open_with(const char *lines)
{
	char *key, *known;
	FILE *file;

	if (scene.f == NULL)
		skip();
	engine_init(&scene.e, scene.f);
	scene.config = fixture_file("test_config");
	key = fixture_file("user_ed25519");
	known = fixture_file("known_hosts");
	file = fopen(scene.config, "w");
	assert_non_null(file);
	(void)fprintf(file,
	    "%s\nHost *\n Port %u\n User %s\n IdentityFile %s\n"
	    " UserKnownHostsFile %s\n",
	    lines, sshd_fleet_port(scene.f), sshd_fleet_user(scene.f), key,
	    known);
	assert_int_equal(fclose(file), 0);
	free(key);
	free(known);
	scene.e.options.ssh_config = scene.config;
	scene.e.options.user = NULL;
	scene.e.options.port = 0;
	scene.e.options.n_known_hosts = 0;
	scene.e.options.n_identities = 0;
	scene.e.options.no_env_files = false;
}

static void
add(const char *hosts)
{
	struct muster_error err = {.code = MUSTER_ERR_NONE};

	if (scene.e.m == NULL)
		engine_open(&scene.e);
	if (muster_add_hosts(scene.e.m, hosts, &err) != 0)
		fail_msg("%s", err.text);
}

static int
teardown(void **state)
{
	(void)state;
	engine_clear(&scene.e);
	memset(&scene.e, 0, sizeof(scene.e));
	free(scene.config);
	scene.config = NULL;
	return 0;
}

static void
assert_text(size_t host, const char *part)
{
	const char *text = engine_result(&scene.e, host)->text;

	if (strstr(text, part) == NULL)
		fail_msg("'%s' is not in: %s", part, text);
}

/* ---- ProxyCommand ---- */

/* The host "box", which is server 1, by this program. "NC" in it stands for
 * one that connects to its address. */
static void
open_proxied(const char *command, const char *more)
{
	char *lines, *wanted = mem_strdup(command);
	char *nc = strstr(wanted, "NC");
	const char *host;

	if (scene.f == NULL)
		skip();
	host = sshd_fleet_host(scene.f, 1);
	if (nc != NULL) {
		char *ssh_config = fixture_file("ssh_config");

		*nc = '\0';
		lines = mem_printf("%sssh -F %s -W %s:%u %s%s", wanted,
		    ssh_config, host, sshd_fleet_port(scene.f),
		    sshd_fleet_host(scene.f, 0), nc + 2);
		free(ssh_config);
		free(wanted);
		wanted = lines;
	}
	lines = mem_printf("Host box\n%s\n HostName %s\n ProxyCommand %s\n",
	    more, host, wanted);
	open_with(lines);
	free(lines);
	free(wanted);
}

static void
run_proxied(const char *command, const char *expected)
{
	open_proxied(command, "");
	add("box");
	engine_run(&scene.e, "echo here");
	engine_assert_end(&scene.e, 0, expected);
}

static void
test_a_program_is_the_way(void **state)
{
	unsigned before;

	(void)state;
	if (scene.f == NULL)
		skip();
	before = sshd_fleet_n_accepted(scene.f, 0);
	run_proxied("NC", "EXIT 0");
	engine_assert_out(&scene.e, 0, "here\n", 5);
	assert_int_equal(sshd_fleet_n_accepted(scene.f, 0), before + 1);
}

static void
test_no_name_is_looked_up_for_a_program(void **state)
{
	(void)state;
	open_proxied(
	    "NC", " HostName no.such.invalid\n StrictHostKeyChecking no");
	add("box");
	engine_run(&scene.e, "true");
	engine_assert_end(&scene.e, 0, "EXIT 0");
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
	add("box");
	engine_start(&scene.e, &c);
	engine_gather(&scene.e, 1);
	engine_assert_end(&scene.e, 0, "EXIT 0");
	engine_assert_out(&scene.e, 0, input, len);
	free(input);
}

static void
test_a_program_that_fails_says_why(void **state)
{
	(void)state;
	run_proxied("sh -c 'echo no way >&2; exit 3'", "JUMP_FAIL");
	assert_text(0, "ProxyCommand exited with 3: no way");
}

static void
test_a_program_that_is_not_there_is_told(void **state)
{
	(void)state;
	run_proxied("/nowhere/program %h", "JUMP_FAIL");
	assert_text(0, "ProxyCommand exited with 127");
}

static void
test_a_program_that_is_killed_is_told(void **state)
{
	(void)state;
	run_proxied("sh -c 'kill -9 $$'", "JUMP_FAIL");
	assert_text(0, "ProxyCommand was killed by signal 9");
}

static void
test_a_dash_is_refused(void **state)
{
	struct muster_error err;

	(void)state;
	open_proxied("-", "");
	engine_open(&scene.e);
	assert_int_equal(muster_add_hosts(scene.e.m, "box", &err), -1);
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

	if (scene.f == NULL)
		skip();
	path = fixture_file("proxy.pid");
	command = mem_printf("sh -c 'echo $$ > %s; %s'", path, shell);
	open_proxied(command, "");
	scene.e.options.banner_timeout_ms = 300;
	add("box");
	engine_run(&scene.e, "true");
	engine_assert_end(&scene.e, 0, "BANNER_TIMEOUT");
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
	if (scene.f == NULL)
		skip();
	path = fixture_file("proxy.pid");
	command = mem_printf("sh -c 'echo $$ > %s; exec NC'", path);
	open_proxied(command, "");
	add("box");
	engine_start(&scene.e, &c);
	engine_await(&scene.e, 0, "partial");
	assert_int_equal(kill(read_pid(path), SIGKILL), 0);
	engine_gather(&scene.e, 1);
	engine_assert_end(&scene.e, 0, "LOST");
	assert_text(0, "ProxyCommand was killed by signal 9");
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
	(void)teardown(NULL);
	before = n_descriptors();
	for (size_t i = 0; i < 9; i++) {
		run_proxied(
		    commands[i % 3], i % 3 == 0 ? "EXIT 0" : "JUMP_FAIL");
		(void)teardown(NULL);
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
	struct muster_error err = {.code = MUSTER_ERR_NONE};

	(void)state;
	if (sshd_path() == NULL) {
		print_message("# skipped: no sshd here\n");
		return 0;
	}
	scene.f = sshd_fleet_new(N_SERVERS, NULL, &err);
	return scene.f == NULL ? -1 : 0;
}

static int
teardown_all(void **state)
{
	(void)state;
	sshd_fleet_free(scene.f);
	return 0;
}

#define TEST(fn) cmocka_unit_test_teardown(fn, teardown)

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
