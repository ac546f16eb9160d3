/*
 * snapshot.c -- lines of a store copied out, for another thread to show.
 *
 * Room: engine/fleet.  May touch: base/, fleet/store.h, muster.h.
 */
#include "config.h"

#include "base/mem.h"
#include "fleet/snapshot.h"

#include <stdlib.h>
#include <string.h>

void
snapshot_init(struct snapshot *sn, size_t max_bytes)
{
	memset(sn, 0, sizeof(*sn));
	buf_init(&sn->text, max_bytes);
}

void
snapshot_clear(struct snapshot *sn)
{
	size_t max_bytes = sn->text.max;

	buf_clear(&sn->text);
	free(sn->lines);
	free(sn->spans);
	snapshot_init(sn, max_bytes);
}

void
snapshot_reset(struct snapshot *sn)
{
	buf_reset(&sn->text);
	sn->n_lines = 0;
	sn->n_spans = 0;
}

/* Makes room for a line whose text is added. Returns NULL when its text does
 * not fit. */
static struct snapshot_line *
begin_line(struct snapshot *sn, const char *text, size_t len, size_t n_spans)
{
	struct snapshot_line *line;
	size_t at = sn->text.len;

	if (!buf_add(&sn->text, text, len))
		return NULL;
	mem_grow(
	    &sn->lines, &sn->cap_lines, sn->n_lines + 1, sizeof(*sn->lines));
	mem_grow(&sn->spans, &sn->cap_spans, sn->n_spans + n_spans,
	    sizeof(*sn->spans));
	line = &sn->lines[sn->n_lines++];
	*line = (struct snapshot_line){.no = STORE_NOWHERE,
	    .text_at = (uint32_t)at,
	    .len = (uint32_t)len,
	    .span_at = (uint32_t)sn->n_spans,
	    .n_spans = (uint32_t)n_spans};
	sn->n_spans += n_spans;
	return line;
}

static bool
copy_line(struct snapshot *sn, const struct store_line *from)
{
	struct snapshot_line *to =
	    begin_line(sn, from->text, from->len, from->n_spans);

	if (to == NULL)
		return false;
	to->no = from->no;
	to->at_ms = from->at_ms;
	to->columns = (uint32_t)from->columns;
	to->stream = from->stream;
	to->flags = from->flags;
	for (size_t i = 0; i < from->n_spans; i++) {
		const struct store_span *span = &from->spans[i];

		sn->spans[to->span_at + i] = (struct muster_span){
		    span->at, {span->fg, span->bg, span->flags}};
	}
	return true;
}

size_t
snapshot_take(
    struct snapshot *sn, const struct store *s, uint64_t from, size_t n)
{
	struct store_line line;
	bool more = n > 0 && store_get(s, from, &line);
	size_t taken = 0;

	while (more && taken < n && copy_line(sn, &line)) {
		taken++;
		more = store_next(s, &line);
	}
	return taken;
}

bool
snapshot_add(struct snapshot *sn, enum muster_stream stream,
    const struct muster_line *line)
{
	struct snapshot_line *to =
	    begin_line(sn, line->text, line->len, line->n_spans);

	if (to == NULL)
		return false;
	to->columns = (uint32_t)line->columns;
	to->stream = stream;
	if (line->n_spans > 0)
		memcpy(&sn->spans[to->span_at], line->spans,
		    line->n_spans * sizeof(*line->spans));
	return true;
}
