/*
 * given.h -- an option of a command line, as a word that says the same.
 *
 * Room: src.  May touch: text.h.
 */
#ifndef MUSTER_SRC_GIVEN_H
#define MUSTER_SRC_GIVEN_H

#include "src/text.h"

struct args;
struct args_option;

/* Adds "--name" or "--name=value". What is left to chance is said as it fell:
 * read again, the word means the same. */
void given_write(
    const struct args *args, const struct args_option *option, struct text *to);

#endif
