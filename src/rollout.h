/*
 * rollout.h -- a run that goes through its hosts wave by wave.
 *
 * Room: src.  May touch: muster.h.
 * Does what the engine's judge (muster_rollout.h) says: lets hosts begin,
 * runs the check, asks at the gate, and writes down all that is decided.
 */
#ifndef MUSTER_SRC_ROLLOUT_H
#define MUSTER_SRC_ROLLOUT_H

#include "muster.h"

#include <stdbool.h>
#include <stdint.h>

struct args;
struct pollfd;
struct rollout;
struct rollout_plan;

/* What it needs of the batch. */
struct rollout_hooks {
	/* A line for people and programs. */
	void (*say)(void *owner, const char *line);
	/* A question will be put on the terminal now. */
	void (*before_question)(void *owner);
	void *owner;
};

#define ROLLOUT_FDS 2

/* Makes it for the hosts of `m`, which borrows all that it is given.
 * NULL: those of rollout_plan_make(); MUSTER_ERR_USAGE for a question without
 * a terminal. */
struct rollout *rollout_new(struct muster *m, const struct args *args,
    const struct rollout_hooks *hooks, struct muster_error *err);
void rollout_free(struct rollout *r); /* NULL is fine */

/* All hosts wait, held: the first may begin. */
void rollout_begin(struct rollout *r);

/* A host has ended. */
void rollout_take_result(
    struct rollout *r, size_t host, const struct muster_result *result);

/* Its plan and how it stands; lent, and kept up to date. */
const struct rollout_plan *rollout_plan_of(const struct rollout *r);
const struct muster_rollout_view *rollout_view_of(const struct rollout *r);

/* A person decides, who is written down; `number` is that of MAX_FAIL and
 * PARALLEL. */
void rollout_decide(
    struct rollout *r, enum muster_rollout_event_type what, size_t number);

/* While it is shown on a screen, that is where questions are put. */
void rollout_show(struct rollout *r, bool is_on_screen);

/* No host shall begin any more, for a reason that is not the rollout's. */
void rollout_stop(struct rollout *r);

/* Whether there is something to wait for, hosts or not. */
bool rollout_is_on(const struct rollout *r);

/* Whether a person is being asked, on the terminal. */
bool rollout_is_asking(const struct rollout *r);

/* Whether it ended before all of its hosts had their turn, by its rules or
 * by a person. */
bool rollout_was_stopped(const struct rollout *r);

/* What is to be polled for, ROLLOUT_FDS of them; .fd is -1 where there is
 * nothing. */
void rollout_poll(const struct rollout *r, struct pollfd *fds);

/* The sooner of `timeout_ms` (-1: never) and when time alone matters. */
int rollout_timeout_ms(const struct rollout *r, int timeout_ms);

/* Does what has become possible. */
void rollout_serve(struct rollout *r, const struct pollfd *fds);

#endif
