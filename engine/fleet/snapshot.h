/*
 * snapshot.h -- lines of a store copied out, for another thread to show.
 *
 * Room: engine/fleet.  May touch: base/, fleet/store.h, muster.h.
 * Plain data of its own: positions, no pointers into a store.
 */
#ifndef MUSTER_FLEET_SNAPSHOT_H
#define MUSTER_FLEET_SNAPSHOT_H

#include "base/buf.h"
#include "fleet/store.h"

struct snapshot_line {
	uint64_t no; /* STORE_NOWHERE: the line that waits for its end */
	uint32_t at_ms;
	uint32_t text_at, len;     /* in text */
	uint32_t span_at, n_spans; /* in spans */
	uint32_t columns;
	enum muster_stream stream;
	unsigned flags; /* STORE_GOES_ON ... */
};

struct snapshot {
	struct buf text;
	struct snapshot_line *lines; /* owned */
	size_t n_lines, cap_lines;
	struct muster_span *spans; /* owned; `at` counts within the line */
	size_t n_spans, cap_spans;
};

/* An empty snapshot that never holds more than `max_bytes` of text. */
void snapshot_init(struct snapshot *sn, size_t max_bytes);
void snapshot_clear(struct snapshot *sn);

/* Empties it but keeps the memory for the next frame. */
void snapshot_reset(struct snapshot *sn);

/* Copies at most `n` lines from number `from` on. Returns how many there was
 * room for. */
size_t snapshot_take(
    struct snapshot *sn, const struct store *s, uint64_t from, size_t n);

/* Adds a line that is in no store: one that muster_clean_peek() gave. Returns
 * false when there is no room. */
bool snapshot_add(struct snapshot *sn, enum muster_stream stream,
    const struct muster_line *line);

#endif
