/*
 * person.c -- who answers the engine's questions in a test, as told before.
 *
 * Room: tests.  May touch: muster.h, engine.h.
 */
#include "config.h"

#include "person.h"
#include "base/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void
remember(struct person *p, const struct muster_prompt *prompt)
{
	p->kind = prompt->kind;
	p->attempt = prompt->attempt;
	p->n_hosts = prompt->n_hosts;
	p->echo = prompt->echo;
	(void)snprintf(p->about, sizeof(p->about), "%s", prompt->about);
	(void)snprintf(p->text, sizeof(p->text), "%s", prompt->text);
	(void)snprintf(p->more, sizeof(p->more), "%s", prompt->more);
	(void)snprintf(p->print, sizeof(p->print), "%s", prompt->fingerprint);
}

void
person_hear(
    struct person *p, struct engine *e, const struct muster_prompt *prompt)
{
	const char *text;

	if (prompt->withdrawn) {
		p->n_withdrawn++;
		return;
	}
	remember(p, prompt);
	if (p->answers == NULL || p->answers[p->n] == NULL)
		fail_msg("nobody said what to answer to '%s'", prompt->text);
	text = p->answers[p->n];
	if (strcmp(text, "-") == 0)
		return;
	if (strcmp(text, "print") == 0)
		text = prompt->fingerprint;
	if (muster_answer(e->m, prompt->id,
		strcmp(text, "no") == 0 ? NULL : text, NULL) == 0)
		p->n++;
}

void
person_run(struct person *p, struct engine *e, const char *text)
{
	const struct muster_command command = {.command = text};
	int64_t until = clock_now_us() + 30 * 1000000;
	struct muster_event event;

	engine_start(e, &command);
	while (e->n_results < muster_n_hosts(e->m)) {
		assert_true(clock_now_us() < until);
		if (muster_next(e->m, 1000, &event) != 1)
			continue;
		if (event.type == MUSTER_EVENT_PROMPT)
			person_hear(p, e, event.prompt);
		if (event.type == MUSTER_EVENT_RESULT)
			e->n_results++;
	}
}
