/*
 * guard.c -- what a peer may not do: flood us, fill us, or stop reading.
 *
 * Room: engine/ssh.  May touch: this room, base/.
 */
#include "config.h"

#include "base/limits.h"
#include "base/str.h"
#include "base/trace.h"
#include "ssh/loop.h"
#include "ssh/session_impl.h"

#include <stdio.h>

/* The smallest packets of output cost this many bytes for each of theirs. */
#define OVERHEAD 64

static bool
has_started(const struct session *s)
{
	return s->exec.sent && s->state != MUSTER_READY;
}

/* Whether a second after the login had too much in it that was no output. */
static bool
is_noisy(struct session *s)
{
	int64_t now = loop_now_us(s->env->loop);
	uint64_t in = s->tap.n_in - s->noise_in;
	uint64_t useful = s->n_useful - s->noise_useful;

	if (s->tap.early || now - s->noise_since_us > 1000000) {
		s->noise_since_us = now;
		s->noise_in = s->tap.n_in;
		s->noise_useful = s->n_useful;
		return false;
	}
	/* What channels of others may hold unread is no noise. */
	return in > LIMIT_NOISE_BYTES_PER_S + OVERHEAD * useful +
			(s->heap.max - LIMIT_SESSION_BYTES);
}

/* libssh2 serves none of them, but the agent's when that was asked for. */
static void
tell_unasked(struct session *s)
{
	char text[120];

	if (s->told_unasked || s->heap.n_unasked == 0 ||
	    (s->env->forward_path != NULL &&
		str_starts(s->heap.unasked, "auth-agent")))
		return;
	s->told_unasked = true;
	(void)snprintf(text, sizeof(text),
	    "the server opened a channel that nobody asked for (%s); it was "
	    "refused",
	    s->heap.unasked);
	TRACE("session", "%s: %s", s->target.name, text);
	if (s->events->note != NULL)
		s->events->note(s->arg, text);
}

bool
guard_trips(struct session *s)
{
	enum muster_outcome limit;

	tell_unasked(s);
	limit = has_started(s) ? MUSTER_LIMIT : MUSTER_EARLY_LIMIT;

	if (s->tap.tx.len > LIMIT_SEND_BYTES)
		session_fail(s, limit, "the server does not read our answers");
	else if (tap_is_over(&s->tap))
		session_fail(s, limit,
		    "the server sent over %d bytes before the login",
		    LIMIT_PREAUTH_BYTES);
	else if (s->heap.doomed)
		session_fail(s, limit, "the server made us hold over %d bytes",
		    LIMIT_SESSION_BYTES);
	else if (is_noisy(s))
		session_fail(s, limit,
		    "the server sends over %d bytes a second to be ignored",
		    LIMIT_NOISE_BYTES_PER_S);
	return s->over;
}

void
guard_watch(struct session *s)
{
	if (s->tap.tx.len == 0) {
		timer_stop(s->stall);
		return;
	}
	if (timer_is_set(s->stall) && s->tap.n_out == s->sent_then)
		return;
	s->sent_then = s->tap.n_out;
	if (s->env->options->stall_timeout_ms > 0)
		timer_set(s->stall, s->env->options->stall_timeout_ms);
}

void
guard_stall(struct session *s)
{
	session_fail(s, has_started(s) ? MUSTER_STALLED : MUSTER_CONN_TIMEOUT,
	    "the server has read nothing for %g s",
	    (double)s->env->options->stall_timeout_ms / 1000.0);
}
