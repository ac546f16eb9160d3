/*
 * send.c -- the door: input for commands that run.
 *
 * Room: engine/fleet.  May touch: this room, base/.
 */
#include "config.h"

#include "base/err.h"
#include "fleet/feed.h"
#include "fleet/fleet.h"

#include <assert.h>

int
muster_send(struct muster *m, const size_t *hosts, size_t n,
    const struct muster_input *input, struct muster_error *err)
{
	struct feed_hosts audience = {0};

	assert(m->magic == FLEET_MAGIC);
	for (size_t i = 0; hosts != NULL && i < n; i++) {
		assert(hosts[i] < m->n_hosts);
		feed_hosts_add(&audience, hosts[i]);
	}
	/* Nobody listens, or nobody is meant. */
	if (m->feed == NULL || (hosts != NULL && n == 0))
		return 0;
	if (feed_add(m->feed, &audience, input, err) != 0)
		return -1;
	for (size_t i = 0; i < m->n_workers; i++)
		worker_ask_feed(m->workers[i]);
	return 0;
}

size_t
muster_input_ahead(const struct muster *m)
{
	assert(m->magic == FLEET_MAGIC);
	return m->feed != NULL ? feed_ahead(m->feed) : 0;
}

void
fleet_open_feed(struct muster *m)
{
	if (m->n_active > 0 && m->feed != NULL)
		return;
	feed_free(m->feed);
	m->feed = feed_new(m->options.input_limit_bytes);
}

void
fleet_close_feed(struct muster *m)
{
	feed_free(m->feed);
	m->feed = NULL;
}
