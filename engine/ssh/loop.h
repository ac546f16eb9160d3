/*
 * loop.h -- the event loop of one thread: descriptors, timers, errands.
 *
 * Room: engine/ssh.  May touch: base/; wraps libevent, for all of the engine.
 * A loop and what belongs to it are used from its own thread only, but for
 * loop_post() and loop_stop().
 */
#ifndef MUSTER_SSH_LOOP_H
#define MUSTER_SSH_LOOP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct loop;
struct muster_error;

/* Returns a new loop, or NULL: MUSTER_ERR_SYSTEM. */
struct loop *loop_new(struct muster_error *err);

/* Frees the loop; its watches and timers must be gone. Errands not yet run
 * are dropped. */
void loop_free(struct loop *l);

/* Runs until loop_stop(). */
void loop_run(struct loop *l);

/* Makes loop_run() return once what was posted before has run. From any
 * thread. */
void loop_stop(struct loop *l);

/* Runs one round: waits for at most one event if `wait`. For tests. */
void loop_turn(struct loop *l, bool wait);

/* Runs fn(arg) once the event at hand is over: the way to free something
 * that is on the stack, and to go on with work too long for one turn. */
void loop_later(struct loop *l, void (*fn)(void *), void *arg);

/* As loop_later, from any thread. */
void loop_post(struct loop *l, void (*fn)(void *), void *arg);

/* The time when the round at hand began, in microseconds as
 * clock_now_us(). */
int64_t loop_now_us(const struct loop *l);

/* Scratch memory that any callback may use until it returns. */
#define LOOP_SCRATCH_BYTES (64 * 1024)
uint8_t *loop_scratch(struct loop *l);

/* ---- descriptors ---- */

#define WATCH_READ 1u
#define WATCH_WRITE 2u

struct watch;

/* Watches `fd` (borrowed) for nothing at first; ready(arg, what) is called
 * while what is wanted is possible (level-triggered). */
struct watch *watch_new(
    struct loop *l, int fd, void (*ready)(void *arg, unsigned what), void *arg);
void watch_free(struct watch *w);
void watch_want(struct watch *w, unsigned what);

/* ---- timers ---- */

struct timer;

/* A timer that is not running; fired(arg) is called once a time set. */
struct timer *timer_new(struct loop *l, void (*fired)(void *), void *arg);
void timer_free(struct timer *t);

/* (Re)starts the timer: it fires `ms` milliseconds from now. */
void timer_set(struct timer *t, uint32_t ms);
void timer_stop(struct timer *t);
bool timer_is_set(const struct timer *t);

#endif
