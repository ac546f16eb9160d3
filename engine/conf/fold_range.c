/*
 * fold_range.c -- numbers of names, folded in one dimension.
 *
 * Room: engine/conf.  May touch: base.
 */
#include "config.h"

#include "conf/fold_range.h"

#include <inttypes.h>

int
fold_number_cmp(const void *a, const void *b)
{
	const struct fold_number *x = a, *y = b;

	if (x->width != y->width)
		return x->width < y->width ? -1 : 1;
	if (x->value != y->value)
		return x->value < y->value ? -1 : 1;
	return 0;
}

void
fold_number_put(struct buf *b, struct fold_number number)
{
	(void)buf_addf(b, "%0*" PRIu64, (int)number.width, number.value);
}

static bool
is_padded(struct fold_number number)
{
	uint64_t least = 1;

	for (uint32_t i = 1; i < number.width; i++)
		least *= 10;
	return number.width > 1 && number.value < least;
}

/* Whether a range that begins with `low` may hold `number`: the width only
 * grows where there are no leading zeros. */
static bool
is_alike(struct fold_number low, struct fold_number number)
{
	return low.width == number.width ||
	       (!is_padded(low) && !is_padded(number));
}

/* How many of ranks[0..n) go up by `step` from the first. */
static size_t
count_steps(const struct fold_number *numbers, const uint32_t *ranks, size_t n,
    uint64_t step)
{
	struct fold_number low = numbers[ranks[0]];
	size_t i = 1;

	while (i < n && numbers[ranks[i]].value == low.value + i * step &&
	       is_alike(low, numbers[ranks[i]]))
		i++;
	return i;
}

/* The longest run at the front of ranks[0..n); *step is its step. */
static size_t
find_run(const struct fold_number *numbers, const uint32_t *ranks, size_t n,
    unsigned autostep, uint64_t *step)
{
	size_t len = count_steps(numbers, ranks, n, 1);
	uint64_t first = numbers[ranks[0]].value;

	*step = 1;
	if (len > 1 || n < 2 || autostep == 0 ||
	    numbers[ranks[1]].value <= first)
		return len;
	*step = numbers[ranks[1]].value - first;
	len = count_steps(numbers, ranks, n, *step);
	return len < autostep || len < 3 ? 1 : len;
}

void
fold_range_put(struct buf *b, const struct fold_number *numbers,
    const uint32_t *ranks, size_t n, unsigned autostep)
{
	if (n == 1) {
		fold_number_put(b, numbers[ranks[0]]);
		return;
	}
	(void)buf_addc(b, '[');
	for (size_t i = 0, len; i < n; i += len) {
		uint64_t step;

		len = find_run(numbers, ranks + i, n - i, autostep, &step);
		if (i > 0)
			(void)buf_addc(b, ',');
		fold_number_put(b, numbers[ranks[i]]);
		if (len == 1)
			continue;
		(void)buf_addc(b, '-');
		fold_number_put(b, numbers[ranks[i + len - 1]]);
		if (step > 1)
			(void)buf_addf(b, "/%" PRIu64, step);
	}
	(void)buf_addc(b, ']');
}
