/*
 * chain.h -- lines that vouch for all the lines before them.
 *
 * Room: engine/record.  May touch: crypto/digest.h, base/buf.h.
 * A line is a JSON object whose last member is "sum": the first eight bytes,
 * in hex, of the SHA-256 over the sum before it and the line up to there.
 * A line that is torn, changed, missing or moved breaks the chain.
 */
#ifndef MUSTER_RECORD_CHAIN_H
#define MUSTER_RECORD_CHAIN_H

#include <stdbool.h>
#include <stddef.h>

struct buf;

#define CHAIN_SUM_CHARS 16

/* The sum of the line before; zeroes to begin with. */
struct chain {
	char sum[CHAIN_SUM_CHARS + 1];
};

/* Adds to `out` the JSON object `text` ("{...}") as the next line. Returns
 * false, adding nothing, over the ceiling of `out`. */
bool chain_seal(struct chain *c, const char *text, struct buf *out);

/* Whether `len` bytes (without the newline) are the next line. */
bool chain_check(struct chain *c, const char *line, size_t len);

#endif
