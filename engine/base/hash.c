/*
 * hash.c -- SipHash-1-3: a short digest that no peer can foresee.
 *
 * Room: engine/base.  May touch: mem.h.
 */
#include "config.h"

#include "base/hash.h"
#include "base/mem.h"

#include <string.h>
#include <unistd.h>

static uint64_t
rotate(uint64_t v, int bits)
{
	return v << bits | v >> (64 - bits);
}

static void
do_round(uint64_t v[4])
{
	v[0] += v[1];
	v[1] = rotate(v[1], 13) ^ v[0];
	v[0] = rotate(v[0], 32);
	v[2] += v[3];
	v[3] = rotate(v[3], 16) ^ v[2];
	v[0] += v[3];
	v[3] = rotate(v[3], 21) ^ v[0];
	v[2] += v[1];
	v[1] = rotate(v[1], 17) ^ v[2];
	v[2] = rotate(v[2], 32);
}

static void
add_word(uint64_t v[4], uint64_t word)
{
	v[3] ^= word;
	do_round(v);
	v[0] ^= word;
}

/* Up to eight bytes, the first one lowest. */
static uint64_t
read_word(const uint8_t *p, size_t n)
{
	uint64_t word = 0;

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	if (n == 8) {
		memcpy(&word, p, 8);
		return word;
	}
#endif
	while (n-- > 0)
		word = word << 8 | p[n];
	return word;
}

struct hash_key
hash_new_key(void)
{
	struct hash_key key;

	/* it fails only where nothing would work any more */
	if (getentropy(&key, sizeof(key)) != 0)
		mem_die();
	return key;
}

void
hash_init(struct hash *h, const struct hash_key *key)
{
	h->v[0] = key->k0 ^ UINT64_C(0x736f6d6570736575);
	h->v[1] = key->k1 ^ UINT64_C(0x646f72616e646f6d);
	h->v[2] = key->k0 ^ UINT64_C(0x6c7967656e657261);
	h->v[3] = key->k1 ^ UINT64_C(0x7465646279746573);
	h->tail = 0;
	h->len = 0;
}

void
hash_add(struct hash *h, const void *data, size_t len)
{
	const uint8_t *p = data;
	size_t held = h->len % 8;

	h->len += len;
	if (held > 0) {
		size_t n = len < 8 - held ? len : 8 - held;

		h->tail |= read_word(p, n) << (8 * held);
		if (held + n < 8)
			return;
		add_word(h->v, h->tail);
		p += n;
		len -= n;
	}
	for (; len >= 8; p += 8, len -= 8)
		add_word(h->v, read_word(p, 8));
	h->tail = read_word(p, len);
}

uint64_t
hash_value(const struct hash *h)
{
	uint64_t v[4];

	memcpy(v, h->v, sizeof(v));
	add_word(v, h->tail | h->len << 56);
	v[2] ^= 0xff;
	do_round(v);
	do_round(v);
	do_round(v);
	return v[0] ^ v[1] ^ v[2] ^ v[3];
}

uint64_t
hash_bytes(const struct hash_key *key, const void *data, size_t len)
{
	struct hash h;

	hash_init(&h, key);
	hash_add(&h, data, len);
	return hash_value(&h);
}
