/*
 * play.h -- a fleet that does again what a run has done.
 *
 * Room: engine/fleet.  May touch: muster.h.
 */
#ifndef MUSTER_FLEET_PLAY_H
#define MUSTER_FLEET_PLAY_H

#include "muster.h"

struct play;

/* As muster_next(), for a fleet with m->play. */
int play_next(
    struct muster *m, uint32_t timeout_ms, struct muster_event *event);
void play_free(struct play *p); /* NULL is fine */

/* As muster_ask_look(); the SNAPSHOT is in the queue at once. */
bool play_look(struct muster *m, size_t host, const struct muster_look *look);

/* From now on masked lines are told as well. */
void play_begin_masks(struct muster *m);

#endif
