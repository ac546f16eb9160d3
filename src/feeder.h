/*
 * feeder.h -- our standard input, for the commands of all hosts.
 *
 * Room: src.  May touch: muster.h, args.h.
 * What comes is passed on as it comes. The engine keeps it for hosts that are
 * slower; when the fastest one is far behind, no more is read.
 */
#ifndef MUSTER_SRC_FEEDER_H
#define MUSTER_SRC_FEEDER_H

#include "muster.h"

struct args;

struct feeder {
	struct muster *m; /* borrowed */
	bool on;          /* commands get it */
	bool open;        /* its end has not come */
	bool full;        /* the hosts are to read first */
};

/* Whether standard input is for the commands: it is none of -n, a terminal,
 * closed, replaced by --stdin-dir, or not `wanted`. */
void feeder_init(
    struct feeder *f, struct muster *m, const struct args *args, bool wanted);

/* The descriptor to poll for reading, or -1. */
int feeder_fd(const struct feeder *f);

/* Reads once, where poll(2) said that it can. Returns 0, or -1 with *err when
 * standard input cannot be read or kept: the commands must not take what they
 * have for the whole of it. */
int feeder_take(struct feeder *f, struct muster_error *err);

/* MUSTER_EVENT_INPUT came. */
void feeder_go_on(struct feeder *f);

#endif
