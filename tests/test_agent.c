/*
 * test_agent.c -- the ssh-agent client against real and bad agents.
 *
 * Room: tests.  May touch: engine/base, engine/crypto, engine/ssh, tests.
 */
#include "config.h"

#include "base/buf.h"
#include "base/err.h"
#include "crypto/key.h"
#include "ssh/agent.h"
#include "ssh/loop.h"
#include "tests/fakeagent.h"
#include "tests/keymaker.h"
#include "tests/scratch.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define N(array) (sizeof(array) / sizeof((array)[0]))
#define SOON_MS 300   /* the deadline where one is waited for */
#define LATE_MS 20000 /* the deadline where none should pass */
#define GIVE_UP_S 60  /* a test that hangs is killed */

struct scene {
	struct loop *loop;
	struct agent *agent;
	pid_t fake;
	int n_done;
	int n_failed;
	char text[MUSTER_ERROR_MAX]; /* of the last error */
	size_t n_keys;               /* of the last list */
	const struct agent_key *keys;
	char algorithm[AGENT_ALGORITHM_BYTES];
	uint8_t signature[2000]; /* the last one */
	size_t len;
	struct agent_request *victim; /* cancelled by the next callback */
};

static void
scene_start(struct scene *s, const char *path, uint32_t timeout_ms)
{
	memset(s, 0, sizeof(*s));
	alarm(GIVE_UP_S);
	s->loop = loop_new(NULL);
	assert_non_null(s->loop);
	s->agent = agent_new(s->loop, path, timeout_ms);
}

static void
scene_fake(struct scene *s, enum fakeagent_manner manner, uint32_t timeout_ms)
{
	pid_t fake = fakeagent_start("fake", manner);

	scene_start(s, "fake", timeout_ms);
	s->fake = fake;
}

static void
scene_end(struct scene *s)
{
	agent_free(s->agent);
	loop_free(s->loop);
	if (s->fake > 0)
		fakeagent_stop(s->fake);
	alarm(0);
}

static void
note_error(struct scene *s, const struct muster_error *err)
{
	assert_int_equal(err->code, MUSTER_ERR_AGENT);
	s->n_failed++;
	snprintf(s->text, sizeof(s->text), "%s", err->text);
}

static void
note_done(struct scene *s)
{
	s->n_done++;
	if (s->victim != NULL)
		agent_cancel(s->victim);
	s->victim = NULL;
}

static void
on_keys(void *arg, const struct agent_key *keys, size_t n,
    const struct muster_error *err)
{
	struct scene *s = arg;

	if (err != NULL) {
		assert_null(keys);
		note_error(s, err);
	}
	s->keys = keys;
	s->n_keys = n;
	note_done(s);
}

static void
on_signature(void *arg, const struct agent_signature *sig,
    const struct muster_error *err)
{
	struct scene *s = arg;

	if (err != NULL) {
		assert_null(sig);
		note_error(s, err);
	} else {
		assert_true(sig->len <= sizeof(s->signature));
		memcpy(s->signature, sig->bytes, sig->len);
		s->len = sig->len;
		snprintf(
		    s->algorithm, sizeof(s->algorithm), "%s", sig->algorithm);
	}
	note_done(s);
}

static struct agent_request *
ask_signature(struct scene *s, const void *blob, size_t len, uint32_t flags)
{
	const struct agent_wish wish = {blob, len, "message", 7, flags};

	return agent_sign(s->agent, &wish, on_signature, s);
}

/* Runs the loop until `n` answers have come in all. */
static void
wait_for(struct scene *s, int n)
{
	while (s->n_done < n)
		loop_turn(s->loop, true);
	assert_int_equal(s->n_done, n);
}

/* ---- a real agent ---- */

/* Starts ssh-agent with the keys in its arguments; it ends with the test.
 * Returns its process, or 0 when there is none. */
static pid_t
start_real(const char *keys)
{
	uint32_t pid = 0;
	char *text;

	if (!scratch_has("ssh-agent") || !scratch_has("ssh-add"))
		return 0;
	text = scratch_output(
	    "ssh-agent -s -a real | sed -n 's/.*SSH_AGENT_PID=\\([0-9]*\\).*/"
	    "\\1/p'");
	pid = (uint32_t)strtoul(text, NULL, 10);
	free(text);
	assert_true(pid > 0);
	assert_int_equal(
	    scratch_run("SSH_AUTH_SOCK=real ssh-add -q %s", keys), 0);
	return (pid_t)pid;
}

