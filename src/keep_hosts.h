/*
 * keep_hosts.h -- the hosts that the commands of --keep are for.
 *
 * Room: src.  May touch: muster.h, batch.h.
 */
#ifndef MUSTER_SRC_KEEP_HOSTS_H
#define MUSTER_SRC_KEEP_HOSTS_H

#include "src/batch.h"
#include "src/text.h"

struct args;

struct keep_hosts {
	struct muster *m;        /* borrowed */
	const struct args *args; /* borrowed */
	char **names;            /* owned, and each; as lists call them */
	bool *left_out;          /* owned */
	size_t n, cap_names, cap_left_out;
	size_t *items; /* owned; those that are in */
	size_t n_items;
};

/* All hosts of `m`, to begin with. */
void keep_hosts_init(
    struct keep_hosts *k, struct muster *m, const struct args *args);
void keep_hosts_clear(struct keep_hosts *k);

/* Changes who is in: '=' those of the list alone, '+' those too, '-' not
 * those. A host that is new is added to the fleet. Nothing is changed, having
 * complained, for a list that makes no sense, or when none would be left.
 * Returns whether it was. */
bool keep_hosts_change(struct keep_hosts *k, char op, const char *list);

/* Lends them until the next change. */
struct batch_hosts keep_hosts_get(const struct keep_hosts *k);

/* Adds them, folded. */
void keep_hosts_write(const struct keep_hosts *k, struct text *to);

#endif
