/*
 * table.h -- a file of commands, each for some hosts.
 *
 * Room: src.  May touch: muster.h.
 * A line is a host expression, a colon, blanks and a command. Empty lines and
 * those that begin with '#' are left out.
 */
#ifndef MUSTER_SRC_TABLE_H
#define MUSTER_SRC_TABLE_H

#include "muster.h"

#include <stddef.h>

/* Fills commands[i], strings to be freed, for each host of `m`, in an array
 * of zeroes. Returns 0, or -1: MUSTER_ERR_FILE naming the line, when it cannot
 * be read, names a host that is none of the run's, or one twice, or when a
 * host has none. What was filled in is the caller's then, too. */
int table_read(const char *path, const struct muster *m, char **commands,
    struct muster_error *err);

#endif
