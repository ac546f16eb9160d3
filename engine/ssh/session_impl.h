/*
 * session_impl.h -- the inside of a session, for the files of this room.
 *
 * Room: engine/ssh.  May touch: everything of this room.
 *
 *	QUEUED -> RESOLVE -> CONNECT -> BANNER -> KEX -> HOSTKEY -> AUTH
 *	   -> READY <-> (OPEN -> RUNNING)     any -> CLOSING -> CLOSED
 *
 * exec_become.c is what comes before some commands, exec_kill.c the end of
 * others.
 * way.c has CONNECT and what comes and goes on the wire, handshake.c the other
 * steps up to HOSTKEY, auth.c AUTH, exec.c OPEN and RUNNING; session.c the
 * table and the driver.
 */
#ifndef MUSTER_SSH_SESSION_IMPL_H
#define MUSTER_SSH_SESSION_IMPL_H

#include "crypto/digest.h"
#include "ssh/broker.h"
#include "ssh/exec.h"
#include "ssh/heap.h"
#include "ssh/resolve.h"
#include "ssh/session.h"
#include "ssh/tap.h"

#include <sys/queue.h>

struct auth;
struct client;

/* A peer that may be gone (alive.c). */
struct alive {
	struct timer *timer;
	int64_t due_us;        /* when the timer should fire */
	int64_t heard_us;      /* when it last was there for certain */
	uint64_t n_in;         /* tap.n_in then */
	unsigned n_unanswered; /* questions */
	bool asking;           /* the latest waits for its answer */
};

struct session {
	struct heap heap; /* first: libssh2's abstract pointer is to it */
	struct tap tap;
	LIBSSH2_SESSION *ssh; /* owned; NULL before the banner */
	const struct session_env *env;
	struct session_target target;
	const struct session_events *events;
	void *arg;

	enum muster_state state;
	bool over;   /* ended: no callback any more */
	bool freed;  /* session_free() was called */
	bool driven; /* inside drive() */
	bool queued; /* drive() is queued */
	bool held;
	bool served;      /* a command has finished on it */
	bool told_served; /* a channel was answered: events->served */
	bool may_connect;
	bool asked;             /* may_connect was asked */
	bool left;              /* the server sent SSH_MSG_DISCONNECT */
	char goodbye[96];       /* its reason, clean */
	bool unproven;          /* let in before we proved who we are */
	bool told_unasked;      /* of a channel that the server opened */
	int64_t since_us;       /* when the state was entered */
	struct timer *deadline; /* of the state */
	struct timer *after;    /* kill steps, linger */
	struct timer *idle;     /* a command that does nothing */
	struct timer *stall;    /* a peer that does not read */
	uint64_t sent_then;     /* tap.n_out when `stall` was set */
	struct alive alive;

	/* What came in the second at hand (guard.c). */
	int64_t noise_since_us;
	uint64_t noise_in, noise_useful;
	uint64_t n_useful; /* bytes of output delivered, all commands */

	enum muster_outcome asked_kill; /* of session_kill() */
	const char *asked_why;          /* borrowed */

	int fd;
	struct watch *watch;
	struct resolve *resolve; /* under way */
	struct dial *dial;       /* under way */
	struct proxy *proxy;     /* owned; behind fd */
	bool way_ending;         /* the proxy has closed its end */
	struct leg *leg;         /* owned; in place of fd */
	char *way_end;           /* owned; how proxy or leg ended */
	TAILQ_HEAD(, leg) legs;  /* channels that are others' wires */
	struct leg *opening;     /* the one of them that is not open yet */
	TAILQ_HEAD(, forward) forwards; /* channels to the user's agent */
	TAILQ_HEAD(, stream) streams;   /* beside the command */
	struct address addresses[RESOLVE_MAX_ADDRESSES];
	size_t n_addresses;

	char peer[ADDRESS_TEXT_MAX];   /* dialled; "" when somebody else did */
	struct knownhosts_host *known; /* owned; the lines for the target */
	char hostkey[DIGEST_FINGERPRINT_BYTES]; /* let in with */
	unsigned n_kexinits;   /* of the heap, when it was looked at */
	struct job *finding;   /* of `known`, on a helper thread */
	struct job *accepting; /* a new key, on a helper thread */
	bool accepted;
	struct question question; /* to that person */
	struct auth *auth;        /* owned; in AUTH only */
	struct client *client;    /* owned; ssh(1), while a command runs */
	struct exec exec;
};

/* The steps of the states; exec.h has those of a command. */
enum next step_resolve(struct session *s);
enum next step_connect(struct session *s);
enum next step_banner(struct session *s);
enum next step_kex(struct session *s);
enum next step_hostkey(struct session *s);
enum next step_auth(struct session *s);

/* Ends the session with an outcome and a formatted, clean text. Returns
 * FAILED. */
enum next session_fail(struct session *s, enum muster_outcome outcome,
    const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* Ends the session because the connection is gone or libssh2 gave up: finds
 * the outcome for the state. `doing` says what was going on. */
enum next session_fail_io(struct session *s, const char *doing);

/* Whether the peer went over a ceiling; the session has failed then. */
bool guard_trips(struct session *s);

/* Keeps an eye on a peer that does not read what we send. */
void guard_watch(struct session *s);

/* The timer `stall` fired. */
void guard_stall(struct session *s);

/* From the login on: a silent peer is asked whether it is there. */
void alive_start(struct session *s);

/* The timer of `alive` fired. */
void alive_check(struct session *s);

/* A channel is being opened as the question: no other may be, until
 * alive_ask(), which each step begins with then, has its answer. */
bool alive_is_asking(const struct session *s);
void alive_ask(struct session *s);

/* Sends and asks for what the wire takes and has by now. */
void way_settle(struct session *s);

/* Cuts the wire. */
void way_drop(struct session *s);

/* The time that the state has begins now. */
void session_start_deadline(struct session *s);

/* Runs the steps soon, from the loop. Any callback of this room may ask. */
void session_poke(struct session *s);

/* As session_poke, with the type of a callback. */
void session_poke_arg(void *s);

/* Runs the steps now; only from the loop itself. */
void session_drive(struct session *s);

/* Frees what AUTH needed; harmless without. */
void auth_free(struct auth *a);

/* trust.c: what known_hosts says. trust_begin() starts looking for the
 * target's lines, trust_is_ready() tells whether they are found,
 * trust_drop() forgets them. trust_is_broken() ends a session whose server
 * has shown another key since. */
void trust_begin(struct session *s);
bool trust_is_ready(const struct session *s);
void trust_drop(struct session *s);
bool trust_is_broken(struct session *s);

#endif
