/*
 * fold_rect.c -- points in n dimensions, gathered into rectangles.
 *
 * Room: engine/conf.  May touch: base.
 * A row is n_dims and then one key a column. A key is the rank of a number
 * until its dimension is merged, and the number of a set afterwards. The
 * dimension to merge is always in the last column: sorting the rows then
 * puts together those that differ in it only. After each merge the rows are
 * turned by one column, so that after all of them they stand as before.
 */
#include "config.h"

#include "conf/fold_rect.h"
#include "base/map.h"
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

static int
compare_rows(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;

	for (size_t i = 1; i <= x[0]; i++)
		if (x[i] != y[i])
			return x[i] < y[i] ? -1 : 1;
	return 0;
}

static size_t
row_len(const struct fold_rects *r)
{
	return r->n_dims + 1;
}

static uint32_t *
get_row(const struct fold_rects *r, size_t i)
{
	return r->rows + i * row_len(r);
}

static void
sort_rows(struct fold_rects *r)
{
	qsort(r->rows, r->n_rows, row_len(r) * sizeof(*r->rows), compare_rows);
}

/* ---- points to rows ---- */

/* Collects the distinct numbers of dimension `d`. */
static void
init_dim(
    struct fold_rects *r, size_t d, const struct fold_number *points, size_t n)
{
	struct fold_dim *dim = &r->dims[d];
	size_t kept = 0;

	dim->numbers = mem_array(n, sizeof(*dim->numbers));
	for (size_t i = 0; i < n; i++)
		dim->numbers[i] = points[i * r->n_dims + d];
	qsort(dim->numbers, n, sizeof(*dim->numbers), fold_number_cmp);
	for (size_t i = 0; i < n; i++)
		if (i == 0 || fold_number_cmp(&dim->numbers[kept - 1],
				  &dim->numbers[i]) != 0)
			dim->numbers[kept++] = dim->numbers[i];
	dim->n_numbers = kept;
}

static uint32_t
find_rank(const struct fold_dim *dim, const struct fold_number *number)
{
	const struct fold_number *found = bsearch(number, dim->numbers,
	    dim->n_numbers, sizeof(*number), fold_number_cmp);

	return (uint32_t)(found - dim->numbers);
}

static void
init_rows(struct fold_rects *r, const struct fold_number *points, size_t n)
{
	r->rows = mem_array(n, row_len(r) * sizeof(*r->rows));
	r->n_rows = n;
	for (size_t i = 0; i < n; i++) {
		uint32_t *row = get_row(r, i);

		row[0] = (uint32_t)r->n_dims;
		for (size_t d = 0; d < r->n_dims; d++)
			row[d + 1] =
			    find_rank(&r->dims[d], &points[i * r->n_dims + d]);
	}
}

/* ---- sets ---- */

/* The number of the set ranks[0..n) of `dim`, which is made when new. */
static uint32_t
intern_set(struct fold_dim *dim, size_t *cap, struct map *known,
    const uint32_t *ranks, size_t n)
{
	size_t size = n * sizeof(*ranks);
	uintptr_t index = (uintptr_t)map_get(known, ranks, size);

	if (index != 0)
		return (uint32_t)(index - 1);
	mem_grow(&dim->sets, cap, dim->n_sets + 1, sizeof(*dim->sets));
	dim->sets[dim->n_sets] =
	    (struct fold_set){.ranks = mem_dup(ranks, size), .n = n};
	index = ++dim->n_sets;
	(void)map_put(known, ranks, size, (void *)index);
	return (uint32_t)(index - 1);
}

/* A set on its way to its place in order. */
struct placed {
	struct fold_set set;
	uint32_t was;
};

static int
compare_placed(const void *a, const void *b)
{
	const struct fold_set *x = &((const struct placed *)a)->set;
	const struct fold_set *y = &((const struct placed *)b)->set;

	for (size_t i = 0; i < x->n && i < y->n; i++)
		if (x->ranks[i] != y->ranks[i])
			return x->ranks[i] < y->ranks[i] ? -1 : 1;
	return x->n == y->n ? 0 : x->n < y->n ? -1 : 1;
}

/* Renumbers the sets of `dim`, those of the first column, so that their
 * numbers compare as what is in them does. */
