/*
 * hostlist.h -- an ordered set of (user, host, port).
 *
 * Room: engine/conf.  May touch: base/arena.h.
 * Keeps the order of adding. In the set operations an item of the right-hand
 * list that names no user, or no port, stands for every user, or port, so
 * that "root@web1:2222 ! web1" is empty.
 */
#ifndef MUSTER_CONF_HOSTLIST_H
#define MUSTER_CONF_HOSTLIST_H

#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct hostref {
	const char *user; /* NULL: not said */
	const char *host;
	uint16_t port; /* 0: not said */
};

/* A place of the hash table. */
struct hostlist_slot {
	uint32_t item; /* index + 1; 0: free */
	uint32_t hash; /* so that strings are only compared when it is equal */
};

struct hostlist {
	struct hostref *items; /* owned; strings live in `text` */
	size_t n;
	size_t cap;
	size_t max;          /* ceiling for n */
	size_t n_duplicates; /* items that were there already when added */
	bool keep_duplicates;
	bool overflowed; /* an item was refused since the list was full */
	struct hostlist_slot *slots; /* owned */
	size_t n_slots;              /* a power of two */
	struct arena text;
};

/* An empty list of at most `max` (< UINT32_MAX) items. Unless
 * `keep_duplicates`, an item is held once. */
void hostlist_init(struct hostlist *l, size_t max, bool keep_duplicates);

void hostlist_clear(struct hostlist *l);

/* Adds a copy of `ref` at the end. Returns false, adding nothing, when the
 * list is full. */
bool hostlist_add(struct hostlist *l, const struct hostref *ref);

/* The index of the first item that is exactly `ref`, or SIZE_MAX. */
size_t hostlist_find(const struct hostlist *l, const struct hostref *ref);

/* Adds all of `from`; false when `l` was full before the end. */
bool hostlist_append(struct hostlist *l, const struct hostlist *from);

/* Whether an item of `l` is `ref`, or stands for it as said above. */
bool hostlist_matches(const struct hostlist *l, const struct hostref *ref);

/* Keeps the items for which keep() is true. */
void hostlist_filter(struct hostlist *l,
    bool (*keep)(void *ctx, const struct hostref *ref), void *ctx);

/* l ! right, l & right, and l ^ right: what is in one of them only. */
void hostlist_subtract(struct hostlist *l, const struct hostlist *right);
void hostlist_intersect(struct hostlist *l, const struct hostlist *right);
bool hostlist_differ(struct hostlist *l, const struct hostlist *right);

#endif
