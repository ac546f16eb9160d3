/*
 * broker.c -- questions on their way to a person, and answers back.
 *
 * Room: engine/ssh.  May touch: base/, loop.h.
 * A delivery stands between the asker and the broker: the asker's end is used
 * on its loop alone, the broker's under the lock, so that either may go
 * first.
 */
#include "config.h"

#include "ssh/broker.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/secret.h"
#include "base/trace.h"
#include "ssh/loop.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

struct delivery {
	TAILQ_ENTRY(delivery) entry;
	struct broker *broker;     /* borrowed */
	struct question *question; /* borrowed; NULL: it was left */
	struct asked *asked;       /* borrowed */
	bool is_answered;          /* under the lock: on its way back */
	struct loop *loop;         /* borrowed */
	size_t host;
};

/* A question as the front end sees it, and who waits for the answer. */
struct asked {
	TAILQ_ENTRY(asked) entry;   /* of broker->all */
	TAILQ_ENTRY(asked) changed; /* of broker->changed */
	uint64_t id;
	enum muster_prompt_kind kind;
	bool echo, is_changed, is_shown;
	unsigned attempt;
	char *about, *text, *more, *key_type, *fingerprint; /* owned, clean */
	TAILQ_HEAD(, delivery) deliveries;                  /* owned */
	size_t n;                                           /* of them */
	bool is_settled;       /* answered, and not all have heard it */
	size_t n_hearing;      /* who have not */
	enum verdict verdict;  /* once it is settled */
	struct secret *answer; /* counted */
};

TAILQ_HEAD(list, asked);

struct broker {
	uint32_t timeout_ms;
	void (*wake)(void *);
	void *arg;
	pthread_mutex_t lock; /* for what follows */
	uint64_t n_ids;
	struct list all, changed;
	struct asked *lent;  /* owned; ended, its texts are the front end's */
	struct map *vouched; /* owned; names and fingerprints, as keys */
	size_t *hosts;       /* owned; lent with a prompt */
	size_t cap_hosts;
};

struct broker *
broker_new(uint32_t timeout_ms, void (*wake)(void *arg), void *arg)
{
	struct broker *b = mem_new(sizeof(*b));

	b->timeout_ms = timeout_ms;
	b->wake = wake;
	b->arg = arg;
	(void)pthread_mutex_init(&b->lock, NULL);
	b->vouched = map_new();
	TAILQ_INIT(&b->all);
	TAILQ_INIT(&b->changed);
	return b;
}

static void
free_asked(struct asked *a)
{
	if (a == NULL)
		return;
	free(a->about);
	free(a->text);
	free(a->more);
	free(a->key_type);
	free(a->fingerprint);
	secret_free(a->answer);
	free(a);
}

void
broker_free(struct broker *b)
{
	struct asked *a;

	if (b == NULL)
		return;
	while ((a = TAILQ_FIRST(&b->all)) != NULL) {
		TAILQ_REMOVE(&b->all, a, entry);
		free_asked(a);
	}
	free_asked(b->lent);
	map_free(b->vouched, NULL);
	free(b->hosts);
	(void)pthread_mutex_destroy(&b->lock);
	free(b);
}

uint32_t
broker_timeout_ms(const struct broker *b)
{
	return b->timeout_ms;
}

/* ---- under the lock ---- */

static void
note_change(struct broker *b, struct asked *a)
{
	if (a->is_changed)
		return;
	a->is_changed = true;
	TAILQ_INSERT_TAIL(&b->changed, a, changed);
	b->wake(b->arg);
}

static void
forget(struct broker *b, struct asked *a)
{
	TAILQ_REMOVE(&b->all, a, entry);
	if (a->is_changed)
		TAILQ_REMOVE(&b->changed, a, changed);
	a->is_changed = false;
}

static char *
clean(const char *text)
{
	char shown[LIMIT_REMOTE_TEXT * 4];

	if (text == NULL)
		text = "";
	(void)muster_clean_text(shown, sizeof(shown), text, strlen(text));
	return mem_strdup(shown);
}

static struct asked *
add_asked(struct broker *b, const struct topic *t)
{
	struct asked *a = mem_new(sizeof(*a));

	a->id = ++b->n_ids;
	a->kind = t->kind;
	a->echo = t->echo;
	a->attempt = t->attempt;
	a->about = clean(t->about);
	a->text = clean(t->text);
	a->more = clean(t->more);
	a->key_type = clean(t->key_type);
	a->fingerprint = clean(t->fingerprint);
	TAILQ_INIT(&a->deliveries);
	TAILQ_INSERT_TAIL(&b->all, a, entry);
	return a;
}

