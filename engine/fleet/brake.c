/*
 * brake.c -- a password for many hosts, and no account locked out.
 *
 * Room: engine/fleet.  May touch: base/, ssh/broker.h, admission.h.
 */
#include "config.h"

#include "fleet/brake.h"
#include "base/mem.h"
#include "base/secret.h"

#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_REFUSALS 3       /* of one password, before any success */
#define MAX_REFUSALS_ASKED 1 /* the same when another can be asked for */

struct brake {
	char *user;              /* owned */
	struct broker *broker;   /* borrowed; NULL: nobody to ask */
	struct admission *line;  /* owned; lets one in until it is decided */
	pthread_mutex_t lock;    /* for what follows */
	struct secret *password; /* counted; NULL: none yet */
	unsigned n_passwords;    /* that there were so far */
	unsigned n_refused;      /* how often this one was */
	char *refused_by;        /* owned; the name of the last */
	bool in_doubt;           /* the last refused other answers with it */
	bool accepted;
};

struct brake *
brake_new(
    const char *user, const struct secret *password, struct broker *broker)
{
	struct brake *b = mem_new(sizeof(*b));

	b->user = mem_strdup(user);
	b->broker = broker;
	b->line = admission_new(1, 1);
	(void)pthread_mutex_init(&b->lock, NULL);
	b->password = secret_ref(password);
	b->n_passwords = password != NULL;
	return b;
}

void
brake_free(struct brake *b)
{
	if (b == NULL)
		return;
	admission_free(b->line);
	secret_free(b->password);
	(void)pthread_mutex_destroy(&b->lock);
	free(b->refused_by);
	free(b->user);
	free(b);
}

/* ---- asking for a password ---- */

/* Takes a new password, unless another host brought one meanwhile. */
static void
renew(struct brake *b, unsigned which, const struct secret *password)
{
	(void)pthread_mutex_lock(&b->lock);
	if (b->n_passwords + 1 == which) {
		secret_free(b->password);
		b->password = secret_ref(password);
		b->n_passwords++;
		b->n_refused = 0;
		b->accepted = false;
		admission_set_fanout(b->line, 1);
	}
	(void)pthread_mutex_unlock(&b->lock);
}

static void
on_answered(void *arg, enum verdict verdict, const struct secret *answer)
{
	struct claim *c = arg;

	if (verdict == VERDICT_GIVEN)
		renew(c->brake, c->asked_for, answer);
	else if (verdict == VERDICT_REFUSED)
		c->given_up = "nobody gave one";
	else
		c->given_up = "nobody gave one in time";
	c->proceed(c->arg);
}

static void
ask(struct claim *c, unsigned n_passwords, const char *refused_by)
{
	struct brake *b = c->brake;
	char *text = mem_printf("password for '%s'", b->user);
	char *more =
	    refused_by == NULL
		? NULL
		: mem_printf("'%s' refused the last one%s", refused_by,
		      b->in_doubt ? ", or what was answered with it" : "");
	const struct topic topic = {
	    .kind = MUSTER_PROMPT_PASSWORD,
	    .attempt = n_passwords + 1,
	    .about = b->user,
	    .text = text,
	    .more = more,
	};

	c->asked_for = n_passwords + 1;
	c->question.loop = c->loop;
	c->question.host = c->host;
	c->question.answered = on_answered;
	c->question.arg = c;
	broker_ask(b->broker, &c->question, &topic);
	free(text);
	free(more);
}

/* ---- may it be given? ---- */

static bool
was_tried(const struct claim *c, const struct secret *password)
{
	for (unsigned i = 0; i < c->n_tried; i++)
		if (secret_is_equal(c->tried[i], password))
			return true;
	return false;
}

/* What a host hears now. */
enum hearing { HEAR_GO, HEAR_ASK, HEAR_NEVER };

