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

struct safe;

/* A key file. The private half is NULL when the file wants a passphrase;
 * then an agent may still hold it, or a person may be asked. */
struct keyring_entry {
	char *path;               /* owned */
	struct key_public public; /* its blob is NULL when only the private
				     half has it, in a safe */
	struct key *key;          /* owned, or NULL */
	struct safe *safe; /* counted; NULL: no passphrase is asked for */
	bool chosen;       /* named by the user, not a default */
	/* Of a certificate: the public half of the key that signs; else its
	 * blob is NULL. */
	struct key_public signer;
};

/* Which files, all borrowed. */
struct keyring_files {
	const char *const *required; /* that the user named for this run */
	size_t n_required;
	const char *const *wished; /* of ssh_config: used if they can be */
	size_t n_wished;
	bool wished_are_defaults; /* nobody named them */
	bool has_agent;           /* that may hold what wants a passphrase */
	bool can_ask;             /* a person for the passphrases */
	const char *const *certificates; /* of ssh_config */
	size_t n_certificates;
};

/* Reads the files. Those that are wished and missing, or no use, are passed
 * over, as by ssh(1). Certificates that are of one of the keys, and those
 * beside them (KEY-cert.pub), come before the keys. Errors, of those required:
 * MUSTER_ERR_FILE or MUSTER_ERR_KEY, MUSTER_ERR_PASSPHRASE when each is
 * encrypted, no agent could hold one and nobody can be asked. Returns NULL on
 * error. */
struct keyring *keyring_load(
    const struct keyring_files *files, struct muster_error *err);
void keyring_free(struct keyring *k);

size_t keyring_n(const struct keyring *k);
const struct keyring_entry *keyring_at(const struct keyring *k, size_t i);

/* Why the first file that was named and cannot be read, or wants a
 * passphrase, is no use; NULL when there is none. */
const char *keyring_locked_out(const struct keyring *k);

#endif
