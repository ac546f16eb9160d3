/*
 * twins.c -- hosts of different names that are the same server.
 *
 * Room: engine/fleet.  May touch: base/.
 */
#include "config.h"

#include "fleet/twins.h"
#include "base/map.h"
#include "base/mem.h"

#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>

struct twins {
	pthread_mutex_t lock;
	struct map *first; /* "user server" -> the name, borrowed */
};

struct twins *
twins_new(void)
{
	struct twins *t = mem_new(sizeof(*t));

	(void)pthread_mutex_init(&t->lock, NULL);
	t->first = map_new();
	return t;
}

void
twins_free(struct twins *t)
{
	if (t == NULL)
		return;
	map_free(t->first, NULL);
	(void)pthread_mutex_destroy(&t->lock);
	free(t);
}

const char *
twins_meet(
    struct twins *t, const char *user, const char *server, const char *name)
{
	char *key = mem_printf("%s %s", user, server);
	const char *first;

	(void)pthread_mutex_lock(&t->lock);
	first = map_gets(t->first, key);
	if (first == NULL) {
		(void)map_puts(t->first, key, (void *)(uintptr_t)name);
		first = name;
	}
	(void)pthread_mutex_unlock(&t->lock);
	free(key);
	return first;
}
