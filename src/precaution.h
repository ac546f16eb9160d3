/*
 * precaution.h -- what comes before the first host is contacted.
 *
 * Room: src.  May touch: muster.h.
 */
#ifndef MUSTER_SRC_PRECAUTION_H
#define MUSTER_SRC_PRECAUTION_H

#include "muster.h"

struct args;
struct commands;

/* --confirm: lets a person type how many hosts there are; `what` is what they
 * will do. Then --lock: *lock is its descriptor, or -1. Returns the exit
 * code, having complained. */
int precaution_take(const struct muster *m, const struct args *args,
    const char *what, int *lock);

/* --dry-run: prints the waves and the commands. Returns the exit code. */
int precaution_tell(const struct muster *m, const struct args *args,
    const struct commands *commands);

#endif
