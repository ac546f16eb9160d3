/*
 * test_login.c -- keys, agents and host keys against real sshds.
 *
 * Room: tests.  May touch: engine.h, fixture/sshd.h.
 */
#include "config.h"

#include "base/mem.h"
#include "engine.h"
#include "fixture/sshd.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define N_SERVERS 2

struct scene {
	struct sshd_fleet *f;
	struct engine e;
};

static struct scene scene;

static void
open_scene(void)
{
	if (scene.f == NULL)
		skip();
	engine_init(&scene.e, scene.f);
}

static int
teardown(void **state)
{
	(void)state;
	engine_clear(&scene.e);
	return 0;
}

static void
test_a_wrong_key_is_denied(void **state)
{
	(void)state;
	open_scene();
	free((void *)(uintptr_t)scene.e.identity);
	scene.e.identity = mem_strdup(sshd_fleet_file(scene.f, "host_ed25519"));
	engine_open(&scene.e);
	engine_add(&scene.e, scene.f, 0);
	engine_run(&scene.e, "true");
	engine_assert_end(&scene.e, 0, "AUTH_DENIED");
}

static void
test_keys_of_all_types_log_in(void **state)
{
	static const char *const keys[] = {"user_ecdsa", "user_rsa"};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		open_scene();
		free((void *)(uintptr_t)scene.e.identity);
		scene.e.identity =
		    mem_strdup(sshd_fleet_file(scene.f, keys[i]));
		engine_open(&scene.e);
		engine_add(&scene.e, scene.f, 0);
		engine_run(&scene.e, "true");
		engine_assert_end(&scene.e, 0, "EXIT 0");
		(void)teardown(NULL);
	}
	open_scene();
}

/* A real ssh-agent with these keys of the fixture. */
static pid_t
start_agent(const char *socket_path, const char *keys)
{
	char *add;
	pid_t pid = fork();

	if (pid == 0) {
		(void)!freopen("/dev/null", "w", stdout);
		(void)execlp("ssh-agent", "ssh-agent", "-D", "-a", socket_path,
		    (char *)NULL);
		_exit(127);
	}
	while (access(socket_path, F_OK) != 0)
		(void)usleep(1000);
	add = mem_printf(
	    "cd %s/.. && chmod 600 %s && SSH_AUTH_SOCK=%s ssh-add -q %s",
	    sshd_fleet_file(scene.f, "home"), keys, socket_path, keys);
	assert_int_equal(system(add), 0);
	free(add);
	return pid;
}

static void
test_an_agent_logs_in(void **state)
{
	static const char *const keys[] = {
	    "user_ed25519", "user_ecdsa", "user_rsa", "host_rsa user_rsa"};

	(void)state;
	if (scene.f == NULL)
		skip();
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		char *path = mem_strdup(sshd_fleet_file(scene.f, "agent"));
		pid_t agent = start_agent(path, keys[i]);

		open_scene();
		scene.e.options.n_identities = 0;
		scene.e.options.no_env_files = true;
		scene.e.options.agent_path = path;
		engine_open(&scene.e);
		engine_add(&scene.e, scene.f, 0);
		engine_add(&scene.e, scene.f, 1);
		engine_run(&scene.e, "true");
		engine_assert_end(&scene.e, 0, "EXIT 0");
		engine_assert_end(&scene.e, 1, "EXIT 0");
		(void)teardown(NULL);
		(void)kill(agent, SIGTERM);
		assert_int_equal(waitpid(agent, NULL, 0), agent);
		(void)unlink(path);
		free(path);
	}
}

static void
test_no_agent_is_said_so(void **state)
{
	(void)state;
	open_scene();
	scene.e.options.n_identities = 0;
	scene.e.options.no_env_files = true;
	scene.e.options.agent_path = "/nonexistent/agent";
	engine_open(&scene.e);
	engine_add(&scene.e, scene.f, 0);
	engine_run(&scene.e, "true");
	engine_assert_end(&scene.e, 0, "AUTH_AGENT");
	assert_non_null(
	    strstr(engine_result(&scene.e, 0)->text, "/nonexistent/agent"));
}

