/*
 * session.c -- one SSH connection: its table of steps, its driver, its end.
 *
 * Room: engine/ssh.  May touch: this room, base/.
 * Laws of libssh2 kept here: it is driven without a socket, through the tap;
 * a call that said EAGAIN is repeated with the same arguments on the next
 * step; a session is cut by making the tap dead, never by waiting for the
 * peer; session_disconnect only after the key exchange.
 */
#include "config.h"

#include "ssh/session_impl.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/trace.h"
#include "ssh/airbag.h"
#include "ssh/client.h"
#include "ssh/forward.h"
#include "ssh/leg.h"
#include "ssh/loop.h"
#include "ssh/stream.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CLOSE_TIMEOUT_MS 2000

static enum next
step_wait(struct session *s)
{
	bool copies = !TAILQ_EMPTY(&s->streams);

	if (!TAILQ_EMPTY(&s->legs) && !legs_run(s))
		return FAILED;
	if (copies && !streams_run(s))
		return FAILED;
	/* Nothing runs. The channel of the last command serves to read what
	 * the server may say meanwhile: a new key exchange, questions. */
	if (s->exec.channel != NULL)
		(void)libssh2_channel_read_ex(
		    s->exec.channel, 0, (char *)loop_scratch(s->env->loop), 1);
	return s->tap.eof
		   ? session_fail_io(s, copies ? "copying files" : "idle")
		   : AGAIN;
}

/* What ssh(1) does by itself, when there is a command. */
static enum next
step_skip(struct session *s)
{
	(void)s;
	return FORWARD;
}

static enum next
step_none(struct session *s)
{
	(void)s;
	return AGAIN;
}

static enum next
step_closing(struct session *s)
{
	return s->tap.tx.len == 0 || s->tap.eof
		   ? session_fail(s, MUSTER_CANCELLED, "closed")
		   : AGAIN;
}

struct step {
	enum next (*run)(struct session *s);
	enum muster_state then;
};

static const struct step steps[] = {
    [MUSTER_QUEUED] = {NULL, MUSTER_RESOLVE},
    [MUSTER_RESOLVE] = {step_resolve, MUSTER_CONNECT},
    [MUSTER_CONNECT] = {step_connect, MUSTER_BANNER},
    [MUSTER_BANNER] = {step_banner, MUSTER_KEX},
    [MUSTER_KEX] = {step_kex, MUSTER_HOSTKEY},
    [MUSTER_HOSTKEY] = {step_hostkey, MUSTER_AUTH},
    [MUSTER_AUTH] = {step_auth, MUSTER_READY},
    [MUSTER_READY] = {step_wait, MUSTER_OPEN},
    [MUSTER_OPEN] = {step_open, MUSTER_RUNNING},
    [MUSTER_RUNNING] = {step_running, MUSTER_READY},
    [MUSTER_CLOSING] = {step_closing, MUSTER_CLOSED},
    [MUSTER_CLOSED] = {NULL, MUSTER_CLOSED},
};

_Static_assert(sizeof(steps) / sizeof(steps[0]) == MUSTER_N_STATES,
    "each state has its step");

/* The same for a session by ssh(1). */
static const struct step client_steps[MUSTER_N_STATES] = {
    [MUSTER_QUEUED] = {NULL, MUSTER_RESOLVE},
    [MUSTER_RESOLVE] = {step_skip, MUSTER_CONNECT},
    [MUSTER_CONNECT] = {step_connect, MUSTER_BANNER},
    [MUSTER_BANNER] = {step_skip, MUSTER_KEX},
    [MUSTER_KEX] = {step_skip, MUSTER_HOSTKEY},
    [MUSTER_HOSTKEY] = {step_skip, MUSTER_AUTH},
    [MUSTER_AUTH] = {step_skip, MUSTER_READY},
    [MUSTER_READY] = {step_none, MUSTER_OPEN},
    [MUSTER_OPEN] = {client_open, MUSTER_RUNNING},
    [MUSTER_RUNNING] = {client_run, MUSTER_READY},
    [MUSTER_CLOSING] = {step_closing, MUSTER_CLOSED},
    [MUSTER_CLOSED] = {NULL, MUSTER_CLOSED},
};

