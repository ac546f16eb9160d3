/*
 * waiters.c -- those who are to be told when something has come about.
 *
 * Room: engine/ssh.  May touch: base/.
 */
#include "config.h"

#include "ssh/waiters.h"
#include "base/mem.h"

#include <stdlib.h>

struct waiter {
	TAILQ_ENTRY(waiter) entry;
	void (*wake)(void *);
	void *arg;
};

void
waiters_init(struct waiters *w)
{
	TAILQ_INIT(w);
}

static void
drop(struct waiters *w, struct waiter *one)
{
	TAILQ_REMOVE(w, one, entry);
	free(one);
}

void
waiters_clear(struct waiters *w)
{
	while (!TAILQ_EMPTY(w))
		drop(w, TAILQ_FIRST(w));
}

static struct waiter *
find(const struct waiters *w, const void *arg)
{
	struct waiter *one;

	TAILQ_FOREACH (one, w, entry)
		if (one->arg == arg)
			return one;
	return NULL;
}

void
waiters_add(struct waiters *w, void (*wake)(void *arg), void *arg)
{
	struct waiter *one;

	if (find(w, arg) != NULL)
		return;
	one = mem_new(sizeof(*one));
	one->wake = wake;
	one->arg = arg;
	TAILQ_INSERT_TAIL(w, one, entry);
}

void
waiters_leave(struct waiters *w, const void *arg)
{
	struct waiter *one = find(w, arg);

	if (one != NULL)
		drop(w, one);
}

void
waiters_wake(struct waiters *w)
{
	struct waiter *one;

	while ((one = TAILQ_FIRST(w)) != NULL) {
		void (*wake)(void *) = one->wake;
		void *arg = one->arg;

		drop(w, one);
		wake(arg);
	}
}

bool
waiters_are_none(const struct waiters *w)
{
	return TAILQ_EMPTY(w);
}
