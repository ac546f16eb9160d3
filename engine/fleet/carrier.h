/*
 * carrier.h -- a stream of a host that may become another user first.
 *
 * Room: engine/fleet.  May touch: base/, ssh/, host.h.
 * For what a copy needs on its host: the SFTP subsystem, and commands. As
 * another user it is a command in every case, which is let begin as any other
 * that becomes; nothing is sent to it before.
 */
#ifndef MUSTER_FLEET_CARRIER_H
#define MUSTER_FLEET_CARRIER_H

#include "ssh/stream.h"

struct carrier;
struct host;

/* As stream_new() on the host's session. `command` runs in place of a
 * subsystem where the order of the host becomes another user. `closed` may
 * come with one of the MUSTER_SUDO_ outcomes, too. */
struct carrier *carrier_new(struct host *h,
    const struct stream_request *request, const char *command,
    const struct stream_events *events, void *arg);

/* As stream_free(), stream_poke(). */
void carrier_free(struct carrier *c);
void carrier_poke(struct carrier *c);

#endif
