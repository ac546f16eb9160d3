/*
 * bcrypt.c -- the slow hash that guards passphrases of OpenSSH's key files.
 *
 * Room: engine/crypto.  May touch: base/, crypto/digest.h, crypto/pi.h.
 * Blowfish as B. Schneier published it in 1993 (16 rounds, subkeys and
 * tables from pi), with the expensive key schedule of N. Provos and
 * D. Mazieres (USENIX 1999): salt and passphrase are mixed in by turns.
 */
#include "config.h"

#include "base/secret.h"
#include "crypto/bcrypt.h"
#include "crypto/digest.h"
#include "crypto/pi.h"

#include <string.h>

#define N_SUBKEYS 18
#define COST 64       /* turns of the key schedule, 2^6 */
#define HASH_BYTES 32 /* of one bcrypt block */
#define HASH_WORDS (HASH_BYTES / 4)
#define TEXT_TURNS 64 /* times the text is encrypted */

struct blowfish {
	uint32_t subkey[N_SUBKEYS];
	uint32_t table[4 * 256]; /* four tables, one behind the other */
};

/* Walks over bytes as big-endian words, from the start again at the end. */
struct words {
	const uint8_t *bytes; /* borrowed */
	size_t len;           /* a multiple of 4 */
	size_t at;
};

static uint32_t
next_word(struct words *w)
{
	const uint8_t *p = w->bytes + w->at;

	w->at = (w->at + 4) % w->len;
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	       (uint32_t)p[2] << 8 | p[3];
}

static inline uint32_t
scramble(const struct blowfish *b, uint32_t x)
{
	return ((b->table[x >> 24] + b->table[256 + (x >> 16 & 0xff)]) ^
		   b->table[512 + (x >> 8 & 0xff)]) +
	       b->table[768 + (x & 0xff)];
}

static inline void
encrypt(const struct blowfish *b, uint32_t pair[2])
{
	uint32_t left = pair[0], right = pair[1];

	for (size_t i = 0; i < 16; i += 2) {
		left ^= b->subkey[i];
		right ^= scramble(b, left);
		right ^= b->subkey[i + 1];
		left ^= scramble(b, right);
	}
	pair[0] = right ^ b->subkey[17];
	pair[1] = left ^ b->subkey[16];
}

/* Replaces subkeys and tables by what they encrypt: `salt` (NULL: zeros),
 * chained, two words a step. */
static void
expand(struct blowfish *b, const uint8_t key[DIGEST_SHA512_BYTES],
    const uint8_t *salt)
{
	struct words k = {key, DIGEST_SHA512_BYTES, 0};
	struct words s = {salt, DIGEST_SHA512_BYTES, 0};
	uint32_t *state[] = {b->subkey, b->table};
	const size_t n[] = {N_SUBKEYS, 4 * 256};
	uint32_t pair[2] = {0, 0};

	for (size_t i = 0; i < N_SUBKEYS; i++)
		b->subkey[i] ^= next_word(&k);
	for (size_t part = 0; part < 2; part++) {
		for (size_t i = 0; i < n[part]; i += 2) {
			if (salt != NULL) {
				pair[0] ^= next_word(&s);
				pair[1] ^= next_word(&s);
			}
			encrypt(b, pair);
			state[part][i] = pair[0];
			state[part][i + 1] = pair[1];
		}
	}
}

static void
hash_block(const uint8_t pass[DIGEST_SHA512_BYTES],
    const uint8_t salt[DIGEST_SHA512_BYTES], uint8_t out[HASH_BYTES])
{
	static const uint8_t text[] = "OxychromaticBlowfishSwatDynamite";
	struct words t = {text, HASH_BYTES, 0};
	uint32_t word[HASH_WORDS];
	struct blowfish b;

	memcpy(b.subkey, pi_words, sizeof(b.subkey));
	memcpy(b.table, pi_words + N_SUBKEYS, sizeof(b.table));
	expand(&b, pass, salt);
	for (size_t i = 0; i < COST; i++) {
		expand(&b, salt, NULL);
		expand(&b, pass, NULL);
	}
	for (size_t i = 0; i < HASH_WORDS; i++)
		word[i] = next_word(&t);
	for (size_t turn = 0; turn < TEXT_TURNS; turn++)
		for (size_t i = 0; i < HASH_WORDS; i += 2)
			encrypt(&b, word + i);
	/* Unlike all else, the result is little-endian. */
	for (size_t i = 0; i < HASH_BYTES; i++)
		out[i] = (uint8_t)(word[i / 4] >> 8 * (i % 4));
	secret_wipe(&b, sizeof(b));
	secret_wipe(word, sizeof(word));
}

/* Block `number` (from 1) of the key: the sum of all its rounds. */
static void
derive_block(const struct bcrypt *in, const uint8_t pass[DIGEST_SHA512_BYTES],
    uint32_t number, uint8_t out[HASH_BYTES])
{
	uint8_t first[BCRYPT_SALT_MAX + 4], salt[DIGEST_SHA512_BYTES];
	uint8_t hash[HASH_BYTES];

	memcpy(first, in->salt, in->salt_len);
	for (size_t i = 0; i < 4; i++)
		first[in->salt_len + i] = (uint8_t)(number >> (24 - 8 * i));
	digest_sha512(first, in->salt_len + 4, salt);
	hash_block(pass, salt, hash);
	memcpy(out, hash, sizeof(hash));
	for (uint32_t round = 1; round < in->rounds; round++) {
		digest_sha512(hash, sizeof(hash), salt);
		hash_block(pass, salt, hash);
		for (size_t i = 0; i < sizeof(hash); i++)
			out[i] ^= hash[i];
	}
	secret_wipe(hash, sizeof(hash));
	secret_wipe(salt, sizeof(salt));
}

bool
bcrypt_derive(const struct bcrypt *in, uint8_t *key, size_t len)
{
	size_t n_blocks = (len + HASH_BYTES - 1) / HASH_BYTES;
	uint8_t pass[DIGEST_SHA512_BYTES], block[HASH_BYTES];

	if (in->pass_len == 0 || in->salt_len == 0 || in->rounds == 0 ||
	    in->salt_len > BCRYPT_SALT_MAX || len == 0 || len > BCRYPT_KEY_MAX)
		return false;
	digest_sha512(in->pass, in->pass_len, pass);
	for (size_t i = 0; i < n_blocks; i++) {
		derive_block(in, pass, (uint32_t)i + 1, block);
		for (size_t j = 0; j * n_blocks + i < len && j < HASH_BYTES;
		     j++)
			key[j * n_blocks + i] = block[j];
	}
	secret_wipe(pass, sizeof(pass));
	secret_wipe(block, sizeof(block));
	return true;
}
