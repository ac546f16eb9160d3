/*
 * fold_rect.h -- points in n dimensions, gathered into rectangles.
 *
 * Room: engine/conf.  May touch: conf/fold_range.h, base.
 * (1,1) (1,2) (2,1) (2,2) become [1-2]x[1-2]. Points are merged in the last
 * dimension first, so that addresses fold in their last octet; what does not
 * make a whole rectangle stays in pieces. The pieces never overlap and their
 * order and shape depend on the set of points only.
 */
#ifndef MUSTER_CONF_FOLD_RECT_H
#define MUSTER_CONF_FOLD_RECT_H

#include "conf/fold_range.h"

/* Several numbers of one dimension. */
struct fold_set {
	uint32_t *ranks; /* owned; into numbers, going up */
	size_t n;
};

struct fold_dim {
	struct fold_number *numbers; /* owned; distinct, in order */
	size_t n_numbers;
	struct fold_set *sets; /* owned */
	size_t n_sets;
};

struct fold_rects {
	struct fold_dim *dims; /* owned */
	size_t n_dims;
	uint32_t *rows; /* owned; n_dims, then a set a dimension */
	size_t n_rows;
};

/* Gathers `n` (> 0) points of n_dims (> 0) numbers each. Only dimensions for
 * which merge[d] is true are merged. */
void fold_rects_init(struct fold_rects *r, const struct fold_number *points,
    size_t n, size_t n_dims, const bool *merge);

void fold_rects_clear(struct fold_rects *r);

/* The numbers that rectangle `row` has in dimension `d`; lent. */
const struct fold_set *fold_rects_set(
    const struct fold_rects *r, size_t row, size_t d);

#endif
