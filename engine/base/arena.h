/*
 * arena.h -- many small strings, freed together.
 *
 * Room: engine/base.  May touch: mem.h.
 */
#ifndef MUSTER_BASE_ARENA_H
#define MUSTER_BASE_ARENA_H

#include <stddef.h>

struct arena {
	struct arena_chunk *chunks; /* owned, newest first */
	char *free;                 /* in the newest chunk */
	size_t left;                /* bytes free there */
	size_t size;                /* of the next chunk */
};

/* An empty arena; it takes no memory until the first string. */
void arena_init(struct arena *a);

/* Frees every string; the arena stays usable. */
void arena_clear(struct arena *a);

/* Returns a NUL-terminated copy of the `len` bytes at `text`, which lives
 * until arena_clear(). */
const char *arena_strndup(struct arena *a, const char *text, size_t len);

/* As arena_strndup for a whole string; NULL for NULL. */
const char *arena_strdup(struct arena *a, const char *text);

#endif
