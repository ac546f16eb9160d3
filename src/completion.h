/*
 * completion.h -- scripts that teach shells the options of muster.
 *
 * Room: src.  May touch: libc.
 */
#ifndef MUSTER_SRC_COMPLETION_H
#define MUSTER_SRC_COMPLETION_H

#include <stdbool.h>
#include <stdio.h>

/* Prints the script of "bash", "zsh" or "fish", made from the tables of
 * verbs and options. Returns false, printing nothing, for another shell. */
bool completion_print(const char *shell, FILE *to);

#endif
