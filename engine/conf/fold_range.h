/*
 * fold_range.h -- numbers of names, folded in one dimension: "1-9,12".
 *
 * Room: engine/conf.  May touch: base/buf.h.
 * "1", "01" and "001" are three numbers; shorter ones come first.
 */
#ifndef MUSTER_CONF_FOLD_RANGE_H
#define MUSTER_CONF_FOLD_RANGE_H

#include "base/buf.h"

/* The digits of a name as a number: 18 of them at most. */
struct fold_number {
	uint64_t value;
	uint32_t width; /* digits, with leading zeros */
};

/* For qsort(3): by width, then by value. */
int fold_number_cmp(const void *a, const void *b);

/* Writes the digits of one number. */
void fold_number_put(struct buf *b, struct fold_number number);

/* Writes numbers[ranks[0..n)], which must be in order and distinct, as a
 * number or as ranges in brackets. Steps over 1 are used where they cover
 * at least `autostep` numbers; 0: never. */
void fold_range_put(struct buf *b, const struct fold_number *numbers,
    const uint32_t *ranks, size_t n, unsigned autostep);

#endif
