/*
 * hostpat.c -- one name with number ranges in it.
 *
 * Room: engine/conf.  May touch: base.
 * Numbers have at most 18 digits, so that a step never overflows.
 */
#include "config.h"

#include "conf/hostpat.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/str.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_DIGITS = 18, MAX_PARTS = 32 };

/* Where the parser is, in one pattern. */
struct reader {
	struct hostpat *out;
	const char *text;
	size_t i; /* the next byte */
	size_t len;
	size_t at; /* of text[0] in what the person wrote */
	struct muster_error *err;
};

static int
refuse(const struct reader *r, size_t i, const char *what)
{
	return err_set_at(r->err, MUSTER_ERR_SYNTAX, r->at + i, "%s", what);
}

static bool
is_next(const struct reader *r, char c)
{
	return r->i < r->len && r->text[r->i] == c;
}

/* Reads digits; *width is how many there are. */
static int
read_number(struct reader *r, uint64_t *number, unsigned *width)
{
	size_t start = r->i;

	*number = 0;
	for (; r->i < r->len && str_is_digit(r->text[r->i]); r->i++)
		if (r->i - start < MAX_DIGITS)
			*number =
			    *number * 10 + (uint64_t)(r->text[r->i] - '0');
	*width = (unsigned)(r->i - start);
	if (*width > MAX_DIGITS)
		return refuse(
		    r, start, "a number in brackets has 18 digits at most");
	if (*width > 0)
		return 0;
	if (r->i >= r->len || is_next(r, ']') || is_next(r, ','))
		return refuse(r, r->i, "a number is missing here");
	return refuse(r, r->i, "only numbers and ranges go into brackets");
}

/* What follows '-': the high end and the step. */
static int
read_range_end(struct reader *r, struct hostpat_range *range, size_t start)
{
	size_t high_at = ++r->i;
	bool padded = range->width > 1 && r->text[start] == '0';
	unsigned width;

	if (read_number(r, &range->high, &width) != 0)
		return -1;
	if (width != range->width &&
	    (padded || (width > 1 && r->text[high_at] == '0')))
		return refuse(r, start,
		    "both ends of a range with leading zeros must be equally "
		    "long");
	if (range->high < range->low)
		return refuse(r, start, "a range goes from low to high");
	if (!is_next(r, '/'))
		return 0;
	start = ++r->i;
	if (read_number(r, &range->step, &width) != 0)
		return -1;
	if (range->step == 0)
		return refuse(r, start, "a step is 1 or more");
	return 0;
}

static int
read_range(struct reader *r)
{
	struct hostpat *p = r->out;
	struct hostpat_range range = {.step = 1};
	size_t start = r->i;

	if (read_number(r, &range.low, &range.width) != 0)
		return -1;
	range.high = range.low;
	if (is_next(r, '-') && read_range_end(r, &range, start) != 0)
		return -1;
	mem_grow(&p->ranges, &p->cap_ranges, p->n_ranges + 1, sizeof(range));
	p->ranges[p->n_ranges++] = range;
	return 0;
}

/* Reads the ranges between '[', already passed, and ']'. */
static int
read_brackets(struct reader *r, struct hostpat_part *part)
{
	size_t open = r->i - 1;

	if (memchr(r->text + r->i, ']', r->len - r->i) == NULL)
		return refuse(r, open, "'[' is never closed");
	if (is_next(r, ']'))
		return refuse(r, open, "nothing is in these brackets");
	part->first = r->out->n_ranges;
	for (;;) {
		if (read_range(r) != 0)
			return -1;
		part->n++;
		if (is_next(r, ']'))
			break;
		if (!is_next(r, ','))
			return refuse(r, r->i,
			    "only numbers and ranges go into brackets");
		r->i++;
	}
	r->i++;
	/* "n[0-8/2]5" would step in the tens, which nobody reads it as. */
	if (r->i < r->len && str_is_digit(r->text[r->i]) &&
	    r->out->ranges[r->out->n_ranges - 1].step > 1)
		return refuse(
		    r, r->i, "no digit may follow a range with a step");
	return 0;
}

