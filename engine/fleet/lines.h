/*
 * lines.h -- what a host has printed, as lines that can be shown.
 *
 * Room: engine/fleet.  May touch: base/, store.h, snapshot.h, queue.h, agree.h,
 * mask.h. Belongs to the host's worker: output is cleaned and stored as it
 * comes, and copied out when the front end asks.
 */
#ifndef MUSTER_FLEET_LINES_H
#define MUSTER_FLEET_LINES_H

#include "fleet/store.h"

#include <stdatomic.h>

struct agree;
struct lines;
struct parcel;

/* Counters of a host, written by its worker, read by the front end. */
struct lines_meter {
	atomic_uint_fast64_t n_lines, n_bytes, n_err_bytes;
	atomic_int_fast64_t last_us;
	atomic_bool waits;
};

/* Whose lines they are; all of it borrowed. */
struct lines_owner {
	struct store_pool *pool; /* where they are kept */
	struct agree *agree;     /* whom to tell; NULL: nobody */
	struct lines_meter *meter;
	size_t host;
	const char *name;
};

struct lines *lines_new(const struct lines_owner *owner);
void lines_free(struct lines *l);

/* Forgets all, for the next command. */
void lines_reset(struct lines *l);

/* Takes output that came `at_ms` after the command was begun. */
void lines_add(struct lines *l, enum muster_stream stream, uint32_t at_ms,
    const void *data, size_t len);

/* The streams have ended, in a way told by a number: a last line without an
 * end is one, too. */
void lines_end(struct lines *l, uint32_t at_ms, uint32_t how);

/* From now on the masked lines are told as well; first those that are here. */
void lines_begin_masks(struct lines *l);

/* Makes a SNAPSHOT event of the lines that are asked for, with those that wait
 * for their end. */
struct parcel *lines_look(struct lines *l, const struct muster_look *look);

#endif
