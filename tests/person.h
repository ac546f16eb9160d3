/*
 * person.h -- who answers the engine's questions in a test, as told before.
 *
 * Room: tests.  May touch: muster.h, engine.h.
 */
#ifndef MUSTER_TESTS_PERSON_H
#define MUSTER_TESTS_PERSON_H

#include "engine.h"

struct person {
	/* To the n-th question the n-th of these: a text, "no" to refuse,
	 * "print" for the fingerprint, "-" to say nothing at all. Borrowed. */
	const char *const *answers;
	/* What was asked, the latest. */
	unsigned n, n_withdrawn;
	enum muster_prompt_kind kind;
	unsigned attempt;
	size_t n_hosts;
	bool echo;
	char about[256], text[512], more[512], print[80];
};

/* Hears one prompt, and answers it. */
void person_hear(
    struct person *p, struct engine *e, const struct muster_prompt *prompt);

/* Runs a command on all hosts and answers what is asked. */
void person_run(struct person *p, struct engine *e, const char *command);

#endif
