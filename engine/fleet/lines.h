/*
 * lines.h -- what a host has printed, as lines that can be shown.
 *
 * Room: engine/fleet.  May touch: base/, store.h, snapshot.h, queue.h.
 * Belongs to the host's worker: output is cleaned and stored as it comes, and
 * copied out when the front end asks.
 */
#ifndef MUSTER_FLEET_LINES_H
#define MUSTER_FLEET_LINES_H

#include "fleet/store.h"

struct lines;
struct parcel;

/* The lines of one host, kept in the memory of `pool` (borrowed). */
struct lines *lines_new(struct store_pool *pool);
void lines_free(struct lines *l);

/* Forgets all, for the next command. */
void lines_reset(struct lines *l);

/* Takes output that came `at_ms` after the command was begun. */
void lines_add(struct lines *l, enum muster_stream stream, uint32_t at_ms,
    const void *data, size_t len);

/* The stream has ended: a last line without an end is one, too. */
void lines_end(struct lines *l, uint32_t at_ms);

/* Makes a SNAPSHOT event of the last `n` lines, with those that wait for
 * their end. */
struct parcel *lines_snapshot(struct lines *l, size_t n);

#endif
