/*
 * host.h -- one host of the fleet: its place in line, its session, its end.
 *
 * Room: engine/fleet.  May touch: base/, ssh/, worker.h, admission.h.
 *
 *	idle -> waits for the fan-out -> session (with retries) -> result
 *
 * Every host that was begun gives exactly one RESULT, whatever happens.
 */
#ifndef MUSTER_FLEET_HOST_H
#define MUSTER_FLEET_HOST_H

#include "fleet/admission.h"
#include "fleet/bastion.h"
#include "fleet/worker.h"

/* A command, shared by the hosts that run it. */
struct order {
	atomic_size_t n_users;
	struct session_command command; /* owns its memory */
	uint32_t no; /* in the record */
};

struct order *order_new(const struct muster_command *command);
struct order *order_ref(struct order *o);
void order_free(struct order *o);

struct host {
	/* Fixed before any worker sees it. */
	size_t index;
	char *name;     /* owned; the label, unique */
	char *alias;    /* owned; the name it was added by */
	char *listed;   /* owned; that, or more where it is not enough */
	char *key_name; /* owned; the name for known_hosts */
	uint16_t key_port;
	char *address; /* owned; what is looked up */
	char *user;    /* owned */
	uint16_t port;
	char *proxy_command;     /* owned; NULL: none */
	char *gate;              /* owned; by what its login is counted, if not
				    by its address */
	struct bastion *bastion; /* borrowed; NULL: none */
	const struct profile *profile; /* borrowed */
	struct worker *worker;         /* borrowed; NULL until first begun */

	/* The front's. */
	bool started;                /* a result is awaited */
	struct muster_result latest; /* as far as events were taken */

	/* Shared. */
	atomic_size_t queued; /* memory of output on its way */

	/* The worker's. */
	TAILQ_ENTRY(host) entry; /* of worker->held or ->pacing */
	bool held, pacing;
	struct order *order; /* owned; NULL: idle */
	struct session *session;
	bool ready;  /* the session is logged in and idle */
	bool kept;   /* the session is one of an earlier order */
	bool placed; /* has its place in the fan-out */
	bool claims; /* keeps its bastion in use */
	struct passage passage;
	struct ticket place, login, secret;
	struct timer *retry;
	struct muster_result result;
	struct lines *lines; /* owned; NULL: none are kept */
	struct recorder_host *recorded; /* owned; sent, and written down */
};

/* Frees an idle host that no worker knows any more. */
void host_clear(struct host *h);

/* Puts the host in line for the fan-out, once host_begin() was posted. On the
 * front end's thread, so that hosts begin in the order they were asked. */
void host_line_up(struct host *h);

/* ---- on the worker's thread ---- */

/* Gives the host an order (taken over), to begin when its turn comes. */
void host_begin(struct host *h, struct order *order);

void host_cancel(struct host *h, enum muster_cancel how);

/* Answers with a SNAPSHOT event: the last `n` lines. */
void host_snapshot(struct host *h, size_t n);

/* The pace allows it now. */
void host_connect_now(struct host *h);

/* The front end has caught up; reads on if this host may. */
void host_unhold(struct host *h);

/* Drops the connection and all claims; no RESULT is given. */
void host_drop(struct host *h);

#endif
