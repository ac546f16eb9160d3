/*
 * safe.h -- a key file behind a passphrase, opened once for the whole fleet.
 *
 * Room: engine/ssh.  May touch: base/, crypto/key.h.
 * Shared by all workers; every function may be called from any thread. A
 * passphrase that was given is tried by safe_settle(), on a helper thread;
 * of those who call it at a time one does the work and all wait for it.
 */
#ifndef MUSTER_SSH_SAFE_H
#define MUSTER_SSH_SAFE_H

#include "muster.h"

struct key;
struct safe;
struct secret;

enum safe_state {
	SAFE_LOCKED, /* a passphrase is wanted */
	SAFE_GIVEN,  /* one is there to be tried, or being tried */
	SAFE_OPEN,
	SAFE_SHUT, /* for good */
};

/* With one user. */
struct safe *safe_new(const char *path);
struct safe *safe_ref(struct safe *s);
void safe_free(struct safe *s);

/* The file; lent until safe_free(). */
const char *safe_path(const struct safe *s);

/* Where it stands, when `most` passphrases may be tried. When it is locked,
 * ask(arg, attempt) is called, if not NULL, before anybody else can give the
 * passphrase of that attempt, counted from 1; it calls nothing of here that
 * may wait. */
enum safe_state safe_look(struct safe *s, unsigned most,
    void (*ask)(void *arg, unsigned attempt), void *arg);

/* Why it is SAFE_SHUT. */
void safe_explain(struct safe *s, unsigned most, struct muster_error *why);

/* Brings the passphrase of an attempt; no more than the first one for it is
 * taken. */
void safe_give(struct safe *s, unsigned attempt, const struct secret *pass);

/* Nobody will bring one: `why` is an end of "the passphrase of 'x' ...". */
void safe_shut(struct safe *s, const char *why);

/* Tries what was given, if anything is. Takes a tenth of a second or more:
 * not on a loop. */
void safe_settle(struct safe *s);

/* The key when it is SAFE_OPEN, lent until safe_free(); else NULL. */
struct key *safe_key(struct safe *s);

#endif
