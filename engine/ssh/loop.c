/*
 * loop.c -- the event loop of one thread.
 *
 * Room: engine/ssh.  May touch: base/, libevent.
 * A round is: errands queued before it, then one pass of libevent. Errands
 * queued meanwhile wait for the next round, so work that keeps queueing
 * itself never starves the sockets.
 */
#include "config.h"

#include "ssh/loop.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"

#include <errno.h>
#include <event2/event.h>
#include <event2/event_struct.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

struct errand {
	void (*fn)(void *);
	void *arg;
};

struct errands {
	struct errand *list; /* owned */
	size_t n, cap;
};

struct loop {
	struct event_base *base; /* owned */
	struct errands later;
	struct errands running; /* its memory is kept between rounds */
	int64_t now_us;
	uint8_t *scratch; /* owned; NULL until asked for */
	bool stopped;
	int wake[2]; /* a pipe: other threads write, the loop reads */
	struct watch *waker;
	pthread_mutex_t lock; /* for what follows */
	struct errands posted;
	bool awake; /* a byte is in the pipe */
};

struct watch {
	struct event read, write;
	unsigned wanted;
	void (*ready)(void *, unsigned);
	void *arg;
};

struct timer {
	struct event event;
	void (*fired)(void *);
	void *arg;
};

static void
errands_add(struct errands *e, void (*fn)(void *), void *arg)
{
	mem_grow(&e->list, &e->cap, e->n + 1, sizeof(*e->list));
	e->list[e->n++] = (struct errand){fn, arg};
}

/* Moves what other threads posted to the errands of the next round. */
static void
on_wake(void *arg, unsigned what)
{
	struct loop *l = arg;
	char bytes[16];

	(void)what;
	(void)pthread_mutex_lock(&l->lock);
	if (read(l->wake[0], bytes, sizeof(bytes)) >= 0)
		l->awake = false;
	for (size_t i = 0; i < l->posted.n; i++)
		errands_add(
		    &l->later, l->posted.list[i].fn, l->posted.list[i].arg);
	l->posted.n = 0;
	(void)pthread_mutex_unlock(&l->lock);
}

static struct event_base *
make_base(void)
{
	struct event_config *config = event_config_new();
	struct event_base *base;

	if (config == NULL)
		return NULL;
	(void)event_config_set_flag(config, EVENT_BASE_FLAG_NOLOCK);
	(void)event_config_set_flag(config, EVENT_BASE_FLAG_PRECISE_TIMER);
	base = event_base_new_with_config(config);
	event_config_free(config);
	return base;
}

struct loop *
loop_new(struct muster_error *err)
{
	struct loop *l = mem_new(sizeof(*l));

	l->base = make_base();
	if (l->base == NULL) {
		free(l);
		return err_null(err, MUSTER_ERR_SYSTEM,
		    "cannot make an event loop: no descriptors left?");
	}
	if (pipe2(l->wake, O_CLOEXEC | O_NONBLOCK) != 0) {
		err_sys(err, MUSTER_ERR_SYSTEM, errno, "cannot make a pipe");
		event_base_free(l->base);
		free(l);
		return NULL;
	}
	(void)pthread_mutex_init(&l->lock, NULL);
	l->now_us = clock_now_us();
	l->waker = watch_new(l, l->wake[0], on_wake, l);
	watch_want(l->waker, WATCH_READ);
	return l;
}

void
loop_free(struct loop *l)
{
	if (l == NULL)
		return;
	watch_free(l->waker);
	event_base_free(l->base);
	(void)close(l->wake[0]);
	(void)close(l->wake[1]);
	(void)pthread_mutex_destroy(&l->lock);
	free(l->later.list);
	free(l->running.list);
	free(l->posted.list);
	free(l->scratch);
	free(l);
}

static void
run_errands(struct loop *l)
{
	struct errands now = l->later;

	l->later = l->running;
	l->later.n = 0;
	l->running = (struct errands){0};
	for (size_t i = 0; i < now.n; i++)
		now.list[i].fn(now.list[i].arg);
	l->running = now;
}

