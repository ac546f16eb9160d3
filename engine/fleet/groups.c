/*
 * groups.c -- hosts with equal keys, together.
 *
 * Room: engine/fleet.  May touch: base/mem.h.
 */
#include "config.h"

#include "base/mem.h"
#include "fleet/groups.h"

#include <stdlib.h>

/* Whatever is equal ends up side by side; the order has no other meaning. */
static int
compare_words(const struct group_key *a, const struct group_key *b)
{
	for (size_t i = 0; i < 3; i++)
		if (a->word[i] != b->word[i])
			return a->word[i] < b->word[i] ? -1 : 1;
	if (a->how != b->how)
		return a->how < b->how ? -1 : 1;
	return 0;
}

static int
compare_keys(const void *a, const void *b)
{
	const struct group_key *x = a, *y = b;
	int c = compare_words(x, y);

	if (c != 0)
		return c;
	return x->host < y->host ? -1 : x->host > y->host;
}

/* A group and its lowest host, to sort without looking elsewhere. */
struct ranked {
	struct group group;
	uint32_t host;
};

static int
compare_hosts(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;

	return x->host < y->host ? -1 : x->host > y->host;
}

static int
compare_sizes(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;

	if (x->group.n != y->group.n)
		return x->group.n > y->group.n ? -1 : 1;
	return compare_hosts(a, b);
}

static void
sort_groups(struct groups *g, int (*compare)(const void *, const void *))
{
	struct ranked *ranked = mem_array(g->n, sizeof(*ranked));

	for (size_t i = 0; i < g->n; i++)
		ranked[i] =
		    (struct ranked){g->groups[i], g->hosts[g->groups[i].first]};
	qsort(ranked, g->n, sizeof(*ranked), compare);
	for (size_t i = 0; i < g->n; i++)
		g->groups[i] = ranked[i].group;
	free(ranked);
}

struct groups
groups_make(struct group_key *keys, size_t n)
{
	struct groups g = {
	    .hosts = mem_array(n, sizeof(*g.hosts)), .n_hosts = n};
	size_t cap = 0;

	if (n > 0)
		qsort(keys, n, sizeof(*keys), compare_keys);
	for (size_t i = 0; i < n; i++) {
		if (i == 0 || compare_words(&keys[i], &keys[i - 1]) != 0) {
			mem_grow(&g.groups, &cap, g.n + 1, sizeof(*g.groups));
			g.groups[g.n++] = (struct group){i, 0};
		}
		g.groups[g.n - 1].n++;
		g.hosts[i] = keys[i].host;
	}
	sort_groups(&g, compare_sizes);
	return g;
}

void
groups_sort_by_host(struct groups *g)
{
	sort_groups(g, compare_hosts);
}

void
groups_clear(struct groups *g)
{
	free(g->groups);
	free(g->hosts);
	*g = (struct groups){0};
}
