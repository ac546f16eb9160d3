/*
 * diff.h -- what turns one list of lines into another.
 *
 * Room: engine/fleet.  May touch: base/mem.h, base/limits.h, muster.h.
 * Myers, "An O(ND) difference algorithm and its variations" (1986), over
 * digests of lines; what is equal at both ends is taken off first. Lists that
 * differ by more than LIMIT_DIFF_EDITS are told roughly.
 */
#ifndef MUSTER_FLEET_DIFF_H
#define MUSTER_FLEET_DIFF_H

#include "muster.h"

#include <stddef.h>
#include <stdint.h>

/* The caller clears with muster_diff_clear(). */
struct muster_diff diff_lines(
    const uint64_t *a, size_t n_a, const uint64_t *b, size_t n_b);

#endif
