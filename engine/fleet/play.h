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

#endif
