/*
 * test_forward.c -- the user's ssh-agent forwarded to hosts, on real sshds.
 *
 * Room: tests.  May touch: behind.h, fixture/sshd.h, ssh/library.h.
 */
#include "config.h"

#include "base/mem.h"
#include "behind.h"
#include "fixture/sshd.h"
#include "ssh/library.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static char folder[] = "/tmp/test_forward-XXXXXX";

/* An agent with the key that logs in; the hosts a and b. */
static void
open_hosts(const char *lines)
{
	char *text, *key;

	if (behind.f == NULL)
		skip();
	key = behind_file("user_ed25519");
	behind_shell(
	    mem_printf("eval \"$(ssh-agent -a %s/agent)\" >/dev/null && "
		       "ssh-add -q %s && echo $SSH_AGENT_PID >pid",
		folder, key));
	text = mem_printf("Host a\n HostName %s\nHost b\n HostName %s\n%s\n",
	    sshd_fleet_host(behind.f, 0), sshd_fleet_host(behind.f, 1), lines);
	behind_open(text);
	behind.e.options.agent_path = "agent";
	free(text);
	free(key);
}

static int
teardown(void **state)
{
	(void)behind_teardown(state);
	return system("kill $(cat pid) 2>/dev/null; rm -f pid agent") == -1;
}

static void
test_a_library_that_cannot_says_so(void **state)
{
	struct muster_error err = {.code = MUSTER_ERR_NONE};
	struct muster_options o;
	struct muster *m;

	(void)state;
	muster_options_init(&o);
	o.forward_agent = true;
	o.no_env_files = true;
	m = muster_new(&o, &err);
	assert_true((m != NULL) == library_forwards_agents());
	if (m == NULL) {
		assert_int_equal(err.code, MUSTER_ERR_USAGE);
		assert_non_null(strstr(err.text, "libssh2 1.11 or newer"));
	}
	muster_free(m);
}

static void
test_the_agent_answers_on_the_host(void **state)
{
	(void)state;
	if (!library_forwards_agents())
		return; /* this libssh2 hands out no agent */
	open_hosts("Host a\n ForwardAgent yes\n");
	behind_add("a,b");
	engine_run(&behind.e, "for i in 1 2 3; do ssh-add -l; done");
	engine_assert_end(&behind.e, 0, "EXIT 0");
	assert_non_null(strstr(buf_str(&behind.e.outputs[0].out), "(ED25519)"));
	/* Off unless it is asked for. */
	engine_assert_end(&behind.e, 1, "EXIT 2");
}

/* A command that uses it while it writes and reads much. */
static void
test_output_and_agent_pass_side_by_side(void **state)
{
	const size_t len = 2 * 1000 * 1000;
	char *input = mem_new(len);
	const struct muster_command c = {
	    .command = "(for i in 1 2 3 4 5 6 7 8; do ssh-add -l >&2; done) & "
		       "cat; wait",
	    .input = input,
	    .input_len = len};

	(void)state;
	if (!library_forwards_agents())
		return; /* this libssh2 hands out no agent */
	open_hosts("");
	behind.e.options.forward_agent = true;
	behind_add("a,b");
	engine_start(&behind.e, &c);
	engine_gather(&behind.e, 2);
	for (size_t i = 0; i < 2; i++) {
		const char *at = buf_str(&behind.e.outputs[i].err);
		unsigned n = 0;

		engine_assert_end(&behind.e, i, "EXIT 0");
		engine_assert_out(&behind.e, i, input, len);
		for (; (at = strstr(at, "(ED25519)")) != NULL; at++)
			n++;
		assert_int_equal(n, 8);
	}
	free(input);
}

/* From a host to the next, by the agent alone. */
static void
test_a_host_logs_in_to_another(void **state)
{
	char *command;

	(void)state;
	if (!library_forwards_agents())
		return; /* this libssh2 hands out no agent */
	open_hosts("Host a\n ForwardAgent yes\n");
	behind_add("a");
	command = mem_printf("ssh -F none -o StrictHostKeyChecking=no "
			     "-o UserKnownHostsFile=/dev/null -p %u %s@%s "
			     "echo there",
	    sshd_fleet_port(behind.f), sshd_fleet_user(behind.f),
	    sshd_fleet_host(behind.f, 1));
	engine_run(&behind.e, command);
	engine_assert_end(&behind.e, 0, "EXIT 0");
	engine_assert_out(&behind.e, 0, "there\n", 6);
	free(command);
}

static void
test_an_agent_that_is_gone_hangs_nobody(void **state)
{
	(void)state;
	if (!library_forwards_agents())
		return; /* this libssh2 hands out no agent */
	open_hosts("Host a\n ForwardAgent yes\n");
	behind_shell(mem_printf("kill $(cat pid)"));
	behind_add("a");
	engine_run(&behind.e, "ssh-add -l; true");
	engine_assert_end(&behind.e, 0, "EXIT 0");
}

static int
setup_all(void **state)
{
	(void)state;
	if (mkdtemp(folder) == NULL || chdir(folder) != 0)
		return -1;
	return behind_begin(2, NULL);
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
	    TEST(test_a_library_that_cannot_says_so),
	    TEST(test_the_agent_answers_on_the_host),
	    TEST(test_output_and_agent_pass_side_by_side),
	    TEST(test_a_host_logs_in_to_another),
	    TEST(test_an_agent_that_is_gone_hangs_nobody),
	};

	return cmocka_run_group_tests(tests, setup_all, teardown_all);
}
