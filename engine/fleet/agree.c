/*
 * agree.c -- who prints the same, over all workers.
 *
 * Room: engine/fleet.  May touch: base/, trie.h, groups.h, muster.h.
 */
#include "config.h"

#include "base/limits.h"
#include "base/mem.h"
#include "fleet/agree.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct agree {
	pthread_mutex_t lock;
	struct trie tries[2]; /* by enum agree_how */
	bool *begun[2];       /* owned; hosts that are in the trie */
	size_t cap[2];
};

struct agree *
agree_new(void)
{
	struct agree *a = mem_new(sizeof(*a));
	struct hash_key key = hash_new_key();

	(void)pthread_mutex_init(&a->lock, NULL);
	for (size_t i = 0; i < 2; i++)
		trie_init(&a->tries[i], &key, 0, LIMIT_TRIE_NODES);
	return a;
}

void
agree_free(struct agree *a)
{
	if (a == NULL)
		return;
	for (size_t i = 0; i < 2; i++) {
		trie_clear(&a->tries[i]);
		free(a->begun[i]);
	}
	(void)pthread_mutex_destroy(&a->lock);
	free(a);
}

/* ---- from workers ---- */

/* Hosts come in any order; room is made for some more at a time. */
static void
make_room(struct agree *a, enum agree_how how, size_t host)
{
	struct trie *t = &a->tries[how];
	size_t before = t->n_hosts;
	size_t n = host + 1 > 2 * before ? host + 1 : 2 * before;

	if (host < before)
		return;
	trie_set_n_hosts(t, n);
	mem_grow(&a->begun[how], &a->cap[how], n, sizeof(bool));
	memset(a->begun[how] + before, 0, (n - before) * sizeof(bool));
}

void
agree_begin(struct agree *a, enum agree_how how, size_t host)
{
	(void)pthread_mutex_lock(&a->lock);
	make_room(a, how, host);
	trie_reset(&a->tries[how], host);
	a->begun[how][host] = true;
	(void)pthread_mutex_unlock(&a->lock);
}

void
agree_add(struct agree *a, enum agree_how how, size_t host, const char *text,
    size_t len)
{
	(void)pthread_mutex_lock(&a->lock);
	trie_add(&a->tries[how], host, text, len);
	(void)pthread_mutex_unlock(&a->lock);
}

void
agree_end(struct agree *a, enum agree_how how, size_t host, uint32_t end)
{
	(void)pthread_mutex_lock(&a->lock);
	trie_end(&a->tries[how], host, end);
	(void)pthread_mutex_unlock(&a->lock);
}

/* ---- from the front ---- */

void
agree_group(struct agree *a, enum agree_how how, struct muster_groups *out)
{
	struct trie *t = &a->tries[how];
	struct groups g;

	(void)pthread_mutex_lock(&a->lock);
	g = trie_group(t, a->begun[how]);
	out->items = mem_array(g.n, sizeof(*out->items));
	out->n = g.n;
	for (size_t i = 0; i < g.n; i++) {
		const uint32_t *hosts = g.hosts + g.groups[i].first;
		const struct trie_host *h = &t->hosts[hosts[0]];

		out->items[i] = (struct muster_group){.hosts = hosts,
		    .n_hosts = g.groups[i].n,
		    .n_lines = h->n_lines - h->is_ended,
		    .is_ended = h->is_ended};
	}
	(void)pthread_mutex_unlock(&a->lock);
	out->hosts = g.hosts;
	free(g.groups);
}

#define BRANCHES_MAX 64

size_t
agree_branches(struct agree *a, enum agree_how how, size_t *n_lines,
    struct muster_branch *out, size_t max)
{
	struct trie *t = &a->tries[how];
	struct trie_branch found[BRANCHES_MAX];
	uint32_t node = TRIE_ROOT;
	size_t n;

	*n_lines = 0;
	if (max > BRANCHES_MAX)
		max = BRANCHES_MAX;
	(void)pthread_mutex_lock(&a->lock);
	node = trie_follow(t, node, n_lines);
	n = trie_branches(t, node, found, max);
	for (size_t i = 0; i < n && i < max; i++) {
		uint32_t host = trie_some_host(t, found[i].node);

		out[i] = (struct muster_branch){.n_hosts = found[i].n_hosts,
		    .host = host == TRIE_NONE ? MUSTER_NOWHERE : host,
		    .is_ended = found[i].is_ended};
	}
	(void)pthread_mutex_unlock(&a->lock);
	return n;
}
