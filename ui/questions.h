/*
 * questions.h -- what the engine wants to know of a person, and not yet does.
 *
 * Room: ui.  May touch: muster.h.
 */
#ifndef MUSTER_UI_QUESTIONS_H
#define MUSTER_UI_QUESTIONS_H

#include "muster.h"

struct questions {
	struct muster_prompt *items; /* owned, with all they point to */
	size_t n, cap;
	struct muster_prompt lent; /* owned; see questions_pop() */
};

/* Takes a question, or that nobody waits for its answer any more. */
void questions_take(struct questions *q, const struct muster_prompt *prompt);
void questions_clear(struct questions *q);

#define QUESTIONS_KEYS 8   /* host keys that can be read at once */
#define QUESTIONS_MAX 4096 /* equal questions that one answer is for */

/* Those that one answer can be for, as indexes: the first one and those equal
 * to it; of host keys as many as can be read at once. Returns how many. */
size_t questions_group(const struct questions *q, size_t out[QUESTIONS_MAX]);

/* The one with an id, or NULL. */
const struct muster_prompt *questions_find(
    const struct questions *q, uint64_t id);

/* Forgets the one with an id, when it is there. */
void questions_drop(struct questions *q, uint64_t id);

/* Takes the first one out; lent until the next call. NULL: there is none. */
const struct muster_prompt *questions_pop(struct questions *q);

#endif
