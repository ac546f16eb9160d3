/*
 * leg.c -- a channel of one session that is the wire of another.
 *
 * Room: engine/ssh.  May touch: this room, base/.
 * Laws of libssh2 kept here: one channel is opened at a time, and the call is
 * repeated with the same bytes until it is answered, wanted or not; what one
 * channel reads may queue packets of the others, so all are read until
 * none has more. A channel whose inner session is held or busy is left
 * unread: its window closes, and its siblings go on.
 */
#include "config.h"

#include "ssh/leg.h"
#include "base/mem.h"
#include "base/trace.h"
#include "ssh/loop.h"
#include "ssh/session_impl.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define WINDOW_BYTES (256 * 1024)
#define PIECE_BYTES (16 * 1024)
/* What one may send before the others have their turn. */
#define TURN_BYTES (64 * 1024)
#define REQUEST_MAX 1024

struct leg {
	TAILQ_ENTRY(leg) entry;   /* of outer->legs */
	struct session *outer;    /* borrowed; NULL: it is over */
	struct session *inner;    /* borrowed; NULL: it is done with us */
	LIBSSH2_CHANNEL *channel; /* owned by outer's libssh2; NULL: not open */
	struct buf request;       /* as it is sent */
	bool waits; /* the inner one was full: there may be more */
};

static void
destroy(struct leg *leg)
{
	if (leg->outer != NULL)
		TAILQ_REMOVE(&leg->outer->legs, leg, entry);
	buf_clear(&leg->request);
	free(leg);
}

struct leg *
leg_new(struct session *outer, struct session *inner)
{
	struct leg *leg = mem_new(sizeof(*leg));

	assert(outer->opening == NULL && outer->state == MUSTER_READY);
	leg->outer = outer;
	leg->inner = inner;
	outer->heap.refusal[0] = '\0';
	buf_init(&leg->request, REQUEST_MAX);
	/* RFC 4254 s. 7.2: to whom, and from whom. */
	(void)buf_add_cstring(&leg->request, inner->target.address);
	(void)buf_add_u32(&leg->request, inner->target.port);
	(void)buf_add_cstring(&leg->request, "127.0.0.1");
	(void)buf_add_u32(&leg->request, 0);
	TAILQ_INSERT_TAIL(&outer->legs, leg, entry);
	outer->opening = leg;
	session_poke(outer);
	return leg;
}

void
leg_free(struct leg *leg)
{
	if (leg == NULL)
		return;
	leg->inner = NULL;
	if (leg->outer == NULL)
		destroy(leg);
	else
		session_poke(leg->outer);
}

bool
leg_is_open(const struct leg *leg)
{
	return leg->channel != NULL;
}

void
leg_settle(struct leg *leg)
{
	const struct session *s = leg->inner;
	bool reads = leg->waits && !s->held && s->tap.rx.len == 0;

	if (leg->outer != NULL && (s->tap.tx.len > 0 || reads))
		session_poke(leg->outer);
}

/* ---- opening ---- */

static void
refuse(struct session *s, struct leg *leg, const char *message)
{
	char why[LIMIT_REMOTE_TEXT];

	muster_clean_text(why, sizeof(why), message, strlen(message));
	if (leg->inner != NULL)
		session_fail(leg->inner, MUSTER_JUMP_FAIL,
		    "the bastion '%s' does not reach %s port %u: %s%s%s",
		    s->target.name, leg->inner->target.address,
		    leg->inner->target.port, why,
		    s->heap.refusal[0] != '\0' ? ": " : "", s->heap.refusal);
	/* Failing let go of it, but the outer session frees it. */
	destroy(leg);
}

/* Returns false when the session has failed. */
static bool
open_leg(struct session *s)
{
	struct leg *leg = s->opening;
	char *text = NULL;

	leg->channel = libssh2_channel_open_ex(s->ssh, "direct-tcpip", 12,
	    WINDOW_BYTES, LIBSSH2_CHANNEL_PACKET_DEFAULT,
	    (const char *)buf_data(&leg->request), (unsigned)leg->request.len);
	if (leg->channel != NULL) {
		s->heap.max += 2 * WINDOW_BYTES;
		TRACE("leg", "%s opened a channel", s->target.name);
		if (leg->inner != NULL)
			session_poke(leg->inner);
	} else {
		switch (libssh2_session_last_error(s->ssh, &text, NULL, 0)) {
		case LIBSSH2_ERROR_EAGAIN:
			return true;
		case LIBSSH2_ERROR_CHANNEL_FAILURE:
			refuse(s, leg, text);
			break;
		default:
			(void)session_fail_io(s, "opening a channel");
			return false;
		}
	}
	s->opening = NULL;
	s->events->opened(s->arg);
	return !s->over;
}

