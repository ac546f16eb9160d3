/*
 * exec.c -- a command on a channel: the OPEN and RUNNING steps.
 *
 * Room: engine/ssh.  May touch: this room, base/.
 * Both streams are read until the server's CLOSE, not its EOF, and a pass
 * over them repeats until it yields nothing: a read of one may queue packets
 * of the other. Success needs an exit-status that was received.
 */
#include "config.h"

#include "base/trace.h"
#include "ssh/loop.h"
#include "ssh/session_impl.h"

#include <string.h>

#define WINDOW_BYTES (64 * 1024)
#define WINDOW_MAX_BYTES (2 * 1024 * 1024)
/* A host that sent so much is one that streams. */
#define STREAMING_BYTES (128 * 1024)
#define READ_BYTES (32 * 1024)
#define WRITE_BYTES (32 * 1024)

void
exec_clear(struct session *s)
{
	/* The peer is not waited for: what is left of the channel goes with
	 * the session. */
	if (s->exec.channel != NULL && s->ssh != NULL)
		(void)libssh2_channel_free(s->exec.channel);
	s->exec.channel = NULL;
}

/* ---- OPEN ---- */

static enum next
open_channel(struct session *s)
{
	char *text = NULL;
	char why[LIMIT_REMOTE_TEXT];

	if (alive_is_asking(s))
		return s->tap.eof ? session_fail_io(s, "opening a channel")
				  : AGAIN;
	s->exec.channel = libssh2_channel_open_ex(s->ssh, "session", 7,
	    WINDOW_BYTES, LIBSSH2_CHANNEL_PACKET_DEFAULT, NULL, 0);
	if (s->exec.channel != NULL)
		return FORWARD;
	switch (libssh2_session_last_error(s->ssh, &text, NULL, 0)) {
	case LIBSSH2_ERROR_EAGAIN:
		return s->tap.eof ? session_fail_io(s, "opening a channel")
				  : AGAIN;
	case LIBSSH2_ERROR_CHANNEL_FAILURE:
		muster_clean_text(why, sizeof(why), text, strlen(text));
		return session_fail(s, MUSTER_CHAN_REFUSED,
		    "the server refused a channel: %s", why);
	default:
		return session_fail_io(s, "opening a channel");
	}
}

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

