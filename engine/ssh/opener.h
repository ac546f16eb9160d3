/*
 * opener.h -- has a key file opened for the sessions of one loop.
 *
 * Room: engine/ssh.  May touch: base/, safe.h, broker.h, pool.h, loop.h.
 * A person is asked for the passphrase, and what they say is tried on a
 * helper thread, as often as it may be wrong.
 */
#ifndef MUSTER_SSH_OPENER_H
#define MUSTER_SSH_OPENER_H

#include "ssh/safe.h"

struct broker;
struct loop;
struct opener;
struct pool;

/* All borrowed. */
struct opener_setup {
	struct loop *loop;
	struct pool *pool;
	struct broker *broker;
	unsigned most; /* passphrases that may be tried */
};

/* `safe` gets one more user. */
struct opener *opener_new(const struct opener_setup *setup, struct safe *safe);
void opener_free(struct opener *o);

/* The key, lent; NULL with *is_shut when there will be none, and *why. */
struct key *opener_key(
    struct opener *o, bool *is_shut, struct muster_error *why);

/* Begins unless it is under way; wake(arg) is called when opener_key() has
 * something to say, unless opener_leave(arg) comes first. */
void opener_wait(struct opener *o, void (*wake)(void *arg), void *arg);
void opener_leave(struct opener *o, const void *arg);

#endif
