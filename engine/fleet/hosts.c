/*
 * hosts.c -- the hosts of a fleet: adding them, and what they are called.
 *
 * Room: engine/fleet.  May touch: this room, base/, conf/hostexpr.h.
 */
#include "config.h"

#include "base/limits.h"
#include "base/map.h"
#include "base/mem.h"
#include "conf/hostexpr.h"
#include "fleet/fleet.h"

#include <assert.h>
#include <stdlib.h>

size_t
muster_n_hosts(const struct muster *m)
{
	return m->n_hosts;
}

const char *
muster_host_name(const struct muster *m, size_t host)
{
	assert(host < m->n_hosts);
	return m->hosts[host]->name;
}

size_t
muster_add_host(struct muster *m, const struct muster_host *host)
{
	const char *user = host->user ? host->user : m->options.user;
	uint16_t port = host->port ? host->port : m->options.port;
	char *target = mem_printf("%s@%s:%u", user, host->name, port);
	struct host *h;

	assert(m->magic == FLEET_MAGIC);
	if (map_gets(m->by_target, target) != NULL) {
		free(target);
		return MUSTER_NOWHERE;
	}
	h = mem_new(sizeof(*h));
	h->index = m->n_hosts;
	/* The label is the name alone unless that is taken. */
	h->name = map_gets(m->by_name, host->name) == NULL
		      ? mem_strdup(host->name)
		      : mem_strdup(target);
	h->target = mem_strdup(host->name);
	h->address = mem_strdup(host->address ? host->address : host->name);
	h->user = mem_strdup(user);
	h->port = port;
	(void)map_puts(m->by_target, target, h);
	(void)map_puts(m->by_name, h->name, h);
	free(target);
	mem_grow(&m->hosts, &m->cap_hosts, m->n_hosts + 1, sizeof(*m->hosts));
	m->hosts[m->n_hosts++] = h;
	return h->index;
}

int
muster_add_hosts(struct muster *m, const char *expr, struct muster_error *err)
{
	const struct hostexpr_options options = {0};
	struct hostlist list;
	int rc;

	assert(m->magic == FLEET_MAGIC);
	hostlist_init(&list, LIMIT_HOSTS, false);
	rc = hostexpr_expand(expr, &options, &list, err);
	for (size_t i = 0; rc == 0 && i < list.n; i++) {
		const struct hostref *ref = &list.items[i];
		const struct muster_host host = {
		    .name = ref->host,
		    .user = ref->user,
		    .port = ref->port,
		};

		(void)muster_add_host(m, &host);
	}
	hostlist_clear(&list);
	return rc;
}
