/*
 * exec.c -- a command on a channel: the RUNNING step.
 *
 * Room: engine/ssh.  May touch: this room, base/.
 * Both streams are read until the server's CLOSE, not its EOF, and a pass
 * over them repeats until it yields nothing: a read of one may queue packets
 * of the other. Success needs an exit-status that was received.
 */
#include "config.h"

#include "base/clock.h"
#include "ssh/client.h"
#include "ssh/loop.h"
#include "ssh/session_impl.h"

#include <stdio.h>
#include <string.h>

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
	if (s->exec.killer.channel != NULL && s->ssh != NULL)
		(void)libssh2_channel_free(s->exec.killer.channel);
	s->exec.killer.channel = NULL;
	if (s->exec.channel != NULL && s->ssh != NULL)
		(void)libssh2_channel_free(s->exec.channel);
	s->exec.channel = NULL;
}

/* ---- RUNNING: input ---- */

/* Sends what the channel takes of the bytes that are there. Returns whether
 * more may go. */
static bool
write_some(struct session *s)
{
	char *scratch = (char *)loop_scratch(s->env->loop);
	long n = s->events->input(s->arg, scratch, WRITE_BYTES);
	ssize_t done;

	if (n == SESSION_INPUT_END) {
		s->exec.eof_sent = libssh2_channel_send_eof(s->exec.channel) !=
				   LIBSSH2_ERROR_EAGAIN;
		return false;
	}
	if (n == SESSION_INPUT_BROKEN)
		session_fail(s, MUSTER_KILLED_LOCAL,
		    "its input cannot be read here any more; the command may "
		    "still run");
	if (n <= 0)
		return false;
	done = libssh2_channel_write_ex(s->exec.channel, 0, scratch, (size_t)n);
	if (done <= 0)
		return false; /* the window is closed, or reading tells */
	s->events->input_taken(s->arg, (size_t)done);
	s->exec.moved_us = loop_now_us(s->env->loop);
	return true;
}

static void
write_input(struct session *s)
{
	while (!s->over && !s->exec.eof_sent &&
	       s->tap.tx.len < LIMIT_SEND_HIGH_BYTES && write_some(s))
		;
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
		s->exec.moved_us = loop_now_us(s->env->loop);
		exec_show(s, stream, scratch, (size_t)n);
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
	timer_stop(s->idle);
	/* Both streams were drained: what is left is of none that we know. */
	(void)libssh2_channel_flush_ex(e->channel, LIBSSH2_CHANNEL_FLUSH_ALL);
	if (s->heap.data_bytes != e->n_read) {
		end->outcome = MUSTER_PROTO;
		end->flags |= MUSTER_INCOMPLETE;
		end->text = "the server sent output beyond its window, or of "
			    "an unknown kind: some is missing";
	}
	s->served = true;
	if (e->no_pty)
		end->flags |= MUSTER_NO_PTY;
	if (s->heap.core_dumped)
		end->flags |= MUSTER_CORE_DUMPED;
	if (end->text == NULL)
		end->text = "";
	s->events->finished(s->arg, end);
	return s->over ? FAILED : FORWARD;
}

/* Returns exec_has_ended(). */
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
	return exec_has_ended(s);
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
	/* Now, not with the next command: the server may allow few at once
	 * (MaxSessions), and takes its time to forget one. */
	(void)libssh2_channel_close(s->exec.channel);
	if (!s->exec.sent)
		exec_talk_ended(s, &end);
	else if (s->exec.kill != MUSTER_PENDING)
		exec_describe_end(s, &end, true);
	else if (read_status(s, &end))
		end.text = "";
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
	if (!s->exec.sent)
		exec_talk_ended(s, &end);
	else if (s->exec.kill != MUSTER_PENDING)
		exec_describe_end(s, &end, false);
	else
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

/* A command that moves nothing is looked at again when it might have done so
 * for too long. */
static void
watch_idle(struct session *s)
{
	if (s->env->options->idle_timeout_ms == 0 || timer_is_set(s->idle) ||
	    s->exec.kill != MUSTER_PENDING)
		return;
	s->exec.moved_us = loop_now_us(s->env->loop);
	timer_set(s->idle, s->env->options->idle_timeout_ms);
}

void
exec_idle(struct session *s)
{
	uint32_t limit = s->env->options->idle_timeout_ms;
	int64_t idle_ms = (clock_now_us() - s->exec.moved_us) / 1000;
	char why[96];

	if (s->over || s->state != MUSTER_RUNNING || s->held)
		return;
	if (idle_ms < limit) {
		timer_set(s->idle, (uint32_t)(limit - idle_ms));
		return;
	}
	(void)snprintf(why, sizeof(why),
	    "the command sent and read nothing for %g s",
	    (double)limit / 1000.0);
	exec_kill(s, MUSTER_CMD_TIMEOUT, why);
}

/* What is to be said, and what came. Returns FAILED when the session is over;
 * *broken when the output is. */
static enum next
exchange(struct session *s, bool *broken)
{
	*broken = false;
	if (!exec_has_begun(s)) {
		*broken = read_output(s) != 0;
		if (!s->over && !s->held && !*broken)
			(void)exec_talk(s);
	}
	if (!s->over && exec_has_begun(s) && !*broken) {
		watch_idle(s);
		write_input(s);
	}
	if (!s->over && !*broken)
		*broken = read_output(s) != 0;
	while (!s->over && !s->held && !*broken && killer_run(s))
		*broken = read_output(s) != 0;
	return s->over ? FAILED : AGAIN;
}

enum next
step_running(struct session *s)
{
	struct exec *e = &s->exec;
	bool broken, cut;

	if (exchange(s, &broken) == FAILED)
		return FAILED;
	if (s->held && !broken)
		return AGAIN;
	/* What it led may go on without it: the killer tells. */
	if (!broken && is_closed(s))
		return killer_is_looking(s) ? AGAIN : finish_closed(s);
	cut = s->tap.eof && s->tap.rx.len == 0;
	if (cut && exec_has_ended(s) && e->kill == MUSTER_PENDING)
		return finish_unclosed(s);
	if (broken || cut)
		return session_fail_io(
		    s, broken ? "reading the output" : "running the command");
	if (!exec_has_ended(s))
		return AGAIN;
	if (e->lingered)
		return finish_unclosed(s);
	if (!timer_is_set(s->after) && e->kill == MUSTER_PENDING)
		timer_set(s->after, s->env->options->linger_ms);
	return AGAIN;
}
