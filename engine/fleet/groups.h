/*
 * groups.h -- hosts with equal keys, together.
 *
 * Room: engine/fleet.  May touch: base/mem.h.
 */
#ifndef MUSTER_FLEET_GROUPS_H
#define MUSTER_FLEET_GROUPS_H

#include <stddef.h>
#include <stdint.h>

struct group_key {
	uint64_t word[3]; /* equal in all three: one group */
	uint32_t how;     /* and in this */
	uint32_t host;
};

struct group {
	size_t first; /* of its hosts in hosts[]; that one is the lowest */
	size_t n;
};

struct groups {
	struct group *groups; /* owned; largest first, then by lowest host */
	size_t n;
	uint32_t *hosts; /* owned; those of a group together, ascending */
	size_t n_hosts;
};

/* Groups hosts; sorts `keys` on the way. The caller clears. */
struct groups groups_make(struct group_key *keys, size_t n);
void groups_clear(struct groups *g);

/* Puts groups in the order of their lowest hosts. */
void groups_sort_by_host(struct groups *g);

#endif
