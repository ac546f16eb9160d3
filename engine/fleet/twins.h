/*
 * twins.h -- hosts of different names that are the same server.
 *
 * Room: engine/fleet.  May touch: base/.
 * Shared by all workers.
 */
#ifndef MUSTER_FLEET_TWINS_H
#define MUSTER_FLEET_TWINS_H

struct twins;

struct twins *twins_new(void);
void twins_free(struct twins *t); /* NULL is fine */

/* A host was met: who it is logged in to as, and as session_server() tells
 * it. Returns the name (which must live on) of the first one that was met
 * there, which may be its own. */
const char *twins_meet(
    struct twins *t, const char *user, const char *server, const char *name);

#endif
