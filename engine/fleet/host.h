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
#include "fleet/brake.h"
#include "fleet/lines.h"
#include "fleet/worker.h"
#include "ssh/become.h"

struct ferry;
struct order;
struct run;

struct shown_key;

struct host {
	/* Fixed before any worker sees it. */
	size_t index;
	char *name;         /* owned; the label, unique */
	char *alias;        /* owned; the name it was added by */
	char *listed;       /* owned; that, or more where it is not enough */
	struct host *first; /* borrowed; this one is the same again */
	unsigned copy;      /* with `first`: the how many-th copy, from 1 */
	unsigned n_copies;  /* without: how many there are besides */
	char *key_name;     /* owned; the name for known_hosts */
	uint16_t key_port;
	char *address; /* owned; what is looked up */
	char *user;    /* owned */
	uint16_t port;
	char *proxy_command;     /* owned; NULL: none */
	char **client;           /* owned; how ssh(1) is called; NULL: not */
	char *client_name;       /* owned; what ssh(1) shall call it */
	char *gate;              /* owned; by what its login is counted, if not
				    by its address */
	struct bastion *bastion; /* borrowed; NULL: none */
	bool becomes;            /* where a command does not say */
	enum become_method become_method;
	char *become_user;             /* owned; NULL: root */
	struct brake *brake;           /* borrowed; of its login name */
	const struct profile *profile; /* borrowed */
	struct worker *worker;         /* borrowed; NULL until first begun */

	/* The front's. */
	bool started;                /* a result is awaited */
	bool waits;                  /* for muster_release() */
	bool is_masking;             /* was told to */
	struct muster_result latest; /* as far as events were taken */
	struct shown_key *shown;     /* owned; the worker's while it is started;
					NULL: none */

	/* Shared. */
	atomic_size_t queued; /* memory of output on its way */
	struct lines_meter meter;

	/* The worker's. */
	TAILQ_ENTRY(host) entry; /* of worker->held or ->pacing */
	TAILQ_ENTRY(host) fed_entry;
	bool held, pacing;
	struct order *order; /* owned; NULL: idle */
	struct session *session;
	struct run *run;     /* owned; the order once it is sent */
	struct ferry *ferry; /* owned; NULL: no copy is under way */
	bool ready;          /* the session is logged in and idle */
	bool kept;           /* the session is one of an earlier order */
	bool placed;         /* has its place in the fan-out */
	bool claims;         /* keeps its bastion in use */
	const char *twin_of; /* borrowed; of the same server, met before */
	bool met;            /* its session was compared with others' */
	bool was_ready;      /* a session has been: another is told of */
	struct passage passage;
	struct ticket place, login;
	struct claim claim, become_claim; /* to the passwords */
	struct timer *retry;
	struct muster_result result;
	struct lines *lines;            /* owned; NULL: none are kept */
	struct recorder_host *recorded; /* owned; sent, and written down */
	size_t record_index;            /* its number in the record */
};

/* Frees an idle host that no worker knows any more. */
void host_clear(struct host *h);

/* Fills in how ssh(1) is called for it, and frees that. */
void fleet_call_openssh(
    const struct muster *m, struct host *h, const struct muster_host *as);
void fleet_forget_openssh(struct host *h);

/* Puts the host in line for the fan-out, once host_begin() was posted. On the
 * front end's thread, so that hosts begin in the order they were asked. */
void host_line_up(struct host *h);

/* ---- on the worker's thread ---- */

/* Gives the host an order (taken over), to begin when its turn comes. */
void host_begin(struct host *h, struct order *order);

void host_cancel(struct host *h, enum muster_cancel how);

/* Answers with a SNAPSHOT event. */
void host_look(struct host *h, const struct muster_look *look);

/* Tells masked lines as well from now on. */
void host_begin_masks(struct host *h);

/* ---- what its ferry says ---- */

/* The server has granted it. */
void host_copy_begins(struct host *h);

/* A line of output of our own. */
void host_say(struct host *h, const char *line);

/* It is over; the ferry is freed. */
void host_copied(struct host *h, const struct session_end *end,
    const struct muster_transfer *transfer);

/* ---- */

/* The pace allows it now. */
void host_connect_now(struct host *h);

/* There is more input for its command. */
void host_feed(struct host *h);

/* For host.c, of host_data.c: as in struct session_events. */
enum session_leave host_may_give_password(
    void *arg, struct secret **password, const char **why);
void host_password_given(void *arg, enum session_given given);
enum session_leave host_may_become(void *arg);
void host_became(void *arg, bool accepted);
void host_note(void *arg, const char *text);

/* Logged in: says so if another host is the same server. */
void host_meet(struct host *h);
long host_input(void *arg, void *dst, size_t size);
void host_input_taken(void *arg, size_t n);

/* ---- its key, of keys.c ---- */

/* As in struct session_events. */
void host_key_shown(void *arg, const struct session_key *key);
void shown_key_free(struct shown_key *k);

/* ---- the end, of host_end.c ---- */

/* A number for each way to end that outputs are told apart by. */
uint32_t host_ending_of(const struct muster_result *r);

/* Gives the result of its order, and lets go of all that was for it: the one
 * place where results are made. */
void host_report(struct host *h, const struct session_end *end);
void host_report_cancelled(struct host *h, const char *text);

/* Leaves all queues but that for the fan-out. */
void host_leave_lines(struct host *h);

void host_let_go_of_output(struct host *h);
void host_let_go_of_order(struct host *h);

/* A host that does nothing needs no bastion. */
void host_let_go_of_bastion(struct host *h);

/* Since its turn came. */
uint32_t host_age_ms(const struct host *h);

/* ---- */

/* Counts output. Returns how much of it is within the limit. */
size_t host_let_through(struct host *h, enum muster_stream stream, size_t len);

/* The front end has caught up; reads on if this host may. */
void host_unhold(struct host *h);

/* Drops the connection and all claims; no RESULT is given. */
void host_drop(struct host *h);

#endif
