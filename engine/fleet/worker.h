/*
 * worker.h -- a thread with a loop, and the hosts that belong to it.
 *
 * Room: engine/fleet.  May touch: base/, ssh/, queue.h, admission.h.
 * A host belongs to one worker for life; what is inside a host or a session
 * is touched by its worker's thread only.
 */
#ifndef MUSTER_FLEET_WORKER_H
#define MUSTER_FLEET_WORKER_H

#include "fleet/failures.h"
#include "fleet/queue.h"
#include "fleet/store.h"
#include "ssh/session.h"

#include <pthread.h>

struct admission;
struct agree;
struct broker;
struct host;
struct profile;
struct recorder;
struct recorder_lane;
struct twins;

/* What all workers of a fleet share; borrowed by each. */
struct fleet_env {
	const struct muster_options *options;
	struct pool *pool;
	struct pool *names; /* for looking them up: they may take long */
	struct admission *admission;
	struct broker *broker; /* NULL: nothing is asked */
	struct brake *become_brake;
	const struct secret *become_password; /* NULL: none */
	struct queue *queue;
	struct recorder *recorder; /* NULL: nothing is written down */
	struct agree *agree;       /* NULL without options.keep_lines */
	struct failures failures;
	struct twins *twins; /* owned by the fleet */
	atomic_bool want_states;
	atomic_uint transfer_ms; /* between TRANSFER events; 0: none */
	atomic_size_t n_held;    /* hosts whose output waits for the front */
};

struct worker {
	struct fleet_env *env;             /* borrowed */
	struct loop *loop;                 /* owned */
	struct session_env **session_envs; /* owned; one a profile in use */
	size_t n_session_envs;
	pthread_t thread;
	struct parcels outbox;   /* events of this round */
	bool flushing;           /* the outbox will be flushed */
	struct store_pool lines; /* memory for the lines of its hosts */
	TAILQ_HEAD(, host) fed;  /* whose commands take more input */
	atomic_bool feeding;     /* they will be told */
	unsigned index;
	struct recorder_lane *lane; /* owned; NULL without a record */
	struct timer *sync_timer;   /* owned; NULL likewise */
	TAILQ_HEAD(, host) held;
	atomic_bool unholding; /* worker_unhold() was asked for */
	/* Connections begun in the 100 ms since: the pace. */
	int64_t pace_since_us;
	unsigned pace_n;
	unsigned pace_limit;
	struct timer *pace_timer;
	TAILQ_HEAD(, host) pacing; /* may connect, but not just now */
};

/* Makes worker `index` of `n_workers` and starts its thread.
 * NULL: MUSTER_ERR_SYSTEM. */
struct worker *worker_new(struct fleet_env *env, unsigned index,
    unsigned n_workers, struct muster_error *err);

/* Stops the thread and frees the worker; its hosts must be idle. */
void worker_free(struct worker *w);

/* ---- on the worker's thread ---- */

/* Sends an event to the front end, at the end of the round. */
void worker_emit(struct worker *w, struct parcel *p);

/* What the sessions of hosts with that profile share here. */
const struct session_env *worker_session_env(
    struct worker *w, const struct profile *profile);

/* Whether one more connection may begin now; if not, the host is told by
 * host_connect_now() when it may. */
bool worker_pace(struct worker *w, struct host *h);

/* ---- from any thread ---- */

/* Tells hosts that wait for input that there is more. */
void worker_ask_feed(struct worker *w);

/* Looks which held hosts may go on. */
void worker_ask_unhold(struct worker *w);

#endif
