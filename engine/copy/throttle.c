/*
 * throttle.c -- no more than so many bytes a second.
 *
 * Room: engine/copy.  May touch: base/.
 * A clock that runs ahead of time with each piece that leaves, and that never
 * lags more than BURST_US behind it.
 */
#include "config.h"

#include "copy/throttle.h"

#include "base/clock.h"
#include "base/mem.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#define BURST_US 100000

struct throttle {
	atomic_size_t n_users;
	pthread_mutex_t lock;
	uint64_t rate;
	int64_t due_us; /* until when what left is paid for */
};

struct throttle *
throttle_new(uint64_t rate)
{
	struct throttle *t = mem_new(sizeof(*t));

	(void)pthread_mutex_init(&t->lock, NULL);
	atomic_init(&t->n_users, 1);
	t->rate = rate;
	return t;
}

struct throttle *
throttle_ref(struct throttle *t)
{
	if (t != NULL)
		atomic_fetch_add(&t->n_users, 1);
	return t;
}

void
throttle_free(struct throttle *t)
{
	if (t == NULL || atomic_fetch_sub(&t->n_users, 1) != 1)
		return;
	(void)pthread_mutex_destroy(&t->lock);
	free(t);
}

uint32_t
throttle_wait_ms(struct throttle *t)
{
	int64_t wait;

	(void)pthread_mutex_lock(&t->lock);
	wait = t->due_us - clock_now_us();
	(void)pthread_mutex_unlock(&t->lock);
	return wait <= 0 ? 0 : (uint32_t)(wait / 1000 + 1);
}

void
throttle_take(struct throttle *t, uint64_t bytes)
{
	int64_t now = clock_now_us();

	(void)pthread_mutex_lock(&t->lock);
	if (t->due_us < now - BURST_US)
		t->due_us = now - BURST_US;
	t->due_us += (int64_t)((double)bytes / (double)t->rate * 1e6);
	(void)pthread_mutex_unlock(&t->lock);
}
