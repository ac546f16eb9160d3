/*
 * keyring.h -- the user's key files, read once for the whole fleet.
 *
 * Room: engine/ssh.  May touch: base/, crypto/key.h, muster.h.
 * A keyring does not change after loading; every worker reads it.
 */
#ifndef MUSTER_SSH_KEYRING_H
#define MUSTER_SSH_KEYRING_H

#include "crypto/key.h"
#include "muster.h"

struct keyring;

/* A key file. The private half is NULL when the file wants a passphrase;
 * then an agent may still hold it. */
struct keyring_entry {
	char *path; /* owned */
	struct key_public public;
	struct key *key; /* owned, or NULL */
	bool chosen;     /* named by the user, not a default */
};

/* Reads options->identities, or ssh(1)'s default files where there are
 * any. Errors: MUSTER_ERR_FILE or MUSTER_ERR_KEY for a file that was named
 * and cannot be used, MUSTER_ERR_PASSPHRASE for one that is encrypted when
 * no agent could hold it. Returns NULL on error. */
struct keyring *keyring_load(
    const struct muster_options *options, struct muster_error *err);
void keyring_free(struct keyring *k);

size_t keyring_n(const struct keyring *k);
const struct keyring_entry *keyring_at(const struct keyring *k, size_t i);

#endif
