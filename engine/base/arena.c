/*
 * arena.c -- many small strings, freed together.
 *
 * Room: engine/base.  May touch: mem.h.
 * Strings are cut one behind the other from chunks, each twice as large as
 * the one before, so that an arena of one short string stays small. A long
 * string gets a chunk of its own, behind the one in use.
 */
#include "config.h"

#include "base/arena.h"
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

enum { CHUNK_MIN = 256, CHUNK_MAX = 64 * 1024 };

struct arena_chunk {
	struct arena_chunk *next; /* owned */
	char bytes[];
};

void
arena_init(struct arena *a)
{
	*a = (struct arena){.size = CHUNK_MIN};
}

void
arena_clear(struct arena *a)
{
	struct arena_chunk *next;

	for (struct arena_chunk *c = a->chunks; c != NULL; c = next) {
		next = c->next;
		free(c);
	}
	arena_init(a);
}

/* Room for `size` bytes. */
static char *
take(struct arena *a, size_t size)
{
	struct arena_chunk *c;
	char *bytes;

	if (size > a->left && size > a->size / 4 && a->chunks != NULL) {
		c = mem_new(sizeof(*c) + size);
		c->next = a->chunks->next;
		a->chunks->next = c;
		return c->bytes;
	}
	if (size > a->left) {
		a->left = size > a->size ? size : a->size;
		c = mem_new(sizeof(*c) + a->left);
		c->next = a->chunks;
		a->chunks = c;
		a->free = c->bytes;
		if (a->size < CHUNK_MAX)
			a->size *= 2;
	}
	bytes = a->free;
	a->free += size;
	a->left -= size;
	return bytes;
}

const char *
arena_strndup(struct arena *a, const char *text, size_t len)
{
	char *copy = take(a, len + 1);

	if (len > 0)
		memcpy(copy, text, len);
	copy[len] = '\0';
	return copy;
}

const char *
arena_strdup(struct arena *a, const char *text)
{
	return text == NULL ? NULL : arena_strndup(a, text, strlen(text));
}
