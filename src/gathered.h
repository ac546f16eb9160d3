/*
 * gathered.h -- equal texts under one header, as clush prints them.
 *
 * Room: src.  May touch: muster.h.
 * Fifteen dashes, the folded hosts and how many they are when more than one,
 * fifteen dashes, the text.
 */
#ifndef MUSTER_SRC_GATHERED_H
#define MUSTER_SRC_GATHERED_H

#include "muster.h"

#include <stdbool.h>

struct output;
struct gathered;

/* Groups what `texts` has, for gathered_pump(). `name` lends the name of a
 * host and is given `names`. All are borrowed. */
struct gathered *gathered_new(struct muster_gather *texts, bool by_host,
    const char *(*name)(const void *names, size_t host), const void *names,
    struct output *to);
void gathered_free(struct gathered *g);

/* Writes a piece, 64 KiB at most. Returns false when all is written. */
bool gathered_pump(struct gathered *g);

/* Whether --sort, which may be NULL, asks for the order of hosts. Returns 0,
 * or -1: MUSTER_ERR_USAGE. */
int gathered_read_order(
    const char *sort, bool *by_host, struct muster_error *err);

#endif