static enum next
request_pty(struct session *s)
{
	enum next next =
	    judge(s, libssh2_channel_request_pty_ex(
			 s->exec.channel, "dumb", 4, NULL, 0, 80, 24, 0, 0));

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

static enum next
request_exec(struct session *s)
{
	enum next next;

	if (!s->exec.sent) {
		s->exec.sent = true;
		s->events->started(s->arg);
		if (s->over)
			return FAILED;
	}
	next = judge(s, send_exec(s));
	if (next == FAILED && !s->tap.eof &&
	    libssh2_session_last_errno(s->ssh) ==
		LIBSSH2_ERROR_CHANNEL_REQUEST_DENIED)
		return session_fail(s, MUSTER_EXEC_REFUSED,
		    "the server refused to run the command");
	return next == FAILED ? session_fail_io(s, "sending the command")
			      : next;
}

/* Both requests leave together, so that a terminal costs no round trip: no
 * answer is read until both are out. */
static enum next
request_both(struct session *s)
{
	if (!s->exec.pty_sent) {
		s->tap.gated = true;
		s->exec.pty_sent = true;
		(void)libssh2_channel_request_pty_ex(
		    s->exec.channel, "dumb", 4, NULL, 0, 80, 24, 0, 0);
		s->exec.sent = true;
		s->events->started(s->arg);
		if (s->over)
			return FAILED;
		(void)send_exec(s);
		s->tap.gated = false;
	}
	if (!s->exec.answered) {
		enum next next = request_pty(s);

		if (next != FORWARD)
			return next;
		s->exec.answered = true;
	}
	return request_exec(s);
}

enum next
step_open(struct session *s)
{
	if (s->exec.channel == NULL) {
		enum next next = open_channel(s);

		if (next != FORWARD)
			return next;
	}
	return s->exec.command.pty ? request_both(s) : request_exec(s);
}

/* ---- RUNNING: input ---- */

static void
write_input(struct session *s)
{
	struct exec *e = &s->exec;
	const char *input = e->command.input;

	while (e->n_written < e->command.input_len &&
	       s->tap.tx.len < LIMIT_SEND_HIGH_BYTES) {
		size_t n = e->command.input_len - e->n_written;
		ssize_t done = libssh2_channel_write_ex(e->channel, 0,
		    input + e->n_written, n < WRITE_BYTES ? n : WRITE_BYTES);

		if (done <= 0)
			return; /* the window is closed, or reading tells */
		e->n_written += (size_t)done;
	}
	if (e->n_written == e->command.input_len && !e->eof_sent)
		e->eof_sent = libssh2_channel_send_eof(e->channel) !=
			      LIBSSH2_ERROR_EAGAIN;
}

/* ---- RUNNING: output ---- */

/* Reads what one stream has. Returns whether there was any, -1 on error. */
static int
read_stream(struct session *s, enum muster_stream stream)
{
	char *scratch = (char *)loop_scratch(s->env->loop);
	int any = 0;

	while (!s->over && !s->held) {
		ssize_t n = libssh2_channel_read_ex(
		    s->exec.channel, (int)stream, scratch, READ_BYTES);
		int code = libssh2_session_last_errno(s->ssh);

		if (n == LIBSSH2_ERROR_EAGAIN || n == 0)
			break;
		if (n < 0)
			return -1;
		any = 1;
		s->exec.n_read += (uint64_t)n;
		s->n_useful += (uint64_t)n;
		s->events->output(s->arg, stream, scratch, (size_t)n);
		if (code == LIBSSH2_ERROR_CHANNEL_WINDOW_EXCEEDED ||
		    code == LIBSSH2_ERROR_CHANNEL_PACKET_EXCEEDED)
			return -1;
	}
	return any;
}

/* A host that streams gets a larger window, kept open by us. */
static void
widen(struct session *s)
{
	unsigned long left;

	if (s->exec.n_read < STREAMING_BYTES)
		return;
	left = libssh2_channel_window_read_ex(s->exec.channel, NULL, NULL);
	if (left < WINDOW_MAX_BYTES / 2)
		(void)libssh2_channel_receive_window_adjust2(
		    s->exec.channel, WINDOW_MAX_BYTES - left, 1, NULL);
}

/* Reads both streams until a whole pass yields nothing. */
static int
read_output(struct session *s)
{
	int out, err;

	do {
		out = read_stream(s, MUSTER_STDOUT);
		err = s->over || out < 0 ? 0 : read_stream(s, MUSTER_STDERR);
		if (out < 0 || err < 0)
			return -1;
	} while (!s->over && !s->held && (out || err));
	if (!s->over)
		widen(s);
	return 0;
}

/* ---- RUNNING: the end ---- */

static enum next
finish(struct session *s, struct session_end *end)
{
	struct exec *e = &s->exec;

	if (trust_is_broken(s))
		return FAILED;
	timer_stop(s->after);
	/* Both streams were drained: what is left is of none that we know. */
	(void)libssh2_channel_flush_ex(e->channel, LIBSSH2_CHANNEL_FLUSH_ALL);
	if (s->heap.data_bytes != e->n_read) {
		end->outcome = MUSTER_PROTO;
		end->flags |= MUSTER_INCOMPLETE;
		end->text = "the server sent output beyond its window, or of "
			    "an unknown kind: some is missing";
	}
	if (e->no_pty)
		end->flags |= MUSTER_NO_PTY;
	if (s->heap.core_dumped)
		end->flags |= MUSTER_CORE_DUMPED;
	if (end->text == NULL)
		end->text = "";
	s->events->finished(s->arg, end);
	return s->over ? FAILED : FORWARD;
}

/* Whether the server has said how the command ended. */
static bool
has_ended(const struct session *s)
{
	return s->heap.has_status || s->heap.has_signal;
}

/* Returns has_ended(). */
static bool
read_status(const struct session *s, struct session_end *end)
{
	if (s->heap.has_status) {
		end->outcome = MUSTER_EXIT;
		end->code = s->heap.status;
	} else if (s->heap.has_signal) {
		end->outcome = MUSTER_SIGNAL;
		end->signal = s->heap.signal;
	}
	return has_ended(s);
}

static enum next
finish_closed(struct session *s)
{
	struct session_end end = {.outcome = MUSTER_NO_STATUS,
	    .text = "the server closed the channel without a status"};

	/* Output may have come between its EOF and its CLOSE. */
	if (read_output(s) != 0)
		return session_fail_io(s, "reading the output");
	if (s->over)
		return FAILED;
	if (s->held)
		return AGAIN;
	if (s->exec.kill != MUSTER_PENDING) {
		end.outcome = s->exec.kill;
		end.text = "ended by us; the command is gone";
	} else if (read_status(s, &end)) {
		end.text = "";
	}
	return finish(s, &end);
}

/* The status came, the end of the channel did not. */
static enum next
finish_unclosed(struct session *s)
{
	struct session_end end = {.flags = MUSTER_UNCLEAN_CLOSE,
	    .text = "the server did not close the channel"};
	enum next next;

	if (s->tap.eof && !s->exec.channel_eof) {
		end.flags |= MUSTER_INCOMPLETE;
		end.text = "the connection was lost behind the status";
	} else if (!s->exec.channel_eof) {
		end.flags = MUSTER_OUTPUT_HELD;
		end.text = "a process left behind keeps the output open";
	}
	(void)read_status(s, &end);
	next = finish(s, &end);
	/* The channel is still open: this session is of no more use. */
	return next == FORWARD ? session_fail(s, MUSTER_CANCELLED, "closed")
			       : next;
}

static bool
is_closed(struct session *s)
{
	if (!libssh2_channel_eof(s->exec.channel))
		return false;
	s->exec.channel_eof = true;
	return libssh2_channel_wait_closed(s->exec.channel) == 0;
}

enum next
step_running(struct session *s)
{
	struct exec *e = &s->exec;
	bool broken, cut;

	write_input(s);
	broken = read_output(s) != 0;
	if (s->over)
		return FAILED;
	if (s->held && !broken)
		return AGAIN;
	if (!broken && is_closed(s))
		return finish_closed(s);
	cut = s->tap.eof && s->tap.rx.len == 0;
	if (cut && has_ended(s) && e->kill == MUSTER_PENDING)
		return finish_unclosed(s);
	if (broken || cut)
		return session_fail_io(
		    s, broken ? "reading the output" : "running the command");
	if (!has_ended(s))
		return AGAIN;
	if (e->lingered)
		return finish_unclosed(s);
	if (!timer_is_set(s->after) && e->kill == MUSTER_PENDING)
		timer_set(s->after, s->env->options->linger_ms);
	return AGAIN;
}

/* ---- ending a command that does not end ---- */

static void
send_signal(struct session *s, const char *name)
{
	TRACE("exec", "%s signal %s", s->target.name, name);
#ifdef HAVE_LIBSSH2_CHANNEL_SIGNAL_EX
	(void)libssh2_channel_signal_ex(s->exec.channel, name, strlen(name));
#else
	(void)name; /* closing the channel is all that this libssh2 can do */
#endif
}

static void
give_up(struct session *s)
{
	uint32_t ms = s->env->options->command_timeout_ms;

	if (s->exec.kill == MUSTER_CMD_TIMEOUT)
		session_fail(s, MUSTER_CMD_TIMEOUT,
		    "the command took longer than %g s; it may still run",
		    (double)ms / 1000.0);
	else
		session_fail(s, s->exec.kill,
		    "stopped on request; the command may still run");
}

void
exec_after(struct session *s)
{
	uint32_t grace = s->env->options->grace_ms;

	if (s->exec.kill == MUSTER_PENDING) {
		s->exec.lingered = true;
		session_poke(s);
		return;
	}
#ifndef HAVE_LIBSSH2_CHANNEL_SIGNAL_EX
	s->exec.n_kills = 2;
#endif
	switch (s->exec.n_kills++) {
	case 0:
		send_signal(s, "TERM");
		break;
	case 1:
		send_signal(s, "KILL");
		grace = grace < 2000 ? grace : 2000;
		break;
	default:
		give_up(s);
		return;
	}
	timer_set(s->after, grace > 0 ? grace : 1);
	session_poke(s);
}

/* Ends what is under way, in the state it is in now. */
static void
begin_kill(struct session *s, enum muster_outcome outcome)
{
	if (s->over || s->exec.kill != MUSTER_PENDING)
		return;
	if (s->state == MUSTER_RUNNING && has_ended(s)) {
		/* Nothing is left to end: no more output is waited for. */
		s->exec.lingered = true;
		session_poke(s);
	} else if (s->state == MUSTER_RUNNING) {
		s->exec.kill = outcome;
		exec_after(s);
	} else if (s->exec.sent && s->state == MUSTER_OPEN) {
		session_fail(s, outcome,
		    "stopped on request; the command may still run");
	} else {
		session_fail(s, MUSTER_CANCELLED,
		    "stopped on request before the command was sent");
	}
}

static void
on_kill(void *arg)
{
	begin_kill(arg, MUSTER_KILLED_LOCAL);
}

void
session_kill(struct session *s)
{
	loop_later(s->env->loop, on_kill, s);
}

void
exec_timeout(struct session *s)
{
	if (s->state == MUSTER_RUNNING) {
		begin_kill(s, MUSTER_CMD_TIMEOUT);
		return;
	}
	if (s->exec.sent)
		session_fail(s, MUSTER_NO_STATUS,
		    "no answer to the command within %g s",
		    (double)s->env->options->open_timeout_ms / 1000.0);
	else
		session_fail(s, MUSTER_CHAN_REFUSED,
		    "no answer to a channel within %g s",
		    (double)s->env->options->open_timeout_ms / 1000.0);
}
