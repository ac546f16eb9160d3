/*
 * shown.c -- lines of a host, copied out of an event to be kept.
 *
 * Room: ui.  May touch: muster.h, src/heap.h.
 */
#include "config.h"

#include "ui/shown.h"
#include "src/heap.h"

#include <stdlib.h>
#include <string.h>

void
shown_clear(struct shown *s)
{
	uint32_t no = s->no;

	free(s->lines);
	memset(s, 0, sizeof(*s));
	s->no = no;
}

/* Lines, then spans, then texts with a NUL each, in one piece of memory. */
void
shown_copy(struct shown *to, const struct muster_snapshot *from)
{
	size_t n_spans = 0, n_bytes = 0;
	struct muster_span *spans;
	char *text;

	shown_clear(to);
	to->no++;
	if (from == NULL)
		return;
	to->n_ever = from->n_ever;
	to->hole = from->hole;
	to->n_dropped = from->n_dropped;
	if (from->n_lines == 0)
		return;
	for (size_t i = 0; i < from->n_lines; i++) {
		n_spans += from->lines[i].line.n_spans;
		n_bytes += from->lines[i].line.len + 1;
	}
	to->lines = heap_array(1, from->n_lines * sizeof(*to->lines) +
				      n_spans * sizeof(*spans) + n_bytes);
	to->n_lines = from->n_lines;
	spans = (void *)(to->lines + to->n_lines);
	text = (void *)(spans + n_spans);
	for (size_t i = 0; i < from->n_lines; i++) {
		struct muster_shown_line *l = &to->lines[i];

		*l = from->lines[i];
		if (l->line.n_spans > 0)
			memcpy(spans, l->line.spans,
			    l->line.n_spans * sizeof(*spans));
		if (l->line.len > 0)
			memcpy(text, l->line.text, l->line.len);
		l->line.spans = spans;
		l->line.text = text;
		spans += l->line.n_spans;
		text += l->line.len + 1; /* it was zeroed */
	}
}

static bool
is_blank(const struct muster_line *line)
{
	for (size_t i = 0; i < line->len; i++)
		if (line->text[i] != ' ')
			return false;
	return true;
}

const struct muster_shown_line *
shown_last(const struct shown *s, bool prefer_stderr)
{
	const struct muster_shown_line *last = NULL;

	for (size_t i = s->n_lines; i-- > 0;) {
		const struct muster_shown_line *l = &s->lines[i];

		if (is_blank(&l->line))
			continue;
		if (last == NULL)
			last = l;
		if (!prefer_stderr)
			break;
		if (l->stream == MUSTER_STDERR)
			return l;
	}
	return last;
}
