/*
 * trie.h -- which hosts print the same, while they print it.
 *
 * Room: engine/fleet.  May touch: base/.
 * Every line moves its host to a child of the node it stood on, so hosts on
 * one node have said the same so far. How a host ended is a last line. Lines
 * are known by keyed hashes only; the text is in the stores. Over `max_nodes`
 * hosts leave the tree: they are still grouped, but not told where they part.
 */
#ifndef MUSTER_FLEET_TRIE_H
#define MUSTER_FLEET_TRIE_H

#include "base/hash.h"
#include "fleet/groups.h"

#include <stdbool.h>

#define TRIE_ROOT 0u
#define TRIE_NONE UINT32_MAX

struct trie_node {
	uint64_t line; /* keyed hash; at an end the top bit and how */
	uint32_t parent;
	uint32_t child;  /* the first, or TRIE_NONE */
	uint32_t next;   /* of the same parent, or TRIE_NONE */
	uint32_t n_here; /* hosts */
	uint32_t n_below;
	uint32_t host; /* one that was here or below; TRIE_NONE: ask */
};

struct trie_host {
	uint64_t path;    /* digest of all lines */
	uint32_t node;    /* where it stands, or where it left the tree */
	uint32_t n_lines; /* with the end */
	uint32_t how;     /* it ended */
	bool is_off;      /* it left the tree */
	bool is_ended;
};

struct trie {
	struct hash_key key;
	struct trie_node *nodes; /* owned */
	size_t n_nodes, cap_nodes, max_nodes;
	uint32_t *table; /* owned; open addressing by parent and line */
	size_t table_size;
	struct trie_host *hosts; /* owned */
	size_t n_hosts;
	bool is_full; /* some hosts are off the tree */
};

/* A trie for hosts 0 to n_hosts - 1, none of which has said a thing. The
 * digests of two tries with one key can be compared. */
void trie_init(struct trie *t, const struct hash_key *key, size_t n_hosts,
    size_t max_nodes);
void trie_clear(struct trie *t);

/* Hosts are added at the end. */
void trie_set_n_hosts(struct trie *t, size_t n_hosts);

/* A host printed a line. */
void trie_add(struct trie *t, size_t host, const char *text, size_t len);

/* A host has ended, in a way told by `how` (exit code, class of failure ...).
 * Nothing may be added for it after. */
void trie_end(struct trie *t, size_t host, uint32_t how);

/* A host begins anew. */
void trie_reset(struct trie *t, size_t host);

/* Hosts that printed the same and ended the same. `chosen` has a bool a host,
 * or is NULL for all. What a group is, hosts[] of the trie says of any of its
 * members. The caller clears. */
struct groups trie_group(const struct trie *t, const bool *chosen);

/* ---- where outputs part ---- */

struct trie_branch {
	uint32_t node;
	uint64_t line; /* as in its node */
	uint32_t n_hosts;
	bool is_ended; /* these hosts ended here, in the way `how` */
	uint32_t how;
};

/* Follows the hosts below `node` (TRIE_ROOT: all) while they print the same;
 * returns the node behind which they part, or where there are no more lines.
 * *n_lines grows by the lines passed. */
uint32_t trie_follow(const struct trie *t, uint32_t node, size_t *n_lines);

/* The ways on from a node that have hosts, at most `max`, largest first.
 * Returns how many there are. */
size_t trie_branches(
    const struct trie *t, uint32_t node, struct trie_branch *out, size_t max);

/* A host that stands at or below the node, to read the line from its store;
 * TRIE_NONE for none. */
uint32_t trie_some_host(const struct trie *t, uint32_t node);

#endif
