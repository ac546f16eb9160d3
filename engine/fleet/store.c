/*
 * store.c -- the lines of a host that can be looked at: its first and last.
 *
 * Room: engine/fleet.  May touch: base/, muster.h.
 * A record: struct record, spans, text, padding to 4 bytes. Records do not
 * cross chunks. The first chunk begins small, for most hosts say little.
 */
#include "config.h"

#include "base/limits.h"
#include "base/mem.h"
#include "base/str.h"
#include "fleet/store.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define CHUNK_BYTES 4096 /* with its head */
#define FIRST_BYTES 512  /* what the first chunk begins with */

struct store_chunk {
	struct store_chunk *next; /* owned */
	size_t cap;               /* bytes of data */
	uint32_t used;
	uint32_t n_lines;
	uint32_t data[]; /* records, 4 bytes aligned */
};

struct record {
	uint32_t at_ms;
	uint16_t len, columns, n_spans;
	uint8_t stream, flags;
};

static const char *
record_at(const struct store_chunk *c, size_t at)
{
	return (const char *)c->data + at;
}

static size_t
record_size(size_t len, size_t n_spans)
{
	size_t size =
	    sizeof(struct record) + n_spans * sizeof(struct store_span) + len;

	return (size + 3) & ~(size_t)3;
}

/* ---- the pool: a heap of stores, who has most to give on top ---- */

void
store_pool_init(struct store_pool *p, size_t max_bytes, size_t max_host_bytes)
{
	*p = (struct store_pool){
	    .max_bytes = max_bytes, .max_host_bytes = max_host_bytes};
}

void
store_pool_clear(struct store_pool *p)
{
	assert(p->n == 0);
	free(p->heap);
	store_pool_init(p, p->max_bytes, p->max_host_bytes);
}

static void
place(struct store_pool *p, size_t at, struct store *s)
{
	p->heap[at] = s;
	s->heap_at = at;
}

static void
sift_up(struct store_pool *p, struct store *s)
{
	size_t at = s->heap_at;

	for (; at > 0 && p->heap[(at - 1) / 2]->spare < s->spare;
	     at = (at - 1) / 2)
		place(p, at, p->heap[(at - 1) / 2]);
	place(p, at, s);
}

static void
sift_down(struct store_pool *p, struct store *s)
{
	size_t at = s->heap_at;

	for (;;) {
		size_t child = 2 * at + 1;

		if (child + 1 < p->n &&
		    p->heap[child + 1]->spare > p->heap[child]->spare)
			child++;
		if (child >= p->n || p->heap[child]->spare <= s->spare)
			break;
		place(p, at, p->heap[child]);
		at = child;
	}
	place(p, at, s);
}

static void
grow_in_pool(struct store *s, size_t bytes)
{
	struct store_pool *p = s->pool;

	if (s->bytes == 0) {
		mem_grow(&p->heap, &p->cap, p->n + 1, sizeof(struct store *));
		place(p, p->n++, s);
	}
	s->bytes += bytes;
	p->bytes += bytes;
	sift_up(p, s);
}

static void
shrink_in_pool(struct store *s, size_t bytes)
{
	struct store_pool *p = s->pool;

	s->bytes -= bytes;
	p->bytes -= bytes;
	sift_down(p, s);
	if (s->bytes > 0)
		return;
	/* the last one takes the place */
	p->n--;
	if (s->heap_at < p->n) {
		struct store *moved = p->heap[p->n];

		place(p, s->heap_at, moved);
		sift_up(p, moved);
		sift_down(p, moved);
	}
}

/* ---- chunks ---- */

static size_t
chunk_bytes(const struct store_chunk *c)
{
	return sizeof(*c) + c->cap;
}

/* Frees the oldest chunk between the first and the last, which is being
 * written. Returns false when there is none. */
static bool
drop_oldest(struct store *s)
{
	struct store_chunk *c;

	if (s->spare == 0)
		return false;
	c = s->first->next;
	s->first->next = c->next;
	s->n_dropped += c->n_lines;
	s->spare -= chunk_bytes(c);
	shrink_in_pool(s, chunk_bytes(c));
	free(c);
	return true;
}

static void
keep_ceilings(struct store *s)
{
	struct store_pool *p = s->pool;

	while (s->bytes > p->max_host_bytes && drop_oldest(s))
		;
	while (p->bytes > p->max_bytes && drop_oldest(p->heap[0]))
		;
}

/* Makes the first chunk larger while it is the only one. */
static bool
extend_first(struct store *s, size_t need)
{
	struct store_chunk *c = s->first;
	size_t cap, old;

	if (c == NULL || c != s->last ||
	    sizeof(*c) + c->used + need > CHUNK_BYTES)
		return false;
	old = chunk_bytes(c);
	cap = old;
	mem_grow(&c, &cap, sizeof(*c) + c->used + need, 1);
	c->cap = cap - sizeof(*c);
	s->first = s->last = c;
	grow_in_pool(s, cap - old);
	return true;
}

/* A chunk at the end with room for `need` bytes. */
static struct store_chunk *
reserve(struct store *s, size_t need)
{
	size_t size = s->first == NULL ? FIRST_BYTES : CHUNK_BYTES;
	struct store_chunk *c = s->last;

	if (c != NULL && c->cap - c->used >= need)
		return c;
	if (extend_first(s, need))
		return s->last;
	if (size < sizeof(*c) + need)
		size = sizeof(*c) + need;
	c = mem_new(size);
	c->cap = size - sizeof(*c);
	if (s->last == NULL)
		s->first = c;
	else
		s->last->next = c;
	if (s->last != s->first && s->last != NULL)
		s->spare += chunk_bytes(s->last);
	s->last = c;
	grow_in_pool(s, size);
	return c;
}

