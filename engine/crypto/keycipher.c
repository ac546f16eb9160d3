/*
 * keycipher.c -- the ciphers of openssh-key-v1 files.
 *
 * Room: engine/crypto.  May touch: OpenSSL.
 * OpenSSL's own, and chacha20-poly1305@openssh.com (PROTOCOL.chacha20poly1305
 * of OpenSSH): D. J. Bernstein's ChaCha20 with a 64-bit counter and, as the
 * nonce, the packet number, which is 0 in a file. Block 0 of the key stream
 * is the key of Poly1305 over the ciphertext; the text begins at block 1.
 */
#include "config.h"

#include "base/secret.h"
#include "crypto/keycipher.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <limits.h>
#include <string.h>

#define POLY1305_KEY 32
#define POLY1305_TAG 16

/* clang-format off */
static const struct keycipher ciphers[] = {
	{ "none", NULL, 0, 0, 8, 0 },
	{ "aes256-ctr", "AES-256-CTR", 32, 16, 16, 0 },
	{ "aes192-ctr", "AES-192-CTR", 24, 16, 16, 0 },
	{ "aes128-ctr", "AES-128-CTR", 16, 16, 16, 0 },
	{ "aes256-cbc", "AES-256-CBC", 32, 16, 16, 0 },
	{ "aes192-cbc", "AES-192-CBC", 24, 16, 16, 0 },
	{ "aes128-cbc", "AES-128-CBC", 16, 16, 16, 0 },
	{ "aes256-gcm@openssh.com", "AES-256-GCM", 32, 12, 16, 16 },
	{ "aes128-gcm@openssh.com", "AES-128-GCM", 16, 12, 16, 16 },
	{ "chacha20-poly1305@openssh.com", NULL, 64, 0, 8, POLY1305_TAG },
	{ "3des-cbc", "DES-EDE3-CBC", 24, 8, 8, 0 },
};
/* clang-format on */

const struct keycipher *
keycipher_find(const char *name)
{
	for (size_t i = 0; i < sizeof(ciphers) / sizeof(ciphers[0]); i++)
		if (strcmp(ciphers[i].name, name) == 0)
			return &ciphers[i];
	return NULL;
}

static bool
run_evp(
    const struct keycipher *c, const uint8_t *secret, uint8_t *text, size_t len)
{
	EVP_CIPHER *cipher = EVP_CIPHER_fetch(NULL, c->evp, NULL);
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	int n = 0, rest = 0;
	bool ok = cipher != NULL && ctx != NULL &&
		  EVP_DecryptInit_ex2(
		      ctx, cipher, secret, secret + c->key_len, NULL) == 1 &&
		  EVP_CIPHER_CTX_set_padding(ctx, 0) == 1;

	if (ok && c->tag > 0)
		ok = EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG,
			 (int)c->tag, text + len) == 1;
	ok = ok && EVP_DecryptUpdate(ctx, text, &n, text, (int)len) == 1 &&
	     EVP_DecryptFinal_ex(ctx, text + n, &rest) == 1 &&
	     n + rest == (int)len;
	EVP_CIPHER_CTX_free(ctx);
	EVP_CIPHER_free(cipher);
	return ok;
}

/* Adds the key stream from `block` on to `text`, in place. */
static bool
run_chacha20(const uint8_t *key, uint8_t block, uint8_t *text, size_t len)
{
	const uint8_t iv[16] = {block}; /* counter, little-endian; nonce */
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	int n;
	bool ok =
	    ctx != NULL &&
	    EVP_DecryptInit_ex2(ctx, EVP_chacha20(), key, iv, NULL) == 1 &&
	    EVP_DecryptUpdate(ctx, text, &n, text, (int)len) == 1 &&
	    n == (int)len;

	EVP_CIPHER_CTX_free(ctx);
	return ok;
}

static bool
hash_poly1305(const uint8_t key[POLY1305_KEY], const uint8_t *text, size_t len,
    uint8_t tag[POLY1305_TAG])
{
	size_t n = 0;

	return EVP_Q_mac(NULL, "POLY1305", NULL, NULL, NULL, key, POLY1305_KEY,
		   text, len, tag, POLY1305_TAG, &n) != NULL &&
	       n == POLY1305_TAG;
}

static bool
run_chacha20_poly1305(const uint8_t *secret, uint8_t *text, size_t len)
{
	uint8_t key[POLY1305_KEY] = {0}, tag[POLY1305_TAG];
	bool ok = run_chacha20(secret, 0, key, sizeof(key)) &&
		  hash_poly1305(key, text, len, tag) &&
		  CRYPTO_memcmp(tag, text + len, sizeof(tag)) == 0 &&
		  run_chacha20(secret, 1, text, len);

	secret_wipe(key, sizeof(key));
	return ok;
}

bool
keycipher_open(
    const struct keycipher *c, const uint8_t *secret, uint8_t *text, size_t len)
{
	if (len > INT_MAX)
		return false;
	if (c->evp != NULL)
		return run_evp(c, secret, text, len);
	if (c->key_len > 0)
		return run_chacha20_poly1305(secret, text, len);
	return true;
}
