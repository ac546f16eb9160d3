/*
 * lines.c -- what a host has printed, as lines that can be shown.
 *
 * Room: engine/fleet.  May touch: base/, store.h, snapshot.h, queue.h.
 */
#include "config.h"

#include "fleet/lines.h"
#include "base/mem.h"
#include "fleet/queue.h"
#include "fleet/snapshot.h"

#include <stdlib.h>
#include <string.h>

/* Text of one snapshot: far more than a screen has. */
#define SNAPSHOT_BYTES (1024 * 1024)

struct lines {
	struct store store;
	struct muster_clean clean[2]; /* one a stream */
};

struct lines *
lines_new(struct store_pool *pool)
{
	struct lines *l = mem_new(sizeof(*l));

	store_init(&l->store, pool);
	for (size_t i = 0; i < 2; i++)
		muster_clean_init(&l->clean[i], 0);
	return l;
}

void
lines_reset(struct lines *l)
{
	store_clear(&l->store);
	for (size_t i = 0; i < 2; i++) {
		muster_clean_clear(&l->clean[i]);
		muster_clean_init(&l->clean[i], 0);
	}
}

void
lines_free(struct lines *l)
{
	if (l == NULL)
		return;
	lines_reset(l);
	free(l);
}

void
lines_add(struct lines *l, enum muster_stream stream, uint32_t at_ms,
    const void *data, size_t len)
{
	const char *p = data;
	struct muster_line line;

	while (muster_clean_next(&l->clean[stream], &p, &len, &line))
		store_add(&l->store, stream, at_ms, &line);
}

void
lines_end(struct lines *l, uint32_t at_ms)
{
	struct muster_line line;

	for (size_t i = 0; i < 2; i++)
		while (muster_clean_last(&l->clean[i], &line))
			store_add(
			    &l->store, (enum muster_stream)i, at_ms, &line);
}

/* Puts the lines, their spans and their text into one parcel, the pointers
 * all into itself. */
static struct parcel *
pack(const struct snapshot *sn, uint64_t n_ever)
{
	size_t lines_bytes = sn->n_lines * sizeof(struct muster_shown_line);
	size_t spans_bytes = sn->n_spans * sizeof(struct muster_span);
	struct parcel *p =
	    parcel_snapshot(lines_bytes + spans_bytes + sn->text.len);
	struct muster_shown_line *lines = (void *)p->data;
	struct muster_span *spans = (void *)(p->data + lines_bytes);
	char *text = p->data + lines_bytes + spans_bytes;

	if (sn->n_spans > 0)
		memcpy(spans, sn->spans, spans_bytes);
	if (sn->text.len > 0)
		memcpy(text, buf_data(&sn->text), sn->text.len);
	for (size_t i = 0; i < sn->n_lines; i++) {
		const struct snapshot_line *from = &sn->lines[i];

		lines[i] = (struct muster_shown_line){
		    .no = from->no,
		    .at_ms = from->at_ms,
		    .stream = from->stream,
		    .line = {.text = text + from->text_at,
			.len = from->len,
			.columns = from->columns,
			.spans = spans + from->span_at,
			.n_spans = from->n_spans,
			.goes_on = (from->flags & STORE_GOES_ON) != 0},
		};
	}
	p->snapshot.lines = lines;
	p->snapshot.n_lines = sn->n_lines;
	p->snapshot.n_ever = n_ever;
	return p;
}

struct parcel *
lines_snapshot(struct lines *l, size_t n)
{
	struct snapshot sn;
	struct muster_line line;
	struct parcel *p;

	snapshot_init(&sn, SNAPSHOT_BYTES);
	(void)snapshot_take(&sn, &l->store, store_last(&l->store, n), n);
	for (size_t i = 0; i < 2; i++)
		if (muster_clean_peek(&l->clean[i], &line))
			(void)snapshot_add(&sn, (enum muster_stream)i, &line);
	p = pack(&sn, l->store.n_lines);
	snapshot_clear(&sn);
	return p;
}
