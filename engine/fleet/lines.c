/*
 * lines.c -- what a host has printed, as lines that can be shown.
 *
 * Room: engine/fleet.  May touch: base/, store.h, snapshot.h, queue.h, agree.h,
 * mask.h.
 */
#include "config.h"

#include "fleet/lines.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/mem.h"
#include "fleet/agree.h"
#include "fleet/mask.h"
#include "fleet/queue.h"
#include "fleet/snapshot.h"

#include <stdlib.h>
#include <string.h>

/* Text of one snapshot: far more than a screen has. */
#define SNAPSHOT_BYTES (1024 * 1024)

struct lines {
	struct lines_owner owner;
	struct store store;
	struct muster_clean clean[2]; /* one a stream */
	struct buf masked;
	bool waits[2]; /* what came last on a stream looks like a question */
	bool is_masking;
	bool is_ended;
	uint32_t how; /* it ended */
};

static void
begin(struct lines *l)
{
	for (size_t i = 0; i < 2; i++)
		muster_clean_init(&l->clean[i], 0);
	l->is_ended = false;
	l->waits[0] = l->waits[1] = false;
	atomic_store(&l->owner.meter->n_lines, 0);
	atomic_store(&l->owner.meter->n_bytes, 0);
	atomic_store(&l->owner.meter->n_err_bytes, 0);
	atomic_store(&l->owner.meter->last_us, 0);
	atomic_store(&l->owner.meter->waits, false);
	if (l->owner.agree == NULL)
		return;
	agree_begin(l->owner.agree, AGREE_PLAIN, l->owner.host);
	if (l->is_masking)
		agree_begin(l->owner.agree, AGREE_MASKED, l->owner.host);
}

struct lines *
lines_new(const struct lines_owner *owner)
{
	struct lines *l = mem_new(sizeof(*l));

	l->owner = *owner;
	store_init(&l->store, owner->pool);
	buf_init(&l->masked, LIMIT_STORE_LINE_BYTES * 2);
	begin(l);
	return l;
}

static void
forget(struct lines *l)
{
	store_clear(&l->store);
	for (size_t i = 0; i < 2; i++)
		muster_clean_clear(&l->clean[i]);
}

void
lines_reset(struct lines *l)
{
	forget(l);
	begin(l);
}

void
lines_free(struct lines *l)
{
	if (l == NULL)
		return;
	forget(l);
	buf_clear(&l->masked);
	free(l);
}

/* ---- what comes ---- */

static void
tell_masked(struct lines *l, const char *text, size_t len)
{
	(void)mask_line(&l->masked, text, len, l->owner.name);
	agree_add(l->owner.agree, AGREE_MASKED, l->owner.host,
	    (const char *)buf_data(&l->masked), l->masked.len);
}

static void
add_line(struct lines *l, enum muster_stream stream, uint32_t at_ms,
    const struct muster_line *line)
{
	store_add(&l->store, stream, at_ms, line);
	if (l->owner.agree == NULL)
		return;
	agree_add(
	    l->owner.agree, AGREE_PLAIN, l->owner.host, line->text, line->len);
	if (l->is_masking)
		tell_masked(l, line->text, line->len);
}

/* "Password: ", "(Y/I/N/O/D/Z) [default=N] ?", "name> ". */
static bool
looks_like_question(const char *data, size_t len)
{
	while (len > 0 && data[len - 1] == ' ')
		len--;
	return len > 0 && memchr(":?>]", data[len - 1], 4) != NULL;
}

void
lines_add(struct lines *l, enum muster_stream stream, uint32_t at_ms,
    const void *data, size_t len)
{
	struct lines_meter *meter = l->owner.meter;
	const char *p = data;
	size_t left = len;
	struct muster_line line;

	while (muster_clean_next(&l->clean[stream], &p, &left, &line))
		add_line(l, stream, at_ms, &line);
	atomic_store(&meter->n_lines, l->store.n_lines);
	atomic_fetch_add(&meter->n_bytes, len);
	if (stream == MUSTER_STDERR)
		atomic_fetch_add(&meter->n_err_bytes, len);
	atomic_store(&meter->last_us, clock_now_us());
	l->waits[stream] = looks_like_question(data, len);
	atomic_store(&meter->waits, l->waits[0] || l->waits[1]);
}

