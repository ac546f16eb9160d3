/*
 * shell.h -- words that a shell reads back as they were.
 *
 * Room: engine/base.  May touch: buf.h.
 * The one routine for this: whatever is put into a command line that a shell
 * will read goes through here.
 */
#ifndef MUSTER_BASE_SHELL_H
#define MUSTER_BASE_SHELL_H

#include "base/buf.h"

/* Adds a word, in single quotes where a POSIX shell would read anything into
 * it otherwise. Returns false, adding nothing, over the ceiling. */
bool shell_add_word(struct buf *b, const char *word);

#endif
