/*
 * bastion.c -- a way station (ssh_config(5) ProxyJump) that hosts share.
 *
 * Room: engine/fleet.  May touch: base/, ssh/, worker.h.
 */
#include "config.h"

#include "fleet/bastion.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/trace.h"
#include "fleet/brake.h"
#include "fleet/profile.h"
#include "fleet/worker.h"
#include "ssh/loop.h"

#include <stdio.h>
#include <stdlib.h>

#define IDLE_MS 1000  /* a login without users is kept so long */
#define SLOW_MS 1000  /* an opening that takes longer holds up no other */
#define RETRY_MS 1000 /* before another login, times the attempts */

/* A login at the bastion. */
struct gangway {
	TAILQ_ENTRY(gangway) entry;
	struct bastion *bastion; /* borrowed */
	struct session *session; /* owned */
	struct passage passage;  /* through the bastion before */
	struct claim claim;      /* to the password */
	bool logged_in;
	bool may_open; /* logged in, and nothing is being opened */
	bool closing;
};

static void add_gangway(struct bastion *b);

/* ---- those who want through ---- */

void
passage_leave(struct passage *p)
{
	if (p->waits_at == NULL)
		return;
	TAILQ_REMOVE(&p->waits_at->line, p, entry);
	p->waits_at = NULL;
}

static struct gangway *
find_open(const struct bastion *b)
{
	struct gangway *g;

	TAILQ_FOREACH (g, &b->gangways, entry)
		if (g->may_open)
			return g;
	return NULL;
}

/* Lets in who can be let in. */
static void
serve(struct bastion *b)
{
	struct passage *p;
	struct gangway *g;

	while (
	    (p = TAILQ_FIRST(&b->line)) != NULL && (g = find_open(b)) != NULL) {
		passage_leave(p);
		g->may_open = false;
		p->granted(p->arg, g->session);
	}
	if (p == NULL)
		timer_stop(b->slow);
	else if (b->n_gangways == 0 && !timer_is_set(b->retry))
		add_gangway(b);
	else if (!timer_is_set(b->slow))
		timer_set(b->slow, SLOW_MS);
}

static void
refuse_all(struct bastion *b, const struct session_end *end)
{
	char text[MUSTER_ERROR_MAX];
	struct passage *p;

	(void)snprintf(text, sizeof(text),
	    "the bastion '%s' cannot be reached: %s: %s", b->name,
	    muster_outcome_word(end->outcome), end->text);
	b->attempts = 0;
	while ((p = TAILQ_FIRST(&b->line)) != NULL) {
		passage_leave(p);
		p->refused(p->arg, text);
	}
}

/* ---- what a login says ---- */

static void
on_state(void *arg, enum muster_state state)
{
	(void)arg;
	(void)state;
}

/* One login, however many wait for it: there is no line to stand in. */
static bool
on_may_connect(void *arg, const struct address *to)
{
	struct gangway *g = arg;

	(void)to;
	if (g->bastion->via == NULL)
		return true;
	bastion_ask(g->bastion->via, &g->passage);
	return false;
}

/* The password of the options is for the hosts. */
static enum session_leave
on_may_give_password(void *arg, struct secret **password, const char **why)
{
	struct gangway *g = arg;
	const struct bastion *b = g->bastion;

	*why = NULL;
	if (b->brake == NULL)
		return SESSION_NEVER;
	return brake_ask(
	    &g->claim, b->profile->password_prompts, password, why);
}

static void
on_password_given(void *arg, enum session_given given)
{
	struct gangway *g = arg;

	brake_tell(&g->claim, given);
}

static void
on_proceed(void *arg)
{
	struct gangway *g = arg;

	session_proceed(g->session);
}

static void
on_granted(void *arg, struct session *through)
{
	struct gangway *g = arg;

	session_proceed_through(g->session, through);
}

static void
on_refused(void *arg, const char *text)
{
	struct gangway *g = arg;

	session_give_up(g->session, text);
}

static void
on_ready(void *arg)
{
	struct gangway *g = arg;

	g->logged_in = true;
	g->may_open = true;
	g->bastion->attempts = 0;
	TRACE("bastion", "%s logged in", g->bastion->name);
	serve(g->bastion);
}

static void
on_opened(void *arg)
{
	struct gangway *g = arg;

	g->may_open = !g->closing;
	timer_stop(g->bastion->slow);
	serve(g->bastion);
}

static void
drop_gangway(struct gangway *g)
{
	struct bastion *b = g->bastion;

	passage_leave(&g->passage);
	if (b->brake != NULL)
		brake_forget(&g->claim);
	session_free(g->session);
	TAILQ_REMOVE(&b->gangways, g, entry);
	b->n_gangways--;
	free(g);
}

