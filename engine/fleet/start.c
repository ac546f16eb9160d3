/*
 * start.c -- the door: commands begun.
 *
 * Room: engine/fleet.  May touch: this room, base/, ssh/.
 */
#include "config.h"

#include "base/err.h"
#include "base/mem.h"
#include "fleet/fleet.h"
#include "fleet/order.h"
#include "fleet/recording.h"
#include "ssh/loop.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct host *
fleet_pick(const struct muster *m, const size_t *hosts, size_t i)
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
begin_host(struct host *h, struct order *order, bool waits)
{
	struct beginning *b = mem_new(sizeof(*b));

	b->host = h;
	b->order = order_ref(order);
	h->started = true;
	memset(&h->latest, 0, sizeof(h->latest));
	shown_key_free(h->shown);
	h->shown = NULL;
	loop_post(h->worker->loop, begin, b);
	h->waits = waits;
	if (!waits)
		host_line_up(h);
}

int
fleet_start(struct muster *m, const size_t *hosts, size_t n,
    struct order *const *orders, const char *what, struct muster_error *err)
{
	uint32_t no;
	bool shared;

	if (hosts == NULL)
		n = m->n_hosts;
	if (n == 0)
		return err_set(err, MUSTER_ERR_EMPTY, "no host to start on");
	for (size_t i = 0; i < n; i++)
		if (fleet_pick(m, hosts, i)->started)
			return err_set(err, MUSTER_ERR_USAGE,
			    "'%s' is still at work",
			    fleet_pick(m, hosts, i)->name);
	if (fleet_start_workers(m, err) != 0)
		return -1;
	if (recording_order(m, what, &no, err) != 0)
		return -1;
	shared = orders[1] == NULL;
	for (size_t i = 0; i < n; i++) {
		struct host *h = fleet_pick(m, hosts, i);

		choose_worker(m, h);
		orders[shared ? 0 : i]->no = no;
		begin_host(h, orders[shared ? 0 : i], m->holds);
		m->n_active++;
	}
	return 0;
}

void
muster_hold(struct muster *m, bool held)
{
	assert(m->magic == FLEET_MAGIC);
	m->holds = held;
}

void
muster_release(struct muster *m, const size_t *hosts, size_t n)
{
	assert(m->magic == FLEET_MAGIC);
	for (size_t i = 0; i < n; i++) {
		struct host *h = fleet_pick(m, hosts, i);

		if (h->waits)
			host_line_up(h);
		h->waits = false;
	}
}

int
muster_start(struct muster *m, const size_t *hosts, size_t n,
    const struct muster_command *command, struct muster_error *err)
{
	struct order *orders[2] = {NULL, NULL};
	int rc;

	assert(m->magic == FLEET_MAGIC && command->command != NULL);
	assert(command->input_file == NULL || !command->more_input);
	if (command->more_input)
		fleet_open_feed(m);
	orders[0] = order_new(command, m->feed, err);
	if (orders[0] == NULL)
		return -1;
	rc = fleet_start(m, hosts, n, orders, command->command, err);
	order_free(orders[0]);
	return rc;
}