/* ---- bytes ---- */

static void
send_to(struct session *s, struct leg *leg)
{
	struct tap *t = &leg->inner->tap;
	size_t sent = 0;

	while (t->tx.len > 0 && sent < TURN_BYTES &&
	       s->tap.tx.len < LIMIT_SEND_HIGH_BYTES) {
		ssize_t n = libssh2_channel_write_ex(leg->channel, 0,
		    (const char *)buf_data(&t->tx),
		    t->tx.len < PIECE_BYTES ? t->tx.len : PIECE_BYTES);

		if (n <= 0)
			break; /* the window is closed, or reading tells */
		t->n_out += (uint64_t)n;
		buf_drain(&t->tx, (size_t)n);
		sent += (size_t)n;
	}
	if (sent > 0)
		session_poke(leg->inner);
}

/* Returns 1 when there was something, 0 or, the session having failed, -1. */
static int
receive(struct session *s, struct leg *leg)
{
	char *scratch = (char *)loop_scratch(s->env->loop);
	struct session *inner = leg->inner;
	ssize_t n;

	leg->waits = inner->held || inner->tap.rx.len > 0;
	if (leg->waits || inner->tap.eof) {
		/* Nothing is ever on that stream: the session is read, the
		 * channel is not. */
		(void)libssh2_channel_read_ex(
		    leg->channel, SSH_EXTENDED_DATA_STDERR, scratch, 1);
		return 0;
	}
	n = libssh2_channel_read_ex(leg->channel, 0, scratch, PIECE_BYTES);
	if (n > 0) {
		s->n_useful += (uint64_t)n;
		tap_push(&inner->tap, scratch, (size_t)n);
		session_poke(inner);
		return 1;
	}
	if (n < 0 && n != LIBSSH2_ERROR_EAGAIN) {
		(void)session_fail_io(s, "passing bytes on");
		return -1;
	}
	if (libssh2_channel_eof(leg->channel)) {
		inner->tap.eof = true;
		session_poke(inner);
	}
	return 0;
}

/* The peer answers in its own time: until then the channel is kept. */
static void
close_leg(struct session *s, struct leg *leg)
{
	if (libssh2_channel_free(leg->channel) == LIBSSH2_ERROR_EAGAIN)
		return;
	s->heap.max -= 2 * WINDOW_BYTES;
	destroy(leg);
}

static int
serve(struct session *s, struct leg *leg)
{
	if (leg->channel == NULL)
		return 0;
	if (leg->inner == NULL) {
		close_leg(s, leg);
		return 0;
	}
	send_to(s, leg);
	return receive(s, leg);
}

bool
legs_run(struct session *s)
{
	struct leg *leg, *next;
	bool any;

	if (s->opening != NULL && !alive_is_asking(s) && !open_leg(s))
		return false;
	do {
		any = false;
		for (leg = TAILQ_FIRST(&s->legs); leg != NULL; leg = next) {
			int rc;

			next = TAILQ_NEXT(leg, entry);
			rc = serve(s, leg);
			if (rc < 0)
				return false;
			any = any || rc > 0;
		}
	} while (any);
	/* Another one is first the next time. */
	leg = TAILQ_FIRST(&s->legs);
	if (leg != NULL) {
		TAILQ_REMOVE(&s->legs, leg, entry);
		TAILQ_INSERT_TAIL(&s->legs, leg, entry);
	}
	return true;
}

void
legs_lose(struct session *s, const char *why)
{
	struct leg *leg;

	s->opening = NULL;
	while ((leg = TAILQ_FIRST(&s->legs)) != NULL) {
		struct session *inner = leg->inner;

		TAILQ_REMOVE(&s->legs, leg, entry);
		leg->outer = NULL;
		leg->channel = NULL;
		if (inner == NULL) {
			destroy(leg);
			continue;
		}
		inner->way_end = mem_printf(
		    "the bastion '%s' is gone: %s", s->target.name, why);
		inner->tap.eof = true;
		session_poke(inner);
	}
}
