/*
 * gather.c -- the outputs of many hosts, each distinct text kept once.
 *
 * Room: engine/fleet.  May touch: base/, fleet/groups.h, fleet/spill.h.
 * A branch begins with a byte that its parent has not at that place, so that
 * there is one way only to each text. For the same reason memory, once it is
 * used up, stays so: a text that ends there goes on in the spill, in branches
 * that begin at its end, each a chunk; where that is full too, equal outputs
 * stop at the same byte.
 */
#include "config.h"

#include "base/mem.h"
#include "fleet/gather.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define ROOT 0u
#define NONE UINT32_MAX

struct gather_text {
	uint8_t *bytes; /* owned; a chunk that is lent when `spilled` */
	size_t len, cap;
	bool spilled;
	uint64_t at;     /* where it begins in the output */
	uint32_t parent; /* what comes before */
	uint32_t child;  /* the first branch, or NONE */
	uint32_t next;   /* branch of the same parent, or NONE */
};

struct gather_host {
	uint64_t at; /* bytes kept */
	uint32_t text;
	uint32_t how;
	uint64_t n_left;   /* bytes not kept */
	struct hash *left; /* owned; their digest */
};

void
gather_init(
    struct gather *g, size_t n_hosts, size_t max_bytes, uint64_t max_spilled)
{
	*g = (struct gather){.key = hash_new_key(), .max_bytes = max_bytes};
	spill_init(&g->spill, max_spilled);
	mem_grow(&g->texts, &g->cap_texts, 1, sizeof(*g->texts));
	g->texts[g->n_texts++] =
	    (struct gather_text){.parent = NONE, .child = NONE, .next = NONE};
	gather_set_n_hosts(g, n_hosts);
}

void
gather_clear(struct gather *g)
{
	for (size_t i = 0; i < g->n_texts; i++)
		if (!g->texts[i].spilled)
			free(g->texts[i].bytes);
	spill_clear(&g->spill);
	for (size_t i = 0; i < g->n_hosts; i++)
		free(g->hosts[i].left);
	free(g->texts);
	free(g->hosts);
	*g = (struct gather){.max_bytes = g->max_bytes, .spill = g->spill};
}

void
gather_set_n_hosts(struct gather *g, size_t n_hosts)
{
	struct gather_host *hosts = mem_array(n_hosts, sizeof(*hosts));

	assert(n_hosts >= g->n_hosts && n_hosts < NONE);
	if (g->n_hosts > 0)
		memcpy(hosts, g->hosts, g->n_hosts * sizeof(*hosts));
	free(g->hosts);
	g->hosts = hosts;
	g->n_hosts = n_hosts;
}

/* ---- adding ---- */

static size_t
count_same(const uint8_t *a, const uint8_t *b, size_t len)
{
	size_t n = 0;

	/* most outputs are equal: ask for all of it first */
	if (memcmp(a, b, len) == 0)
		return len;
	while (a[n] == b[n])
		n++;
	return n;
}

/* The branch of a text that begins with `byte` at a place. */
static uint32_t
find_branch(const struct gather *g, uint32_t text, uint64_t at, uint8_t byte)
{
	uint32_t i = g->texts[text].child;

	while (
	    i != NONE && (g->texts[i].at != at || g->texts[i].bytes[0] != byte))
		i = g->texts[i].next;
	return i;
}

static void
append(struct gather *g, uint32_t text, const uint8_t *data, size_t len)
{
	struct gather_text *t = &g->texts[text];

	if (!t->spilled) {
		mem_grow(&t->bytes, &t->cap, t->len + len, 1);
		g->bytes += len;
	}
	memcpy(t->bytes + t->len, data, len);
	t->len += len;
}

/* How many bytes a text may grow by. */
static size_t
room_of(const struct gather *g, const struct gather_text *t)
{
	return t->spilled ? t->cap - t->len : g->max_bytes - g->bytes;
}

/* The chunk for what follows on a text at a place: a little at first, since
 * there may be as many as hosts, and more for who goes on. NULL: no room. */
static void *
take_chunk(struct gather *g, uint32_t text, uint64_t at, size_t *cap)
{
	const struct gather_text *t = &g->texts[text];

	*cap = SPILL_MIN_BYTES;
	if (t->spilled && at == t->at + t->len)
		*cap = t->cap < SPILL_MAX_BYTES ? 2 * t->cap : t->cap;
	return spill_take(&g->spill, *cap);
}

