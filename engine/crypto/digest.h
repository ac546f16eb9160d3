/*
 * digest.h -- hashes of short texts, fingerprints, random bytes.
 *
 * Room: engine/crypto.  May touch: base/, OpenSSL.
 * All functions may be called from any thread; none takes a lock.
 */
#ifndef MUSTER_CRYPTO_DIGEST_H
#define MUSTER_CRYPTO_DIGEST_H

#include <stddef.h>
#include <stdint.h>

struct muster_error;

#define DIGEST_SHA1_BYTES 20
#define DIGEST_SHA256_BYTES 32
#define DIGEST_SHA512_BYTES 64

void digest_sha1(const void *data, size_t len, uint8_t out[DIGEST_SHA1_BYTES]);
void digest_sha256(
    const void *data, size_t len, uint8_t out[DIGEST_SHA256_BYTES]);
void digest_sha512(
    const void *data, size_t len, uint8_t out[DIGEST_SHA512_BYTES]);

/* The SHA-256 of bytes that come in pieces. Plain data: it may be copied, and
 * needs no freeing. */
struct digest_sum {
	uint64_t state[14]; /* OpenSSL's */
};

void digest_sum_init(struct digest_sum *s);
void digest_sum_add(struct digest_sum *s, const void *data, size_t len);

/* The digest so far; more may be added after. */
void digest_sum_value(
    const struct digest_sum *s, uint8_t out[DIGEST_SHA256_BYTES]);

/* The key of an HMAC-SHA1 (RFC 2104), both its blocks hashed in advance:
 * known_hosts asks one short text of thousands of keys. */
struct digest_hmac {
	uint32_t inner[5];
	uint32_t outer[5];
};

void digest_hmac_init(struct digest_hmac *h, const void *key, size_t len);

void digest_hmac(const struct digest_hmac *h, const void *data, size_t len,
    uint8_t out[DIGEST_SHA1_BYTES]);

/* "SHA256:" and 43 characters, as ssh-keygen -l shows a key. */
#define DIGEST_FINGERPRINT_BYTES 51 /* with the NUL */

/* The fingerprint of a public key blob (RFC 4253 s. 6.6). */
void digest_fingerprint(
    const void *blob, size_t len, char out[DIGEST_FINGERPRINT_BYTES]);

/* Fills `data` with bytes nobody can guess.
 * Returns 0, or -1: MUSTER_ERR_SYSTEM. */
int digest_random(void *data, size_t len, struct muster_error *err);

#endif
