/*
 * diff.c -- what turns one list of lines into another.
 *
 * Room: engine/fleet.  May touch: base/mem.h, base/limits.h, muster.h.
 * Diagonal k is where x - y == k. For each number of edits d, v[] has the
 * furthest x reached on each diagonal; all v[] are kept to walk back.
 */
#include "config.h"

#include "base/limits.h"
#include "base/mem.h"
#include "fleet/diff.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct lists {
	const uint64_t *a, *b;
	ptrdiff_t n_a, n_b;
};

/* The rounds so far: that of d has 2d + 1 diagonals and begins at d * d. */
struct rounds {
	int32_t *x; /* owned */
	size_t cap;
};

static int32_t *
round_of(struct rounds *r, ptrdiff_t d)
{
	mem_grow(&r->x, &r->cap, (size_t)((d + 1) * (d + 1)), sizeof(*r->x));
	return r->x + d * d + d;
}

/* Whether the furthest way to diagonal k with d edits ends with a line added
 * (down from k + 1), not removed (right from k - 1). `v`: round d - 1. */
static bool
comes_down(const int32_t *v, ptrdiff_t k, ptrdiff_t d)
{
	if (k == -d)
		return true;
	if (k == d)
		return false;
	return v[k - 1] < v[k + 1];
}

/* One round. A diagonal of the other parity keeps -1. Returns whether the
 * end of both lists is reached. */
static bool
try_edits(const struct lists *l, struct rounds *r, ptrdiff_t d)
{
	int32_t *v = round_of(r, d);
	const int32_t *before =
	    d == 0 ? NULL : r->x + (d - 1) * (d - 1) + d - 1;

	for (ptrdiff_t k = -d; k <= d; k++)
		v[k] = -1;
	for (ptrdiff_t k = -d; k <= d; k += 2) {
		ptrdiff_t x, y;

		if (d == 0)
			x = 0;
		else
			x = comes_down(before, k, d) ? before[k + 1]
						     : before[k - 1] + 1;
		y = x - k;
		while (x < l->n_a && y >= 0 && y < l->n_b && l->a[x] == l->b[y])
			x++, y++;
		v[k] = (int32_t)x;
		if (x >= l->n_a && y >= l->n_b)
			return true;
	}
	return false;
}

static void
add_run(struct muster_diff *d, size_t *cap, struct muster_diff_run run)
{
	struct muster_diff_run *last = d->n == 0 ? NULL : &d->runs[d->n - 1];

	if (run.n == 0)
		return;
	if (run.kind == MUSTER_DIFF_REMOVED)
		d->n_removed += run.n;
	if (run.kind == MUSTER_DIFF_ADDED)
		d->n_added += run.n;
	if (last != NULL && last->kind == run.kind) {
		last->n += run.n;
		return;
	}
	mem_grow(&d->runs, cap, d->n + 1, sizeof(*d->runs));
	d->runs[d->n++] = run;
}

/* Marks the lines that are not in both, walking back from the end. */
static void
mark_edits(const struct lists *l, struct rounds *r, ptrdiff_t d, bool *removed,
    bool *added)
{
	ptrdiff_t x = l->n_a, y = l->n_b;

	for (; d > 0; d--) {
		const int32_t *v = r->x + (d - 1) * (d - 1) + d - 1;
		ptrdiff_t k = x - y;
		bool down = comes_down(v, k, d);

		k += down ? 1 : -1;
		x = v[k];
		y = x - k;
		if (down)
			added[y] = true;
		else
			removed[x] = true;
	}
}

/* Fills the marks for the middle of the lists. Returns false when there are
 * too many edits. */
static bool
find_edits(const struct lists *l, bool *removed, bool *added)
{
	struct rounds r = {0};
	bool found = false;
	ptrdiff_t d = 0;

	for (; d <= LIMIT_DIFF_EDITS && !found; d++)
		found = try_edits(l, &r, d);
	if (found)
		mark_edits(l, &r, d - 1, removed, added);
	free(r.x);
	return found;
}

/* Turns marks into runs. */
static void
add_marked(struct muster_diff *d, size_t *cap, const struct lists *l,
    size_t from, const bool *removed, const bool *added)
{
	size_t x = 0, y = 0, n_a = (size_t)l->n_a, n_b = (size_t)l->n_b;

	while (x < n_a || y < n_b) {
		enum muster_diff_kind kind = MUSTER_DIFF_SAME;
		struct muster_diff_run run;

		if (x < n_a && removed[x])
			kind = MUSTER_DIFF_REMOVED;
		else if (y < n_b && added[y])
			kind = MUSTER_DIFF_ADDED;
		run = (struct muster_diff_run){kind, from + x, from + y, 1};
		x += kind != MUSTER_DIFF_ADDED;
		y += kind != MUSTER_DIFF_REMOVED;
		add_run(d, cap, run);
	}
}

static void
add_middle(
    struct muster_diff *d, size_t *cap, const struct lists *l, size_t from)
{
	size_t n_a = (size_t)l->n_a, n_b = (size_t)l->n_b;
	bool *removed = mem_array(n_a, sizeof(*removed));
	bool *added = mem_array(n_b, sizeof(*added));

	if (n_a > 0 && n_b > 0 && find_edits(l, removed, added)) {
		add_marked(d, cap, l, from, removed, added);
	} else {
		d->is_rough = n_a > 0 && n_b > 0;
		add_run(d, cap,
		    (struct muster_diff_run){
			MUSTER_DIFF_REMOVED, from, from, n_a});
		add_run(d, cap,
		    (struct muster_diff_run){
			MUSTER_DIFF_ADDED, from + n_a, from, n_b});
	}
	free(removed);
	free(added);
}

struct muster_diff
diff_lines(const uint64_t *a, size_t n_a, const uint64_t *b, size_t n_b)
{
	size_t head = 0, tail = 0, cap = 0;
	struct muster_diff d = {0};
	struct lists l;

	assert(n_a < INT32_MAX && n_b < INT32_MAX);
	while (head < n_a && head < n_b && a[head] == b[head])
		head++;
	while (tail < n_a - head && tail < n_b - head &&
	       a[n_a - tail - 1] == b[n_b - tail - 1])
		tail++;
	l = (struct lists){a + head, b + head, (ptrdiff_t)(n_a - head - tail),
	    (ptrdiff_t)(n_b - head - tail)};
	add_run(
	    &d, &cap, (struct muster_diff_run){MUSTER_DIFF_SAME, 0, 0, head});
	add_middle(&d, &cap, &l, head);
	add_run(&d, &cap,
	    (struct muster_diff_run){
		MUSTER_DIFF_SAME, n_a - tail, n_b - tail, tail});
	return d;
}
