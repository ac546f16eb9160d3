/*
 * losses.h -- of which hosts output may be lost here.
 *
 * Room: src.  May touch: libc.
 * Output waits before it is written; when it cannot be, what waited is gone,
 * and so is what comes later.
 */
#ifndef MUSTER_SRC_LOSSES_H
#define MUSTER_SRC_LOSSES_H

#include <stdbool.h>
#include <stddef.h>

struct losses {
	bool *lost;    /* owned; a host each, for the report */
	bool *waits;   /* owned; there is output of the host that waits */
	size_t *hosts; /* owned; those of which that is true */
	size_t n_hosts;
	bool failed;
	bool any; /* host has lost some */
};

void losses_init(struct losses *l, size_t n_hosts);
void losses_clear(struct losses *l);

/* A host has printed something. */
void losses_add(struct losses *l, size_t host);

/* All that waited is written. */
void losses_settle(struct losses *l);

/* What waited is lost, and so is all that comes. */
void losses_fail(struct losses *l);

#endif
