/*
 * kex.h -- the key exchange, the first one and any later.
 *
 * Room: tests/fleetsim.  May touch: base/, the units of fleetsim.
 * RFC 4253 s. 7 and 8, RFC 5656 s. 4, RFC 8731, RFC 8308, and OpenSSH's
 * strict key exchange (PROTOCOL s. 1.9).
 */
#ifndef FLEETSIM_KEX_H
#define FLEETSIM_KEX_H

#include "base/buf.h"

struct session;

#define SIM_KEX_LIST                                                           \
	"curve25519-sha256,curve25519-sha256@libssh.org,ecdh-sha2-nistp256"

/* Sends our SSH_MSG_KEXINIT, unless an exchange is already going on. */
void sim_kex_start(struct session *s);

/* Handles a message of 20 to 49; a bad one ends the session. */
void sim_kex_message(struct session *s, const uint8_t *payload, size_t len);

void sim_kex_free(struct session *s);

#endif
