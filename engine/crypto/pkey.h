/*
 * pkey.h -- OpenSSL's keys from numbers, and their public blobs.
 *
 * Room: engine/crypto, and not used outside.  May touch: base/, OpenSSL.
 */
#ifndef MUSTER_CRYPTO_PKEY_H
#define MUSTER_CRYPTO_PKEY_H

#include <stdbool.h>

#include <openssl/types.h>

struct buf;
struct muster_error;
struct rd;

/* The name RFC 4253 and its successors have for the type of a key, or NULL
 * when it is none that signs here. Static. */
const char *pkey_type(const EVP_PKEY *pkey);

/* Adds the public blob of RFC 4253 s. 6.6.
 * Returns 0, or -1: MUSTER_ERR_KEY (a type or size that is not used). */
int pkey_add_blob(
    const EVP_PKEY *pkey, struct buf *out, struct muster_error *err);

/* Adds a number as an mpint of RFC 4251 s. 5. Returns false when it is over
 * 16384 bits, or over the ceiling of `out`. */
bool pkey_add_number(struct buf *out, const BIGNUM *n);

/* Reads the private numbers of a key of `type` as openssh-key-v1 has them,
 * up to the comment. Returns a key that is the caller's, or NULL:
 * MUSTER_ERR_KEY. */
EVP_PKEY *pkey_read(const char *type, struct rd *r, struct muster_error *err);

#endif