/* A new branch with its first byte. Returns NONE over the ceiling. */
static uint32_t
add_branch(struct gather *g, uint32_t text, uint64_t at, uint8_t byte)
{
	bool spilled = g->max_bytes - g->bytes < sizeof(struct gather_text) + 1;
	uint32_t i = (uint32_t)g->n_texts;
	void *chunk = NULL;
	size_t cap = 0;

	if (spilled && (chunk = take_chunk(g, text, at, &cap)) == NULL)
		return NONE;
	mem_grow(&g->texts, &g->cap_texts, g->n_texts + 1, sizeof(*g->texts));
	g->texts[g->n_texts++] = (struct gather_text){.at = at,
	    .parent = text,
	    .child = NONE,
	    .next = g->texts[text].child,
	    .bytes = chunk,
	    .cap = cap,
	    .spilled = spilled};
	g->texts[text].child = i;
	g->bytes += spilled ? 0 : sizeof(struct gather_text);
	append(g, i, &byte, 1);
	return i;
}

static void
add_left(
    struct gather *g, struct gather_host *h, const uint8_t *data, size_t len)
{
	if (h->left == NULL) {
		h->left = mem_new(sizeof(*h->left));
		hash_init(h->left, &g->key);
	}
	hash_add(h->left, data, len);
	h->n_left += len;
}

/* Follows or extends the host's text. Returns the bytes taken: 0 when the
 * text goes on differently, or when the ceiling is reached. */
static size_t
follow(struct gather *g, struct gather_host *h, const uint8_t *data, size_t len)
{
	const struct gather_text *t = &g->texts[h->text];
	size_t off = (size_t)(h->at - t->at), room = room_of(g, t);

	if (off < t->len) {
		size_t n = t->len - off < len ? t->len - off : len;

		return count_same(t->bytes + off, data, n);
	}
	len = len < room ? len : room;
	if (len > 0)
		append(g, h->text, data, len);
	return len;
}

static void
rest(const struct gather_text *t)
{
	if (t->spilled)
		spill_rest(t->bytes, t->cap);
}

void
gather_add(struct gather *g, size_t host, const void *data, size_t len)
{
	struct gather_host *h = &g->hosts[host];
	const uint8_t *p = data;

	assert(host < g->n_hosts);
	while (len > 0 && h->left == NULL) {
		size_t n = follow(g, h, p, len);
		uint32_t branch;

		h->at += n;
		p += n;
		len -= n;
		if (n > 0)
			continue;
		branch = find_branch(g, h->text, h->at, *p);
		if (branch == NONE)
			branch = add_branch(g, h->text, h->at, *p);
		if (branch == NONE)
			break;
		rest(&g->texts[h->text]);
		h->text = branch;
	}
	if (len > 0)
		add_left(g, h, p, len);
}

void
gather_end(struct gather *g, size_t host, uint32_t how)
{
	assert(host < g->n_hosts);
	g->hosts[host].how = how;
}

/* ---- reading ---- */

uint64_t
gather_len(const struct gather *g, size_t host)
{
	return g->hosts[host].at + g->hosts[host].n_left;
}

bool
gather_is_whole(const struct gather *g, size_t host)
{
	return g->hosts[host].left == NULL;
}

bool
gather_may_become(const struct gather *g, size_t host, size_t other)
{
	const struct gather_host *h = &g->hosts[host];
	uint64_t end = g->hosts[other].at;
	uint32_t text = g->hosts[other].text;

	/* what is not kept may be equal */
	if (h->left != NULL && g->hosts[other].left == NULL)
		return false;
	for (; text != h->text && text != ROOT && g->texts[text].at >= h->at;
	     text = g->texts[text].parent)
		end = g->texts[text].at;
	return text == h->text && h->at <= end;
}

bool
gather_read(const struct gather *g, size_t host, uint64_t at, const void **data,
    size_t *len)
{
	uint64_t end = g->hosts[host].at;
	uint32_t text = g->hosts[host].text;

	if (at >= end)
		return false;
	/* a text counts up to where the next one on the way branches off */
	for (; g->texts[text].at > at; text = g->texts[text].parent)
		end = g->texts[text].at;
	/* who reads on is done with what comes before */
	if (at == g->texts[text].at && g->texts[text].parent != NONE)
		rest(&g->texts[g->texts[text].parent]);
	*data = g->texts[text].bytes + (at - g->texts[text].at);
	*len = (size_t)(end - at);
	return true;
}

struct groups
gather_group(const struct gather *g, const bool *chosen)
{
	struct group_key *keys = mem_array(g->n_hosts, sizeof(*keys));
	struct groups groups;
	size_t n = 0;

	for (uint32_t i = 0; i < g->n_hosts; i++) {
		const struct gather_host *h = &g->hosts[i];

		if (chosen != NULL && !chosen[i])
			continue;
		keys[n++] = (struct group_key){
		    .word = {gather_len(g, i), h->text,
			h->left == NULL ? 0 : hash_value(h->left)},
		    .how = h->how,
		    .host = i};
	}
	groups = groups_make(keys, n);
	free(keys);
	return groups;
}
