/*
 * ferry.h -- carries the bytes of one copy between a session and a courier.
 *
 * Room: engine/fleet.  May touch: base/, ssh/, copy/, host.h.
 */
#ifndef MUSTER_FLEET_FERRY_H
#define MUSTER_FLEET_FERRY_H

#include "muster.h"

struct ferry;
struct host;
struct session_end;

/* Begins the copy that the host was ordered on its session, which is READY. The
 * end is told by host_copied(), later. */
struct ferry *ferry_new(struct host *h);

/* Ends it where it is; allowed at any time. NULL is fine. */
void ferry_free(struct ferry *f);

/* Ends it soon, with what is half made removed; MUSTER_KILLED_LOCAL. */
void ferry_stop(struct ferry *f);

/* The session under it ended: what that means for the copy. Whether it had
 * begun is known here. */
void ferry_explain(const struct ferry *f, struct session_end *end);

#endif
