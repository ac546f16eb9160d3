/*
 * filenames.h -- a file name of its own for each host.
 *
 * Room: src.  May touch: libc.
 * The label of the host, "[user@]host[:port]", with what a name in one
 * folder must not have ('/', control characters, a dot in front) as '_'.
 * What would be taken gets ".1", ".2" and so on.
 */
#ifndef MUSTER_SRC_FILENAMES_H
#define MUSTER_SRC_FILENAMES_H

#include <stddef.h>

struct filenames;

struct filenames *filenames_new(void);
void filenames_free(struct filenames *f);

/* Takes a name out of use. */
void filenames_reserve(struct filenames *f, const char *name);

/* Returns the name of a host's file, to be freed with free(3). It and the
 * same with ".rc" behind it are free. */
char *filenames_add(struct filenames *f, const char *label);

#endif