static void
stop_real(pid_t pid)
{
	(void)kill(pid, SIGTERM);
	unlink("real");
}

static void
test_a_real_agent_lists_and_signs(void **state)
{
	struct scene s;
	pid_t pid;

	(void)state;
	if (!scratch_has("ssh-keygen"))
		skip();
	keymaker_make("ed", "-t ed25519", "");
	keymaker_make("rsa", "-t rsa -b 2048", "");
	pid = start_real("ed rsa");
	if (pid == 0)
		skip();
	scene_start(&s, "real", LATE_MS);
	agent_list(s.agent, on_keys, &s);
	assert_int_equal(s.n_done, 0);
	wait_for(&s, 1);
	assert_int_equal(s.n_keys, 2);
	assert_string_equal(s.keys[0].type, "ssh-ed25519");
	assert_string_equal(s.keys[0].comment, "a comment");
	assert_string_equal(s.keys[1].type, "ssh-rsa");

	/* ed25519 signatures are the same each time. */
	struct key *k = keymaker_read("ed", "");
	struct buf expected;
	buf_init(&expected, 1000);
	assert_int_equal(
	    key_sign(k, "ssh-ed25519", "message", 7, &expected, NULL), 0);
	ask_signature(&s, s.keys[0].blob, s.keys[0].len, 0);
	wait_for(&s, 2);
	assert_string_equal(s.algorithm, "ssh-ed25519");
	assert_int_equal(s.len, expected.len);
	assert_memory_equal(s.signature, buf_data(&expected), s.len);
	buf_clear(&expected);
	key_free(k);

	/* And so are those of RSA, with the hash that was asked for. */
	k = keymaker_read("rsa", "");
	buf_init(&expected, 1000);
	assert_int_equal(
	    key_sign(k, "rsa-sha2-512", "message", 7, &expected, NULL), 0);
	ask_signature(&s, s.keys[1].blob, s.keys[1].len, AGENT_RSA_SHA2_512);
	wait_for(&s, 3);
	assert_string_equal(s.algorithm, "rsa-sha2-512");
	assert_memory_equal(s.signature, buf_data(&expected), s.len);
	ask_signature(&s, s.keys[1].blob, s.keys[1].len, AGENT_RSA_SHA2_256);
	wait_for(&s, 4);
	assert_string_equal(s.algorithm, "rsa-sha2-256");
	buf_clear(&expected);
	key_free(k);

	/* A key that it has not is a refusal of that request alone. */
	ask_signature(&s, "\0\0\0\13ssh-ed25519", 15, 0);
	ask_signature(&s, s.keys[0].blob, s.keys[0].len, 0);
	wait_for(&s, 6);
	assert_int_equal(s.n_failed, 1);
	assert_non_null(strstr(s.text, "the agent refused to sign with"));
	scene_end(&s);
	stop_real(pid);
}

static void
test_a_hundred_signatures_are_made_in_turn(void **state)
{
	struct scene s;
	pid_t pid;

	(void)state;
	if (!scratch_has("ssh-keygen"))
		skip();
	keymaker_make("ed", "-t ed25519", "");
	pid = start_real("ed");
	if (pid == 0)
		skip();
	scene_start(&s, "real", LATE_MS);
	agent_list(s.agent, on_keys, &s);
	wait_for(&s, 1);
	for (int i = 0; i < 100; i++)
		ask_signature(&s, s.keys[0].blob, s.keys[0].len, 0);
	wait_for(&s, 101);
	assert_int_equal(s.n_failed, 0);
	scene_end(&s);
	stop_real(pid);
}

static void
test_an_agent_that_dies_fails_the_rest(void **state)
{
	struct scene s;
	pid_t pid;

	(void)state;
	if (!scratch_has("ssh-keygen"))
		skip();
	keymaker_make("ed", "-t ed25519", "");
	pid = start_real("ed");
	if (pid == 0)
		skip();
	scene_start(&s, "real", LATE_MS);
	agent_list(s.agent, on_keys, &s);
	ask_signature(&s, "\0\0\0\13ssh-ed25519", 15, 0);
	wait_for(&s, 2);
	stop_real(pid);
	for (int i = 0; i < 10; i++)
		ask_signature(&s, s.keys[0].blob, s.keys[0].len, 0);
	wait_for(&s, 12);
	/* Some may have been signed before it died. */
	ask_signature(&s, "x", 1, 0);
	wait_for(&s, 13);
	assert_true(s.n_failed >= 2);
	assert_non_null(strstr(s.text, "the agent at 'real'"));
	scene_end(&s);
}

