/*
 * ecdh.h -- our half of an elliptic curve Diffie-Hellman exchange.
 *
 * Room: tests/fleetsim.  May touch: <openssl/...>.
 */
#ifndef FLEETSIM_ECDH_H
#define FLEETSIM_ECDH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ecdh {
	uint8_t public[80]; /* ours */
	size_t public_len;
	uint8_t secret[64]; /* shared, big-endian */
	size_t secret_len;
};

/* OpenSSL's name of the group that the key exchange method (`len` bytes)
 * uses, or NULL. */
const char *sim_ecdh_group(const char *method, size_t len);

/* Makes a key pair and the secret shared with the peer's public key. False
 * for a key that is none. */
bool sim_ecdh_agree(
    struct ecdh *e, const char *group, const uint8_t *peer, size_t len);

#endif