static void
order_sets(struct fold_rects *r, struct fold_dim *dim)
{
	struct placed *placed = mem_array(dim->n_sets, sizeof(*placed));
	uint32_t *now = mem_array(dim->n_sets, sizeof(*now));

	for (size_t i = 0; i < dim->n_sets; i++)
		placed[i] = (struct placed){dim->sets[i], (uint32_t)i};
	qsort(placed, dim->n_sets, sizeof(*placed), compare_placed);
	for (size_t i = 0; i < dim->n_sets; i++) {
		dim->sets[i] = placed[i].set;
		now[placed[i].was] = (uint32_t)i;
	}
	for (size_t i = 0; i < r->n_rows; i++)
		get_row(r, i)[1] = now[get_row(r, i)[1]];
	free(placed);
	free(now);
}

/* ---- merging ---- */

/* How many rows from `first` on differ from it in the last column only. */
static size_t
count_alike(const struct fold_rects *r, size_t first)
{
	const uint32_t *row = get_row(r, first);
	size_t n = 1;

	while (first + n < r->n_rows && memcmp(row, get_row(r, first + n),
					    r->n_dims * sizeof(*row)) == 0)
		n++;
	return n;
}

/* Puts the last key of a row, now `key`, in front of the others. */
static void
turn_row(const struct fold_rects *r, uint32_t *to, const uint32_t *from,
    uint32_t key)
{
	memmove(to + 2, from + 1, (r->n_dims - 1) * sizeof(*to));
	to[0] = (uint32_t)r->n_dims;
	to[1] = key;
}

/* Merges the dimension in the last column. */
static void
merge_dim(struct fold_rects *r, struct fold_dim *dim, bool merge)
{
	uint32_t *ranks = mem_array(r->n_rows, sizeof(*ranks));
	struct map *known = map_new();
	size_t kept = 0, cap = 0;

	sort_rows(r);
	for (size_t i = 0, n; i < r->n_rows; i += n) {
		size_t n_ranks = 0;

		n = merge ? count_alike(r, i) : 1;
		for (size_t j = 0; j < n; j++) {
			uint32_t rank = get_row(r, i + j)[r->n_dims];

			if (n_ranks == 0 || ranks[n_ranks - 1] != rank)
				ranks[n_ranks++] = rank;
		}
		turn_row(r, get_row(r, kept++), get_row(r, i),
		    intern_set(dim, &cap, known, ranks, n_ranks));
	}
	r->n_rows = kept;
	map_free(known, NULL);
	free(ranks);
	order_sets(r, dim);
}

/* Drops rows that are there twice. */
static void
drop_duplicates(struct fold_rects *r)
{
	size_t kept = 1;

	sort_rows(r);
	for (size_t i = 1; i < r->n_rows; i++) {
		if (compare_rows(get_row(r, kept - 1), get_row(r, i)) == 0)
			continue;
		memmove(get_row(r, kept++), get_row(r, i),
		    row_len(r) * sizeof(*r->rows));
	}
	r->n_rows = kept;
}

void
fold_rects_init(struct fold_rects *r, const struct fold_number *points,
    size_t n, size_t n_dims, const bool *merge)
{
	*r = (struct fold_rects){.n_dims = n_dims};
	r->dims = mem_array(n_dims, sizeof(*r->dims));
	for (size_t d = 0; d < n_dims; d++)
		init_dim(r, d, points, n);
	init_rows(r, points, n);
	drop_duplicates(r);
	for (size_t d = n_dims; d-- > 0;)
		merge_dim(r, &r->dims[d], merge[d]);
	sort_rows(r);
}

void
fold_rects_clear(struct fold_rects *r)
{
	for (size_t d = 0; d < r->n_dims; d++) {
		struct fold_dim *dim = &r->dims[d];

		for (size_t i = 0; i < dim->n_sets; i++)
			free(dim->sets[i].ranks);
		free(dim->sets);
		free(dim->numbers);
	}
	free(r->dims);
	free(r->rows);
	*r = (struct fold_rects){0};
}

const struct fold_set *
fold_rects_set(const struct fold_rects *r, size_t row, size_t d)
{
	return &r->dims[d].sets[get_row(r, row)[d + 1]];
}
