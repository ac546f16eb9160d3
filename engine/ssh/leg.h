/*
 * leg.h -- a channel of one session that is the wire of another.
 *
 * Room: engine/ssh.  May touch: this room, base/.
 * ProxyJump: the outer session is logged in at a bastion, the inner one is on
 * its way to a host behind it. Whatever moves on the outer session's channels
 * moves inside its own steps, and whatever the inner one does with it in
 * the steps of that one: each asks the other to run soon, and no more.
 */
#ifndef MUSTER_SSH_LEG_H
#define MUSTER_SSH_LEG_H

#include <stdbool.h>

struct leg;
struct session;

/* Asks the outer session, which is READY and opens nothing else, for a
 * channel to the target of the inner one (RFC 4254 s. 7.2). */
struct leg *leg_new(struct session *outer, struct session *inner);

/* The inner session needs it no more; the channel is closed in time. */
void leg_free(struct leg *leg);

bool leg_is_open(const struct leg *leg);

/* The inner session has run: sends what it wrote, fetches what waits. */
void leg_settle(struct leg *leg);

/* The step of an outer session that is READY: opens, fills and empties its
 * channels. Returns false when the session has failed. */
bool legs_run(struct session *outer);

/* The outer session is over, because of `why`: so are its channels. */
void legs_lose(struct session *outer, const char *why);

#endif
