/*
 * brake.h -- a password for many hosts, and no account locked out.
 *
 * Room: engine/fleet.  May touch: base/, ssh/, admission.h.
 * One for each login name. A password is tried on one host at a time until
 * one has taken it; then on all. When three have refused it and none has
 * taken it, it is given to no other. With a person to ask, the password is
 * asked for when the first host wants it, and again after each refusal, until
 * one has been taken. No host is given the same one twice. Shared by all
 * workers.
 */
#ifndef MUSTER_FLEET_BRAKE_H
#define MUSTER_FLEET_BRAKE_H

#include "fleet/admission.h"
#include "ssh/broker.h"
#include "ssh/session.h"

struct brake;

#define BRAKE_TRIES 8 /* passwords given to a host in all */

/* What one host has to do with it. Zeroed, then the first part set. */
struct claim {
	struct brake *brake;        /* borrowed */
	struct loop *loop;          /* borrowed */
	void (*proceed)(void *arg); /* asks again now */
	void *arg;
	size_t host;      /* MUSTER_NOWHERE: a bastion */
	const char *name; /* borrowed; of the host */
	/* The brake's. */
	struct ticket ticket;
	struct question question;
	unsigned asked_for;                /* which password, counted */
	const char *given_up;              /* why none is wanted any more */
	struct secret *tried[BRAKE_TRIES]; /* counted; refused here */
	unsigned n_tried;
};

/* `user` names whose password it is; `password` is counted, or NULL for one
 * that must be asked for; so is `broker` NULL, with nobody to ask. */
struct brake *brake_new(
    const char *user, const struct secret *password, struct broker *broker);
void brake_free(struct brake *b);

/* As session_events.may_give_password. After SESSION_WAIT proceed(arg) is
 * called on the loop, and it asks again. `most` is how many passwords a host
 * is given at most. */
enum session_leave brake_ask(
    struct claim *c, unsigned most, struct secret **password, const char **why);

/* Tells what became of the password that was given. In doubt, the host may
 * have it again where another one has taken it; else it is asked for anew,
 * and may be the same. */
void brake_tell(struct claim *c, enum session_given given);

/* Leaves the line and takes the question back; what was refused here is
 * remembered until brake_forget(). */
void brake_leave(struct claim *c);
void brake_forget(struct claim *c);

#endif