static bool
is_by_client(const struct session *s)
{
	return s->target.client != NULL;
}

static uint32_t
deadline_ms(const struct session *s)
{
	const struct muster_options *o = s->env->options;

	switch (s->state) {
	case MUSTER_RESOLVE:
		return o->dns_timeout_ms;
	case MUSTER_CONNECT:
		return o->connect_timeout_ms;
	case MUSTER_BANNER:
		return o->banner_timeout_ms;
	case MUSTER_KEX:
		return o->kex_timeout_ms;
	case MUSTER_AUTH:
		return o->auth_timeout_ms;
	case MUSTER_OPEN:
		if (!is_by_client(s))
			return o->open_timeout_ms;
		/* All that comes before the command. */
		return o->dns_timeout_ms + o->connect_timeout_ms +
		       o->banner_timeout_ms + o->kex_timeout_ms +
		       o->auth_timeout_ms + o->open_timeout_ms;
	case MUSTER_RUNNING:
		return exec_has_begun(s) ? o->command_timeout_ms
					 : o->auth_timeout_ms;
	case MUSTER_CLOSING:
		return CLOSE_TIMEOUT_MS;
	case MUSTER_QUEUED:
	case MUSTER_HOSTKEY:
	case MUSTER_READY:
	case MUSTER_CLOSED:
	case MUSTER_N_STATES:
		break;
	}
	return 0;
}

void
session_start_deadline(struct session *s)
{
	uint32_t ms = deadline_ms(s);

	if (ms > 0)
		timer_set(s->deadline, ms);
	else
		timer_stop(s->deadline);
}

/* The only assignment to the state: traces, restarts the deadline, tells. */
static void
go(struct session *s, enum muster_state state)
{
	int64_t now = clock_now_us();

	TRACE("session", "%s %s -> %s (%.1f ms)", s->target.name,
	    muster_state_word(s->state), muster_state_word(state),
	    (double)(now - s->since_us) / 1000.0);
	s->state = state;
	s->since_us = now;
	session_start_deadline(s);
	s->events->state(s->arg, state);
}

/* ---- the end ---- */

/* Lets libssh2 go without a word to the peer and without waiting. */
static void
drop_ssh(struct session *s)
{
	struct airbag bag;

	auth_free(s->auth);
	s->auth = NULL;
	if (s->ssh == NULL)
		return;
	s->tap.dead = true;
	airbag_arm(&bag);
	/* What asserts again here is left to the heap. */
	if (setjmp(bag.jump) == 0)
		while (libssh2_session_free(s->ssh) == LIBSSH2_ERROR_EAGAIN)
			;
	airbag_disarm(&bag);
	s->ssh = NULL;
	s->exec.channel = NULL;
}

static void
drop_connection(struct session *s)
{
	if (s->resolve != NULL)
		resolve_cancel(s->resolve);
	s->resolve = NULL;
	broker_leave(&s->question);
	legs_lose(s, "dropped");
	forwards_drop(s);
	streams_lose(s);
	drop_ssh(s);
	heap_clear(&s->heap);
	trust_drop(s);
	client_free(s->client);
	s->client = NULL;
	way_drop(s);
	tap_clear(&s->tap);
	timer_stop(s->deadline);
	timer_stop(s->after);
	timer_stop(s->idle);
	timer_stop(s->stall);
	timer_stop(s->alive.timer);
}

enum next
session_fail(
    struct session *s, enum muster_outcome outcome, const char *fmt, ...)
{
	struct session_end end = {.outcome = outcome, .flags = s->exec.flags};
	char text[MUSTER_ERROR_MAX];
	va_list ap;

	if (s->over)
		return FAILED;
	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	end.text = text;
	s->over = true;
	TRACE("session", "%s over: %s: %s", s->target.name,
	    muster_outcome_word(outcome), text);
	legs_lose(s, text);
	drop_connection(s);
	s->events->ended(s->arg, &end);
	return FAILED;
}

