/*
 * prompts.h -- the questions of the engine, put to the person who runs it.
 *
 * Room: src.  May touch: muster.h, ask.h.
 */
#ifndef MUSTER_SRC_PROMPTS_H
#define MUSTER_SRC_PROMPTS_H

#include "muster.h"

/* Puts a prompt to the person, waits, and hands the answer in. `wake_fd` (or
 * -1) ends the waiting when it is readable: the prompt stays unanswered then.
 * Returns false when the person typed ^C, which refuses. */
bool prompts_put(
    struct muster *m, const struct muster_prompt *prompt, int wake_fd);

#endif
