/*
 * worker.c -- a thread with a loop, and the hosts that belong to it.
 *
 * Room: engine/fleet.  May touch: base/, ssh/, queue.h, host.h.
 */
#include "config.h"

#include "fleet/worker.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "fleet/host.h"
#include "fleet/profile.h"
#include "fleet/recording.h"
#include "ssh/identities.h"
#include "ssh/loop.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#define PACE_US 100000

static void
flush(void *arg)
{
	struct worker *w = arg;

	w->flushing = false;
	recording_flush(w);
	if (!STAILQ_EMPTY(&w->outbox))
		queue_put(w->env->queue, &w->outbox);
}

void
worker_emit(struct worker *w, struct parcel *p)
{
	p->event.at_us = loop_now_us(w->loop);
	STAILQ_INSERT_TAIL(&w->outbox, p, entry);
	if (!w->flushing)
		loop_later(w->loop, flush, w);
	w->flushing = true;
}

/* ---- profiles ---- */

static struct session_env *
make_session_env(struct worker *w, const struct profile *p)
{
	const struct identities_setup setup = {p->keyring, p->agent_path,
	    p->identities_only, w->env->broker, p->password_prompts};
	struct session_env *env = mem_new(sizeof(*env));

	*env = (struct session_env){
	    .loop = w->loop,
	    .pool = w->env->pool,
	    .names = w->env->names,
	    .options = &p->options,
	    .known = p->known,
	    .prefs = p->prefs,
	    .identities = identities_new(w->loop, w->env->pool, &setup),
	    .trust = &p->trust,
	    .broker = w->env->broker,
	    .become_password = w->env->become_password,
	    .allow_password = p->allow_password,
	    .allow_interactive = p->allow_interactive,
	    .password_prompts = p->password_prompts,
	    .tcp_keepalive = p->tcp_keepalive,
	    .compress = p->compress,
	    .variables = (const char *const *)p->variables,
	    .forward_path = p->forward_path,
	    .bind_address = p->bind_address,
	    .bind_interface = p->bind_interface,
	};
	return env;
}

const struct session_env *
worker_session_env(struct worker *w, const struct profile *profile)
{
	size_t cap = w->n_session_envs;

	if (profile->index >= w->n_session_envs) {
		mem_grow(&w->session_envs, &cap, profile->index + 1,
		    sizeof(*w->session_envs));
		memset(w->session_envs + w->n_session_envs, 0,
		    (cap - w->n_session_envs) * sizeof(*w->session_envs));
		w->n_session_envs = cap;
	}
	if (w->session_envs[profile->index] == NULL)
		w->session_envs[profile->index] = make_session_env(w, profile);
	return w->session_envs[profile->index];
}

/* ---- the pace of connecting ---- */

static void
on_pace(void *arg)
{
	struct worker *w = arg;
	struct host *h;

	while ((h = TAILQ_FIRST(&w->pacing)) != NULL) {
		TAILQ_REMOVE(&w->pacing, h, entry);
		h->pacing = false;
		if (!worker_pace(w, h))
			return; /* in line again, the timer is set */
		host_connect_now(h);
	}
}

bool
worker_pace(struct worker *w, struct host *h)
{
	int64_t now = loop_now_us(w->loop);

	if (now - w->pace_since_us >= PACE_US) {
		w->pace_since_us = now;
		w->pace_n = 0;
	}
	if (w->pace_n < w->pace_limit) {
		w->pace_n++;
		return true;
	}
	h->pacing = true;
	TAILQ_INSERT_TAIL(&w->pacing, h, entry);
	if (!timer_is_set(w->pace_timer))
		timer_set(w->pace_timer,
		    (uint32_t)((PACE_US - (now - w->pace_since_us)) / 1000 +
			       1));
	return false;
}

/* ---- back-pressure ---- */

static void
unhold(void *arg)
{
	struct worker *w = arg;
	struct host *h, *next;

	atomic_store(&w->unholding, false);
	for (h = TAILQ_FIRST(&w->held); h != NULL; h = next) {
		next = TAILQ_NEXT(h, entry);
		host_unhold(h);
	}
}

void
worker_ask_unhold(struct worker *w)
{
	if (!atomic_exchange(&w->unholding, true))
		loop_post(w->loop, unhold, w);
}

/* ---- input ---- */

static void
feed(void *arg)
{
	struct worker *w = arg;
	struct host *h;

	atomic_store(&w->feeding, false);
	TAILQ_FOREACH (h, &w->fed, fed_entry)
		host_feed(h);
}

void
worker_ask_feed(struct worker *w)
{
	if (!atomic_exchange(&w->feeding, true))
		loop_post(w->loop, feed, w);
}

/* ---- the thread ---- */

static void *
run(void *arg)
{
	struct worker *w = arg;

	loop_run(w->loop);
	return NULL;
}

/* Signals are the front end's business. */
static int
start_thread(struct worker *w)
{
	sigset_t all, before;
	int rc;

	(void)sigfillset(&all);
	(void)pthread_sigmask(SIG_BLOCK, &all, &before);
	rc = pthread_create(&w->thread, NULL, run, w);
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
	return rc;
}

static void
free_parts(struct worker *w)
{
	struct parcel *p;

	/* What was queued to free itself does so now. */
	for (int i = 0; i < 3; i++)
		loop_turn(w->loop, false);
	for (size_t i = 0; i < w->n_session_envs; i++) {
		if (w->session_envs[i] != NULL)
			identities_free(w->session_envs[i]->identities);
		free(w->session_envs[i]);
	}
	free(w->session_envs);
	timer_free(w->pace_timer);
	recording_close_lane(w);
	store_pool_clear(&w->lines);
	loop_turn(w->loop, false);
	loop_free(w->loop);
	while ((p = STAILQ_FIRST(&w->outbox)) != NULL) {
		STAILQ_REMOVE_HEAD(&w->outbox, entry);
		queue_release(w->env->queue, p);
	}
	free(w);
}

struct worker *
worker_new(struct fleet_env *env, unsigned index, unsigned n_workers,
    struct muster_error *err)
{
	const struct muster_options *o = env->options;
	struct worker *w = mem_new(sizeof(*w));
	int rc;

	w->env = env;
	w->loop = loop_new(err);
	if (w->loop == NULL) {
		free(w);
		return NULL;
	}
	STAILQ_INIT(&w->outbox);
	TAILQ_INIT(&w->held);
	TAILQ_INIT(&w->fed);
	store_pool_init(
	    &w->lines, LIMIT_STORE_BYTES / n_workers, LIMIT_STORE_HOST_BYTES);
	TAILQ_INIT(&w->pacing);
	w->pace_timer = timer_new(w->loop, on_pace, w);
	w->pace_limit = o->connects_per_100ms / n_workers;
	if (w->pace_limit == 0)
		w->pace_limit = 1;
	w->index = index;
	recording_open_lane(w, env->recorder);
	rc = start_thread(w);
	if (rc == 0)
		return w;
	free_parts(w);
	err_sys(err, MUSTER_ERR_SYSTEM, rc, "cannot start a worker thread");
	return NULL;
}

void
worker_free(struct worker *w)
{
	loop_stop(w->loop);
	(void)pthread_join(w->thread, NULL);
	free_parts(w);
}
