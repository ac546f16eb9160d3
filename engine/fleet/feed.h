/*
 * feed.h -- what was sent to the stdin of running commands, for all hosts.
 *
 * Room: engine/fleet.  May touch: base/, files.
 * One log that only grows, in memory up to a size and beyond it in a file
 * that has no name any more. A piece is for all hosts or for some; each host
 * reads from a place of its own. The front end writes, workers read.
 */
#ifndef MUSTER_FLEET_FEED_H
#define MUSTER_FLEET_FEED_H

#include "muster.h"

struct feed;

/* An empty feed that takes `limit_bytes` at most; the caller's reference. */
struct feed *feed_new(uint64_t limit_bytes);
struct feed *feed_ref(struct feed *f);
void feed_free(struct feed *f); /* NULL is fine */

/* Which hosts a piece is for: a bit for each index. */
struct feed_hosts {
	uint8_t *bits; /* owned; NULL: all hosts */
	size_t n;      /* bytes of them */
};

void feed_hosts_add(struct feed_hosts *hosts, size_t host);

/* Adds a piece for those hosts (taken over). Errors: MUSTER_ERR_LIMIT,
 * MUSTER_ERR_FILE. */
int feed_add(struct feed *f, struct feed_hosts *hosts,
    const struct muster_input *input, struct muster_error *err);

/* A reader's place; zeroes are the beginning. */
struct feed_place {
	size_t piece;
	uint64_t at;
};

/* The place behind all that was added. */
struct feed_place feed_now(struct feed *f);

#define FEED_END (-1)
#define FEED_BROKEN (-2) /* the file cannot be read */

/* Copies what comes next for a host, moving *place past what is for others.
 * The same place gives the same bytes again. Returns how many, 0 when there
 * are none yet, FEED_END, FEED_BROKEN. */
long feed_read(struct feed *f, struct feed_place *place, size_t host, void *dst,
    size_t size);

/* The reader is done with `n` bytes. Returns whether the front end waits to
 * hear that, as muster_input_ahead() says. */
bool feed_taken(struct feed *f, struct feed_place *place, size_t n);

/* Bytes that no reader has taken. */
size_t feed_ahead(struct feed *f);

#endif