/* ---- lines ---- */

void
store_init(struct store *s, struct store_pool *pool)
{
	*s = (struct store){.pool = pool};
}

void
store_clear(struct store *s)
{
	s->spare = 0;
	if (s->bytes > 0)
		shrink_in_pool(s, s->bytes);
	while (s->first != NULL) {
		struct store_chunk *c = s->first;

		s->first = c->next;
		free(c);
	}
	store_init(s, s->pool);
}

/* What of a line is kept: all, but for a line of marks upon marks. */
static size_t
cut_line(const struct muster_line *line)
{
	size_t len = line->len;

	if (len <= LIMIT_STORE_LINE_BYTES)
		return len;
	len = LIMIT_STORE_LINE_BYTES;
	while (len > 0 && ((uint8_t)line->text[len] & 0xc0) == 0x80)
		len--;
	return len;
}

static size_t
cut_spans(const struct muster_line *line, size_t len)
{
	size_t n = line->n_spans;

	while (n > 0 && line->spans[n - 1].at >= len)
		n--;
	return n;
}

void
store_add(struct store *s, enum muster_stream stream, uint32_t at_ms,
    const struct muster_line *line)
{
	size_t len = cut_line(line), n_spans = cut_spans(line, len);
	size_t size = record_size(len, n_spans);
	struct store_chunk *c = reserve(s, size);
	char *to = (char *)c->data + c->used;
	struct record r = {.at_ms = at_ms,
	    .len = (uint16_t)len,
	    .columns = (uint16_t)line->columns,
	    .n_spans = (uint16_t)n_spans,
	    .stream = (uint8_t)stream,
	    .flags = (uint8_t)((line->goes_on ? STORE_GOES_ON : 0) |
			       (len < line->len ? STORE_CUT : 0))};

	memcpy(to, &r, sizeof(r));
	to += sizeof(r);
	for (size_t i = 0; i < n_spans; i++) {
		const struct muster_span *from = &line->spans[i];
		struct store_span span = {from->style.fg, from->style.bg,
		    (uint16_t)from->at, (uint16_t)from->style.flags};

		memcpy(to, &span, sizeof(span));
		to += sizeof(span);
	}
	if (len > 0)
		memcpy(to, line->text, len);
	c->used += (uint32_t)size;
	c->n_lines++;
	s->n_lines++;
	keep_ceilings(s);
}

/* Fills *out, whose chunk, place and number are set, from its record. */
static void
read_record(struct store_line *out)
{
	const char *from = record_at(out->chunk, out->at);
	struct record r;

	memcpy(&r, from, sizeof(r));
	out->at_ms = r.at_ms;
	out->stream = r.stream;
	out->flags = r.flags;
	out->len = r.len;
	out->columns = r.columns;
	out->n_spans = r.n_spans;
	/* records are aligned as spans want it */
	out->spans = (const void *)(from + sizeof(r));
	out->text = from + sizeof(r) + r.n_spans * sizeof(struct store_span);
}

uint64_t
store_hole(const struct store *s)
{
	return s->first == NULL ? 0 : s->first->n_lines;
}

bool
store_next(const struct store *s, struct store_line *line)
{
	line->no++;
	line->at += record_size(line->len, line->n_spans);
	if (line->at == line->chunk->used) {
		if (line->chunk->next == NULL)
			return false;
		if (line->chunk == s->first)
			line->no += s->n_dropped;
		line->chunk = line->chunk->next;
		line->at = 0;
	}
	read_record(line);
	return true;
}

bool
store_get(const struct store *s, uint64_t no, struct store_line *out)
{
	uint64_t hole = store_hole(s);

	if (no >= s->n_lines)
		return false;
	if (no >= hole && no < hole + s->n_dropped)
		no = hole + s->n_dropped;
	*out = (struct store_line){.chunk = s->first};
	if (no >= hole) {
		out->chunk = s->first->next;
		out->no = hole + s->n_dropped;
	}
	while (no - out->no >= out->chunk->n_lines) {
		out->no += out->chunk->n_lines;
		out->chunk = out->chunk->next;
	}
	read_record(out);
	while (out->no < no)
		store_next(s, out);
	return true;
}

uint64_t
store_last(const struct store *s, size_t n)
{
	uint64_t hole = store_hole(s);
	uint64_t behind = s->n_lines - hole - s->n_dropped;

	if (n <= behind)
		return s->n_lines - n;
	n -= behind;
	return n < hole ? hole - n : 0;
}

/* ---- searching ---- */

static bool
starts_folded(const char *text, const char *needle, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (str_lower(text[i]) != str_lower(needle[i]))
			return false;
	return true;
}

static bool
has_needle(
    const struct store_line *line, const char *needle, size_t len, bool fold)
{
	if (!fold)
		return memmem(line->text, line->len, needle, len) != NULL;
	for (size_t i = 0; i + len <= line->len; i++)
		if (starts_folded(line->text + i, needle, len))
			return true;
	return false;
}

uint64_t
store_find(const struct store *s, uint64_t no, const char *needle, bool fold)
{
	size_t len = strlen(needle);
	struct store_line line;
	bool more = len > 0 && store_get(s, no, &line);

	for (; more; more = store_next(s, &line))
		if (has_needle(&line, needle, len, fold))
			return line.no;
	return STORE_NOWHERE;
}

uint64_t
store_find_back(
    const struct store *s, uint64_t no, const char *needle, bool fold)
{
	uint64_t found = STORE_NOWHERE;
	size_t len = strlen(needle);
	struct store_line line;
	bool more = len > 0 && store_get(s, 0, &line);

	/* a store is small enough to be read from its start */
	for (; more && line.no < no; more = store_next(s, &line))
		if (has_needle(&line, needle, len, fold))
			found = line.no;
	return found;
}
