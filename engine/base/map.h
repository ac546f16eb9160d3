/*
 * map.h -- a hash map from bytes to pointers.
 *
 * Room: engine/base.  May touch: mem.h; the only place of <uthash.h>.
 */
#ifndef MUSTER_BASE_MAP_H
#define MUSTER_BASE_MAP_H

#include <stddef.h>

struct map;

struct map *map_new(void);

/* Frees the map; values are freed with `free_value` unless that is NULL. */
void map_free(struct map *m, void (*free_value)(void *));

/* The value under the key, or NULL. */
void *map_get(const struct map *m, const void *key, size_t len);
void *map_gets(const struct map *m, const char *key);

/* Puts a non-NULL value under a copy of the key. Returns the value that it
 * replaced, or NULL. */
void *map_put(struct map *m, const void *key, size_t len, void *value);
void *map_puts(struct map *m, const char *key, void *value);

/* Removes the key. Returns its value, or NULL. */
void *map_remove(struct map *m, const void *key, size_t len);

size_t map_n(const struct map *m);

/* Walks the entries in the order of their first putting: *at is NULL before
 * the first call. Returns the value, or NULL at the end; `key` (NUL behind
 * it) is lent while the entry lives. Nothing but map_remove() of the entry
 * just returned may change the map meanwhile. */
void *map_next(const struct map *m, void **at, const char **key, size_t *len);

#endif
