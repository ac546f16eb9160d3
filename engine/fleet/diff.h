/*
 * diff.h -- what turns one list of lines into another.
 *
 * Room: engine/fleet.  May touch: base/mem.h, base/limits.h.
 * Myers, "An O(ND) difference algorithm and its variations" (1986), over
 * digests of lines; what is equal at both ends is taken off first.
 */
#ifndef MUSTER_FLEET_DIFF_H
#define MUSTER_FLEET_DIFF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum diff_kind { DIFF_SAME, DIFF_REMOVED, DIFF_ADDED };

/* A run of lines: of both lists (SAME), of a only, of b only. Where both
 * change, what was removed comes first. */
struct diff_run {
	enum diff_kind kind;
	size_t a, b; /* where it begins in each list */
	size_t n;
};

struct diff {
	struct diff_run *runs; /* owned */
	size_t n;
	size_t n_removed, n_added;
	/* The lists differ by more than LIMIT_DIFF_EDITS: the middle is told
	 * as removed and added as a whole. */
	bool is_rough;
};

struct diff diff_lines(
    const uint64_t *a, size_t n_a, const uint64_t *b, size_t n_b);
void diff_clear(struct diff *d);

#endif