void
loop_turn(struct loop *l, bool wait)
{
	l->now_us = clock_now_us();
	run_errands(l);
	if (l->later.n > 0 || !wait || l->stopped)
		(void)event_base_loop(l->base, EVLOOP_NONBLOCK);
	else
		(void)event_base_loop(l->base, EVLOOP_ONCE);
}

void
loop_run(struct loop *l)
{
	while (!l->stopped)
		loop_turn(l, true);
}

static void
stop(void *arg)
{
	struct loop *l = arg;

	l->stopped = true;
}

void
loop_stop(struct loop *l)
{
	loop_post(l, stop, l);
}

void
loop_later(struct loop *l, void (*fn)(void *), void *arg)
{
	errands_add(&l->later, fn, arg);
}

void
loop_post(struct loop *l, void (*fn)(void *), void *arg)
{
	(void)pthread_mutex_lock(&l->lock);
	errands_add(&l->posted, fn, arg);
	if (!l->awake && write(l->wake[1], "", 1) == 1)
		l->awake = true;
	(void)pthread_mutex_unlock(&l->lock);
}

int64_t
loop_now_us(const struct loop *l)
{
	return l->now_us;
}

uint8_t *
loop_scratch(struct loop *l)
{
	if (l->scratch == NULL)
		l->scratch = mem_new(LOOP_SCRATCH_BYTES);
	return l->scratch;
}

/* ---- descriptors ---- */

static void
on_event(evutil_socket_t fd, short what, void *arg)
{
	struct watch *w = arg;

	(void)fd;
	w->ready(w->arg, (what & EV_READ) ? WATCH_READ : WATCH_WRITE);
}

struct watch *
watch_new(
    struct loop *l, int fd, void (*ready)(void *arg, unsigned what), void *arg)
{
	struct watch *w = mem_new(sizeof(*w));

	w->ready = ready;
	w->arg = arg;
	(void)event_assign(
	    &w->read, l->base, fd, EV_READ | EV_PERSIST, on_event, w);
	(void)event_assign(
	    &w->write, l->base, fd, EV_WRITE | EV_PERSIST, on_event, w);
	return w;
}

void
watch_free(struct watch *w)
{
	if (w == NULL)
		return;
	watch_want(w, 0);
	free(w);
}

static void
set_event(struct event *event, bool on)
{
	if (on)
		(void)event_add(event, NULL);
	else
		(void)event_del(event);
}

void
watch_want(struct watch *w, unsigned what)
{
	unsigned changed = w->wanted ^ what;

	if (changed & WATCH_READ)
		set_event(&w->read, what & WATCH_READ);
	if (changed & WATCH_WRITE)
		set_event(&w->write, what & WATCH_WRITE);
	w->wanted = what;
}

/* ---- timers ---- */

static void
on_timeout(evutil_socket_t fd, short what, void *arg)
{
	struct timer *t = arg;

	(void)fd;
	(void)what;
	t->fired(t->arg);
}

struct timer *
timer_new(struct loop *l, void (*fired)(void *), void *arg)
{
	struct timer *t = mem_new(sizeof(*t));

	t->fired = fired;
	t->arg = arg;
	(void)event_assign(&t->event, l->base, -1, 0, on_timeout, t);
	return t;
}

void
timer_free(struct timer *t)
{
	if (t == NULL)
		return;
	(void)event_del(&t->event);
	free(t);
}

void
timer_set(struct timer *t, uint32_t ms)
{
	const struct timeval tv = {ms / 1000, (ms % 1000) * 1000};

	(void)event_add(&t->event, &tv);
}

void
timer_stop(struct timer *t)
{
	(void)event_del(&t->event);
}

bool
timer_is_set(const struct timer *t)
{
	return event_pending(&t->event, EV_TIMEOUT, NULL) != 0;
}
