/*
 * copy_args.h -- what the options of push and pull mean.
 *
 * Room: src.  May touch: muster.h, args.h.
 */
#ifndef MUSTER_SRC_COPY_ARGS_H
#define MUSTER_SRC_COPY_ARGS_H

#include "muster.h"

struct args;

#define COPY_ARGS_OWNER_BYTES 128

/* Fills in the options of a copy; strings are lent, some of them in `owner`.
 * Returns 0, or -1: MUSTER_ERR_USAGE naming the option and what is wrong with
 * it. */
int copy_args_options(const struct args *args,
    struct muster_copy_options *options, char owner[COPY_ARGS_OWNER_BYTES],
    struct muster_error *err);

/* Reads --dest-file: a destination for each host of `m` that it names, else
 * NULL. Returns the list, one a host, to be freed with copy_args_free(), or
 * NULL: MUSTER_ERR_FILE, MUSTER_ERR_UNKNOWN_NAME. */
char **copy_args_dests(
    const struct muster *m, const char *file, struct muster_error *err);
void copy_args_free(const struct muster *m, char **dests);

#endif
