/*
 * store.h -- the lines of a host that can be looked at: its first and last.
 *
 * Room: engine/fleet.  May touch: base/, muster.h.
 * A list of chunks of lines. The first chunk, what a command began with, is
 * kept for good; when the host or the pool is over its ceiling the chunk
 * behind it goes, which leaves a hole in the numbers. Everything is on disk
 * as well (record/). A pool, its stores and what they lend belong to one
 * thread; snapshot.h copies lines out for others.
 */
#ifndef MUSTER_FLEET_STORE_H
#define MUSTER_FLEET_STORE_H

#include "muster.h"

#define STORE_NOWHERE UINT64_MAX

/* The memory that the stores of a worker share. */
struct store_pool {
	size_t max_bytes;      /* of all; no store is cut below its first */
	size_t max_host_bytes; /* of one */
	size_t bytes;          /* held now */
	struct store **heap;   /* owned; who has most to spare on top */
	size_t n, cap;
};

void store_pool_init(
    struct store_pool *p, size_t max_bytes, size_t max_host_bytes);

/* Frees the pool; its stores must be cleared before. */
void store_pool_clear(struct store_pool *p);

struct store_chunk;

struct store {
	struct store_pool *pool;          /* borrowed */
	struct store_chunk *first, *last; /* owned */
	size_t bytes;                     /* of the chunks */
	size_t spare;                     /* of those that may go */
	size_t heap_at;                   /* in the pool, while bytes > 0 */
	uint64_t n_lines;                 /* ever added; numbers from 0 */
	uint64_t n_dropped;               /* of these not here any more */
};

void store_init(struct store *s, struct store_pool *pool);

/* Forgets all lines and frees them; numbers begin at 0 again. */
void store_clear(struct store *s);

#define STORE_GOES_ON 1u /* the next line continues this one */
#define STORE_CUT 2u     /* longer than can be kept; its end is missing */

/* A line that is lent until the next call that changes the store or another
 * store of its pool. */
struct store_line {
	uint64_t no;
	uint32_t at_ms; /* as given */
	enum muster_stream stream;
	unsigned flags; /* STORE_GOES_ON ... */
	const char *text;
	size_t len;
	size_t columns;
	const struct store_span *spans;
	size_t n_spans;
	/* where it lies, for store_next() */
	const struct store_chunk *chunk;
	size_t at;
};

/* struct muster_span, packed. */
struct store_span {
	uint32_t fg, bg;
	uint16_t at, flags;
};

/* Adds a line that came at `at_ms` (the caller's clock). */
void store_add(struct store *s, enum muster_stream stream, uint32_t at_ms,
    const struct muster_line *line);

/* Gives the line of a number or, where the hole is, the first one behind it.
 * Returns false at or behind the end. */
bool store_get(const struct store *s, uint64_t no, struct store_line *out);

/* Goes on to the next line that is here. Returns false at the end. */
bool store_next(const struct store *s, struct store_line *line);

/* The number from which on `n` lines are here, or all when there are not as
 * many. */
uint64_t store_last(const struct store *s, size_t n);

/* The numbers not here any more are those from this one on, n_dropped of
 * them. */
uint64_t store_hole(const struct store *s);

/* The first line from `no` on that has `needle` in it; store_find_back: the
 * last one before `no`. `fold`: ASCII letters of either case are equal.
 * Returns STORE_NOWHERE for none, and for an empty needle. */
uint64_t store_find(
    const struct store *s, uint64_t no, const char *needle, bool fold);
uint64_t store_find_back(
    const struct store *s, uint64_t no, const char *needle, bool fold);

#endif
