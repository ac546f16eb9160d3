/*
 * fold.c -- many names as one short expression.
 *
 * Room: engine/conf.  May touch: base.
 * A name is cut into its shape, the text with a mark for each number, and
 * the numbers. Names of one shape are points of one space, see fold_rect.h.
 */
#include "config.h"

#include "conf/fold.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/str.h"
#include "conf/fold_rect.h"
#include "conf/hostname.h"

#include <stdlib.h>
#include <string.h>

/* The mark sorts before whatever can be in a name, so that "n[1-2]" comes
 * before "n-a". */
enum { MARK = '\1', MAX_DIGITS = 18, MAX_DIMS = 31, MAX_AXES = 32 };

/* The names of one shape. */
struct shape {
	char *text; /* owned; a MARK where a number is */
	size_t n_dims;
	struct fold_number *points; /* owned; n_dims a name */
	size_t n;                   /* names */
	size_t cap;                 /* numbers */
};

/* Axes to merge in: all when there is none. */
struct axes {
	int low[MAX_AXES];
	int high[MAX_AXES];
	size_t n;
};

/* ---- axes ---- */

/* Reads a number of two digits at most, negative ones count from the end. */
static bool
read_axis(const char **p, int *axis)
{
	int sign = **p == '-' ? -1 : 1;
	const char *start = sign < 0 ? ++*p : *p;

	*axis = 0;
	for (; str_is_digit(**p) && *p - start < 2; ++*p)
		*axis = *axis * 10 + (**p - '0');
	*axis *= sign;
	return *axis != 0;
}

/* Reads "1", "1,3", "1-2" or "-1"; *p is left where it goes wrong. */
static bool
parse_axes(struct axes *axes, const char **p)
{
	for (;;) {
		int *low = &axes->low[axes->n], *high = &axes->high[axes->n];

		if (axes->n == MAX_AXES || !read_axis(p, low))
			return false;
		*high = *low;
		if (**p == '-') {
			++*p;
			if (!read_axis(p, high))
				return false;
		}
		axes->n++;
		if (**p != ',')
			return **p == '\0';
		++*p;
	}
}

static int
read_axes(struct axes *axes, const char *text, struct muster_error *err)
{
	const char *p = text;

	*axes = (struct axes){.n = 0};
	if (text == NULL || *text == '\0' || parse_axes(axes, &p))
		return 0;
	return err_set_at(err, MUSTER_ERR_SYNTAX, (size_t)(p - text),
	    "not a list of axes such as '1', '1,3', '1-2' or '-1': '%s'", text);
}

static int
from_front(int axis, size_t n_dims)
{
	return axis < 0 ? axis + (int)n_dims + 1 : axis;
}

/* Whether dimension `d` (from 0) of `n_dims` is one of the axes. */
static bool
has_axis(const struct axes *axes, size_t d, size_t n_dims)
{
	int axis = (int)d + 1;

	for (size_t i = 0; i < axes->n; i++)
		if (axis >= from_front(axes->low[i], n_dims) &&
		    axis <= from_front(axes->high[i], n_dims))
			return true;
	return axes->n == 0;
}

/* ---- names to shapes ---- */

/* The host in a label [user@]host[:port]; numbers elsewhere are text. */
static void
find_host(const char *name, const char **start, const char **end)
{
	const char *sign = strrchr(name, '@'), *colon;

	*start = sign == NULL ? name : sign + 1;
	*end = *start + strlen(*start);
	colon = strrchr(*start, ':');
	if (**start == '[')
		*end = *start;
	else if (colon != NULL &&
		 !hostname_is_ipv6(*start, (size_t)(*end - *start)))
		*end = colon;
}

/* Reads the digits at `p`. Returns how many there are. */
static size_t
read_number(const char *p, struct fold_number *number)
{
	size_t n = 0;

	number->value = 0;
	for (; str_is_digit(p[n]); n++)
		if (n < MAX_DIGITS)
			number->value =
			    number->value * 10 + (uint64_t)(p[n] - '0');
	number->width = (uint32_t)n;
	return n;
}

/* Writes the shape of `name` into `b` and its numbers into `numbers`.
 * Returns how many there are. */
