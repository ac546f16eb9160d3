/*
 * trie.c -- which hosts print the same, while they print it.
 *
 * Room: engine/fleet.  May touch: base/.
 */
#include "config.h"

#include "base/mem.h"
#include "fleet/trie.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* Set in the line of an end, never in the hash of a text. */
#define END_BIT (UINT64_C(1) << 63)
#define FIRST_TABLE 1024 /* slots; a power of two, as all later sizes */

/* ---- nodes ---- */

static size_t
slot_of(const struct trie *t, uint32_t parent, uint64_t line)
{
	/* lines are random already; an odd factor spreads the parents */
	uint64_t h = (line ^ parent * UINT64_C(0x9e3779b97f4a7c15)) *
		     UINT64_C(0xd6e8feb86659fd93);

	return (size_t)(h >> 32) & (t->table_size - 1);
}

/* The slot with the node, or the free one where it would be. */
static uint32_t *
find_slot(const struct trie *t, uint32_t parent, uint64_t line)
{
	size_t at = slot_of(t, parent, line);

	for (;; at = (at + 1) & (t->table_size - 1)) {
		uint32_t *slot = &t->table[at];
		const struct trie_node *n;

		if (*slot == TRIE_NONE)
			return slot;
		n = &t->nodes[*slot];
		if (n->line == line && n->parent == parent)
			return slot;
	}
}

static void
resize_table(struct trie *t, size_t size)
{
	free(t->table);
	t->table = mem_array(size, sizeof(*t->table));
	t->table_size = size;
	memset(t->table, 0xff, size * sizeof(*t->table));
	for (uint32_t i = 1; i < t->n_nodes; i++)
		*find_slot(t, t->nodes[i].parent, t->nodes[i].line) = i;
}

static uint32_t
new_node(struct trie *t, uint32_t parent, uint64_t line)
{
	uint32_t node = (uint32_t)t->n_nodes;

	mem_grow(&t->nodes, &t->cap_nodes, t->n_nodes + 1, sizeof(*t->nodes));
	t->nodes[node] = (struct trie_node){.line = line,
	    .parent = parent,
	    .child = TRIE_NONE,
	    .next = TRIE_NONE,
	    .host = TRIE_NONE};
	t->n_nodes++;
	return node;
}

/* The child for a line, made when there is none. TRIE_NONE when it would be
 * one too many. */
static uint32_t
get_child(struct trie *t, uint32_t parent, uint64_t line)
{
	uint32_t *slot = find_slot(t, parent, line);
	uint32_t node = *slot;

	if (node != TRIE_NONE)
		return node;
	if (t->n_nodes >= t->max_nodes)
		return TRIE_NONE;
	node = *slot = new_node(t, parent, line);
	t->nodes[node].next = t->nodes[parent].child;
	t->nodes[parent].child = node;
	if (2 * t->n_nodes > t->table_size)
		resize_table(t, 2 * t->table_size);
	return node;
}

/* ---- hosts ---- */

void
trie_init(struct trie *t, const struct hash_key *key, size_t n_hosts,
    size_t max_nodes)
{
	assert(max_nodes > 0 && max_nodes < TRIE_NONE);
	*t = (struct trie){.key = *key, .max_nodes = max_nodes};
	resize_table(t, FIRST_TABLE);
	(void)new_node(t, TRIE_NONE, 0);
	trie_set_n_hosts(t, n_hosts);
}

void
trie_clear(struct trie *t)
{
	free(t->nodes);
	free(t->table);
	free(t->hosts);
	*t = (struct trie){.max_nodes = t->max_nodes};
}

void
trie_set_n_hosts(struct trie *t, size_t n_hosts)
{
	struct trie_host *hosts = mem_array(n_hosts, sizeof(*hosts));

	assert(n_hosts >= t->n_hosts && n_hosts < TRIE_NONE);
	if (t->n_hosts > 0)
		memcpy(hosts, t->hosts, t->n_hosts * sizeof(*hosts));
	free(t->hosts);
	t->hosts = hosts;
	t->nodes[TRIE_ROOT].n_here += (uint32_t)(n_hosts - t->n_hosts);
	t->n_hosts = n_hosts;
}

static void
add_line(struct trie *t, size_t host, uint64_t line)
{
	struct trie_host *h = &t->hosts[host];
	uint32_t node;

	assert(host < t->n_hosts && !h->is_ended);
	h->n_lines++;
	h->path = (h->path ^ line) * UINT64_C(0x9e3779b97f4a7c15);
	h->path ^= h->path >> 29;
	if (h->is_off)
		return;
	node = get_child(t, h->node, line);
	t->nodes[h->node].n_here--;
	t->nodes[h->node].n_below++;
	if (node == TRIE_NONE) {
		h->is_off = t->is_full = true;
		return;
	}
	t->nodes[node].n_here++;
	t->nodes[node].host = (uint32_t)host;
	h->node = node;
}

