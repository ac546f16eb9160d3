/*
 * auth.h -- the inside of the AUTH step.
 *
 * Room: engine/ssh.  May touch: this room, base/.
 */
#ifndef MUSTER_SSH_AUTH_H
#define MUSTER_SSH_AUTH_H

#include "base/buf.h"
#include "ssh/session_impl.h"

struct signing;
struct talk;

/* The longest thing to sign: session id, user, algorithm and blob. */
#define AUTH_SIGNED_MAX (64 * 1024)

/* Passwords given and steps taken of one login, in all. */
#define AUTH_STEPS_MAX 12

struct auth {
	struct session *session; /* borrowed */
	/* Keys. */
	unsigned n_steps;
	size_t next;   /* identity to offer */
	bool offering; /* libssh2 is at work with it */
	unsigned n_offered;
	struct buf blob; /* as it is offered */
	struct buf signature;
	struct signing *signing; /* under way */
	enum { SIGN_IDLE, SIGN_WAIT, SIGN_DONE, SIGN_FAILED } sign;
	bool unlocking;   /* the passphrase is being asked for */
	bool sign_failed; /* for one key or more; `why` */
	struct muster_error why;
	bool skipped_key;         /* PubkeyAcceptedAlgorithms has it not */
	bool skipped_token;       /* a security key; likewise */
	bool skipped_rsa;         /* a key that this libssh2 cannot use here */
	bool skipped_certificate; /* likewise */
	bool broken;              /* an answer that is none came */
	bool asked_none;          /* what the server takes, or gives away */
	bool at_last;             /* the same, with nothing left to try */
	/* The password. */
	struct secret *password; /* counted; under way */
	bool asking;             /* libssh2 is at work with it */
	bool interactive;        /* by keyboard-interactive */
	bool answered;           /* this one was given; never twice to a host */
	bool asked_more;         /* for something else than the password */
	bool refused;            /* one was */
	bool denied;             /* answers other than a password were */
	struct talk *talk;       /* owned; with a person to ask */
	unsigned n_talks;        /* begun */
	unsigned n_before;       /* failures before this one was given */
	const char *withheld;    /* why none was given; NULL: not so */
};

/* Whether the server takes a method, as far as it said. */
bool auth_accepts(const struct session *s, const char *method);

/* Offers the next key. FORWARD: logged in; AGAIN; FAILED: no key is left to
 * offer, or the connection broke (tap.eof). */
enum next auth_offer_keys(struct session *s);

/* Gives a password by the method that the server takes. FORWARD: logged in,
 * or a step nearer: look what the server takes now; AGAIN; FAILED: refused,
 * of no use here, or the connection broke. */
enum next auth_give_password(struct session *s);

/* The server said yes before it could know who we are: that is told, and no
 * password for another user is given to it. */
void auth_note_unproven(struct session *s);

/* What came of a password or of answers: `rc` is libssh2's. */
enum next auth_conclude(struct session *s, int rc);

/* auth_talk.c: answers the server's questions, with a person to ask. As
 * auth_give_password(). */
enum next auth_talk(struct session *s);

/* The same with nobody to ask, as libssh2's own call: gives auth->password. */
int auth_interact(struct session *s);
void auth_talk_free(struct talk *t);

#endif
