/*
 * writers.h -- the writers that a command line asks for, as one.
 *
 * Room: src.  May touch: writer.h.
 */
#ifndef MUSTER_SRC_WRITERS_H
#define MUSTER_SRC_WRITERS_H

#include "src/writer.h"

#define WRITERS_MAX 4

struct writers {
	struct labels *labels; /* owned */
	const struct writer_ops *ops[WRITERS_MAX];
	void *self[WRITERS_MAX];
	unsigned n;
};

/* Begins them. Returns 0, or -1 with *err as writer.h's open(); writers that
 * were begun are closed then. run->labels is set here. `run` is borrowed until
 * writers_close(). */
int writers_open(
    struct writers *w, struct writer_run *run, struct muster_error *err);
void writers_close(struct writers *w);

void writers_take(struct writers *w, const struct muster_event *event);

/* Returns whether any of them wrote something, and may have more. */
bool writers_pump(struct writers *w);

/* Adds up to `n` lines of what there is so far. */
void writers_glance(struct writers *w, unsigned n, struct text *to);

void writers_end(struct writers *w, const struct writer_summary *summary);

#endif
