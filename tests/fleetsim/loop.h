/*
 * loop.h -- one epoll loop: descriptors, timers, and what is freed later.
 *
 * Room: tests/fleetsim.  May touch: base/.
 */
#ifndef FLEETSIM_LOOP_H
#define FLEETSIM_LOOP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct loop {
	int fd;                /* of epoll(7) */
	struct timer **timers; /* a heap, the earliest first; each borrowed */
	size_t n_timers;
	size_t cap_timers;
	struct later *first, **last;
	uint8_t scratch[64 * 1024]; /* for one read at a time */
};

/* A descriptor being watched; lives in its owner. fd -1: none. */
struct watch {
	int fd;
	uint32_t events; /* EPOLLIN, EPOLLOUT; 0: not in the epoll set */
	void (*ready)(struct watch *w, uint32_t events);
};

/* A timer; lives in its owner. All zero but `fire`: not running. */
struct timer {
	int64_t at_us;
	size_t place; /* in the heap, counted from 1; 0: not running */
	void (*fire)(struct timer *t);
};

/* Something to be done when no callback runs any more. */
struct later {
	void (*run)(struct later *l);
	struct later *next;
	bool queued;
};

/* Returns false when there is no epoll to be had. */
bool sim_loop_init(struct loop *loop);
void sim_loop_clear(struct loop *loop);

/* Changes what is waited for. Returns false when epoll(7) refuses. */
bool sim_watch_set(struct loop *loop, struct watch *w, uint32_t events);

/* Stops watching and closes the descriptor, if there is one. */
void sim_watch_close(struct loop *loop, struct watch *w);

void sim_timer_start(struct loop *loop, struct timer *t, uint32_t delay_ms);
void sim_timer_stop(struct loop *loop, struct timer *t);

/* Runs `l` after the callbacks of this round; once however often asked. */
void sim_later(struct loop *loop, struct later *l);

/* Waits for what comes first, at most `max_ms` (-1: for ever), and calls
 * what is ready. */
void sim_loop_round(struct loop *loop, int max_ms);

#endif