/* Host keys are one by their fingerprints, the others by what they are
 * about. */
static bool
is_equal(const struct asked *a, const struct topic *t)
{
	if (a->kind != t->kind || a->attempt != t->attempt ||
	    (a->n == 0 && !a->is_settled))
		return false;
	switch (t->kind) {
	case MUSTER_PROMPT_HOSTKEY:
		return strcmp(a->fingerprint, t->fingerprint) == 0;
	case MUSTER_PROMPT_PASSWORD:
	case MUSTER_PROMPT_PASSPHRASE:
		return strcmp(a->about, t->about) == 0;
	case MUSTER_PROMPT_INTERACTIVE:
		break;
	}
	return false;
}

static struct asked *
get_asked(struct broker *b, const struct topic *t)
{
	struct asked *a;

	TAILQ_FOREACH (a, &b->all, entry)
		if (is_equal(a, t))
			return a;
	return add_asked(b, t);
}

/* ---- the asker's side ---- */

static void
end_question(struct question *q)
{
	q->delivery = NULL;
	timer_free(q->timer);
	q->timer = NULL;
}

static void
on_expired(void *arg)
{
	struct question *q = arg;

	broker_leave(q);
	q->answered(q->arg, VERDICT_EXPIRED, NULL);
}

/* On the asker's loop. Who asks the same before all have heard the answer
 * hears it too: they may be about to act on it. */
static void
deliver(void *arg)
{
	struct delivery *d = arg;
	struct question *q = d->question;
	struct broker *b = d->broker;
	struct asked *a = d->asked;

	if (q != NULL) {
		end_question(q);
		q->answered(q->arg, a->verdict, a->answer);
	}
	free(d);
	(void)pthread_mutex_lock(&b->lock);
	if (--a->n_hearing == 0) {
		forget(b, a);
		secret_free(a->answer);
		a->answer = NULL;
		/* Its texts may be lent. */
		free_asked(b->lent);
		b->lent = a;
	}
	(void)pthread_mutex_unlock(&b->lock);
}

/* Under the lock. */
static void
send_back(struct delivery *d)
{
	d->is_answered = true;
	d->asked->n_hearing++;
	loop_post(d->loop, deliver, d);
}

void
broker_ask(struct broker *b, struct question *q, const struct topic *topic)
{
	struct delivery *d = mem_new(sizeof(*d));

	assert(q->delivery == NULL);
	d->broker = b;
	d->question = q;
	d->loop = q->loop;
	d->host = q->host;
	q->delivery = d;
	q->timer = timer_new(q->loop, on_expired, q);
	timer_set(q->timer, b->timeout_ms);
	(void)pthread_mutex_lock(&b->lock);
	d->asked = get_asked(b, topic);
	if (d->asked->is_settled) {
		send_back(d);
	} else {
		TAILQ_INSERT_TAIL(&d->asked->deliveries, d, entry);
		d->asked->n++;
		note_change(b, d->asked);
	}
	(void)pthread_mutex_unlock(&b->lock);
}

/* Under the lock: nobody waits for it any more. */
static void
withdraw(struct broker *b, struct asked *a)
{
	if (a->is_shown) {
		note_change(b, a);
		return;
	}
	forget(b, a);
	free_asked(a);
}

void
broker_leave(struct question *q)
{
	struct delivery *d = q->delivery;
	struct broker *b;

	if (d == NULL)
		return;
	b = d->broker;
	end_question(q);
	d->question = NULL;
	(void)pthread_mutex_lock(&b->lock);
	if (!d->is_answered) {
		struct asked *a = d->asked;

		TAILQ_REMOVE(&a->deliveries, d, entry);
		free(d);
		if (--a->n == 0)
			withdraw(b, a);
		else
			note_change(b, a);
	}
	(void)pthread_mutex_unlock(&b->lock);
}

bool
broker_is_asking(const struct question *q)
{
	return q->delivery != NULL;
}

/* ---- the front end's side ---- */