static int
read_part(struct reader *r)
{
	struct hostpat *p = r->out;
	struct hostpat_part part = {.text = r->text + r->i};

	while (r->i < r->len && !is_next(r, '[') && !is_next(r, ']'))
		r->i++;
	part.len = (size_t)(r->text + r->i - part.text);
	if (is_next(r, ']'))
		return refuse(r, r->i, "']' without '['");
	if (is_next(r, '[')) {
		r->i++;
		if (read_brackets(r, &part) != 0)
			return -1;
	}
	if (p->n_parts == MAX_PARTS)
		return refuse(r, (size_t)(part.text - r->text),
		    "more than 32 brackets in one name");
	mem_grow(&p->parts, &p->cap_parts, p->n_parts + 1, sizeof(part));
	p->parts[p->n_parts++] = part;
	return 0;
}

int
hostpat_parse(struct hostpat *p, const char *text, size_t len, size_t at,
    struct muster_error *err)
{
	struct reader r = {
	    .out = p, .text = text, .len = len, .at = at, .err = err};

	*p = (struct hostpat){0};
	do {
		if (read_part(&r) != 0) {
			hostpat_clear(p);
			return -1;
		}
	} while (r.i < r.len);
	return 0;
}

void
hostpat_clear(struct hostpat *p)
{
	free(p->parts);
	free(p->ranges);
	*p = (struct hostpat){0};
}

uint64_t
hostpat_count(const struct hostpat *p)
{
	uint64_t total = 1;

	for (size_t i = 0; i < p->n_parts; i++) {
		const struct hostpat_part *part = &p->parts[i];
		uint64_t n = part->n == 0;

		/* No overflow: a range has 1e18 numbers at most, and a sum
		 * is cut at 2e18. */
		for (size_t j = 0; j < part->n; j++) {
			const struct hostpat_range *r =
			    &p->ranges[part->first + j];

			n += (r->high - r->low) / r->step + 1;
			if (n > UINT64_C(1000000000000000000))
				return UINT64_MAX;
		}
		if (__builtin_mul_overflow(total, n, &total))
			return UINT64_MAX;
	}
	return total;
}

/* A name in the making. */
struct writer {
	const struct hostpat *pattern;
	int (*each)(void *ctx, const char *name, size_t len);
	void *ctx;
	char name[LIMIT_NAME_BYTES + 1];
};

static size_t
put(struct writer *w, size_t len, const char *text, size_t n)
{
	if (n > LIMIT_NAME_BYTES - len)
		n = LIMIT_NAME_BYTES - len;
	memcpy(w->name + len, text, n);
	return len + n;
}

static size_t
put_number(struct writer *w, size_t len, uint64_t number,
    const struct hostpat_range *range)
{
	char digits[24];
	size_t i = sizeof(digits);

	if (range->is_letters) {
		digits[0] =
		    (char)(number < 26 ? 'a' + number : 'A' + number - 26);
		return put(w, len, digits, 1);
	}

	do {
		digits[--i] = (char)('0' + number % 10);
		number /= 10;
	} while (number > 0);
	while (sizeof(digits) - i < range->width)
		digits[--i] = '0';
	return put(w, len, digits + i, sizeof(digits) - i);
}

/* Writes the parts from `i` on behind the first `len` bytes. */
static int
write_parts(struct writer *w, size_t i, size_t len)
{
	const struct hostpat_part *part = &w->pattern->parts[i];
	bool is_last = i + 1 == w->pattern->n_parts;

	len = put(w, len, part->text, part->len);
	for (size_t j = 0; j < part->n; j++) {
		const struct hostpat_range *r =
		    &w->pattern->ranges[part->first + j];

		for (uint64_t v = r->low; v <= r->high; v += r->step) {
			size_t end = put_number(w, len, v, r);
			int rc;

			if (!is_last) {
				rc = write_parts(w, i + 1, end);
			} else {
				w->name[end] = '\0';
				rc = w->each(w->ctx, w->name, end);
			}
			if (rc != 0)
				return rc;
		}
	}
	if (part->n > 0)
		return 0;
	w->name[len] = '\0';
	return w->each(w->ctx, w->name, len);
}

int
hostpat_each(const struct hostpat *p,
    int (*each)(void *ctx, const char *name, size_t len), void *ctx)
{
	struct writer w = {.pattern = p, .each = each, .ctx = ctx};

	return write_parts(&w, 0, 0);
}
