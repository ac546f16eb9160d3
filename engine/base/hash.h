/*
 * hash.h -- SipHash-1-3: a short digest that no peer can foresee.
 *
 * Room: engine/base.  May touch: libc.
 * Aumasson and Bernstein, "SipHash: a fast short-input PRF" (2012), with one
 * round a word and three at the end. With a random key nobody can make two
 * texts of the same digest; it is no signature.
 */
#ifndef MUSTER_BASE_HASH_H
#define MUSTER_BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

struct hash_key {
	uint64_t k0, k1;
};

/* A key nobody knows (getentropy(3)). */
struct hash_key hash_new_key(void);

/* The digest of `len` bytes. */
uint64_t hash_bytes(const struct hash_key *key, const void *data, size_t len);

/* The same of bytes that come in pieces. */
struct hash {
	uint64_t v[4];
	uint64_t tail; /* bytes short of a word */
	uint64_t len;
};

void hash_init(struct hash *h, const struct hash_key *key);
void hash_add(struct hash *h, const void *data, size_t len);

/* The digest so far; more may be added after. */
uint64_t hash_value(const struct hash *h);

#endif