static void
destroy(void *arg)
{
	struct session *s = arg;

	drop_connection(s);
	timer_free(s->deadline);
	timer_free(s->after);
	timer_free(s->idle);
	timer_free(s->stall);
	timer_free(s->alive.timer);
	free(s);
}

void
session_free(struct session *s)
{
	if (s == NULL)
		return;
	assert(!s->freed);
	s->freed = true;
	s->over = true;
	drop_connection(s);
	loop_later(s->env->loop, destroy, s);
}

/* ---- the driver ---- */

/* Whether anything reads what comes. */
static bool
reads(const struct session *s)
{
	return s->state != MUSTER_READY || s->exec.channel != NULL ||
	       !TAILQ_EMPTY(&s->legs) || !TAILQ_EMPTY(&s->forwards) ||
	       !TAILQ_EMPTY(&s->streams) || alive_is_asking(s);
}

/* Writes what the steps produced and watches for what comes next. */
static void
settle(struct session *s)
{
	way_settle(s);
	guard_watch(s);
	if (tap_has_more(&s->tap) && !s->held && reads(s))
		session_poke(s);
}

/* Runs what calls libssh2; a session that makes it assert is over. */
static void
guarded(struct session *s, void (*run)(struct session *))
{
	struct airbag bag;

	airbag_arm(&bag);
	if (setjmp(bag.jump) == 0)
		run(s);
	else
		session_fail(s,
		    s->exec.sent && s->state != MUSTER_READY
			? MUSTER_PROTO
			: MUSTER_EARLY_PROTO,
		    "the server sent a packet that breaks libssh2");
	airbag_disarm(&bag);
}

static void
drive(struct session *s)
{
	const struct step *by = is_by_client(s) ? client_steps : steps;
	enum next next = FORWARD;

	s->queued = false;
	if (s->over)
		return;
	tap_grant(&s->tap);
	if (alive_is_asking(s))
		alive_ask(s);
	while (!s->over && next == FORWARD && by[s->state].run != NULL) {
		next = by[s->state].run(s);
		if (!s->over && (guard_trips(s) || trust_is_broken(s)))
			break;
		if (!s->over && next == FORWARD)
			go(s, by[s->state].then);
		if (!s->over && s->state == MUSTER_READY && next == FORWARD) {
			if (!is_by_client(s))
				alive_start(s);
			s->events->ready(s->arg);
		}
	}
	if (!s->over && !TAILQ_EMPTY(&s->forwards) && forwards_run(s))
		session_poke(s);
	if (!s->over)
		settle(s);
}

void
session_drive(struct session *s)
{
	guarded(s, drive);
}

static void
drive_once(void *arg)
{
	struct session *s = arg;

	if (s->queued)
		session_drive(s);
}

void
session_poke(struct session *s)
{
	if (s->queued || s->over)
		return;
	s->queued = true;
	loop_later(s->env->loop, drive_once, s);
}

void
session_poke_arg(void *s)
{
	session_poke(s);
}

static void
pass_deadline(struct session *s)
{
	double seconds = (double)deadline_ms(s) / 1000.0;

	switch (s->state) {
	case MUSTER_RESOLVE:
		session_fail(s, MUSTER_DNS_TIMEOUT,
		    "no answer from the name service within %g s", seconds);
		break;
	case MUSTER_CONNECT:
		session_fail(s, MUSTER_CONN_TIMEOUT,
		    "no connection to port %u within %g s%s", s->target.port,
		    seconds, s->leg != NULL ? " by its bastion" : "");
		break;
	case MUSTER_BANNER:
		session_fail(s, MUSTER_BANNER_TIMEOUT,
		    "no SSH identification within %g s", seconds);
		break;
	case MUSTER_KEX:
		session_fail(s, MUSTER_KEX_TIMEOUT,
		    "key exchange not done within %g s", seconds);
		break;
	case MUSTER_AUTH:
		session_fail(s, MUSTER_AUTH_TIMEOUT,
		    "login not done within %g s", seconds);
		break;
	case MUSTER_CLOSING:
		session_fail(s, MUSTER_CANCELLED, "closed");
		break;
	case MUSTER_OPEN:
	case MUSTER_RUNNING:
		if (!is_by_client(s))
			exec_timeout(s);
		else if (s->state == MUSTER_OPEN)
			client_timeout(s);
		else if (!exec_has_begun(s))
			exec_talk_timeout(s);
		else
			client_stop(s, MUSTER_CMD_TIMEOUT);
		break;
	case MUSTER_QUEUED:
	case MUSTER_HOSTKEY:
	case MUSTER_READY:
	case MUSTER_CLOSED:
	case MUSTER_N_STATES:
		break;
	}
}

