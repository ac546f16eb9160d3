/*
 * gather.h -- the outputs of many hosts, each distinct text kept once.
 *
 * Room: engine/fleet.  May touch: base/, fleet/groups.h, fleet/spill.h.
 * A tree of texts: a host reads along a text that is there for as long as its
 * own bytes are the same, then branches off. Two hosts printed the same
 * exactly when they end at the same place. What is more than memory may have
 * is kept in a file without a name; over its ceiling no more bytes are kept,
 * and a digest tells hosts apart from there on.
 */
#ifndef MUSTER_FLEET_GATHER_H
#define MUSTER_FLEET_GATHER_H

#include "base/hash.h"
#include "fleet/groups.h"
#include "fleet/spill.h"

#include <stdbool.h>

struct gather_text;
struct gather_host;

struct gather {
	struct hash_key key;
	struct gather_text *texts; /* owned; the first is the root */
	size_t n_texts, cap_texts;
	struct gather_host *hosts; /* owned */
	size_t n_hosts;
	size_t bytes, max_bytes; /* of the texts and what goes with them */
	struct spill spill;      /* for what is more */
};

/* `max_bytes` in memory, and `max_spilled` more on disk. */
void gather_init(
    struct gather *g, size_t n_hosts, size_t max_bytes, uint64_t max_spilled);
void gather_clear(struct gather *g);

/* Hosts are added at the end. */
void gather_set_n_hosts(struct gather *g, size_t n_hosts);

/* A host printed bytes. */
void gather_add(struct gather *g, size_t host, const void *data, size_t len);

/* Hosts that end in different ways (`how`: exit code, class of failure ...)
 * are never in one group. */
void gather_end(struct gather *g, size_t host, uint32_t how);

/* Bytes that a host printed, and whether all of them are kept. */
uint64_t gather_len(const struct gather *g, size_t host);
bool gather_is_whole(const struct gather *g, size_t host);

/* Whether what `host` printed so far is how the text of `other` begins. */
bool gather_may_become(const struct gather *g, size_t host, size_t other);

/* Gives the bytes from `at` on that lie together. Returns false behind the
 * last one that is kept. Lent until the next gather_add().
 *
 *	for (at = 0; gather_read(g, host, at, &data, &len); at += len)
 */
bool gather_read(const struct gather *g, size_t host, uint64_t at,
    const void **data, size_t *len);

/* Hosts that printed the same bytes and ended the same. `chosen` has a bool a
 * host, or is NULL for all. The caller clears. */
struct groups gather_group(const struct gather *g, const bool *chosen);

#endif