void
trie_add(struct trie *t, size_t host, const char *text, size_t len)
{
	add_line(t, host, hash_bytes(&t->key, text, len) & ~END_BIT);
}

void
trie_end(struct trie *t, size_t host, uint32_t how)
{
	add_line(t, host, END_BIT | how);
	t->hosts[host].is_ended = true;
	t->hosts[host].how = how;
}

void
trie_reset(struct trie *t, size_t host)
{
	struct trie_host *h = &t->hosts[host];
	uint32_t node = h->node;

	if (h->is_off)
		t->nodes[node].n_below--;
	else
		t->nodes[node].n_here--;
	for (;;) {
		struct trie_node *n = &t->nodes[node];

		if (n->host == host)
			n->host = TRIE_NONE;
		if (n->parent == TRIE_NONE)
			break;
		node = n->parent;
		t->nodes[node].n_below--;
	}
	*h = (struct trie_host){.node = TRIE_ROOT};
	t->nodes[TRIE_ROOT].n_here++;
}

struct groups
trie_group(const struct trie *t, const bool *chosen)
{
	struct group_key *keys = mem_array(t->n_hosts, sizeof(*keys));
	struct groups g;
	size_t n = 0;

	for (uint32_t i = 0; i < t->n_hosts; i++)
		if (chosen == NULL || chosen[i])
			keys[n++] = (struct group_key){
			    .word = {t->hosts[i].path, t->hosts[i].n_lines},
			    .host = i};
	g = groups_make(keys, n);
	free(keys);
	return g;
}

/* ---- where outputs part ---- */

static uint32_t
count_hosts(const struct trie_node *n)
{
	return n->n_here + n->n_below;
}

/* The only child with hosts, or TRIE_NONE when there is none or another. */
static uint32_t
only_child(const struct trie *t, uint32_t node)
{
	uint32_t only = TRIE_NONE, left = t->nodes[node].n_below;
	uint32_t child = t->nodes[node].child;

	for (; child != TRIE_NONE; child = t->nodes[child].next) {
		uint32_t n = count_hosts(&t->nodes[child]);

		if (n == 0)
			continue;
		/* hosts that left the tree here are somewhere else */
		if (n < left)
			return TRIE_NONE;
		only = child;
		break;
	}
	return only;
}

uint32_t
trie_follow(const struct trie *t, uint32_t node, size_t *n_lines)
{
	for (;;) {
		uint32_t child = only_child(t, node);

		if (child == TRIE_NONE || (t->nodes[child].line & END_BIT))
			return node;
		node = child;
		(*n_lines)++;
	}
}

static int
compare_branches(const void *a, const void *b)
{
	const struct trie_branch *x = a, *y = b;

	if (x->n_hosts != y->n_hosts)
		return x->n_hosts > y->n_hosts ? -1 : 1;
	return x->node < y->node ? -1 : 1;
}

size_t
trie_branches(
    const struct trie *t, uint32_t node, struct trie_branch *out, size_t max)
{
	uint32_t child = t->nodes[node].child;
	struct trie_branch *all = NULL;
	size_t n = 0, cap = 0;

	for (; child != TRIE_NONE; child = t->nodes[child].next) {
		const struct trie_node *c = &t->nodes[child];
		bool is_ended = (c->line & END_BIT) != 0;

		if (count_hosts(c) == 0)
			continue;
		mem_grow(&all, &cap, n + 1, sizeof(*all));
		all[n++] = (struct trie_branch){.node = child,
		    .line = c->line,
		    .n_hosts = count_hosts(c),
		    .is_ended = is_ended,
		    .how = is_ended ? (uint32_t)c->line : 0};
	}
	if (n > 0) {
		qsort(all, n, sizeof(*all), compare_branches);
		memcpy(out, all, (n < max ? n : max) * sizeof(*out));
	}
	free(all);
	return n;
}

static bool
is_below(const struct trie *t, uint32_t node, uint32_t top)
{
	while (node != top && node != TRIE_NONE)
		node = t->nodes[node].parent;
	return node == top;
}

uint32_t
trie_some_host(const struct trie *t, uint32_t node)
{
	if (t->nodes[node].host != TRIE_NONE)
		return t->nodes[node].host;
	if (count_hosts(&t->nodes[node]) == 0)
		return TRIE_NONE;
	for (uint32_t i = 0; i < t->n_hosts; i++)
		if (is_below(t, t->hosts[i].node, node))
			return i;
	return TRIE_NONE;
}