static void
fill(struct broker *b, const struct asked *a, struct muster_prompt *p)
{
	struct delivery *d;

	*p = (struct muster_prompt){
	    .id = a->id,
	    .kind = a->kind,
	    .withdrawn = a->n == 0,
	    .echo = a->echo,
	    .attempt = a->attempt,
	    .about = a->about,
	    .text = a->text,
	    .more = a->more,
	    .key_type = a->key_type,
	    .fingerprint = a->fingerprint,
	};
	mem_grow(&b->hosts, &b->cap_hosts, a->n + 1, sizeof(*b->hosts));
	TAILQ_FOREACH (d, &a->deliveries, entry)
		if (d->host != MUSTER_NOWHERE)
			b->hosts[p->n_hosts++] = d->host;
	p->hosts = b->hosts;
}

bool
broker_take(struct broker *b, struct muster_prompt *prompt)
{
	struct asked *a;

	(void)pthread_mutex_lock(&b->lock);
	free_asked(b->lent);
	b->lent = NULL;
	a = TAILQ_FIRST(&b->changed);
	if (a != NULL) {
		TAILQ_REMOVE(&b->changed, a, changed);
		a->is_changed = false;
		a->is_shown = true;
		fill(b, a, prompt);
	}
	/* The last that is said of it; its texts are lent. */
	if (a != NULL && a->n == 0) {
		forget(b, a);
		b->lent = a;
	}
	(void)pthread_mutex_unlock(&b->lock);
	return a != NULL;
}

/* Under the lock: sends all who asked what became of it. */
static void
settle(struct broker *b, struct asked *a, const struct secret *answer)
{
	struct delivery *d;

	a->is_settled = true;
	a->verdict = answer != NULL ? VERDICT_GIVEN : VERDICT_REFUSED;
	a->answer = secret_ref(answer);
	if (a->is_changed)
		TAILQ_REMOVE(&b->changed, a, changed);
	a->is_changed = false;
	while ((d = TAILQ_FIRST(&a->deliveries)) != NULL) {
		TAILQ_REMOVE(&a->deliveries, d, entry);
		send_back(d);
	}
	a->n = 0;
}

static bool
is_yes(const struct asked *a, const char *answer)
{
	return a->kind != MUSTER_PROMPT_HOSTKEY || strcmp(answer, "yes") == 0 ||
	       strcmp(answer, a->fingerprint) == 0;
}

int
broker_answer(
    struct broker *b, uint64_t id, const char *answer, struct muster_error *err)
{
	struct secret *secret = NULL;
	struct asked *a;
	int rc = 0;

	if (answer != NULL && strlen(answer) >= MUSTER_ANSWER_MAX)
		return err_set(err, MUSTER_ERR_LIMIT,
		    "the answer is longer than %d bytes",
		    MUSTER_ANSWER_MAX - 1);
	(void)pthread_mutex_lock(&b->lock);
	TAILQ_FOREACH (a, &b->all, entry)
		if (a->id == id)
			break;
	if (a == NULL || a->n == 0) {
		rc = err_set(err, MUSTER_ERR_USAGE,
		    "nobody waits for that answer any more");
	} else {
		if (answer != NULL && is_yes(a, answer))
			secret = secret_new(answer, strlen(answer));
		TRACE("prompt", "%s about %s: %s", muster_prompt_word(a->kind),
		    a->about, secret != NULL ? "answered" : "refused");
		settle(b, a, secret);
	}
	(void)pthread_mutex_unlock(&b->lock);
	secret_free(secret);
	return rc;
}

/* ---- keys a person has vouched for ---- */

static char *
vouched_key(const char *name, const char *fingerprint)
{
	return mem_printf("%s %s", name, fingerprint);
}

void
broker_vouch(struct broker *b, const char *name, const char *fingerprint)
{
	char *key = vouched_key(name, fingerprint);

	(void)pthread_mutex_lock(&b->lock);
	(void)map_puts(b->vouched, key, b);
	(void)pthread_mutex_unlock(&b->lock);
	free(key);
}

bool
broker_has_vouched(struct broker *b, const char *name, const char *fingerprint)
{
	char *key = vouched_key(name, fingerprint);
	bool has;

	(void)pthread_mutex_lock(&b->lock);
	has = map_gets(b->vouched, key) != NULL;
	(void)pthread_mutex_unlock(&b->lock);
	free(key);
	return has;
}

const char *
muster_prompt_word(enum muster_prompt_kind kind)
{
	static const char *const words[] = {
	    [MUSTER_PROMPT_HOSTKEY] = "hostkey",
	    [MUSTER_PROMPT_PASSWORD] = "password",
	    [MUSTER_PROMPT_PASSPHRASE] = "passphrase",
	    [MUSTER_PROMPT_INTERACTIVE] = "interactive",
	};

	return words[kind];
}
