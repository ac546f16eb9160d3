/*
 * gathering.c -- gathered outputs as the door has them.
 *
 * Room: engine/fleet.  May touch: base/, fleet/gather.h, fleet/groups.h.
 * A host that printed nothing is in no group.
 */
#include "config.h"

#include "base/limits.h"
#include "base/mem.h"
#include "fleet/gather.h"
#include "fleet/groups.h"
#include "muster.h"

#include <assert.h>
#include <stdlib.h>

struct muster_gather {
	struct gather texts;
	struct groups groups;
};

struct muster_gather *
muster_gather_new(size_t n_hosts)
{
	struct muster_gather *g = mem_new(sizeof(*g));

	gather_init(
	    &g->texts, n_hosts, LIMIT_GATHER_BYTES, LIMIT_GATHER_SPILL_BYTES);
	return g;
}

void
muster_gather_free(struct muster_gather *g)
{
	if (g == NULL)
		return;
	groups_clear(&g->groups);
	gather_clear(&g->texts);
	free(g);
}

void
muster_gather_grow(struct muster_gather *g, size_t n_hosts)
{
	gather_set_n_hosts(&g->texts, n_hosts);
}

void
muster_gather_add(
    struct muster_gather *g, size_t host, const void *data, size_t len)
{
	gather_add(&g->texts, host, data, len);
}

void
muster_gather_end(struct muster_gather *g, size_t host, uint32_t how)
{
	gather_end(&g->texts, host, how);
}

size_t
muster_gather_group(struct muster_gather *g, bool by_host)
{
	bool *chosen = mem_array(g->texts.n_hosts, sizeof(*chosen));

	for (size_t i = 0; i < g->texts.n_hosts; i++)
		chosen[i] = gather_len(&g->texts, i) > 0;
	groups_clear(&g->groups);
	g->groups = gather_group(&g->texts, chosen);
	if (by_host)
		groups_sort_by_host(&g->groups);
	free(chosen);
	return g->groups.n;
}

const uint32_t *
muster_gather_hosts(const struct muster_gather *g, size_t group, size_t *n)
{
	assert(group < g->groups.n);
	*n = g->groups.groups[group].n;
	return g->groups.hosts + g->groups.groups[group].first;
}

bool
muster_gather_read(const struct muster_gather *g, size_t host, uint64_t at,
    const void **data, size_t *len)
{
	return gather_read(&g->texts, host, at, data, len);
}

bool
muster_gather_may_become(
    const struct muster_gather *g, size_t host, size_t other)
{
	return gather_may_become(&g->texts, host, other);
}

bool
muster_gather_is_whole(const struct muster_gather *g, size_t host)
{
	return gather_is_whole(&g->texts, host);
}
