/*
 * complain.h -- one line on standard error about what went wrong.
 *
 * Room: src.  May touch: muster.h.
 */
#ifndef MUSTER_SRC_COMPLAIN_H
#define MUSTER_SRC_COMPLAIN_H

#include "muster.h"

/* Prints "muster: " and the formatted text on a line of its own. */
void complain(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Prints why the host list `text` was refused, on one line. On a terminal
 * the list follows with a mark below the place, when *err knows it. */
void complain_about(const char *text, const struct muster_error *err);

/* The exit code of the program for an error of the engine: EXITCODE_USAGE
 * for what the user can put right, else EXITCODE_LOCAL. */
int complain_exitcode(const struct muster_error *err);

#endif
