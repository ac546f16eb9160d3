/*
 * exec_open.c -- a channel, and the command on it: the OPEN step.
 *
 * Room: engine/ssh.  May touch: this room, base/.
 */
#include "config.h"

#include "ssh/channel.h"
#include "ssh/forward.h"
#include "ssh/loop.h"
#include "ssh/session_impl.h"

#include <string.h>

#define WINDOW_BYTES (64 * 1024)
#define MAX_REFUSALS 5

/* ---- the channel ---- */

static enum next
open_channel(struct session *s)
{
	const char *refusal;
	char why[LIMIT_REMOTE_TEXT];
	enum next next;

	if (alive_is_asking(s) || timer_is_set(s->after))
		return s->tap.eof ? session_fail_io(s, "opening a channel")
				  : AGAIN;
	s->heap.pinned = false;
	next = channel_open(s, WINDOW_BYTES, &s->exec.channel, &refusal);
	if (next != FAILED || refusal == NULL)
		return next;
	if (s->served && s->exec.n_refusals < MAX_REFUSALS) {
		/* The one before may not be forgotten yet. */
		timer_set(s->after, 20u << s->exec.n_refusals++);
		return AGAIN;
	}
	muster_clean_text(why, sizeof(why), refusal, strlen(refusal));
	return session_fail(
	    s, MUSTER_CHAN_REFUSED, "the server refused a channel: %s", why);
}

/* ---- requests ---- */

/* The answer to a request: 0 granted. FAILED only when it was refused. */
static enum next
judge(struct session *s, int rc)
{
	if (rc == 0)
		return FORWARD;
	if (rc == LIBSSH2_ERROR_EAGAIN && !s->tap.eof)
		return AGAIN;
	return FAILED;
}

static int
send_pty(struct session *s)
{
	const struct session_command *c = &s->exec.command;

	return libssh2_channel_request_pty_ex(s->exec.channel, c->term,
	    (unsigned)strlen(c->term), NULL, 0, (int)c->columns, (int)c->rows,
	    0, 0);
}

static enum next
request_pty(struct session *s)
{
	enum next next = judge(s, send_pty(s));

	if (next == FAILED && !s->tap.eof &&
	    libssh2_session_last_errno(s->ssh) ==
		LIBSSH2_ERROR_CHANNEL_REQUEST_DENIED) {
		/* The command is on its way: it runs without, as ssh does. */
		s->exec.no_pty = true;
		return FORWARD;
	}
	return next == FAILED ? session_fail_io(s, "asking for a terminal")
			      : next;
}

static int
send_exec(struct session *s)
{
	const char *command = s->exec.command.command;

	return libssh2_channel_process_startup(
	    s->exec.channel, "exec", 4, command, (unsigned)strlen(command));
}

/* The request leaves, and the command may run, unless there is a talk before
 * it. Returns false when the session is over. */
static bool
begin(struct session *s)
{
	if (s->exec.sent || !exec_has_begun(s))
		return true;
	s->exec.sent = true;
	s->events->started(s->arg);
	return !s->over;
}

static enum next
request_exec(struct session *s)
{
	enum next next;

	if (!begin(s))
		return FAILED;
	next = judge(s, send_exec(s));
	if (next == FAILED && !s->tap.eof &&
	    libssh2_session_last_errno(s->ssh) ==
		LIBSSH2_ERROR_CHANNEL_REQUEST_DENIED)
		return session_fail(s, MUSTER_EXEC_REFUSED,
		    "the server refused to run the command");
	return next == FAILED ? session_fail_io(s, "sending the command")
			      : next;
}

/* ---- variables: SendEnv and SetEnv of ssh_config(5) ---- */

/* The next one; NULL: all were answered. */
static const char *
next_variable(const struct session *s)
{
	return s->env->variables[s->exec.n_variables];
}

static int
send_variable(struct session *s)
{
	const char *name = next_variable(s);
	size_t len = strcspn(name, "=");
	const char *value = name + len + 1;

	return libssh2_channel_setenv_ex(s->exec.channel, name, (unsigned)len,
	    value, (unsigned)strlen(value));
}

/* Sends them and takes the answers, until `n_left` are left: libssh2 takes one
 * at a time. A refusal changes nothing, as in ssh(1). */
static enum next
request_variables(struct session *s, size_t n_left)
{
	size_t n = s->exec.n_variables;

	while (s->env->variables[n] != NULL)
		n++;
	while (s->exec.n_variables + n_left < n) {
		int rc = send_variable(s);

		if (rc == LIBSSH2_ERROR_EAGAIN && !s->tap.eof)
			return AGAIN;
		if (rc != 0 &&
		    (s->tap.eof || rc != LIBSSH2_ERROR_CHANNEL_REQUEST_DENIED))
			return session_fail_io(s, "sending a variable");
		s->exec.n_variables++;
	}
	return FORWARD;
}

/* ---- all requests ---- */

/* They leave together, so that a terminal or a variable costs no round trip:
 * no answer is read until all are out. */
static bool
send_all(struct session *s)
{
	s->exec.all_sent = true;
	s->tap.gated = true;
	if (next_variable(s) != NULL)
		(void)send_variable(s);
	if (s->exec.command.pty)
		(void)send_pty(s);
	if (!begin(s))
		return false;
	(void)send_exec(s);
	s->tap.gated = false;
	return true;
}

static enum next
request_all(struct session *s)
{
	enum next next;

	if (!s->exec.all_sent && !send_all(s))
		return FAILED;
	next = request_variables(s, 0);
	if (next == FORWARD && s->exec.command.pty && !s->exec.answered) {
		next = request_pty(s);
		s->exec.answered = next == FORWARD;
	}
	return next == FORWARD ? request_exec(s) : next;
}

enum next
step_open(struct session *s)
{
	enum next next = FORWARD;

	if (s->exec.channel == NULL)
		next = open_channel(s);
	if (next != FORWARD)
		return next;
	next = forward_request(s);
	if (next != FORWARD)
		return next;
	if (!s->exec.all_sent)
		next = request_variables(s, 1);
	return next == FORWARD ? request_all(s) : next;
}
