/*
 * simfleet.h -- a simulated fleet for one test, and the engine facing it.
 *
 * Room: tests.  May touch: fleetsim/fleetsim.h, engine.h, scratch.h.
 * The fleet runs in a process of its own and lets one key in, which is made
 * for the test and lies with known_hosts in a folder of the test's own.
 */
#ifndef MUSTER_TESTS_SIMFLEET_H
#define MUSTER_TESTS_SIMFLEET_H

#include "engine.h"
#include "fleetsim/fleetsim.h"

#include <sys/types.h>

struct simfleet {
	struct fleetsim *sim;
	char *folder; /* also the working folder meanwhile */
	char *identity, *known_hosts;
	pid_t pid;
	int until; /* the fleet runs until this pipe is closed */
};

/* Starts the hosts of a table as fleetsim_add_hosts() takes it; fails the
 * test when it cannot. Call while the process has one thread. */
void simfleet_start(struct simfleet *f, const char *table);

/* Ends the fleet; fails the test when it had come to grief. */
void simfleet_stop(struct simfleet *f);

/* Options that reach the fleet and nothing of the tester's own; then
 * engine_open(). */
void simfleet_engine(struct simfleet *f, struct engine *e);

/* Adds a host of the fleet under its name. Returns its index in e->m. */
size_t simfleet_add(struct simfleet *f, struct engine *e, const char *name);

/* What the host was asked so far. */
const struct fleetsim_ledger *simfleet_ledger(
    const struct simfleet *f, const char *name);

#endif
