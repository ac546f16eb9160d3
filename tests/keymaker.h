/*
 * keymaker.h -- keys of every type, made by ssh-keygen for a test.
 *
 * Room: tests.  May touch: engine/crypto, tests/scratch.h.
 */
#ifndef MUSTER_TESTS_KEYMAKER_H
#define MUSTER_TESTS_KEYMAKER_H

#include <stdbool.h>

#define KEYMAKER_N_TYPES 5

/* ed25519, ecdsa 256, 384, 521, rsa. */
extern const struct keymaker_type {
	const char *name;
	const char *options;   /* of ssh-keygen */
	const char *algorithm; /* the best it signs with */
} keymaker_types[KEYMAKER_N_TYPES];

/* A passphrase that the caller frees. */
struct secret *keymaker_passphrase(const char *text);

/* Makes the files `path` and path.pub; the passphrase may be "". The test
 * fails when that fails. */
void keymaker_make(const char *path, const char *options, const char *phrase);

/* Reads the private key `path`; the test fails when that fails. */
struct key *keymaker_read(const char *path, const char *phrase);

#endif
