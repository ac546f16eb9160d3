/*
 * rerun_words.h -- the command line that repeats a run, from its record.
 *
 * Room: src.  May touch: muster.h.
 */
#ifndef MUSTER_SRC_RERUN_WORDS_H
#define MUSTER_SRC_RERUN_WORDS_H

#include "muster.h"

struct args;

struct rerun_words {
	char **items; /* owned, and each of them */
	size_t n;
	char **argv; /* owned; the same, as parsing has left them */
};

/* Makes them: the options of the run (recording.h), those of `args` that its
 * verb has too, and the command, which is another when `args` has words behind
 * the name of the run. */
void rerun_words_make(struct rerun_words *w,
    const struct muster_run_about *about, const struct args *args,
    unsigned verb);

/* Reads them as those of the verb, into args that were initialised and that
 * borrow from *w. Errors: those of args_parse(). */
int rerun_words_parse(struct rerun_words *w, unsigned verb, struct args *args,
    struct muster_error *err);

void rerun_words_clear(struct rerun_words *w);

#endif
