/*
 * prompts.c -- the questions of the engine, put to the person who runs it.
 *
 * Room: src.  May touch: muster.h, ask.h, text.h.
 * Each line begins with "muster: " and the name of the host is ours, so that
 * no server can put a question in our name, or in another one's.
 */
#include "config.h"

#include "src/prompts.h"

#include "src/ask.h"
#include "src/text.h"

#include <string.h>

#define TRIES 3            /* at an answer that is yes or no */
#define PATIENCE_MS 120000 /* the engine has no more either */

/* "and 2 others" */
static void
add_others(const struct muster_prompt *p, struct text *t)
{
	if (p->n_hosts > 1)
		text_addf(t, " and %zu other%s", p->n_hosts - 1,
		    p->n_hosts == 2 ? "" : "s");
}

static void
write_host_key(const struct muster_prompt *p, struct text *t)
{
	text_addf(t, "muster: the host key of '%s'", p->about);
	add_others(p, t);
	text_addf(t,
	    " is not known:\nmuster: %s %s\nmuster: is it right (yes, "
	    "no, or the fingerprint)? ",
	    p->key_type, p->fingerprint);
}

static void
write_secret(const struct muster_prompt *p, struct text *t)
{
	if (p->attempt > 1 && p->kind == MUSTER_PROMPT_PASSPHRASE)
		text_addf(t, "muster: that is not the passphrase\n");
	else if (p->more[0] != '\0')
		text_addf(t, "muster: %s\n", p->more);
	text_addf(t, "muster: %s: ", p->text);
}

static void
write_interactive(const struct muster_prompt *p, struct text *t)
{
	if (p->more[0] != '\0')
		text_addf(t, "muster: '%s' says: %s\n", p->about, p->more);
	text_addf(t, "muster: '%s' asks: %s ", p->about, p->text);
}

static void
write_question(const struct muster_prompt *p, struct text *t)
{
	switch (p->kind) {
	case MUSTER_PROMPT_HOSTKEY:
		write_host_key(p, t);
		break;
	case MUSTER_PROMPT_PASSWORD:
	case MUSTER_PROMPT_PASSPHRASE:
		write_secret(p, t);
		break;
	case MUSTER_PROMPT_INTERACTIVE:
		write_interactive(p, t);
		break;
	}
}

/* Whether the answer is one that the question can have. */
static bool
is_answer(const struct muster_prompt *p, const char *answer)
{
	if (p->kind != MUSTER_PROMPT_HOSTKEY)
		return true;
	return strcmp(answer, "yes") == 0 || strcmp(answer, "no") == 0 ||
	       strcmp(answer, p->fingerprint) == 0;
}

static enum ask_end
ask(const struct muster_prompt *p, const char *question, int wake_fd,
    char answer[ASK_BYTES])
{
	const struct ask a = {question, p->echo, wake_fd, PATIENCE_MS};
	const struct ask again = {
	    "muster: please type yes, no or the fingerprint: ", p->echo,
	    wake_fd, PATIENCE_MS};
	enum ask_end end = ask_person(&a, answer);

	for (int i = 1; i < TRIES && end == ASK_GIVEN && !is_answer(p, answer);
	     i++)
		end = ask_person(&again, answer);
	return end;
}

bool
prompts_put(struct muster *m, const struct muster_prompt *prompt, int wake_fd)
{
	char answer[ASK_BYTES];
	struct text t = {0};
	enum ask_end end;

	if (prompt->withdrawn)
		return true;
	write_question(prompt, &t);
	end = ask(prompt, text_str(&t), wake_fd, answer);
	text_clear(&t);
	/* A secret that is empty is none. */
	if (end == ASK_GIVEN && answer[0] == '\0' &&
	    prompt->kind != MUSTER_PROMPT_INTERACTIVE)
		end = ASK_NOBODY;
	if (end != ASK_GAVE_UP)
		(void)muster_answer(
		    m, prompt->id, end == ASK_GIVEN ? answer : NULL, NULL);
	ask_wipe(answer);
	return end != ASK_CANCELLED;
}
