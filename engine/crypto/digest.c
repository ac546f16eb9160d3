/*
 * digest.c -- hashes of short texts, fingerprints, random bytes.
 *
 * Room: engine/crypto.  May touch: base/, OpenSSL.
 * OpenSSL's hash functions are called directly: looking one up by name (EVP)
 * takes a lock that all workers would share, and longer than to hash the
 * few bytes meant here.
 */
#define OPENSSL_API_COMPAT 0x10100000L
#include "config.h"

#include "base/base64.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/secret.h"
#include "crypto/digest.h"

#include <openssl/rand.h>
#include <openssl/sha.h>

#include <assert.h>
#include <limits.h>
#include <string.h>

#define HMAC_BLOCK 64 /* bytes that SHA-1 takes at a time */

void
digest_sha1(const void *data, size_t len, uint8_t out[DIGEST_SHA1_BYTES])
{
	SHA_CTX c;

	SHA1_Init(&c);
	SHA1_Update(&c, data, len);
	SHA1_Final(out, &c);
}

void
digest_sha256(const void *data, size_t len, uint8_t out[DIGEST_SHA256_BYTES])
{
	SHA256_CTX c;

	SHA256_Init(&c);
	SHA256_Update(&c, data, len);
	SHA256_Final(out, &c);
}

void
digest_sha512(const void *data, size_t len, uint8_t out[DIGEST_SHA512_BYTES])
{
	SHA512_CTX c;

	SHA512_Init(&c);
	SHA512_Update(&c, data, len);
	SHA512_Final(out, &c);
	secret_wipe(&c, sizeof(c));
}

_Static_assert(sizeof(SHA256_CTX) <= sizeof(struct digest_sum),
    "struct digest_sum holds a SHA256_CTX");

void
digest_sum_init(struct digest_sum *s)
{
	memset(s, 0, sizeof(*s));
	SHA256_Init((SHA256_CTX *)(void *)s->state);
}

void
digest_sum_add(struct digest_sum *s, const void *data, size_t len)
{
	SHA256_Update((SHA256_CTX *)(void *)s->state, data, len);
}

void
digest_sum_value(const struct digest_sum *s, uint8_t out[DIGEST_SHA256_BYTES])
{
	struct digest_sum copy = *s;

	SHA256_Final(out, (SHA256_CTX *)(void *)copy.state);
}

/* The state of SHA-1 after its first block, the key with each byte ^ pad. */
static void
hash_key_block(uint32_t state[5], const uint8_t key[HMAC_BLOCK], uint8_t pad)
{
	uint8_t block[HMAC_BLOCK];
	SHA_CTX c;

	for (size_t i = 0; i < HMAC_BLOCK; i++)
		block[i] = key[i] ^ pad;
	SHA1_Init(&c);
	SHA1_Transform(&c, block);
	state[0] = c.h0;
	state[1] = c.h1;
	state[2] = c.h2;
	state[3] = c.h3;
	state[4] = c.h4;
}

void
digest_hmac_init(struct digest_hmac *h, const void *key, size_t len)
{
	uint8_t block[HMAC_BLOCK] = {0};

	if (len > HMAC_BLOCK)
		digest_sha1(key, len, block);
	else if (len > 0)
		memcpy(block, key, len);
	hash_key_block(h->inner, block, 0x36);
	hash_key_block(h->outer, block, 0x5c);
}

static void
resume(SHA_CTX *c, const uint32_t state[5])
{
	SHA1_Init(c);
	c->h0 = state[0];
	c->h1 = state[1];
	c->h2 = state[2];
	c->h3 = state[3];
	c->h4 = state[4];
	c->Nl = HMAC_BLOCK * 8;
}

/* Goes on from `state` with `len` more bytes to the end of the hash. */
static void
finish(const uint32_t state[5], const void *data, size_t len,
    uint8_t out[DIGEST_SHA1_BYTES])
{
	SHA_CTX c;

	resume(&c, state);
	SHA1_Update(&c, data, len);
	SHA1_Final(out, &c);
}

void
digest_hmac(const struct digest_hmac *h, const void *data, size_t len,
    uint8_t out[DIGEST_SHA1_BYTES])
{
	uint8_t inner[DIGEST_SHA1_BYTES];

	finish(h->inner, data, len, inner);
	finish(h->outer, inner, sizeof(inner), out);
}

void
digest_fingerprint(
    const void *blob, size_t len, char out[DIGEST_FINGERPRINT_BYTES])
{
	uint8_t hash[DIGEST_SHA256_BYTES];
	struct buf text;

	digest_sha256(blob, len, hash);
	buf_init(&text, DIGEST_FINGERPRINT_BYTES);
	buf_adds(&text, "SHA256:");
	base64_add(&text, hash, sizeof(hash), false);
	assert(text.len == DIGEST_FINGERPRINT_BYTES - 1);
	memcpy(out, buf_str(&text), DIGEST_FINGERPRINT_BYTES);
	buf_clear(&text);
}

int
digest_random(void *data, size_t len, struct muster_error *err)
{
	assert(len <= INT_MAX);
	if (RAND_bytes(data, (int)len) != 1)
		return err_set(err, MUSTER_ERR_SYSTEM, "no random bytes");
	return 0;
}