/* Runs with a known_hosts of these lines. */
static void
run_with_known_hosts(const char *text, const char *expected)
{
	char *path = mem_strdup(sshd_fleet_file(scene.f, "known_hosts.test"));
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
	open_scene();
	free((void *)(uintptr_t)scene.e.known_hosts);
	scene.e.known_hosts = path;
	engine_open(&scene.e);
	engine_add(&scene.e, scene.f, 0);
	engine_run(&scene.e, "true");
	engine_assert_end(&scene.e, 0, expected);
}

static void
test_an_unknown_host_key_is_refused(void **state)
{
	(void)state;
	if (scene.f == NULL)
		skip();
	run_with_known_hosts("", "HK_UNKNOWN");
}

/* The line of known_hosts for the key in a file of the fixture's. */
static char *
known_line(const char *marker, const char *key)
{
	FILE *file = fopen(sshd_fleet_file(scene.f, key), "r");
	char text[2048];

	assert_non_null(file);
	assert_non_null(fgets(text, sizeof(text), file));
	(void)fclose(file);
	return mem_printf("%s[%s]:%u %s", marker, sshd_fleet_host(scene.f, 0),
	    sshd_fleet_port(scene.f), text);
}

/* C3: the server has three keys; that of the known type is asked for. */
static void
test_the_key_that_is_known_is_asked_for(void **state)
{
	static const char *const keys[] = {
	    "host_ecdsa.pub", "host_ed25519.pub"};

	(void)state;
	if (scene.f == NULL)
		skip();
	for (size_t i = 0; i < 2; i++) {
		char *line = known_line("", keys[i]);

		run_with_known_hosts(line, "EXIT 0");
		free(line);
		(void)teardown(NULL);
	}
	open_scene();
}

/* C4: whatever else says that it is right. */
static void
test_a_revoked_host_key_is_refused(void **state)
{
	char *revoked, *known, *both;

	(void)state;
	if (scene.f == NULL)
		skip();
	revoked = known_line("@revoked ", "host_ed25519.pub");
	known = known_line("", "host_ed25519.pub");
	both = mem_printf("%s%s", known, revoked);
	run_with_known_hosts(both, "HK_REVOKED");
	free(revoked);
	free(known);
	free(both);
}

/* An authority that is revoked: it vouches for nobody, and for no plain key
 * otherwise. */
static void
test_a_revoked_authority_vouches_for_nobody(void **state)
{
	char *authority, *revoked, *both;

	(void)state;
	if (scene.f == NULL)
		skip();
	authority = known_line("@cert-authority ", "host_rsa.pub");
	revoked = known_line("@revoked ", "host_rsa.pub");
	both = mem_printf("%s%s", authority, revoked);
	run_with_known_hosts(both, "HK_UNKNOWN");
	free(authority);
	free(revoked);
	free(both);
}

static void
test_a_changed_host_key_is_refused(void **state)
{
	char line[256];

	(void)state;
	if (scene.f == NULL)
		skip();
	(void)snprintf(line, sizeof(line),
	    "[%s]:%u ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBnrTw5kpSl0aBbI7bmK"
	    "qGkmJd1wCp3LbQWJb4cFsyQj\n",
	    sshd_fleet_host(scene.f, 0), sshd_fleet_port(scene.f));
	run_with_known_hosts(line, "HK_CHANGED");
}

static int
setup_all(void **state)
{
	struct muster_error err = {0};

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
	    TEST(test_a_wrong_key_is_denied),
	    TEST(test_keys_of_all_types_log_in),
	    TEST(test_an_agent_logs_in),
	    TEST(test_no_agent_is_said_so),
	    TEST(test_an_unknown_host_key_is_refused),
	    TEST(test_the_key_that_is_known_is_asked_for),
	    TEST(test_a_revoked_host_key_is_refused),
	    TEST(test_a_revoked_authority_vouches_for_nobody),
	    TEST(test_a_changed_host_key_is_refused),
	};

	return cmocka_run_group_tests(tests, setup_all, teardown_all);
}
