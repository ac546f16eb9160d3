/*
 * alive.c -- asking a silent server whether it is still there.
 *
 * Room: engine/ssh.  May touch: this room, base/.
 * A server that was silent for an interval is asked for a channel of a type
 * that no server has: it must refuse (RFC 4254 s. 5.1), and any byte of an
 * answer is enough. libssh2's own keepalives go by the wall clock and leave
 * each reply lying in the session; the refusal of a channel is used up.
 * libssh2 opens one channel at a time: whoever wants one waits for ours, see
 * alive_is_asking().
 */
#include "config.h"

#include "base/clock.h"
#include "base/trace.h"
#include "ssh/loop.h"
#include "ssh/session_impl.h"

#define TYPE "keepalive@muster"
#define WINDOW_BYTES 1024

/* We did not run for so much longer than an interval: suspended, or stopped.
 * A peer that is still there answers within AWAKE_MS. */
#define AWAY_US 2000000
#define AWAKE_MS 5000

bool
alive_is_asking(const struct session *s)
{
	return s->alive.asking;
}

void
alive_ask(struct session *s)
{
	LIBSSH2_CHANNEL *channel =
	    libssh2_channel_open_ex(s->ssh, TYPE, sizeof(TYPE) - 1,
		WINDOW_BYTES, LIBSSH2_CHANNEL_PACKET_DEFAULT, NULL, 0);

	s->alive.asking =
	    channel == NULL && !s->tap.eof &&
	    libssh2_session_last_errno(s->ssh) == LIBSSH2_ERROR_EAGAIN;
	/* It has that type: it is alive, and that was not meant. */
	if (channel != NULL)
		(void)libssh2_channel_free(channel);
}

static void
set_timer(struct session *s, uint32_t ms)
{
	s->alive.due_us = clock_now_us() + (int64_t)ms * 1000;
	timer_set(s->alive.timer, ms);
}

static void
note_life(struct session *s)
{
	s->alive.n_in = s->tap.n_in;
	s->alive.heard_us = clock_now_us();
	s->alive.n_unanswered = 0;
}

void
alive_start(struct session *s)
{
	if (s->env->options->keepalive_ms == 0 || timer_is_set(s->alive.timer))
		return;
	note_life(s);
	set_timer(s, s->env->options->keepalive_ms);
}

/* A peer whose bytes we leave unread is not silent, and a bastion that waits
 * for a host to answer may be. */
static bool
is_silent(const struct session *s)
{
	return s->tap.n_in == s->alive.n_in && !s->held && s->opening == NULL;
}

static void
give_up(struct session *s)
{
	const struct muster_options *o = s->env->options;
	int64_t silent_us = clock_now_us() - s->alive.heard_us;
	int64_t limit_us = (int64_t)o->keepalive_ms * o->keepalive_max * 1000;
	bool begun = s->exec.sent && s->state != MUSTER_READY;
	enum muster_outcome outcome = begun ? MUSTER_LOST : MUSTER_CONN_RESET;

	/* The same words for all that are lost at once. */
	if (silent_us < limit_us)
		(void)session_fail(s, outcome,
		    "the server is gone: silent since we were suspended");
	else
		(void)session_fail(s, outcome,
		    "the server is gone: silent for over %g s",
		    (double)limit_us / 1e6);
}

void
alive_check(struct session *s)
{
	uint32_t ms = s->env->options->keepalive_ms;
	bool away = clock_now_us() - s->alive.due_us > AWAY_US;

	if (s->over || s->state == MUSTER_CLOSING)
		return;
	if (!is_silent(s)) {
		note_life(s);
	} else if (away) {
		/* One question for all that was missed. */
		TRACE("alive", "%s: awake again", s->target.name);
		s->alive.n_unanswered = s->env->options->keepalive_max;
		ms = ms < AWAKE_MS ? ms : AWAKE_MS;
	} else if (s->alive.n_unanswered >= s->env->options->keepalive_max) {
		give_up(s);
		return;
	} else {
		s->alive.n_unanswered++;
	}
	set_timer(s, ms);
	if (s->alive.n_unanswered == 0 || s->alive.asking ||
	    s->state == MUSTER_OPEN || killer_is_asking(s))
		return; /* what waits for an answer is question enough */
	TRACE(
	    "alive", "%s: question %u", s->target.name, s->alive.n_unanswered);
	alive_ask(s);
	session_poke(s);
}
