/*
 * keycipher.h -- the ciphers of openssh-key-v1 files.
 *
 * Room: engine/crypto, and not used outside.  May touch: OpenSSL.
 */
#ifndef MUSTER_CRYPTO_KEYCIPHER_H
#define MUSTER_CRYPTO_KEYCIPHER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define KEYCIPHER_SECRET_MAX 80 /* bytes of key and IV together */

struct keycipher {
	const char *name; /* in the file */
	const char *evp;  /* in OpenSSL; NULL: none, or written out here */
	size_t key_len;   /* bytes */
	size_t iv_len;
	size_t block; /* what the text is padded to a multiple of */
	size_t tag;   /* bytes behind the text that prove it, or 0 */
};

/* The cipher called `name`, or NULL. Static. */
const struct keycipher *keycipher_find(const char *name);

/* Decrypts `len` bytes at `text` in place, with the tag behind them;
 * `secret` is the key and then the IV. Returns false when the tag is wrong
 * (the passphrase, that is), or the library has no such cipher. */
bool keycipher_open(const struct keycipher *c, const uint8_t *secret,
    uint8_t *text, size_t len);

#endif
