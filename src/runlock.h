/*
 * runlock.h -- a name that one run at a time may have, on this machine.
 *
 * Room: src.  May touch: muster.h.
 */
#ifndef MUSTER_SRC_RUNLOCK_H
#define MUSTER_SRC_RUNLOCK_H

#include "muster.h"

/* Takes the name, until runlock_drop() or the end of the process; `what` tells
 * others who has it. Returns a descriptor, or -1: MUSTER_ERR_SYNTAX for what
 * is no name, MUSTER_ERR_LIMIT when another has it, MUSTER_ERR_FILE. */
int runlock_take(const char *name, const char *what, struct muster_error *err);

void runlock_drop(int fd); /* -1 is fine */

#endif