/* ---- fake agents ---- */

/* What comes of a list and a signature then, by the manner of the agent. */
static const struct {
	enum fakeagent_manner manner;
	uint32_t timeout_ms;
	int n_failed; /* of the two */
	const char *text;
} manners[] = {
    {FAKEAGENT_GOOD, LATE_MS, 0, ""},
    {FAKEAGENT_DRIP, LATE_MS, 0, ""},
    {FAKEAGENT_ONE_EACH, LATE_MS, 0, ""},
    {FAKEAGENT_MANY, LATE_MS, 0, ""},
    {FAKEAGENT_HANG, SOON_MS, 2,
	"the agent at 'fake' gave no answer for 0.3 seconds"},
    {FAKEAGENT_DEAF, SOON_MS, 2,
	"the agent at 'fake' gave no answer for 0.3 seconds"},
    {FAKEAGENT_HANG_LATER, SOON_MS, 1,
	"the agent at 'fake' gave no answer for 0.3 seconds"},
    {FAKEAGENT_HUGE, LATE_MS, 2,
	"the agent at 'fake' sent an answer of 4294967295 bytes"},
    {FAKEAGENT_CLOSE, LATE_MS, 2, "the agent at 'fake' closed the connection"},
    {FAKEAGENT_CUT, LATE_MS, 2, "the agent at 'fake' closed the connection"},
    {FAKEAGENT_GARBAGE, LATE_MS, 2,
	"the agent at 'fake' sent a list of keys that makes no sense"},
    {FAKEAGENT_LIES, LATE_MS, 2,
	"the agent at 'fake' sent a list of keys that makes no sense"},
    {FAKEAGENT_TALKATIVE, LATE_MS, 1,
	"the agent at 'fake' spoke without being asked"},
    {FAKEAGENT_REFUSE, LATE_MS, 2,
	"the agent refused to sign with the key "
	"SHA256:LXEWQrcmsEQBYnyp+6wy9chTD7GQPMTbAiWHF5IaSIE"},
};

static void
test_every_manner_of_agent_ends_cleanly(void **state)
{
	struct scene s;

	(void)state;
	for (size_t i = 0; i < N(manners); i++) {
		scene_fake(&s, manners[i].manner, manners[i].timeout_ms);
		agent_list(s.agent, on_keys, &s);
		ask_signature(&s, "x", 1, 0);
		wait_for(&s, 2);
		if (s.n_failed != manners[i].n_failed ||
		    strncmp(s.text, manners[i].text, strlen(manners[i].text)) !=
			0)
			fail_msg("manner %u: %d failed, '%s'",
			    manners[i].manner, s.n_failed, s.text);
		if (s.n_failed == 0) {
			assert_int_equal(s.len, 64);
			assert_int_equal(s.signature[63], 7);
		}
		/* And later requests have an end, too. */
		agent_list(s.agent, on_keys, &s);
		wait_for(&s, 3);
		scene_end(&s);
	}
}

static void
test_nonsense_for_a_signature_fails_all(void **state)
{
	struct scene s;

	(void)state;
	scene_fake(&s, FAKEAGENT_LIES, LATE_MS);
	ask_signature(&s, "x", 1, 0);
	ask_signature(&s, "x", 1, 0);
	wait_for(&s, 2);
	assert_int_equal(s.n_failed, 2);
	assert_string_equal(
	    s.text, "the agent at 'fake' sent a signature that makes no sense");
	scene_end(&s);
}

static void
test_keys_are_listed_once_and_kept(void **state)
{
	struct scene s;

	(void)state;
	scene_fake(&s, FAKEAGENT_GOOD, LATE_MS);
	agent_list(s.agent, on_keys, &s);
	agent_list(s.agent, on_keys, &s);
	wait_for(&s, 2);
	assert_int_equal(s.n_failed, 0);
	fakeagent_stop(s.fake);
	s.fake = 0;
	agent_list(s.agent, on_keys, &s);
	wait_for(&s, 3);
	assert_int_equal(s.n_failed, 0);
	assert_int_equal(s.n_keys, 1);
	assert_string_equal(s.keys[0].comment, "fake");
	scene_end(&s);
}

