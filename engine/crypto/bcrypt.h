/*
 * bcrypt.h -- the slow hash that guards passphrases of OpenSSH's key files.
 *
 * Room: engine/crypto.  May touch: base/, crypto/digest.h.
 * bcrypt_pbkdf: PBKDF2 (RFC 8018) with bcrypt over SHA-512 as its function,
 * and the bytes of the blocks interleaved. A round takes some ten
 * milliseconds, on purpose.
 */
#ifndef MUSTER_CRYPTO_BCRYPT_H
#define MUSTER_CRYPTO_BCRYPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BCRYPT_SALT_MAX 1024 /* bytes */
#define BCRYPT_KEY_MAX 1024  /* bytes */

struct bcrypt {
	const void *pass; /* borrowed */
	size_t pass_len;
	const void *salt; /* borrowed */
	size_t salt_len;
	uint32_t rounds;
};

/* Fills `key` with `len` bytes derived from `in`. Returns false when a
 * length or the rounds are 0 or a length is over its maximum. */
bool bcrypt_derive(const struct bcrypt *in, uint8_t *key, size_t len);

#endif
