/*
 * bastion.h -- a way station (ssh_config(5) ProxyJump) that hosts share.
 *
 * Room: engine/fleet.  May touch: base/, ssh/, worker.h.
 * One login serves all hosts behind it: the channels to them are opened one
 * at a time, in the order they were asked for. Only where an opening takes
 * long, as to a host that does not answer, another login takes over the
 * others, up to LIMIT_BASTION_LOGINS. All that stands behind one belongs to
 * the worker of the first in the chain.
 */
#ifndef MUSTER_FLEET_BASTION_H
#define MUSTER_FLEET_BASTION_H

#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

struct gangway;
struct profile;
struct brake;
struct session;
struct timer;
struct worker;

/* Somebody who wants through. Zeroed, then granted, refused and arg set. */
struct passage {
	TAILQ_ENTRY(passage) entry;
	struct bastion *waits_at; /* NULL: it does not wait */
	/* A session for session_proceed_through(). */
	void (*granted)(void *arg, struct session *through);
	/* There is none, because of `text`. */
	void (*refused)(void *arg, const char *text);
	void *arg;
};

struct bastion {
	/* Fixed before any worker sees it. */
	size_t index;
	char *name;    /* owned; as the jump has it */
	char *address; /* owned */
	char *user;    /* owned */
	uint16_t port;
	char *key_name; /* owned; the name for known_hosts */
	uint16_t key_port;
	char *proxy_command;           /* owned; NULL: none */
	const struct profile *profile; /* borrowed */
	struct brake *brake;   /* owned; for its password, which a person is
				  asked for; NULL: nobody to ask */
	struct bastion *via;   /* borrowed; NULL: none before it */
	struct worker *worker; /* borrowed; NULL until first begun */

	/* The worker's. */
	TAILQ_HEAD(, gangway) gangways;
	size_t n_gangways;
	TAILQ_HEAD(, passage) line;
	size_t n_users;
	unsigned attempts;
	struct timer *idle;  /* nobody uses it */
	struct timer *retry; /* the login failed for a cause that passes */
	struct timer *slow;  /* an opening takes long */
};

/* Frees one that no worker knows any more. */
void bastion_free(struct bastion *b);

/* ---- on the worker's thread ---- */

/* Somebody may want through, until bastion_release(): the login is kept. */
void bastion_claim(struct bastion *b);
void bastion_release(struct bastion *b);

/* Stands in line: granted or refused is called, from the loop. */
void bastion_ask(struct bastion *b, struct passage *p);

/* Leaves the line; harmless when not in it. */
void passage_leave(struct passage *p);

/* Drops the logins and what they carry. */
void bastion_drop(struct bastion *b);

#endif