static void
test_of_many_keys_a_thousand_are_kept(void **state)
{
	struct scene s;

	(void)state;
	scene_fake(&s, FAKEAGENT_MANY, LATE_MS);
	agent_list(s.agent, on_keys, &s);
	wait_for(&s, 1);
	assert_int_equal(s.n_keys, 1000);
	assert_string_equal(s.keys[999].type, "ssh-ed25519");
	scene_end(&s);
}

static void
test_no_agent_fails_from_the_loop_only(void **state)
{
	static const struct {
		const char *path;
		const char *text;
	} rows[] = {
	    {NULL, "there is no agent: SSH_AUTH_SOCK is not set"},
	    {"", "there is no agent: SSH_AUTH_SOCK is not set"},
	    {"none", "cannot connect to the agent at 'none': No such file or "
		     "directory"},
	    {"file",
		"cannot connect to the agent at 'file': Connection refused"},
	};
	char longest[200];
	struct scene s;

	(void)state;
	scratch_write("file", "", 0);
	for (size_t i = 0; i < N(rows); i++) {
		scene_start(&s, rows[i].path, LATE_MS);
		agent_list(s.agent, on_keys, &s);
		ask_signature(&s, "x", 1, 0);
		assert_int_equal(s.n_done, 0);
		wait_for(&s, 2);
		assert_int_equal(s.n_failed, 2);
		assert_string_equal(s.text, rows[i].text);
		scene_end(&s);
	}
	memset(longest, 'x', sizeof(longest));
	longest[sizeof(longest) - 1] = '\0';
	scene_start(&s, longest, LATE_MS);
	agent_list(s.agent, on_keys, &s);
	wait_for(&s, 1);
	assert_non_null(strstr(s.text, "too long"));
	scene_end(&s);
}

static void
test_a_cancelled_request_never_calls_back(void **state)
{
	struct agent_request *sent, *waiting;
	struct scene s;

	(void)state;
	scene_fake(&s, FAKEAGENT_GOOD, LATE_MS);
	/* Before anything was sent. */
	agent_cancel(agent_list(s.agent, on_keys, &s));
	/* One cancels another, which waits behind it. */
	ask_signature(&s, "x", 1, 0);
	s.victim = ask_signature(&s, "x", 1, 0);
	ask_signature(&s, "x", 1, 0);
	wait_for(&s, 2);
	assert_int_equal(s.n_failed, 0);
	scene_end(&s);

	/* One that is under way keeps the others waiting until its deadline
	 * and says nothing then. */
	scene_fake(&s, FAKEAGENT_HANG, SOON_MS);
	sent = ask_signature(&s, "x", 1, 0);
	waiting = ask_signature(&s, "x", 1, 0);
	ask_signature(&s, "x", 1, 0);
	loop_turn(s.loop, true);
	agent_cancel(sent);
	agent_cancel(waiting);
	wait_for(&s, 1);
	assert_int_equal(s.n_failed, 1);
	scene_end(&s);
}

static void
test_an_agent_is_freed_with_requests_under_way(void **state)
{
	struct scene s;

	(void)state;
	scene_fake(&s, FAKEAGENT_HANG, LATE_MS);
	ask_signature(&s, "x", 1, 0);
	agent_list(s.agent, on_keys, &s);
	loop_turn(s.loop, true);
	agent_free(s.agent);
	s.agent = NULL;
	loop_turn(s.loop, false);
	assert_int_equal(s.n_done, 0);
	scene_end(&s);
}

static int
set_up(void **state)
{
	*state = scratch_new();
	return 0;
}

static int
tear_down(void **state)
{
	scratch_remove(*state);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_a_real_agent_lists_and_signs),
	    cmocka_unit_test(test_a_hundred_signatures_are_made_in_turn),
	    cmocka_unit_test(test_an_agent_that_dies_fails_the_rest),
	    cmocka_unit_test(test_every_manner_of_agent_ends_cleanly),
	    cmocka_unit_test(test_nonsense_for_a_signature_fails_all),
	    cmocka_unit_test(test_keys_are_listed_once_and_kept),
	    cmocka_unit_test(test_of_many_keys_a_thousand_are_kept),
	    cmocka_unit_test(test_no_agent_fails_from_the_loop_only),
	    cmocka_unit_test(test_a_cancelled_request_never_calls_back),
	    cmocka_unit_test(test_an_agent_is_freed_with_requests_under_way),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
