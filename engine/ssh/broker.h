/*
 * broker.h -- questions on their way to a person, and answers back.
 *
 * Room: engine/ssh.  May touch: base/, loop.h, muster.h.
 * Shared by all workers of a fleet. Whoever asks holds a struct question;
 * equal questions are shown once, as one prompt, and answered together. The
 * front end takes prompts when it likes, always as they stand by then.
 */
#ifndef MUSTER_SSH_BROKER_H
#define MUSTER_SSH_BROKER_H

#include "muster.h"

struct broker;
struct delivery;
struct loop;
struct secret;
struct timer;

/* What is asked. Lent to broker_ask(), which copies. Questions are equal
 * when kind, about, fingerprint and attempt are, but for INTERACTIVE: those
 * are never. Texts may come from servers; they are cleaned here. */
struct topic {
	enum muster_prompt_kind kind;
	bool echo;
	unsigned attempt;        /* from 1 */
	const char *about;       /* never NULL */
	const char *text;        /* never NULL */
	const char *more;        /* NULL: nothing */
	const char *key_type;    /* NULL: none */
	const char *fingerprint; /* NULL: none */
};

enum verdict {
	VERDICT_GIVEN,   /* here is the answer */
	VERDICT_REFUSED, /* the person will not, or there is nobody */
	VERDICT_EXPIRED, /* nobody answered in time */
};

/* A question of one asker, who lets it live until it is answered or left.
 * Zeroed, then filled in. */
struct question {
	struct loop *loop; /* borrowed; the asker's */
	size_t host;       /* MUSTER_NOWHERE: no host of the fleet */
	/* From the loop, once. The secret is lent, NULL but for GIVEN. */
	void (*answered)(
	    void *arg, enum verdict verdict, const struct secret *answer);
	void *arg;
	/* The broker's. */
	struct delivery *delivery; /* under way; NULL: nothing is asked */
	struct timer *timer;
};

/* `wake` is called from any thread when there is something to take. */
struct broker *broker_new(
    uint32_t timeout_ms, void (*wake)(void *arg), void *arg);

/* No question may be under way. */
void broker_free(struct broker *b);

/* ---- on the asker's loop ---- */

void broker_ask(
    struct broker *b, struct question *q, const struct topic *topic);

/* Takes the question back; harmless when there is none. */
void broker_leave(struct question *q);

bool broker_is_asking(const struct question *q);

/* How long a question may wait. */
uint32_t broker_timeout_ms(const struct broker *b);

/* Remembers, and tells, that a person has said that a host's key is right,
 * for as long as the fleet lives. */
void broker_vouch(struct broker *b, const char *name, const char *fingerprint);
bool broker_has_vouched(
    struct broker *b, const char *name, const char *fingerprint);

/* ---- on the front end's thread ---- */

/* Takes the next prompt that is new, has changed or was withdrawn. Returns
 * false when there is none. Lent until the next call. */
bool broker_take(struct broker *b, struct muster_prompt *prompt);

/* Answers a prompt; NULL refuses. Returns 0, or -1 as muster_answer(). */
int broker_answer(struct broker *b, uint64_t id, const char *answer,
    struct muster_error *err);

#endif
