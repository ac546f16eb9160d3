/*
 * lines.c -- a gathered text, to be looked at line by line.
 *
 * Room: src.  May touch: muster.h, heap.h, text.h.
 */
#include "config.h"

#include "src/lines.h"

#include "src/heap.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

void
lines_cut(struct lines *l)
{
	size_t cap = 0, at = 0;

	do {
		const char *newline = NULL;

		heap_grow(&l->starts, &cap, l->n + 1, sizeof(*l->starts));
		l->starts[l->n++] = at;
		if (at < l->text.len)
			newline =
			    memchr(l->text.mem + at, '\n', l->text.len - at);
		at = newline != NULL ? (size_t)(newline - l->text.mem) + 1
				     : l->text.len;
	} while (l->starts[l->n - 1] < l->text.len);
	l->n--;
}

void
lines_load(struct lines *l, const struct muster_gather *texts, size_t host)
{
	const void *data;
	size_t len;

	*l = (struct lines){0};
	while (muster_gather_read(texts, host, l->text.len, &data, &len))
		text_add(&l->text, data, len);
	lines_cut(l);
}

void
lines_clear(struct lines *l)
{
	text_clear(&l->text);
	free(l->starts);
	*l = (struct lines){0};
}

const char *
lines_get(const struct lines *l, size_t i, size_t *len)
{
	assert(i < l->n);
	*len = l->starts[i + 1] - l->starts[i];
	return l->text.mem + l->starts[i];
}
