/*
 * aside.c -- a call that may stop in its middle and be taken up again.
 *
 * Room: engine/ssh.  May touch: libc, base/.
 */
#include "config.h"

#include "ssh/aside.h"
#include "base/err.h"
#include "base/mem.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>

#define STACK_BYTES (256 * 1024)

struct aside {
	void (*call)(void *);
	void *arg;
	pthread_t thread;
	pthread_mutex_t lock; /* for what follows */
	pthread_cond_t moved;
	enum { ASIDE_IDLE, ASIDE_RUNNING, ASIDE_STOPPED, ASIDE_LEAVING } state;
};

/* Under the lock: gives the turn to the other side. */
static void
hand_over(struct aside *a, int to)
{
	a->state = to;
	(void)pthread_cond_broadcast(&a->moved);
}

static void *
run(void *arg)
{
	struct aside *a = arg;

	(void)pthread_mutex_lock(&a->lock);
	for (;;) {
		while (a->state == ASIDE_IDLE)
			(void)pthread_cond_wait(&a->moved, &a->lock);
		if (a->state == ASIDE_LEAVING)
			break;
		(void)pthread_mutex_unlock(&a->lock);
		a->call(a->arg);
		(void)pthread_mutex_lock(&a->lock);
		hand_over(a, ASIDE_IDLE);
	}
	(void)pthread_mutex_unlock(&a->lock);
	return NULL;
}

static int
start(struct aside *a)
{
	pthread_attr_t attr;
	int rc;

	(void)pthread_attr_init(&attr);
	(void)pthread_attr_setstacksize(&attr, STACK_BYTES);
	rc = pthread_create(&a->thread, &attr, run, a);
	(void)pthread_attr_destroy(&attr);
	return rc;
}

static void
drop(struct aside *a)
{
	(void)pthread_cond_destroy(&a->moved);
	(void)pthread_mutex_destroy(&a->lock);
	free(a);
}

struct aside *
aside_new(void (*call)(void *arg), void *arg, struct muster_error *err)
{
	struct aside *a = mem_new(sizeof(*a));
	int rc;

	a->call = call;
	a->arg = arg;
	(void)pthread_mutex_init(&a->lock, NULL);
	(void)pthread_cond_init(&a->moved, NULL);
	rc = start(a);
	if (rc == 0)
		return a;
	drop(a);
	err_sys(err, MUSTER_ERR_SYSTEM, rc, "cannot start a thread");
	return NULL;
}

void
aside_free(struct aside *a)
{
	if (a == NULL)
		return;
	(void)pthread_mutex_lock(&a->lock);
	assert(a->state == ASIDE_IDLE);
	hand_over(a, ASIDE_LEAVING);
	(void)pthread_mutex_unlock(&a->lock);
	(void)pthread_join(a->thread, NULL);
	drop(a);
}

bool
aside_run(struct aside *a)
{
	bool ended;

	(void)pthread_mutex_lock(&a->lock);
	hand_over(a, ASIDE_RUNNING);
	while (a->state == ASIDE_RUNNING)
		(void)pthread_cond_wait(&a->moved, &a->lock);
	ended = a->state == ASIDE_IDLE;
	(void)pthread_mutex_unlock(&a->lock);
	return ended;
}

/* Only the side that has its turn changes it. */
bool
aside_is_stopped(const struct aside *a)
{
	return a->state == ASIDE_STOPPED;
}

void
aside_stop(struct aside *a)
{
	(void)pthread_mutex_lock(&a->lock);
	hand_over(a, ASIDE_STOPPED);
	while (a->state == ASIDE_STOPPED)
		(void)pthread_cond_wait(&a->moved, &a->lock);
	(void)pthread_mutex_unlock(&a->lock);
}
