/*
 * opener.c -- has a key file opened for the sessions of one loop.
 *
 * Room: engine/ssh.  May touch: base/, safe.h, broker.h, pool.h, loop.h.
 * Openers of other loops may be at the same file: the broker shows their
 * questions as one, and the safe takes one answer to each.
 */
#include "config.h"

#include "ssh/opener.h"
#include "base/mem.h"
#include "ssh/broker.h"
#include "ssh/loop.h"
#include "ssh/pool.h"
#include "ssh/waiters.h"

#include <stdio.h>
#include <stdlib.h>

struct opener {
	struct opener_setup setup;
	struct safe *safe;        /* counted */
	struct question question; /* for the passphrase */
	unsigned attempt;         /* that it is about */
	struct job *job;          /* trying what was given */
	struct waiters waiters;
};

/* What is tried, on a helper thread; it may outlive the opener. */
struct trial {
	struct opener *opener; /* borrowed; not touched by the helper */
	struct safe *safe;     /* counted */
};

static void go_on(struct opener *o);

static void
try(void *arg)
{
	struct trial *t = arg;

	safe_settle(t->safe);
}

static void
drop_trial(void *arg)
{
	struct trial *t = arg;

	safe_free(t->safe);
	free(t);
}

static void
on_tried(void *arg)
{
	struct trial *t = arg;
	struct opener *o = t->opener;

	drop_trial(t);
	o->job = NULL;
	go_on(o);
}

static void
begin_trial(struct opener *o)
{
	struct trial *t = mem_new(sizeof(*t));

	t->opener = o;
	t->safe = safe_ref(o->safe);
	o->job = pool_submit(o->setup.pool, o->setup.loop, try, on_tried, t);
}

/* Before the broker forgets the question: who asks it next must find that
 * it was answered. */
static void
on_answered(void *arg, enum verdict verdict, const struct secret *answer)
{
	struct opener *o = arg;
	char why[64];

	switch (verdict) {
	case VERDICT_GIVEN:
		safe_give(o->safe, o->attempt, answer);
		break;
	case VERDICT_REFUSED:
		safe_shut(o->safe, "was not given");
		break;
	case VERDICT_EXPIRED:
		(void)snprintf(why, sizeof(why), "was not given within %g s",
		    (double)broker_timeout_ms(o->setup.broker) / 1000.0);
		safe_shut(o->safe, why);
		break;
	}
	go_on(o);
}

static void
ask(void *arg, unsigned attempt)
{
	struct opener *o = arg;
	char *text = mem_printf("passphrase for '%s'", safe_path(o->safe));
	const struct topic topic = {
	    .kind = MUSTER_PROMPT_PASSPHRASE,
	    .attempt = attempt,
	    .about = safe_path(o->safe),
	    .text = text,
	};

	o->attempt = attempt;
	o->question.answered = on_answered;
	broker_ask(o->setup.broker, &o->question, &topic);
	free(text);
}

static void
go_on(struct opener *o)
{
	bool wanted = !waiters_are_none(&o->waiters);

	switch (safe_look(o->safe, o->setup.most, wanted ? ask : NULL, o)) {
	case SAFE_LOCKED:
		break;
	case SAFE_GIVEN:
		begin_trial(o);
		break;
	case SAFE_OPEN:
	case SAFE_SHUT:
		waiters_wake(&o->waiters);
		break;
	}
}

struct opener *
opener_new(const struct opener_setup *setup, struct safe *safe)
{
	struct opener *o = mem_new(sizeof(*o));

	o->setup = *setup;
	o->safe = safe_ref(safe);
	o->question.loop = setup->loop;
	o->question.host = MUSTER_NOWHERE;
	o->question.arg = o;
	waiters_init(&o->waiters);
	return o;
}

void
opener_free(struct opener *o)
{
	if (o == NULL)
		return;
	waiters_clear(&o->waiters);
	broker_leave(&o->question);
	if (o->job != NULL)
		job_cancel(o->job, drop_trial);
	safe_free(o->safe);
	free(o);
}

struct key *
opener_key(struct opener *o, bool *is_shut, struct muster_error *why)
{
	*is_shut = safe_look(o->safe, o->setup.most, NULL, NULL) == SAFE_SHUT;
	if (*is_shut)
		safe_explain(o->safe, o->setup.most, why);
	return safe_key(o->safe);
}

void
opener_wait(struct opener *o, void (*wake)(void *arg), void *arg)
{
	waiters_add(&o->waiters, wake, arg);
	if (o->job == NULL && !broker_is_asking(&o->question))
		go_on(o);
}

void
opener_leave(struct opener *o, const void *arg)
{
	waiters_leave(&o->waiters, arg);
	if (waiters_are_none(&o->waiters))
		broker_leave(&o->question);
}
