/*
 * verb_run.h -- what every verb that logs in to hosts begins with.
 *
 * Room: src.  May touch: muster.h, args.h.
 */
#ifndef MUSTER_SRC_VERB_RUN_H
#define MUSTER_SRC_VERB_RUN_H

#include "muster.h"

struct args;

/* Makes the fleet that the command line names, and calls run(m, args, arg),
 * whose exit code it returns, or one of its own. */
int verb_run_with(const struct args *args,
    int (*run)(struct muster *m, const struct args *args, const void *arg),
    const void *arg);

#endif
