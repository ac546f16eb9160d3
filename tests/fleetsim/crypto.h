/*
 * crypto.h -- the algorithms fleetsim speaks, fetched once.
 *
 * Room: tests/fleetsim.  May touch: base/, <openssl/...>.
 */
#ifndef FLEETSIM_CRYPTO_H
#define FLEETSIM_CRYPTO_H

#include "base/buf.h"

#include <openssl/evp.h>

#include <stdbool.h>
#include <stddef.h>

#define SIM_HASH_BYTES 32 /* SHA-256, the hash of every key exchange here */

enum { SIM_N_CIPHERS = 4, SIM_N_MACS = 4 };

struct cipher_alg {
	const char *name; /* RFC 4253 s. 6.3, RFC 4344, OpenSSH's gcm names */
	const char *evp;
	size_t key_len;
	size_t iv_len;
	size_t tag_len; /* 0: not an AEAD, so that a MAC is needed */
};

struct mac_alg {
	const char *name; /* RFC 6668, and OpenSSH's -etm forms */
	char digest[8];
	size_t len; /* of key and tag */
	bool etm;   /* the MAC is over the ciphertext */
};

extern const struct cipher_alg sim_ciphers[SIM_N_CIPHERS];
extern const struct mac_alg sim_macs[SIM_N_MACS];

/* What OpenSSL should not look up again for each of 10,000 sessions. */
struct crypto {
	EVP_MD *sha256;                     /* owned */
	EVP_MAC *hmac;                      /* owned */
	EVP_CIPHER *ciphers[SIM_N_CIPHERS]; /* owned, as sim_ciphers[] */
};

/* Fills in `c`. Returns false when this OpenSSL lacks something. */
bool sim_crypto_init(struct crypto *c);
void sim_crypto_clear(struct crypto *c);

/* The entry of that name (`len` bytes), or NULL. */
const struct cipher_alg *sim_cipher_find(const char *name, size_t len);
const struct mac_alg *sim_mac_find(const char *name, size_t len);

/* Adds a non-negative integer of `len` big-endian bytes as an mpint
 * (RFC 4251 s. 5). False over the buffer's ceiling. */
bool sim_add_mpint(struct buf *b, const void *data, size_t len);

/* Picks the first name of the client's list that the server's has too
 * (RFC 4253 s. 7.1). Returns its length with *name in `client`, or 0. */
size_t sim_choose(
    const char *client, size_t len, const char *server, const char **name);

/* Whether `list` (`len` bytes, comma-separated) has `name`. */
bool sim_list_has(const char *list, size_t len, const char *name, size_t n);

/* Writes the 2 * `len` hexadecimal digits and a NUL to `dst`. */
void sim_hex(char *dst, const uint8_t *data, size_t len);

#endif
