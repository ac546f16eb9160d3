/*
 * tracing.h -- --trace: the engine's account of what it does.
 *
 * Room: src.  May touch: muster.h, args.h.
 */
#ifndef MUSTER_SRC_TRACING_H
#define MUSTER_SRC_TRACING_H

struct args;

/* Turns the trace on when the command line wants it; before muster_new().
 * Returns EXITCODE_OK, or complains and returns EXITCODE_USAGE when the file
 * cannot be opened. The descriptor stays open to the end of the program. */
int tracing_open(const struct args *args);

#endif
