/*
 * packet.h -- the binary packet protocol: payloads to bytes and back.
 *
 * Room: tests/fleetsim.  May touch: base/, crypto.h.
 * RFC 4253 s. 6, RFC 5647 as OpenSSH does it (aes*-gcm@openssh.com), and the
 * encrypt-then-MAC forms of OpenSSH's PROTOCOL s. 1.5. Owns no socket.
 */
#ifndef FLEETSIM_PACKET_H
#define FLEETSIM_PACKET_H

#include "crypto.h"

#define SIM_PACKET_MAX (256 * 1024) /* as OpenSSH's own limit */

/* One direction of a connection. All zero: nothing is encrypted yet. */
struct packet_side {
	const struct cipher_alg *cipher; /* NULL: none */
	const struct mac_alg *mac;       /* NULL: none, or an AEAD */
	EVP_CIPHER_CTX *ctx;             /* owned */
	EVP_MAC_CTX *hmac;               /* owned */
	uint8_t iv[12];                  /* the AEAD's, counted up */
	uint32_t seq;
	size_t need;    /* bytes of the packet being received; 0: unknown */
	uint64_t bytes; /* since the keys were taken into use */
};

/* Keys as RFC 4253 s. 7.2 names them. */
struct packet_keys {
	uint8_t iv[16];
	uint8_t key[32];
	uint8_t mac[64];
};

enum packet_state { PACKET_MORE, PACKET_READY, PACKET_BAD };

/* A packet taken apart: `payload` points into the buffer it came in; when
 * done with it, drain `size` bytes from there. */
struct packet {
	const uint8_t *payload;
	size_t len;
	size_t size;
};

void sim_packet_clear(struct packet_side *side);

/* Takes new keys into use. `mac` is not looked at for an AEAD. The sequence
 * number goes on. Returns false when OpenSSL refuses. */
bool sim_packet_rekey(struct packet_side *side, const struct crypto *crypto,
    const struct cipher_alg *cipher, const struct mac_alg *mac,
    const struct packet_keys *keys, bool encrypt);

/* Adds the packet for the payload to `out`. Returns false over its ceiling
 * (then nothing was added) or when OpenSSL fails. */
bool sim_packet_seal(struct packet_side *side, const uint8_t *payload,
    size_t len, struct buf *out);

/* Looks for a whole packet at the start of `in`, decrypting in place. */
enum packet_state sim_packet_open(
    struct packet_side *side, struct buf *in, struct packet *packet);

#endif
