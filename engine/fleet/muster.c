/*
 * muster.c -- the door: a fleet made and asked.
 *
 * Room: engine/fleet.  May touch: this room, base/, ssh/, conf/.
 * Requests are posted to the workers of the hosts they name; events come
 * back through the queue (events.c). Nothing here waits.
 */
#include "config.h"

#include "base/err.h"
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

/* ---- life ---- */

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
	m->env.brake = brake_new();
	fleet_keep_password(m, options->password);
	m->by_target = map_new();
	m->by_name = map_new();
	m->by_bastion = map_new();
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
	m->env.options = &m->options;
	m->env.pool = pool_new(POOL_THREADS);
	return m;
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
	free(m->lent);
	queue_free(m->env.queue);
	pool_free(m->env.pool);
	admission_free(m->env.admission);
	brake_free(m->env.brake);
	fleet_keep_password(m, NULL);
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

/* The hosts a request is about; NULL is all of them. */
static struct host *
pick(const struct muster *m, const size_t *hosts, size_t i)
{
	size_t index = hosts == NULL ? i : hosts[i];

	assert(index < m->n_hosts);
	return m->hosts[index];
}

/* All that stands behind one bastion shares its worker. */
static void
choose_worker(struct muster *m, struct host *h)
{
	struct bastion *first = h->bastion;

	if (h->worker != NULL)
		return;
	while (first != NULL && first->via != NULL)
		first = first->via;
	if (first == NULL)
		h->worker = m->workers[h->index % m->n_workers];
	else if (first->worker != NULL)
		h->worker = first->worker;
	else
		h->worker = m->workers[first->index % m->n_workers];
	/* What has one already may be at work. */
	for (struct bastion *b = h->bastion; b != NULL && b->worker == NULL;
	     b = b->via)
		b->worker = h->worker;
}

struct beginning {
	struct host *host;
	struct order *order;
};

static void
begin(void *arg)
{
	struct beginning *b = arg;

	host_begin(b->host, b->order);
	free(b);
}

static void
begin_host(struct host *h, struct order *order)
{
	struct beginning *b = mem_new(sizeof(*b));

	b->host = h;
	b->order = order_ref(order);
	h->started = true;
	memset(&h->latest, 0, sizeof(h->latest));
	loop_post(h->worker->loop, begin, b);
	host_line_up(h);
}

int
muster_start(struct muster *m, const size_t *hosts, size_t n,
    const struct muster_command *command, struct muster_error *err)
{
	struct order *order;
	uint32_t no;

	assert(m->magic == FLEET_MAGIC && command->command != NULL);
	if (hosts == NULL)
		n = m->n_hosts;
	if (n == 0)
		return err_set(err, MUSTER_ERR_EMPTY, "no host to start on");
	for (size_t i = 0; i < n; i++)
		if (pick(m, hosts, i)->started)
			return err_set(err, MUSTER_ERR_USAGE,
			    "'%s' is still at work", pick(m, hosts, i)->name);
	if (fleet_start_workers(m, err) != 0)
		return -1;
	if (recording_order(m, command, &no, err) != 0)
		return -1;
	order = order_new(command);
	order->no = no;
	for (size_t i = 0; i < n; i++) {
		struct host *h = pick(m, hosts, i);

		choose_worker(m, h);
		begin_host(h, order);
		m->n_active++;
	}
	order_free(order);
	return 0;
}

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

void
muster_cancel(
    struct muster *m, const size_t *hosts, size_t n, enum muster_cancel how)
{
	void (*const cancel[])(void *) = {
	    [MUSTER_CANCEL_PENDING] = cancel_pending,
	    [MUSTER_CANCEL_TERM] = cancel_term,
	    [MUSTER_CANCEL_NOW] = cancel_now,
	};

	assert(m->magic == FLEET_MAGIC);
	if (hosts == NULL)
		n = m->n_hosts;
	for (size_t i = 0; i < n; i++) {
		struct host *h = pick(m, hosts, i);

		if (h->started)
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
		admission_set_fanout(m->env.admission, fanout);
}
