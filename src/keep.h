/*
 * keep.h -- many commands on the same open sessions: muster run --keep.
 *
 * Room: src.  May touch: muster.h, args.h.
 */
#ifndef MUSTER_SRC_KEEP_H
#define MUSTER_SRC_KEEP_H

#include "muster.h"
#include "src/args.h"

/* Runs the words of the command line, if any, and then each line of standard
 * input on the hosts of `m`; `arg` is NULL. Returns the exit code: that of the
 * command that ended worst. */
int keep_run(struct muster *m, const struct args *args, const void *arg);

#endif
