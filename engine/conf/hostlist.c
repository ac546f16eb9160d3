/*
 * hostlist.c -- an ordered set of (user, host, port).
 *
 * Room: engine/conf.  May touch: base.
 * An array in order, and an open-addressing table of its indexes. Where
 * duplicates are kept the table holds the first of each only.
 */
#include "config.h"

#include "conf/hostlist.h"
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_SLOTS = 16 };

void
hostlist_init(struct hostlist *l, size_t max, bool keep_duplicates)
{
	*l = (struct hostlist){.max = max, .keep_duplicates = keep_duplicates};
	arena_init(&l->text);
}

void
hostlist_clear(struct hostlist *l)
{
	free(l->items);
	free(l->slots);
	arena_clear(&l->text);
	hostlist_init(l, l->max, l->keep_duplicates);
}

/* FNV-1a, 64 bits. */
static uint64_t
hash_text(uint64_t h, const char *text)
{
	for (; *text != '\0'; text++)
		h = (h ^ (unsigned char)*text) * UINT64_C(0x100000001b3);
	return h;
}

static uint32_t
hash_ref(const struct hostref *ref)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325);

	h = hash_text(h, ref->host) ^ ref->port;
	if (ref->user != NULL)
		h = hash_text(h * 31, ref->user);
	return (uint32_t)(h ^ h >> 32);
}

static bool
is_same(const struct hostref *a, const struct hostref *b)
{
	if (a->port != b->port || strcmp(a->host, b->host) != 0)
		return false;
	if (a->user == NULL || b->user == NULL)
		return a->user == b->user;
	return strcmp(a->user, b->user) == 0;
}

/* The slot of `ref`, or the free one where it belongs. */
static struct hostlist_slot *
find_slot(const struct hostlist *l, const struct hostref *ref, uint32_t hash)
{
	size_t at = hash & (l->n_slots - 1);
	struct hostlist_slot *slot = &l->slots[at];

	while (slot->item != 0 &&
	       (slot->hash != hash || !is_same(&l->items[slot->item - 1], ref)))
		slot = &l->slots[at = (at + 1) & (l->n_slots - 1)];
	return slot;
}

/* A table without items, for at least `n` of them. */
static void
make_table(struct hostlist *l, size_t n)
{
	size_t want = FIRST_SLOTS;

	while (want < n * 2)
		want *= 2;
	l->slots = mem_array(want, sizeof(*l->slots));
	l->n_slots = want;
}

/* Makes the table anew from the items. */
static void
rebuild(struct hostlist *l)
{
	free(l->slots);
	make_table(l, l->n);
	for (size_t i = 0; i < l->n; i++) {
		uint32_t hash = hash_ref(&l->items[i]);
		struct hostlist_slot *slot = find_slot(l, &l->items[i], hash);

		if (slot->item == 0)
			*slot = (struct hostlist_slot){(uint32_t)i + 1, hash};
	}
}

/* Moves what the table has to a larger one, for at least `n` items. */
static void
enlarge(struct hostlist *l, size_t n)
{
	struct hostlist_slot *old = l->slots;
	size_t n_old = l->n_slots;

	make_table(l, n);
	for (size_t i = 0; i < n_old; i++) {
		size_t at = old[i].hash & (l->n_slots - 1);

		if (old[i].item == 0)
			continue;
		while (l->slots[at].item != 0)
			at = (at + 1) & (l->n_slots - 1);
		l->slots[at] = old[i];
	}
	free(old);
}

/* Copies `user`, sharing the copy with the item before. */
static const char *
intern_user(struct hostlist *l, const char *user)
{
	const char *last = l->n > 0 ? l->items[l->n - 1].user : NULL;

	if (user == NULL || last == NULL || strcmp(user, last) != 0)
		return arena_strdup(&l->text, user);
	return last;
}

bool
hostlist_add(struct hostlist *l, const struct hostref *ref)
{
	uint32_t hash = hash_ref(ref);
	struct hostlist_slot *slot;
	bool known;

	if ((l->n + 1) * 2 > l->n_slots)
		enlarge(l, (l->n + 1) * 2);
	slot = find_slot(l, ref, hash);
	known = slot->item != 0;
	if (known && !l->keep_duplicates) {
		l->n_duplicates++;
		return true;
	}
	if (l->n >= l->max) {
		l->overflowed = true;
		return false;
	}
	mem_grow(&l->items, &l->cap, l->n + 1, sizeof(*l->items));
	l->items[l->n] = (struct hostref){
	    .user = intern_user(l, ref->user),
	    .host = arena_strdup(&l->text, ref->host),
	    .port = ref->port,
	};
	l->n++;
	if (known)
		l->n_duplicates++;
	else
		*slot = (struct hostlist_slot){(uint32_t)l->n, hash};
	return true;
}

size_t
hostlist_find(const struct hostlist *l, const struct hostref *ref)
{
	if (l->n_slots == 0)
		return SIZE_MAX;
	/* The item of a free slot is 0. */
	return (size_t)find_slot(l, ref, hash_ref(ref))->item - 1;
}

bool
hostlist_append(struct hostlist *l, const struct hostlist *from)
{
	for (size_t i = 0; i < from->n; i++)
		if (!hostlist_add(l, &from->items[i]))
			return false;
	l->n_duplicates += from->n_duplicates;
	return true;
}

bool
hostlist_matches(const struct hostlist *l, const struct hostref *ref)
{
	struct hostref any = *ref;

	if (hostlist_find(l, &any) != SIZE_MAX)
		return true;
	any.port = 0;
	if (ref->port != 0 && hostlist_find(l, &any) != SIZE_MAX)
		return true;
	any.user = NULL;
	if (ref->user != NULL && hostlist_find(l, &any) != SIZE_MAX)
		return true;
	any.port = ref->port;
	return ref->user != NULL && ref->port != 0 &&
	       hostlist_find(l, &any) != SIZE_MAX;
}

void
hostlist_filter(struct hostlist *l,
    bool (*keep)(void *ctx, const struct hostref *ref), void *ctx)
{
	size_t n = 0;

	for (size_t i = 0; i < l->n; i++)
		if (keep(ctx, &l->items[i]))
			l->items[n++] = l->items[i];
	if (n == l->n)
		return;
	l->n = n;
	rebuild(l);
}

static bool
is_in(void *ctx, const struct hostref *ref)
{
	return hostlist_matches(ctx, ref);
}

static bool
is_not_in(void *ctx, const struct hostref *ref)
{
	return !hostlist_matches(ctx, ref);
}

void
hostlist_subtract(struct hostlist *l, const struct hostlist *right)
{
	hostlist_filter(l, is_not_in, (void *)(uintptr_t)right);
}

void
hostlist_intersect(struct hostlist *l, const struct hostlist *right)
{
	hostlist_filter(l, is_in, (void *)(uintptr_t)right);
}

bool
hostlist_differ(struct hostlist *l, const struct hostlist *right)
{
	struct hostlist rest;
	bool fits;

	hostlist_init(&rest, right->max, right->keep_duplicates);
	(void)hostlist_append(&rest, right);
	hostlist_subtract(&rest, l);
	hostlist_subtract(l, right);
	fits = hostlist_append(l, &rest);
	hostlist_clear(&rest);
	return fits;
}
