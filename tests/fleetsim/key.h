/*
 * key.h -- host keys that sign, and user keys whose signatures are checked.
 *
 * Room: tests/fleetsim.  May touch: base/, crypto.h, <openssl/...>.
 */
#ifndef FLEETSIM_KEY_H
#define FLEETSIM_KEY_H

#include "crypto.h"

enum key_type { KEY_ED25519, KEY_ECDSA, KEY_RSA, N_KEY_TYPES };

/* A key pair made at start. */
struct host_key {
	enum key_type type;
	EVP_PKEY *pkey; /* owned */
	uint8_t *blob;  /* owned; the public key, RFC 4253 s. 6.6 */
	size_t len;
};

/* "ed25519", "ecdsa", "rsa" to a type; false for another word. */
bool sim_key_type(const char *word, size_t len, enum key_type *type);

/* The name in a public key's blob, and the signature algorithms that a
 * server with such a key offers (comma-separated). */
const char *sim_key_name(enum key_type type);
const char *sim_key_algorithms(enum key_type type);

/* Makes a key pair (RSA: 2048 bits). NULL when OpenSSL fails. */
struct host_key *sim_key_new(enum key_type type);
struct host_key *sim_key_dup(const struct host_key *key);
void sim_key_free(struct host_key *key);

/* Adds a signature blob over `data` made with `algorithm` ("ssh-ed25519",
 * "ecdsa-sha2-nistp256", "rsa-sha2-256", "rsa-sha2-512") to `out`. */
bool sim_key_sign(const struct host_key *key, const char *algorithm,
    const uint8_t *data, size_t len, struct buf *out);

/* Puts the public key `blob` in one form: an RSA blob that names rsa-sha2-*
 * inside is the same key as one that says ssh-rsa, to OpenSSH too. The
 * result is added to `out`; false for what is no key this server knows. */
bool sim_key_normal(const uint8_t *blob, size_t len, struct buf *out);

/* Whether `sig` (a signature blob) over `data` was made with the private
 * half of `blob`, by `algorithm`. */
bool sim_key_verify(struct rd blob, const char *algorithm, struct rd sig,
    const uint8_t *data, size_t len);

#endif
