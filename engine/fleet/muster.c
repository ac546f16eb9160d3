/*
 * muster.c -- the door: a fleet made and asked.
 *
 * Room: engine/fleet.  May touch: this room, base/, ssh/, conf/.
 * Requests are posted to the workers of the hosts they name; events come
 * back through the queue (events.c). Nothing here waits.
 */
#include "config.h"

#include "base/map.h"
#include "base/mem.h"
#include "conf/sshconf.h"
#include "fleet/brake.h"
#include "fleet/fleet.h"
#include "fleet/profile.h"
#include "fleet/recording.h"
#include "ssh/library.h"
#include "ssh/loop.h"
#include "ssh/pool.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* Name look-ups at once; each may hang in NSS for a while. */
#define POOL_THREADS 64
#define NAME_THREADS 64

/* ---- life ---- */

static void
wake(void *queue)
{
	queue_wake(queue);
}

struct muster *
muster_new(const struct muster_options *options, struct muster_error *err)
{
	struct muster *m = mem_new(sizeof(*m));

	if (library_start(err) != 0) {
		free(m);
		return NULL;
	}
	if (fleet_copy_options(&m->options, options, err) != 0) {
		library_stop();
		free(m);
		return NULL;
	}
	m->magic = FLEET_MAGIC;
	muster_limit_failures(m, SIZE_MAX);
	fleet_keep_passwords(m, options);
	m->env.become_brake = brake_new("become", m->become_password, NULL);
	m->by_target = map_new();
	m->by_name = map_new();
	m->by_bastion = map_new();
	m->brakes = map_new();
	m->sshconfs = map_new();
	m->sshconf = fleet_open_sshconf(
	    &m->options, m->options.ssh_options, m->options.n_ssh_options, err);
	if (m->sshconf != NULL)
		m->profiles = profiles_new(&m->options, err);
	if (m->profiles != NULL && recording_open(m, err) == 0)
		m->env.queue = queue_new(err);
	if (m->env.queue == NULL) {
		muster_free(m);
		return NULL;
	}
	if (m->options.ask)
		m->env.broker = broker_new(
		    m->options.prompt_timeout_ms, wake, m->env.queue);
	m->env.options = &m->options;
	fleet_open_looking(m);
	m->env.pool = pool_new(POOL_THREADS);
	m->env.names = pool_new(NAME_THREADS);
	return m;
}

static void
free_brake(void *arg)
{
	brake_free(arg);
}

static void
free_sshconf(void *arg)
{
	sshconf_free(arg);
}

void
muster_free(struct muster *m)
{
	if (m == NULL)
		return;
	assert(m->magic == FLEET_MAGIC);
	fleet_stop_workers(m);
	recording_close(m);
	play_free(m->play);
	free(m->lent);
	fleet_close_feed(m);
	broker_free(m->env.broker);
	queue_free(m->env.queue);
	pool_free(m->env.pool);
	pool_free(m->env.names);
	admission_free(m->env.admission);
	map_free(m->brakes, free_brake);
	fleet_close_looking(m);
	brake_free(m->env.become_brake);
	fleet_keep_passwords(m, &(struct muster_options){0});
	for (size_t i = 0; i < m->n_hosts; i++) {
		host_clear(m->hosts[i]);
		free(m->hosts[i]);
	}
	free(m->hosts);
	map_free(m->by_target, NULL);
	map_free(m->by_name, NULL);
	map_free(m->by_bastion, NULL);
	for (size_t i = 0; i < m->n_bastions; i++)
		bastion_free(m->bastions[i]);
	free(m->bastions);
	profiles_free(m->profiles);
	map_free(m->sshconfs, free_sshconf);
	sshconf_free(m->sshconf);
	sshconf_free(m->jumpconf);
	fleet_clear_options(&m->options);
	m->magic = 0;
	library_stop();
	free(m);
}

/* ---- requests ---- */

static void
cancel_pending(void *arg)
{
	host_cancel(arg, MUSTER_CANCEL_PENDING);
}

static void
cancel_term(void *arg)
{
	host_cancel(arg, MUSTER_CANCEL_TERM);
}

static void
cancel_now(void *arg)
{
	host_cancel(arg, MUSTER_CANCEL_NOW);
}

static void
cancel_deadline(void *arg)
{
	host_cancel(arg, MUSTER_CANCEL_DEADLINE);
}

void
muster_cancel(
    struct muster *m, const size_t *hosts, size_t n, enum muster_cancel how)
{
	void (*const cancel[])(void *) = {
	    [MUSTER_CANCEL_PENDING] = cancel_pending,
	    [MUSTER_CANCEL_TERM] = cancel_term,
	    [MUSTER_CANCEL_NOW] = cancel_now,
	    [MUSTER_CANCEL_DEADLINE] = cancel_deadline,
	};

	assert(m->magic == FLEET_MAGIC);
	if (hosts == NULL)
		n = m->n_hosts;
	for (size_t i = 0; i < n; i++) {
		struct host *h = fleet_pick(m, hosts, i);

		if (!h->started)
			continue;
		h->waits = false; /* in line it would have no order */
		loop_post(h->worker->loop, cancel[how], h);
	}
}

void
muster_pause(struct muster *m, bool paused)
{
	struct muster_error err;

	if (fleet_start_workers(m, &err) == 0)
		admission_pause(m->env.admission, paused);
}

void
muster_set_fanout(struct muster *m, unsigned fanout)
{
	assert(fanout > 0);
	m->options.fanout = fanout;
	if (m->env.admission != NULL)
		admission_set_fanout(
		    m->env.admission, fleet_connections(fanout));
}
