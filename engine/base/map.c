/*
 * map.c -- a hash map from bytes to pointers.
 *
 * Room: engine/base.  May touch: mem.h; the only place of <uthash.h>.
 */
#include "config.h"

#include "base/map.h"
#include "base/mem.h"

#define uthash_fatal(text) mem_die()
#include <uthash.h>

/* uthash marks its fall-throughs by comments, which clang does not read. */
#pragma GCC diagnostic ignored "-Wimplicit-fallthrough"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct entry {
	UT_hash_handle hh;
	void *value; /* the caller's */
	size_t len;
	char key[];
};

struct map {
	struct entry *head; /* owned */
};

struct map *
map_new(void)
{
	return mem_new(sizeof(struct map));
}

void
map_free(struct map *m, void (*free_value)(void *))
{
	struct entry *e, *next;

	if (m == NULL)
		return;
	HASH_ITER(hh, m->head, e, next)
	{
		HASH_DEL(m->head, e);
		if (free_value != NULL)
			free_value(e->value);
		free(e);
	}
	free(m);
}

static struct entry *
find(const struct map *m, const void *key, size_t len)
{
	const void *bytes = len > 0 ? key : "";
	struct entry *e;

	HASH_FIND(hh, m->head, bytes, len, e);
	return e;
}

void *
map_get(const struct map *m, const void *key, size_t len)
{
	struct entry *e = find(m, key, len);

	return e == NULL ? NULL : e->value;
}

void *
map_gets(const struct map *m, const char *key)
{
	return map_get(m, key, strlen(key));
}

void *
map_put(struct map *m, const void *key, size_t len, void *value)
{
	struct entry *e = find(m, key, len);
	void *old = NULL;

	assert(value != NULL);
	if (e != NULL) {
		old = e->value;
		e->value = value;
		return old;
	}
	e = mem_new(sizeof(*e) + len + 1);
	e->len = len;
	e->value = value;
	memcpy(e->key, len > 0 ? key : "", len);
	HASH_ADD_KEYPTR(hh, m->head, e->key, len, e);
	return NULL;
}

void *
map_puts(struct map *m, const char *key, void *value)
{
	return map_put(m, key, strlen(key), value);
}

void *
map_remove(struct map *m, const void *key, size_t len)
{
	struct entry *e = find(m, key, len);
	void *value;

	if (e == NULL)
		return NULL;
	value = e->value;
	HASH_DEL(m->head, e);
	free(e);
	return value;
}

size_t
map_n(const struct map *m)
{
	return HASH_COUNT(m->head);
}

void *
map_next(const struct map *m, void **at, const char **key, size_t *len)
{
	struct entry *e = *at == NULL ? m->head : *at;

	/* *at is the entry to come, one step ahead; the map itself at the
	 * end, so that the end is not taken for the start. */
	if (*at == (const void *)m || e == NULL)
		return NULL;
	*at = e->hh.next == NULL ? (void *)(uintptr_t)m : e->hh.next;
	if (key != NULL)
		*key = e->key;
	if (len != NULL)
		*len = e->len;
	return e->value;
}
