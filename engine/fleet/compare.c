/*
 * compare.c -- two texts line by line, and lines but for what always differs.
 *
 * Room: engine/fleet.  May touch: base/, fleet/diff.h, fleet/mask.h, muster.h.
 * Lines are told apart by a digest that no host can foresee.
 */
#include "config.h"

#include "base/hash.h"
#include "base/limits.h"
#include "base/mem.h"
#include "fleet/diff.h"
#include "fleet/mask.h"
#include "muster.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct lines {
	uint64_t *digests; /* owned; NULL: there are too many */
	size_t n;
};

static size_t
count_lines(const char *text, size_t len)
{
	const char *end = text + len;
	size_t n = 0;

	while (text < end) {
		const char *newline = memchr(text, '\n', (size_t)(end - text));

		text = newline != NULL ? newline + 1 : end;
		n++;
	}
	return n;
}

static struct lines
read_lines(const struct hash_key *key, const char *text, size_t len)
{
	struct lines lines = {.n = count_lines(text, len)};
	const char *end = text + len;

	if (lines.n > LIMIT_DIFF_LINES)
		return lines;
	lines.digests = mem_array(lines.n, sizeof(*lines.digests));
	for (size_t i = 0; i < lines.n; i++) {
		const char *newline = memchr(text, '\n', (size_t)(end - text));
		const char *next = newline != NULL ? newline + 1 : end;

		lines.digests[i] = hash_bytes(key, text, (size_t)(next - text));
		text = next;
	}
	return lines;
}

static struct muster_diff
compare_roughly(size_t n_a, size_t n_b)
{
	struct muster_diff d = {
	    .runs = mem_array(2, sizeof(*d.runs)),
	    .n_removed = n_a,
	    .n_added = n_b,
	    .is_rough = true,
	};

	if (n_a > 0)
		d.runs[d.n++] =
		    (struct muster_diff_run){MUSTER_DIFF_REMOVED, 0, 0, n_a};
	if (n_b > 0)
		d.runs[d.n++] =
		    (struct muster_diff_run){MUSTER_DIFF_ADDED, n_a, 0, n_b};
	return d;
}

struct muster_diff
muster_diff_texts(const void *a, size_t len_a, const void *b, size_t len_b)
{
	struct hash_key key = hash_new_key();
	struct lines x = read_lines(&key, a, len_a);
	struct lines y = read_lines(&key, b, len_b);
	struct muster_diff d;

	if (x.digests != NULL && y.digests != NULL)
		d = diff_lines(x.digests, x.n, y.digests, y.n);
	else
		d = compare_roughly(x.n, y.n);
	free(x.digests);
	free(y.digests);
	return d;
}

void
muster_diff_clear(struct muster_diff *d)
{
	free(d->runs);
	*d = (struct muster_diff){0};
}

size_t
muster_mask_line(
    char *dst, size_t size, const void *line, size_t len, const char *host)
{
	struct buf out;
	size_t n;

	assert(size > 0);
	buf_init(&out, size - 1);
	(void)mask_line(&out, line, len, host);
	n = out.len;
	if (n > 0)
		memcpy(dst, buf_data(&out), n);
	dst[n] = '\0';
	buf_clear(&out);
	return n;
}
