/*
 * test_odd_logins.c -- servers and agents that do at a login what nobody
 * asked for.
 *
 * Room: tests.  May touch: muster.h, fakeagent.h, simfleet.h.
 */
#include "config.h"

#include "base/clock.h"
#include "base/mem.h"
#include "fakeagent.h"
#include "simfleet.h"

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static struct simfleet fleet;
static struct engine engine;

static const char table[] =
    "key[1-3]\n"
    "open auth=none\n"
    "anyone scenario=auth.anyone\n"
    "expired auth=password password=right scenario=auth.pwchange\n"
    "polite scenario=auth.banners@8\n"
    "chatty scenario=auth.banners@10000\n"
    "fails scenario=authfail\n"
    "x11 scenario=open.x11\n"
    "tcpip scenario=open.tcpip\n"
    "agent scenario=open.agent\n";

static void
open_engine(void)
{
	simfleet_engine(&fleet, &engine);
}

static void
run_one(const char *host, const char *expected)
{
	engine_open(&engine);
	(void)simfleet_add(&fleet, &engine, host);
	engine_run(&engine, "echo in");
	engine_assert_end(&engine, 0, expected);
}

static void
assert_noted(const char *part)
{
	if (strstr(buf_str(&engine.notes), part) == NULL)
		fail_msg("'%s' is not in: %s", part, buf_str(&engine.notes));
}

static void
assert_text(size_t host, const char *part)
{
	const char *text = engine_result(&engine, host)->text;

	if (strstr(text, part) == NULL)
		fail_msg("'%s' is not in: %s", part, text);
}

static int
teardown(void **state)
{
	(void)state;
	engine_clear(&engine);
	return 0;
}

/* ---- servers ---- */

/* D1. */
static void
test_a_key_is_shown_once_to_who_refuses_it(void **state)
{
	const struct fleetsim_ledger *l = simfleet_ledger(&fleet, "fails");

	(void)state;
	open_engine();
	run_one("fails", "AUTH_DENIED");
	assert_text(0, "1 key tried, server accepts publickey,password");
	assert_int_equal(l->auth_probe, 0); /* it looks at nothing */
	assert_int_equal(l->auth_publickey, 0);
	assert_int_equal(l->execs, 0);
}

/* D7: nobody was asked who we are. */
static void
test_who_wants_no_login_is_told(void **state)
{
	(void)state;
	open_engine();
	run_one("open", "EXIT 0");
	assert_noted("auth=none");
	engine_assert_out(&engine, 0, "in\n", 3);
}

/* The same where the first key is answered with a yes, unsigned. */
static void
test_who_looks_at_no_signature_is_told(void **state)
{
	(void)state;
	open_engine();
	run_one("anyone", "EXIT 0");
	assert_noted("auth=none");
	assert_int_equal(simfleet_ledger(&fleet, "anyone")->auth_publickey, 0);
}

static void
test_a_login_that_is_one_is_not_told(void **state)
{
	(void)state;
	open_engine();
	run_one("key1", "EXIT 0");
	assert_int_equal(engine.notes.len, 0);
	assert_int_equal(simfleet_ledger(&fleet, "key1")->auth_none, 0);
}

/* D8. */
static void
test_a_password_is_never_changed(void **state)
{
	const struct fleetsim_ledger *l = simfleet_ledger(&fleet, "expired");

	(void)state;
	open_engine();
	engine.options.password = "right";
	run_one("expired", "AUTH_PWCHANGE");
	assert_text(0, "changed");
	assert_int_equal(l->logins, 0);
}

/* D5. */
static void
test_banners_have_an_end(void **state)
{
	(void)state;
	open_engine();
	run_one("polite", "EXIT 0");
	(void)teardown(NULL);
	open_engine();
	run_one("chatty", "LIMIT");
}

/* D18, D19. */
static void
test_channels_that_nobody_asked_for(void **state)
{
	static const char *const names[] = {"x11", "tcpip"};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		open_engine();
		run_one(names[i], "EXIT 0");
		assert_noted("nobody asked for");
		assert_int_equal(
		    simfleet_ledger(&fleet, names[i])->refusals, 1);
		(void)teardown(NULL);
	}
	open_engine();
}

