/*
 * packet.c -- the binary packet protocol: payloads to bytes and back.
 *
 * Room: tests/fleetsim.  May touch: base/, crypto.h.
 *
 *	uint32 packet_length | byte padding_length | payload | padding | mac
 *
 * packet_length is encrypted, except by the AEADs and with -etm MACs.
 */
#include "config.h"

#include "packet.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/params.h>

#include <string.h>

#define HEAD 4  /* bytes of packet_length */
#define BLOCK 8 /* what lengths are a multiple of while in the clear */

void
sim_packet_clear(struct packet_side *side)
{
	EVP_CIPHER_CTX_free(side->ctx);
	EVP_MAC_CTX_free(side->hmac);
	memset(side, 0, sizeof(*side));
}

static size_t
side_block(const struct packet_side *side)
{
	return side->cipher == NULL ? BLOCK : 16;
}

/* How many bytes at the front are not encrypted. */
static size_t
side_clear_len(const struct packet_side *side)
{
	if (side->cipher == NULL)
		return 0;
	return side->cipher->tag_len > 0 || side->mac->etm ? HEAD : 0;
}

static size_t
side_mac_len(const struct packet_side *side)
{
	if (side->cipher != NULL && side->cipher->tag_len > 0)
		return side->cipher->tag_len;
	return side->mac == NULL ? 0 : side->mac->len;
}

static bool
set_mac(
    struct packet_side *side, const struct crypto *crypto, const uint8_t *key)
{
	char digest[sizeof(side->mac->digest)];
	OSSL_PARAM params[2];

	memcpy(digest, side->mac->digest, sizeof(digest));
	params[0] =
	    OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0);
	params[1] = OSSL_PARAM_construct_end();
	side->hmac = EVP_MAC_CTX_new(crypto->hmac);
	return side->hmac != NULL &&
	       EVP_MAC_init(side->hmac, key, side->mac->len, params) == 1;
}

bool
sim_packet_rekey(struct packet_side *side, const struct crypto *crypto,
    const struct cipher_alg *cipher, const struct mac_alg *mac,
    const struct packet_keys *keys, bool encrypt)
{
	const EVP_CIPHER *evp = crypto->ciphers[cipher - sim_ciphers];
	bool aead = cipher->tag_len > 0;
	uint32_t seq = side->seq;

	sim_packet_clear(side);
	side->seq = seq;
	side->cipher = cipher;
	side->mac = aead ? NULL : mac;
	side->ctx = EVP_CIPHER_CTX_new();
	if (side->ctx == NULL ||
	    EVP_CipherInit_ex2(side->ctx, evp, keys->key,
		aead ? NULL : keys->iv, encrypt ? 1 : 0, NULL) != 1)
		return false;
	memcpy(side->iv, keys->iv, sizeof(side->iv));
	return aead || set_mac(side, crypto, keys->mac);
}

/* The MAC of the sequence number and `len` bytes at `data`. */
static bool
compute_mac(
    struct packet_side *side, const uint8_t *data, size_t len, uint8_t tag[64])
{
	uint8_t seq[4] = {(uint8_t)(side->seq >> 24),
	    (uint8_t)(side->seq >> 16), (uint8_t)(side->seq >> 8),
	    (uint8_t)side->seq};
	size_t n;

	return EVP_MAC_init(side->hmac, NULL, 0, NULL) == 1 &&
	       EVP_MAC_update(side->hmac, seq, sizeof(seq)) == 1 &&
	       EVP_MAC_update(side->hmac, data, len) == 1 &&
	       EVP_MAC_final(side->hmac, tag, &n, 64) == 1;
}

/* Encrypts or decrypts in place, as the side was set up. */
static bool
crypt_bytes(struct packet_side *side, uint8_t *data, size_t len)
{
	int n;

	return EVP_CipherUpdate(side->ctx, data, &n, data, (int)len) == 1;
}

/* Starts an AEAD packet: its nonce, then the length as additional data. The
 * last 8 bytes of the nonce are a counter (RFC 5647 s. 7.1). */
static bool
start_aead(struct packet_side *side, const uint8_t *head)
{
	int n;
	bool ok;

	ok = EVP_CipherInit_ex2(side->ctx, NULL, NULL, side->iv, -1, NULL) == 1;
	for (size_t i = sizeof(side->iv); i-- > 4;)
		if (++side->iv[i] != 0)
			break;
	return ok && EVP_CipherUpdate(side->ctx, NULL, &n, head, HEAD) == 1;
}

static bool
seal_aead(struct packet_side *side, uint8_t *p, size_t len)
{
	int n;

	return start_aead(side, p) && crypt_bytes(side, p + HEAD, len - HEAD) &&
	       EVP_CipherFinal_ex(side->ctx, p + len, &n) == 1 &&
	       EVP_CIPHER_CTX_ctrl(side->ctx, EVP_CTRL_AEAD_GET_TAG,
		   (int)side->cipher->tag_len, p + len) == 1;
}