static bool
is_passing(enum muster_outcome outcome)
{
	return outcome == MUSTER_CONN_RESET || outcome == MUSTER_THROTTLED ||
	       outcome == MUSTER_LOCAL_RES;
}

static void
on_ended(void *arg, const struct session_end *end)
{
	struct gangway *g = arg;
	struct bastion *b = g->bastion;
	bool failed = !g->closing && !g->logged_in;

	drop_gangway(g);
	if (b->n_gangways > 0) {
		serve(b);
		return;
	}
	if (failed && is_passing(end->outcome) &&
	    b->attempts <= b->worker->env->options->retries)
		timer_set(b->retry, RETRY_MS * b->attempts);
	else if (failed)
		refuse_all(b, end);
	else
		serve(b);
}

/* ---- logins ---- */

static void
add_gangway(struct bastion *b)
{
	static const struct session_events all = {
	    .state = on_state,
	    .may_connect = on_may_connect,
	    .may_give_password = on_may_give_password,
	    .password_given = on_password_given,
	    .ready = on_ready,
	    .opened = on_opened,
	    .ended = on_ended,
	};
	const struct session_target target = {.index = MUSTER_NOWHERE,
	    .name = b->name,
	    .address = b->address,
	    .user = b->user,
	    .port = b->port,
	    .key_name = b->key_name,
	    .key_port = b->key_port,
	    .family = b->profile->family,
	    .proxy_command = b->proxy_command,
	    .is_behind = b->via != NULL};
	struct gangway *g = mem_new(sizeof(*g));

	g->bastion = b;
	g->passage = (struct passage){
	    .granted = on_granted, .refused = on_refused, .arg = g};
	g->claim = (struct claim){.brake = b->brake,
	    .loop = b->worker->loop,
	    .proceed = on_proceed,
	    .arg = g,
	    .host = MUSTER_NOWHERE,
	    .name = b->name};
	TAILQ_INSERT_TAIL(&b->gangways, g, entry);
	b->n_gangways++;
	b->attempts++;
	g->session = session_new(
	    worker_session_env(b->worker, b->profile), &target, &all, g);
	session_start(g->session);
}

static void
on_retry(void *arg)
{
	struct bastion *b = arg;

	if (b->idle != NULL)
		serve(b);
}

/* All who are logged in wait for an answer: another one takes over. */
static void
on_slow(void *arg)
{
	struct bastion *b = arg;
	struct gangway *g;

	TAILQ_FOREACH (g, &b->gangways, entry)
		if (!g->logged_in)
			break;
	if (g == NULL && b->n_gangways < LIMIT_BASTION_LOGINS)
		add_gangway(b);
	serve(b);
}

static void
on_idle(void *arg)
{
	struct bastion *b = arg;
	struct gangway *g;

	TAILQ_FOREACH (g, &b->gangways, entry) {
		g->may_open = false;
		g->closing = true;
		session_close(g->session);
	}
}

void
bastion_ask(struct bastion *b, struct passage *p)
{
	p->waits_at = b;
	TAILQ_INSERT_TAIL(&b->line, p, entry);
	loop_later(b->worker->loop, on_retry, b);
}

static void
prepare(struct bastion *b)
{
	struct loop *loop = b->worker->loop;

	if (b->idle != NULL)
		return;
	b->idle = timer_new(loop, on_idle, b);
	b->retry = timer_new(loop, on_retry, b);
	b->slow = timer_new(loop, on_slow, b);
}

void
bastion_claim(struct bastion *b)
{
	prepare(b);
	timer_stop(b->idle);
	if (b->n_users++ == 0 && b->via != NULL)
		bastion_claim(b->via);
}

void
bastion_release(struct bastion *b)
{
	if (--b->n_users > 0)
		return;
	timer_stop(b->retry);
	timer_set(b->idle, IDLE_MS);
	if (b->via != NULL)
		bastion_release(b->via);
}

void
bastion_drop(struct bastion *b)
{
	struct gangway *g;

	if (b->idle == NULL)
		return;
	while ((g = TAILQ_FIRST(&b->gangways)) != NULL)
		drop_gangway(g);
	timer_free(b->idle);
	timer_free(b->retry);
	timer_free(b->slow);
	b->idle = b->retry = b->slow = NULL;
	b->n_users = 0;
}

void
bastion_free(struct bastion *b)
{
	free(b->name);
	free(b->address);
	free(b->user);
	free(b->key_name);
	free(b->proxy_command);
	brake_free(b->brake);
	free(b);
}
