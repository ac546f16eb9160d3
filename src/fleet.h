/*
 * fleet.h -- a fleet of one's own for 'muster demo', in a child process.
 *
 * Room: src.  May touch: muster.h.
 * The child makes the hosts, their keys and a folder for them; it serves
 * until its parent lets go of a pipe, by fleet_stop() or by dying, and then
 * removes all that it made.
 */
#ifndef MUSTER_SRC_FLEET_H
#define MUSTER_SRC_FLEET_H

#include "muster.h"

#include <stddef.h>
#include <stdint.h>

struct fleet_host {
	char *name;    /* owned */
	char *address; /* owned; of 127.0.0.0/8 */
	uint16_t port;
};

struct fleet;

/* Starts the fleet that `text` describes (tests/fleetsim/fleetsim.h). Call
 * while the process has one thread. Returns NULL on error:
 * MUSTER_ERR_SYSTEM, MUSTER_ERR_SYNTAX. */
struct fleet *fleet_start(const char *text, struct muster_error *err);

/* Ends the child and waits until nothing is left of the fleet. */
void fleet_stop(struct fleet *f);

/* All lent until fleet_stop(). */
const struct fleet_host *fleet_hosts(const struct fleet *f, size_t *n);
const char *fleet_identity(const struct fleet *f);
const char *fleet_known_hosts(const struct fleet *f);

#endif
