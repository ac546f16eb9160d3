/*
 * loop.c -- one epoll loop: descriptors, timers, and what is freed later.
 *
 * Room: tests/fleetsim.  May touch: base/.
 * An owner that ends within a round closes its watches at once and is freed
 * by sim_later(): events of the same round that name it find fd -1.
 */
#include "config.h"

#include "loop.h"
#include "base/clock.h"
#include "base/mem.h"

#include <sys/epoll.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define EVENTS_PER_ROUND 256

bool
sim_loop_init(struct loop *loop)
{
	memset(loop, 0, sizeof(*loop));
	loop->last = &loop->first;
	loop->fd = epoll_create1(EPOLL_CLOEXEC);
	return loop->fd >= 0;
}

void
sim_loop_clear(struct loop *loop)
{
	if (loop->fd >= 0)
		(void)close(loop->fd);
	loop->fd = -1;
	free(loop->timers);
	loop->timers = NULL;
	loop->n_timers = 0;
}

bool
sim_watch_set(struct loop *loop, struct watch *w, uint32_t events)
{
	struct epoll_event event;
	int op = EPOLL_CTL_MOD;

	if (w->fd < 0 || w->events == events)
		return true;
	if (w->events == 0)
		op = EPOLL_CTL_ADD;
	else if (events == 0)
		op = EPOLL_CTL_DEL;
	memset(&event, 0, sizeof(event));
	event.events = events;
	event.data.ptr = w;
	if (epoll_ctl(loop->fd, op, w->fd, &event) != 0)
		return false;
	w->events = events;
	return true;
}

void
sim_watch_close(struct loop *loop, struct watch *w)
{
	if (w->fd < 0)
		return;
	(void)sim_watch_set(loop, w, 0);
	(void)close(w->fd);
	w->fd = -1;
}

static void
place_timer(struct loop *loop, struct timer *t, size_t place)
{
	loop->timers[place - 1] = t;
	t->place = place;
}

/* Moves `t` towards the front from `place` on, then towards the back. */
static void
sift_timer(struct loop *loop, struct timer *t, size_t place)
{
	struct timer **heap = loop->timers;

	while (place > 1 && heap[place / 2 - 1]->at_us > t->at_us) {
		place_timer(loop, heap[place / 2 - 1], place);
		place /= 2;
	}
	for (;;) {
		size_t child = place * 2;

		if (child < loop->n_timers &&
		    heap[child]->at_us < heap[child - 1]->at_us)
			child++;
		if (child > loop->n_timers ||
		    heap[child - 1]->at_us >= t->at_us)
			break;
		place_timer(loop, heap[child - 1], place);
		place = child;
	}
	place_timer(loop, t, place);
}

void
sim_timer_stop(struct loop *loop, struct timer *t)
{
	size_t place = t->place;
	struct timer *end;

	if (place == 0)
		return;
	t->place = 0;
	end = loop->timers[--loop->n_timers];
	if (end != t)
		sift_timer(loop, end, place);
}

void
sim_timer_start(struct loop *loop, struct timer *t, uint32_t delay_ms)
{
	sim_timer_stop(loop, t);
	t->at_us = clock_now_us() + (int64_t)delay_ms * 1000;
	mem_grow(&loop->timers, &loop->cap_timers, loop->n_timers + 1,
	    sizeof(struct timer *));
	loop->n_timers++;
	sift_timer(loop, t, loop->n_timers);
}

void
sim_later(struct loop *loop, struct later *l)
{
	if (l->queued)
		return;
	l->queued = true;
	l->next = NULL;
	*loop->last = l;
	loop->last = &l->next;
}

static int
wait_ms(const struct loop *loop, int max_ms)
{
	int64_t left;

	if (loop->n_timers == 0)
		return max_ms;
	left = (loop->timers[0]->at_us - clock_now_us() + 999) / 1000;
	if (left < 0)
		left = 0;
	if (max_ms >= 0 && left > max_ms)
		return max_ms;
	return left > 60000 ? 60000 : (int)left;
}

static void
fire_timers(struct loop *loop)
{
	int64_t now = clock_now_us();

	while (loop->n_timers > 0 && loop->timers[0]->at_us <= now) {
		struct timer *t = loop->timers[0];

		sim_timer_stop(loop, t);
		t->fire(t);
	}
}

static void
run_later(struct loop *loop)
{
	while (loop->first != NULL) {
		struct later *l = loop->first;

		loop->first = l->next;
		if (loop->first == NULL)
			loop->last = &loop->first;
		l->queued = false;
		l->run(l);
	}
}

void
sim_loop_round(struct loop *loop, int max_ms)
{
	struct epoll_event events[EVENTS_PER_ROUND];
	int n;

	n = epoll_wait(
	    loop->fd, events, EVENTS_PER_ROUND, wait_ms(loop, max_ms));
	for (int i = 0; i < n; i++) {
		struct watch *w = events[i].data.ptr;

		if (w->fd >= 0 && w->events != 0)
			w->ready(w, events[i].events);
	}
	fire_timers(loop);
	run_later(loop);
}