/* Under the lock. */
static enum hearing
hear(const struct claim *c, unsigned most, const char **why)
{
	const struct brake *b = c->brake;
	unsigned limit = b->broker != NULL ? MAX_REFUSALS_ASKED : MAX_REFUSALS;
	bool worn_out = !b->accepted && b->n_refused >= limit;

	*why = c->given_up;
	if (c->given_up != NULL || c->n_tried >= most ||
	    c->n_tried >= BRAKE_TRIES)
		return HEAR_NEVER;
	if (b->password != NULL && !worn_out)
		return was_tried(c, b->password) ? HEAR_NEVER : HEAR_GO;
	if (b->broker != NULL)
		return HEAR_ASK;
	if (b->password != NULL)
		*why = "other hosts refused it";
	return HEAR_NEVER;
}

static enum hearing
decide(
    struct claim *c, unsigned most, struct secret **password, const char **why)
{
	struct brake *b = c->brake;
	enum hearing hearing;

	(void)pthread_mutex_lock(&b->lock);
	hearing = hear(c, most, why);
	if (hearing == HEAR_GO)
		*password = secret_ref(b->password);
	/* Under the lock: before another host brings what is asked for. */
	if (hearing == HEAR_ASK)
		ask(c, b->n_passwords, b->n_refused > 0 ? b->refused_by : NULL);
	(void)pthread_mutex_unlock(&b->lock);
	if (hearing != HEAR_GO)
		admission_leave(&c->ticket);
	return hearing;
}

static void
on_place(void *arg)
{
	struct claim *c = arg;

	c->proceed(c->arg);
}

/* Whether it has its place in the line by now. */
static bool
is_first(struct claim *c)
{
	c->ticket.loop = c->loop;
	c->ticket.granted = on_place;
	c->ticket.arg = c;
	switch (admission_look(&c->ticket)) {
	case TICKET_NONE:
		return admission_enter(c->brake->line, &c->ticket);
	case TICKET_WAITING:
	case TICKET_TOLD:
		return false;
	case TICKET_HELD:
		break;
	}
	return true;
}

enum session_leave
brake_ask(
    struct claim *c, unsigned most, struct secret **password, const char **why)
{
	struct secret *now = NULL;

	*why = NULL;
	if (broker_is_asking(&c->question))
		return SESSION_WAIT;
	switch (decide(c, most, &now, why)) {
	case HEAR_ASK:
		return SESSION_WAIT;
	case HEAR_NEVER:
		return SESSION_NEVER;
	case HEAR_GO:
		break;
	}
	if (is_first(c)) {
		*password = now;
		return SESSION_GO;
	}
	secret_free(now);
	return SESSION_WAIT;
}

/* Under the lock. */
static void
note_refusal(struct claim *c, bool in_doubt)
{
	struct brake *b = c->brake;

	if (in_doubt && b->accepted)
		return; /* by another host: it was not the password */
	b->n_refused++;
	b->in_doubt = in_doubt;
	free(b->refused_by);
	b->refused_by = mem_strdup(c->name);
	if (!in_doubt && c->n_tried < BRAKE_TRIES)
		c->tried[c->n_tried++] = secret_ref(b->password);
}

void
brake_tell(struct claim *c, enum session_given given)
{
	struct brake *b = c->brake;
	bool decided = given == GIVEN_TAKEN;

	(void)pthread_mutex_lock(&b->lock);
	if (given == GIVEN_TAKEN)
		b->accepted = true;
	else
		note_refusal(c, given == GIVEN_IN_DOUBT);
	if (b->broker == NULL && b->n_refused >= MAX_REFUSALS)
		decided = true;
	if (decided)
		admission_set_fanout(b->line, UINT_MAX);
	(void)pthread_mutex_unlock(&b->lock);
	admission_leave(&c->ticket);
}

void
brake_leave(struct claim *c)
{
	admission_leave(&c->ticket);
	broker_leave(&c->question);
}

void
brake_forget(struct claim *c)
{
	brake_leave(c);
	for (unsigned i = 0; i < c->n_tried; i++)
		secret_free(c->tried[i]);
	c->n_tried = 0;
	c->given_up = NULL;
}