/* libssh2 1.10 does not answer that one at all. */
static void
test_an_agent_that_nobody_forwards(void **state)
{
	(void)state;
	open_engine();
	run_one("agent", "EXIT 0");
	assert_noted("auth-agent");
}

/* ---- agents ---- */

static void
run_with_agent(enum fakeagent_manner manner, const char *expected)
{
	pid_t fake = fakeagent_start("fake", manner);

	open_engine();
	engine.options.n_identities = 0;
	engine.options.no_env_files = true;
	engine.options.agent_path = "fake";
	engine.options.auth_timeout_ms = 2000;
	run_one("key1", expected);
	fakeagent_stop(fake);
}

/* D15, D16: whatever is wrong with the agent, it is said to be the agent. */
static void
test_an_agent_that_fails_is_named(void **state)
{
	static const enum fakeagent_manner manners[] = {FAKEAGENT_HUGE,
	    FAKEAGENT_CLOSE, FAKEAGENT_CUT, FAKEAGENT_REFUSE, FAKEAGENT_GARBAGE,
	    FAKEAGENT_LIES};

	(void)state;
	for (size_t i = 0; i < sizeof(manners) / sizeof(manners[0]); i++) {
		run_with_agent(manners[i], "AUTH_AGENT");
		(void)teardown(NULL);
	}
	open_engine();
}

/* A real agent with the key of the fleet. */
static pid_t
start_agent(void)
{
	char *add;
	pid_t pid = fork();

	if (pid == 0) {
		int null = open("/dev/null", O_WRONLY);

		(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
		(void)dup2(null, 1);
		(void)execlp(
		    "ssh-agent", "ssh-agent", "-D", "-a", "keys.sock", NULL);
		_exit(127);
	}
	while (access("keys.sock", F_OK) != 0)
		(void)usleep(1000);
	add =
	    mem_printf("SSH_AUTH_SOCK=keys.sock ssh-add -q %s", fleet.identity);
	assert_int_equal(system(add), 0);
	free(add);
	return pid;
}

/* D14: what runs goes on; who comes after is not told to be denied. */
static void
test_an_agent_that_dies_in_the_middle(void **state)
{
	pid_t agent = start_agent();
	struct muster_command command = {0};
	char *text, *folder = getcwd(NULL, 0);
	FILE *go;

	(void)state;
	open_engine();
	engine.options.n_identities = 0;
	engine.options.no_env_files = true;
	engine.options.agent_path = "keys.sock";
	engine.options.fanout = 1;
	engine_open(&engine);
	(void)simfleet_add(&fleet, &engine, "key1");
	(void)simfleet_add(&fleet, &engine, "key2");
	text = mem_printf(
	    "echo up; until [ -e %s/go ]; do sleep 0.02; done", folder);
	command.command = text;
	engine_start(&engine, &command);
	engine_await(&engine, 0, "up\n");
	(void)kill(agent, SIGKILL);
	assert_int_equal(waitpid(agent, NULL, 0), agent);
	go = fopen("go", "w");
	assert_non_null(go);
	(void)fclose(go);
	engine_gather(&engine, 2);
	engine_assert_end(&engine, 0, "EXIT 0");
	engine_assert_end(&engine, 1, "AUTH_AGENT");
	assert_int_equal(simfleet_ledger(&fleet, "key2")->execs, 0);
	(void)unlink("keys.sock");
	free(text);
	free(folder);
}

static int
setup_all(void **state)
{
	(void)state;
	simfleet_start(&fleet, table);
	return 0;
}

static int
teardown_all(void **state)
{
	(void)state;
	simfleet_stop(&fleet);
	return 0;
}

#define TEST(fn) cmocka_unit_test_teardown(fn, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(test_a_key_is_shown_once_to_who_refuses_it),
	    TEST(test_who_wants_no_login_is_told),
	    TEST(test_who_looks_at_no_signature_is_told),
	    TEST(test_a_login_that_is_one_is_not_told),
	    TEST(test_a_password_is_never_changed),
	    TEST(test_banners_have_an_end),
	    TEST(test_channels_that_nobody_asked_for),
	    TEST(test_an_agent_that_nobody_forwards),
	    TEST(test_an_agent_that_fails_is_named),
	    TEST(test_an_agent_that_dies_in_the_middle),
	};

	return cmocka_run_group_tests(tests, setup_all, teardown_all);
}
