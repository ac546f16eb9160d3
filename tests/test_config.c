/*
 * test_config.c -- hosts reached as ssh_config(5) says, on real sshds.
 *
 * Room: tests.  May touch: engine.h, fixture/sshd.h.
 */
#include "config.h"

#include "base/mem.h"
#include "engine.h"
#include "fixture/sshd.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

struct scene {
	struct sshd_fleet *f;
	struct engine e;
	char *config; /* owned; the path of the ssh_config */
};

static struct scene scene;

/* Writes `text` to a file of the fixture's folder. Returns its path. */
static char *
write_file(const char *name, const char *text)
{
	char *path = mem_strdup(sshd_fleet_file(scene.f, name));
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
	return path;
}

/* A fleet that knows nothing but an ssh_config: these lines for the host
 * "box", which is server 0. */
static void
open_with(const char *lines)
{
	char *text;

	if (scene.f == NULL)
		skip();
	text = mem_printf("Host box\n HostName %s\n Port %u\n User %s\n%s\n",
	    sshd_fleet_host(scene.f, 0), sshd_fleet_port(scene.f),
	    sshd_fleet_user(scene.f), lines);
	engine_init(&scene.e, scene.f);
	scene.config = write_file("test_config", text);
	free(text);
	scene.e.options.ssh_config = scene.config;
	scene.e.options.user = NULL;
	scene.e.options.port = 0;
	scene.e.options.n_known_hosts = 0;
	scene.e.options.n_identities = 0;
	scene.e.options.no_env_files = false;
}

/* The lines that name the fixture's key and known_hosts. */
static char *
good_lines(const char *more)
{
	char *key, *lines;

	if (scene.f == NULL)
		skip();
	key = mem_strdup(sshd_fleet_file(scene.f, "user_ed25519"));
	lines = mem_printf(" IdentityFile %s\n UserKnownHostsFile %s\n%s\n",
	    key, sshd_fleet_file(scene.f, "known_hosts"), more);
	free(key);
	return lines;
}

static void
add_and_run(const char *name, const char *expected)
{
	struct muster_error err = {.code = MUSTER_ERR_NONE};

	engine_open(&scene.e);
	if (muster_add_hosts(scene.e.m, name, &err) != 0)
		fail_msg("%s", err.text);
	engine_run(&scene.e, "echo $SSH_CONNECTION");
	engine_assert_end(&scene.e, 0, expected);
}

static void
run_with(const char *more, const char *expected)
{
	char *lines = good_lines(more);

	open_with(lines);
	free(lines);
	add_and_run("box", expected);
}

static int
teardown(void **state)
{
	(void)state;
	engine_clear(&scene.e);
	free(scene.config);
	scene.config = NULL;
	return 0;
}

static void
test_a_host_is_reached_by_its_config_alone(void **state)
{
	(void)state;
	run_with("", "EXIT 0");
	assert_string_equal(muster_host_name(scene.e.m, 0), "box");
}

static void
test_options_come_before_files(void **state)
{
	static const char *const options[] = {"Port=1"};
	char *lines = good_lines("");

	(void)state;
	open_with(lines);
	free(lines);
	scene.e.options.ssh_options = options;
	scene.e.options.n_ssh_options = 1;
	add_and_run("box", "CONN_REFUSED");
}

static void
test_the_address_to_come_from_is_honoured(void **state)
{
	(void)state;
	run_with(" BindAddress 127.9.8.7\n", "EXIT 0");
	assert_non_null(strstr(buf_str(&scene.e.outputs[0].out), "127.9.8.7 "));
}

static void
test_an_alias_names_the_key(void **state)
{
	(void)state;
	run_with(" HostKeyAlias elsewhere\n", "HK_UNKNOWN");
}

static void
run_again_with(const char *more, const char *expected)
{
	(void)teardown(NULL);
	run_with(more, expected);
}

static void
test_keys_are_offered_where_they_may_be(void **state)
{
	(void)state;
	run_with(" PubkeyAuthentication no", "AUTH_NO_METHOD");
	run_again_with(" PreferredAuthentications password", "AUTH_NO_METHOD");
	run_again_with(
	    " PreferredAuthentications gssapi-with-mic,publickey", "EXIT 0");
	(void)teardown(NULL);
	/* Not the ones of the command line either. */
	open_with(" PubkeyAuthentication no");
	scene.e.options.n_identities = 1;
	scene.e.options.n_known_hosts = 1;
	add_and_run("box", "AUTH_NO_METHOD");
}

static void
test_one_may_knock_more_than_once(void **state)
{
	(void)state;
	open_with(" Port 1\n ConnectionAttempts 2");
	scene.e.options.port = 1;
	add_and_run("box", "CONN_REFUSED");
	assert_int_equal(engine_result(&scene.e, 0)->attempts, 2);
}

