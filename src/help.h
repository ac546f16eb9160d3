/*
 * help.h -- what muster says about itself, out of its tables.
 *
 * Room: src.  May touch: verbs.h.
 */
#ifndef MUSTER_SRC_HELP_H
#define MUSTER_SRC_HELP_H

#include <stdio.h>

struct verb;

/* Each prints to `to` and returns the exit code: EXITCODE_LOCAL when that
 * failed. */

/* Two lines for a command line without words. */
int help_print_usage(FILE *to);

/* The verbs. */
int help_print_all(FILE *to);

/* A verb and its options. */
int help_print_verb(const struct verb *verb, FILE *to);

/* Flushes `to`. Returns EXITCODE_OK, or complains and returns
 * EXITCODE_LOCAL when not all of it could be written. */
int help_finish(FILE *to);

#endif
