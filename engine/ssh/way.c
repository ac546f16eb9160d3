/*
 * way.c -- the way to a host, and the bytes on it: the CONNECT step.
 *
 * Room: engine/ssh.  May touch: this room, base/.
 * A connection, a socket to a program (ssh_config(5) ProxyCommand), or a
 * channel of a session with a bastion (ProxyJump). Of a program that closes
 * its end the exit is waited for: it says why.
 */
#include "config.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/trace.h"
#include "ssh/dial.h"
#include "ssh/leg.h"
#include "ssh/loop.h"
#include "ssh/proxy.h"
#include "ssh/session_impl.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- bytes ---- */

static void
on_proxy_gone(void *arg, const char *how)
{
	struct session *s = arg;

	s->way_end = mem_printf("the ProxyCommand %s", how);
	s->tap.eof = true;
	session_drive(s);
}

/* Nothing comes any more. Returns whether that is all there is to know. */
static bool
hear_end(struct session *s)
{
	if (s->proxy == NULL || s->way_end != NULL)
		return true;
	s->tap.eof = false;
	if (!s->way_ending)
		proxy_await(s->proxy, on_proxy_gone, s);
	s->way_ending = true;
	watch_want(s->watch, 0);
	return false;
}

static void
on_ready(void *arg, unsigned what)
{
	struct session *s = arg;

	if (what == WATCH_READ &&
	    !tap_fill(&s->tap, s->fd, loop_scratch(s->env->loop),
		LIMIT_RECV_BYTES_PER_CALL) &&
	    s->tap.eof && !hear_end(s))
		return;
	session_drive(s);
}

void
way_settle(struct session *s)
{
	unsigned want = 0;

	if (s->leg != NULL)
		leg_settle(s->leg);
	if (s->watch == NULL || s->way_ending)
		return;
	if (!tap_flush(&s->tap, s->fd) && !s->tap.eof) {
		s->tap.eof = true;
		if (!hear_end(s))
			return;
		session_poke(s);
	}
	if (!s->held && !s->tap.eof && s->tap.rx.len == 0)
		want |= WATCH_READ;
	if (s->tap.tx.len > 0 && !s->tap.eof)
		want |= WATCH_WRITE;
	watch_want(s->watch, want);
}

static void
use(struct session *s, int fd)
{
	s->fd = fd;
	s->watch = watch_new(s->env->loop, fd, on_ready, s);
	session_poke(s);
}

void
way_drop(struct session *s)
{
	if (s->dial != NULL)
		dial_cancel(s->dial);
	s->dial = NULL;
	watch_free(s->watch);
	s->watch = NULL;
	if (s->fd >= 0)
		(void)close(s->fd);
	s->fd = -1;
	proxy_free(s->proxy);
	s->proxy = NULL;
	leg_free(s->leg);
	s->leg = NULL;
	free(s->way_end);
	s->way_end = NULL;
}

/* ---- CONNECT ---- */

static void
on_dialled(void *arg, const struct dial_answer *answer)
{
	const struct muster_options *o;
	struct session *s = arg;
	char where[ADDRESS_TEXT_MAX];

	s->dial = NULL;
	address_text(answer->address, where);
	if (answer->outcome != MUSTER_PENDING) {
		session_fail(s, answer->outcome, "%s port %u: %s", where,
		    s->target.port, strerror(answer->errnum));
		return;
	}
	TRACE("session", "%s connected to %s port %u", s->target.name, where,
	    s->target.port);
	(void)str_copy(s->peer, sizeof(s->peer), where);
	o = s->env->options;
	dial_tune(answer->fd, s->env->tcp_keepalive,
	    o->keepalive_ms * o->keepalive_max);
	use(s, answer->fd);
}

static void
dial(struct session *s)
{
	const struct dial_request request = {s->addresses, s->n_addresses,
	    s->env->bind_address, s->env->bind_interface};

	s->dial = dial_start(s->env->loop, &request, on_dialled, s);
}

static enum next
start_proxy(struct session *s)
{
	struct muster_error err;
	int fd;

	s->proxy = proxy_start(
	    s->env->loop, s->env->pool, s->target.proxy_command, &fd, &err);
	if (s->proxy == NULL)
		return session_fail(s, MUSTER_LOCAL_RES, "%s", err.text);
	use(s, fd);
	return FORWARD;
}

enum next
step_connect(struct session *s)
{
	if (s->way_end != NULL)
		return session_fail_io(s, "connecting");
	if (s->fd >= 0 || (s->leg != NULL && leg_is_open(s->leg)))
		return FORWARD;
	if (!s->asked) {
		s->asked = true;
		s->may_connect = s->events->may_connect(
		    s->arg, s->n_addresses == 0 ? NULL : &s->addresses[0]);
	}
	if (!s->may_connect) {
		/* In line: what does not fit waits, it does not fail. */
		timer_stop(s->deadline);
		return AGAIN;
	}
	if (s->dial != NULL || s->leg != NULL)
		return AGAIN;
	session_start_deadline(s);
	if (s->target.client != NULL)
		return FORWARD;
	if (s->target.proxy_command != NULL)
		return start_proxy(s);
	dial(s);
	return AGAIN;
}