static size_t
cut_name(const char *name, struct buf *b, struct fold_number *numbers)
{
	const char *start, *end, *p = name;
	size_t n_dims = 0;

	find_host(name, &start, &end);
	while (*p != '\0') {
		struct fold_number number;
		size_t n = read_number(p, &number);

		if (n == 0) {
			(void)buf_addc(b, *p++);
		} else if (p < start || p >= end || n > MAX_DIGITS ||
			   n_dims == MAX_DIMS) {
			(void)buf_add(b, p, n);
			p += n;
		} else {
			numbers[n_dims++] = number;
			(void)buf_addc(b, MARK);
			p += n;
		}
	}
	return n_dims;
}

static void
add_name(struct map *shapes, struct buf *b, const char *name)
{
	struct fold_number numbers[MAX_DIMS];
	size_t n_dims, n_numbers;
	struct shape *shape;

	buf_reset(b);
	n_dims = cut_name(name, b, numbers);
	shape = map_get(shapes, buf_str(b), b->len);
	if (shape == NULL) {
		shape = mem_new(sizeof(*shape));
		shape->text = mem_strdup(buf_str(b));
		shape->n_dims = n_dims;
		(void)map_put(shapes, shape->text, b->len, shape);
	}
	shape->n++;
	if (n_dims == 0)
		return;
	n_numbers = (shape->n - 1) * n_dims;
	mem_grow(&shape->points, &shape->cap, n_numbers + n_dims,
	    sizeof(*shape->points));
	memcpy(shape->points + n_numbers, numbers, n_dims * sizeof(*numbers));
}

static void
free_shape(void *value)
{
	struct shape *shape = value;

	free(shape->text);
	free(shape->points);
	free(shape);
}

/* ---- shapes to text ---- */

static void
put_separator(struct buf *b, const struct muster_fold_options *options)
{
	if (b->len > 0)
		(void)buf_adds(
		    b, options->separator == NULL ? "," : options->separator);
}

/* Writes one rectangle: the shape with ranges for its marks. */
static void
put_rect(struct buf *b, const struct shape *shape, const struct fold_rects *r,
    size_t row, unsigned autostep)
{
	size_t d = 0;

	for (const char *p = shape->text; *p != '\0'; p++) {
		const struct fold_set *set;

		if (*p != MARK) {
			(void)buf_addc(b, *p);
			continue;
		}
		set = fold_rects_set(r, row, d);
		fold_range_put(
		    b, r->dims[d].numbers, set->ranks, set->n, autostep);
		d++;
	}
}

static void
put_shape(struct buf *b, const struct shape *shape, const struct axes *axes,
    const struct muster_fold_options *options)
{
	struct fold_rects r;
	bool merge[MAX_DIMS];

	if (shape->n_dims == 0) {
		put_separator(b, options);
		(void)buf_adds(b, shape->text);
		return;
	}
	for (size_t d = 0; d < shape->n_dims; d++)
		merge[d] = has_axis(axes, d, shape->n_dims);
	fold_rects_init(&r, shape->points, shape->n, shape->n_dims, merge);
	for (size_t i = 0; i < r.n_rows; i++) {
		put_separator(b, options);
		put_rect(b, shape, &r, i, options->autostep);
	}
	fold_rects_clear(&r);
}

static int
compare_shapes(const void *a, const void *b)
{
	const struct shape *const *x = a, *const *y = b;

	return strcmp((*x)->text, (*y)->text);
}

/* The shapes in order; heap. */
static struct shape **
sort_shapes(const struct map *shapes)
{
	struct shape **sorted =
	    mem_array(map_n(shapes), sizeof(struct shape *));
	struct shape *shape;
	void *at = NULL;
	size_t n = 0;

	while ((shape = map_next(shapes, &at, NULL, NULL)) != NULL)
		sorted[n++] = shape;
	qsort(sorted, n, sizeof(struct shape *), compare_shapes);
	return sorted;
}

char *
fold_names(const char *const *names, size_t n,
    const struct muster_fold_options *options, struct muster_error *err)
{
	struct map *shapes;
	struct shape **sorted;
	struct axes axes;
	struct buf b;

	if (read_axes(&axes, options->axis, err) != 0)
		return NULL;
	shapes = map_new();
	buf_init(&b, SIZE_MAX / 2);
	for (size_t i = 0; i < n; i++)
		add_name(shapes, &b, names[i]);
	buf_reset(&b);
	sorted = sort_shapes(shapes);
	for (size_t i = 0; i < map_n(shapes); i++)
		put_shape(&b, sorted[i], &axes, options);
	free(sorted);
	map_free(shapes, free_shape);
	return buf_take_str(&b);
}