static void
test_algorithms_are_chosen(void **state)
{
	(void)state;
	run_with(" Ciphers aes256-ctr\n MACs hmac-sha2-512\n"
		 " KexAlgorithms ecdh-sha2-nistp384\n"
		 " HostKeyAlgorithms ecdsa-sha2-nistp256\n",
	    "EXIT 0");
}

/* A new key is written down once, and then holds. */
static void
test_a_new_key_is_accepted_and_kept(void **state)
{
	char *known, *key, *lines;

	(void)state;
	if (scene.f == NULL)
		skip();
	key = mem_strdup(sshd_fleet_file(scene.f, "user_ed25519"));
	known = mem_strdup(sshd_fleet_file(scene.f, "known_hosts.new"));
	for (unsigned round = 0; round < 2; round++) {
		lines = mem_printf(" IdentityFile %s\n UserKnownHostsFile %s\n"
				   " StrictHostKeyChecking %s\n",
		    key, known, round == 0 ? "accept-new" : "yes");
		open_with(lines);
		free(lines);
		add_and_run("box", "EXIT 0");
		assert_int_equal(access(known, F_OK), 0);
		(void)teardown(NULL);
	}
	free(key);
	free(known);
}

/* Runs with one line of known_hosts that has another key for the host. */
static void
run_changed(const char *policy, const char *expected)
{
	char *lines, *key, *known, *line;

	if (scene.f == NULL)
		skip();
	line = mem_printf("[%s]:%u ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBnrTw5"
			  "kpSl0aBbI7bmKqGkmJd1wCp3LbQWJb4cFsyQj\n",
	    sshd_fleet_host(scene.f, 0), sshd_fleet_port(scene.f));
	known = write_file("known_hosts.changed", line);
	key = mem_strdup(sshd_fleet_file(scene.f, "user_ed25519"));
	lines = mem_printf(" IdentityFile %s\n UserKnownHostsFile %s\n"
			   " StrictHostKeyChecking %s\n",
	    key, known, policy);
	open_with(lines);
	free(lines);
	free(key);
	free(known);
	free(line);
	add_and_run("box", expected);
}

static void
test_a_changed_key_is_never_new(void **state)
{
	(void)state;
	run_changed("accept-new", "HK_CHANGED");
}

static void
test_off_is_for_one_host_by_its_own_file(void **state)
{
	(void)state;
	run_changed("no", "EXIT 0");
}

static void
test_off_for_the_whole_fleet_takes_no_changed_key(void **state)
{
	static const char *const options[] = {"StrictHostKeyChecking=no"};

	(void)state;
	if (scene.f == NULL)
		skip();
	engine_init(&scene.e, scene.f);
	scene.e.options.ssh_options = options;
	scene.e.options.n_ssh_options = 1;
	free((void *)(uintptr_t)scene.e.known_hosts);
	scene.e.known_hosts =
	    mem_strdup(sshd_fleet_file(scene.f, "known_hosts.changed"));
	engine_open(&scene.e);
	engine_add(&scene.e, scene.f, 0);
	engine_run(&scene.e, "true");
	engine_assert_end(&scene.e, 0, "HK_CHANGED");
}

static void
test_a_broken_config_stops_before_anything_is_contacted(void **state)
{
	struct muster_error err;

	(void)state;
	open_with(" NoSuchKeyword yes\n");
	engine_open(&scene.e);
	assert_int_equal(muster_add_hosts(scene.e.m, "box", &err), -1);
	assert_int_equal(muster_n_hosts(scene.e.m), 0);
	assert_int_equal(err.code, MUSTER_ERR_SYNTAX);
	assert_non_null(strstr(err.text, "test_config:5"));
	if (strstr(err.text, "nosuchkeyword") == NULL)
		fail_msg("%s", err.text);
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
	scene.f = sshd_fleet_new(1, NULL, &err);
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
	    TEST(test_a_host_is_reached_by_its_config_alone),
	    TEST(test_options_come_before_files),
	    TEST(test_the_address_to_come_from_is_honoured),
	    TEST(test_an_alias_names_the_key),
	    TEST(test_algorithms_are_chosen),
	    TEST(test_keys_are_offered_where_they_may_be),
	    TEST(test_one_may_knock_more_than_once),
	    TEST(test_a_new_key_is_accepted_and_kept),
	    TEST(test_a_changed_key_is_never_new),
	    TEST(test_off_is_for_one_host_by_its_own_file),
	    TEST(test_off_for_the_whole_fleet_takes_no_changed_key),
	    TEST(test_a_broken_config_stops_before_anything_is_contacted),
	};

	return cmocka_run_group_tests(tests, setup_all, teardown_all);
}
