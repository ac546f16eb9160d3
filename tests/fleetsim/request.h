/*
 * request.h -- requests on a channel: pty-req, env, exec, shell, signal ...
 *
 * Room: tests/fleetsim.  May touch: base/, the units of fleetsim.
 */
#ifndef FLEETSIM_REQUEST_H
#define FLEETSIM_REQUEST_H

#include "base/buf.h"

#include <stdbool.h>

struct channel;

/* Handles SSH_MSG_CHANNEL_REQUEST behind its channel number (RFC 4254 s.
 * 6). Returns false for what breaks the protocol. */
bool sim_channel_request(struct channel *c, struct rd *r);

#endif
