/*
 * waiters.h -- those who are to be told when something has come about.
 *
 * Room: engine/ssh.  May touch: base/.
 */
#ifndef MUSTER_SSH_WAITERS_H
#define MUSTER_SSH_WAITERS_H

#include <stdbool.h>
#include <sys/queue.h>

struct waiter;

TAILQ_HEAD(waiters, waiter);

void waiters_init(struct waiters *w);

/* Forgets all. */
void waiters_clear(struct waiters *w);

/* Adds `arg`, once however often. */
void waiters_add(struct waiters *w, void (*wake)(void *arg), void *arg);

/* Takes it out again; harmless when it is not there. */
void waiters_leave(struct waiters *w, const void *arg);

/* Calls wake(arg) for each, once. */
void waiters_wake(struct waiters *w);

bool waiters_are_none(const struct waiters *w);

#endif