static void
on_deadline(void *arg)
{
	guarded(arg, pass_deadline);
}

static void
on_after(void *arg)
{
	guarded(arg, exec_after);
}

static void
on_idle(void *arg)
{
	guarded(arg, exec_idle);
}

static void
on_stall(void *arg)
{
	guard_stall(arg);
}

static void
on_alive(void *arg)
{
	guarded(arg, alive_check);
}

/* ---- requests ---- */

struct session *
session_new(const struct session_env *env, const struct session_target *target,
    const struct session_events *events, void *arg)
{
	struct session *s = mem_new(sizeof(*s));

	s->env = env;
	s->target = *target;
	s->events = events;
	s->arg = arg;
	s->fd = -1;
	s->question.loop = env->loop;
	s->question.host = target->index;
	s->question.arg = s;
	TAILQ_INIT(&s->legs);
	TAILQ_INIT(&s->forwards);
	TAILQ_INIT(&s->streams);
	heap_init(&s->heap, LIMIT_SESSION_BYTES);
	tap_init(&s->tap);
	s->deadline = timer_new(env->loop, on_deadline, s);
	s->after = timer_new(env->loop, on_after, s);
	s->idle = timer_new(env->loop, on_idle, s);
	s->stall = timer_new(env->loop, on_stall, s);
	s->alive.timer = timer_new(env->loop, on_alive, s);
	s->since_us = clock_now_us();
	return s;
}

static void
begin(void *arg)
{
	struct session *s = arg;

	if (s->over)
		return;
	go(s, MUSTER_RESOLVE);
	session_drive(s);
}

void
session_start(struct session *s)
{
	assert(s->state == MUSTER_QUEUED && !s->over);
	loop_later(s->env->loop, begin, s);
}

void
session_proceed(struct session *s)
{
	s->may_connect = true;
	session_poke(s);
}

void
session_proceed_through(struct session *s, struct session *outer)
{
	assert(s->state == MUSTER_CONNECT && s->leg == NULL && !s->over);
	s->leg = leg_new(outer, s);
	session_start_deadline(s);
	session_proceed(s);
}

void
session_give_up(struct session *s, const char *text)
{
	assert(s->way_end == NULL && s->leg == NULL);
	s->way_end = mem_strdup(text);
	s->tap.eof = true;
	session_poke(s);
}

static void
open_exec(struct session *s)
{
	if (s->over)
		return;
	exec_clear(s);
	go(s, MUSTER_OPEN);
	drive(s);
}

static void
begin_exec(void *arg)
{
	guarded(arg, open_exec);
}

void
session_exec(struct session *s, const struct session_command *command)
{
	assert(s->state == MUSTER_READY && !s->over);
	s->exec =
	    (struct exec){.command = *command, .channel = s->exec.channel};
	loop_later(s->env->loop, begin_exec, s);
}

static void
say_goodbye(struct session *s)
{
	if (s->over)
		return;
	if (s->ssh != NULL && s->state >= MUSTER_AUTH) {
		exec_clear(s);
		(void)libssh2_session_disconnect(s->ssh, "done");
	}
	go(s, MUSTER_CLOSING);
	settle(s);
	drive(s);
}

static void
begin_close(void *arg)
{
	guarded(arg, say_goodbye);
}

void
session_close(struct session *s)
{
	loop_later(s->env->loop, begin_close, s);
}

void
session_hold(struct session *s, bool held)
{
	if (s->held == held)
		return;
	s->held = held;
	session_poke(s);
}

enum muster_state
session_state(const struct session *s)
{
	return s->state;
}