/* Encrypts the `len` bytes of a packet and puts the MAC behind. */
static bool
seal_bytes(struct packet_side *side, uint8_t *p, size_t len)
{
	uint8_t tag[64];

	if (side->cipher == NULL)
		return true;
	if (side->cipher->tag_len > 0)
		return seal_aead(side, p, len);
	if (side->mac->etm) {
		if (!crypt_bytes(side, p + HEAD, len - HEAD) ||
		    !compute_mac(side, p, len, tag))
			return false;
	} else if (!compute_mac(side, p, len, tag) ||
		   !crypt_bytes(side, p, len)) {
		return false;
	}
	memcpy(p + len, tag, side->mac->len);
	return true;
}

bool
sim_packet_seal(struct packet_side *side, const uint8_t *payload, size_t len,
    struct buf *out)
{
	size_t block = side_block(side);
	size_t padded = HEAD + 1 + len - side_clear_len(side);
	size_t padding = block - padded % block;
	size_t size;
	uint8_t *p;

	if (padding < 4)
		padding += block;
	size = HEAD + 1 + len + padding;
	p = buf_reserve(out, size + side_mac_len(side));
	if (p == NULL)
		return false;
	for (size_t i = 0; i < HEAD; i++)
		p[i] = (uint8_t)((size - HEAD) >> (24 - 8 * i));
	p[HEAD] = (uint8_t)padding;
	memcpy(p + HEAD + 1, payload, len);
	memset(p + HEAD + 1 + len, 0, padding);
	if (!seal_bytes(side, p, size))
		return false;
	size += side_mac_len(side);
	buf_commit(out, size);
	side->seq++;
	side->bytes += size;
	return true;
}

/* Learns how long the packet is, once enough of it is here. */
static enum packet_state
open_head(struct packet_side *side, uint8_t *p, size_t have)
{
	size_t block = side_block(side);
	size_t clear = side_clear_len(side);
	size_t len;

	if (have < (clear > 0 ? HEAD : block))
		return PACKET_MORE;
	if (side->cipher != NULL && clear == 0 && !crypt_bytes(side, p, block))
		return PACKET_BAD;
	len =
	    (size_t)p[0] << 24 | (size_t)p[1] << 16 | (size_t)p[2] << 8 | p[3];
	if (len < 5 || len > SIM_PACKET_MAX ||
	    (HEAD - clear + len) % block != 0)
		return PACKET_BAD;
	side->need = HEAD + len + side_mac_len(side);
	return PACKET_READY;
}

static bool
open_aead(struct packet_side *side, uint8_t *p, size_t len)
{
	uint8_t rest[16];
	int n;

	return start_aead(side, p) &&
	       EVP_CIPHER_CTX_ctrl(side->ctx, EVP_CTRL_AEAD_SET_TAG,
		   (int)side->cipher->tag_len, p + len) == 1 &&
	       crypt_bytes(side, p + HEAD, len - HEAD) &&
	       EVP_CipherFinal_ex(side->ctx, rest, &n) == 1;
}

/* Checks and decrypts the `len` bytes of a packet; its MAC is behind. */
static bool
open_bytes(struct packet_side *side, uint8_t *p, size_t len)
{
	size_t block = side_block(side);
	uint8_t tag[64];

	if (side->cipher == NULL)
		return true;
	if (side->cipher->tag_len > 0)
		return open_aead(side, p, len);
	if (!side->mac->etm && !crypt_bytes(side, p + block, len - block))
		return false;
	if (!compute_mac(side, p, len, tag) ||
	    CRYPTO_memcmp(tag, p + len, side->mac->len) != 0)
		return false;
	return !side->mac->etm || crypt_bytes(side, p + HEAD, len - HEAD);
}

enum packet_state
sim_packet_open(struct packet_side *side, struct buf *in, struct packet *packet)
{
	uint8_t *p = in->mem + in->off;
	size_t size, padding;

	if (side->need == 0) {
		enum packet_state state = open_head(side, p, in->len);

		if (state != PACKET_READY)
			return state;
	}
	if (in->len < side->need)
		return PACKET_MORE;
	size = side->need - side_mac_len(side);
	if (!open_bytes(side, p, size))
		return PACKET_BAD;
	padding = p[HEAD];
	if (padding < 4 || padding + HEAD + 1 >= size)
		return PACKET_BAD;
	packet->payload = p + HEAD + 1;
	packet->len = size - HEAD - 1 - padding;
	packet->size = side->need;
	side->bytes += side->need;
	side->need = 0;
	side->seq++;
	return PACKET_READY;
}