void
lines_end(struct lines *l, uint32_t at_ms, uint32_t how)
{
	struct muster_line line;

	for (size_t i = 0; i < 2; i++)
		while (muster_clean_last(&l->clean[i], &line))
			add_line(l, (enum muster_stream)i, at_ms, &line);
	atomic_store(&l->owner.meter->n_lines, l->store.n_lines);
	atomic_store(&l->owner.meter->waits, false);
	l->is_ended = true;
	l->how = how;
	if (l->owner.agree == NULL)
		return;
	agree_end(l->owner.agree, AGREE_PLAIN, l->owner.host, how);
	if (l->is_masking)
		agree_end(l->owner.agree, AGREE_MASKED, l->owner.host, how);
}

void
lines_begin_masks(struct lines *l)
{
	struct store_line line;
	bool more;

	if (l->is_masking || l->owner.agree == NULL)
		return;
	l->is_masking = true;
	agree_begin(l->owner.agree, AGREE_MASKED, l->owner.host);
	more = store_get(&l->store, 0, &line);
	for (; more; more = store_next(&l->store, &line))
		tell_masked(l, line.text, line.len);
	if (l->is_ended)
		agree_end(l->owner.agree, AGREE_MASKED, l->owner.host, l->how);
}

/* ---- what is asked for ---- */

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

/* A needle with a capital is meant as it is written. */
static bool
folds(const char *needle)
{
	for (; *needle != '\0'; needle++)
		if (*needle >= 'A' && *needle <= 'Z')
			return false;
	return true;
}

/* Where to begin, and where the needle is. */
static uint64_t
seek(const struct lines *l, const struct muster_look *look, uint64_t *match)
{
	const struct store *s = &l->store;
	uint64_t from = look->from;

	*match = STORE_NOWHERE;
	if (from == UINT64_MAX)
		from = store_last(s, look->n);
	if (look->needle == NULL || look->seek == 0)
		return from;
	*match = look->seek > 0 ? store_find(s, look->from, look->needle,
				      folds(look->needle))
				: store_find_back(s, look->from, look->needle,
				      folds(look->needle));
	return *match != STORE_NOWHERE ? *match : from;
}

/* Takes `n` lines with the needle; from the end when that was asked for. */
static void
take_matches(struct snapshot *sn, const struct lines *l,
    const struct muster_look *look, uint64_t from)
{
	bool fold = folds(look->needle);
	uint64_t no = look->from == UINT64_MAX ? l->store.n_lines : from;

	if (look->from == UINT64_MAX)
		for (size_t i = 0; i < look->n; i++) {
			uint64_t at =
			    store_find_back(&l->store, no, look->needle, fold);

			if (at == STORE_NOWHERE)
				break;
			no = at;
		}
	for (size_t i = 0; i < look->n; i++, no++) {
		no = store_find(&l->store, no, look->needle, fold);
		if (no == STORE_NOWHERE ||
		    snapshot_take(sn, &l->store, no, 1) == 0)
			break;
	}
}

struct parcel *
lines_look(struct lines *l, const struct muster_look *look)
{
	bool at_end = look->from == UINT64_MAX && !look->only_matches;
	struct snapshot sn;
	struct muster_line line;
	struct parcel *p;
	uint64_t match, from = seek(l, look, &match);

	snapshot_init(&sn, SNAPSHOT_BYTES);
	if (look->only_matches && look->needle != NULL)
		take_matches(&sn, l, look, from);
	else
		(void)snapshot_take(&sn, &l->store, from, look->n);
	if (at_end || from + look->n > l->store.n_lines)
		for (size_t i = 0; i < 2 && !look->only_matches; i++)
			if (muster_clean_peek(&l->clean[i], &line))
				(void)snapshot_add(
				    &sn, (enum muster_stream)i, &line);
	p = pack(&sn, l->store.n_lines);
	p->snapshot.match = match;
	p->snapshot.hole = store_hole(&l->store);
	p->snapshot.n_dropped = l->store.n_dropped;
	snapshot_clear(&sn);
	return p;
}
