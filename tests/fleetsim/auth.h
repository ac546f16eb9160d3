/*
 * auth.h -- who may come in.
 *
 * Room: tests/fleetsim.  May touch: base/, the units of fleetsim.
 * RFC 4252; keyboard-interactive: RFC 4256; RSA with SHA-2: RFC 8332.
 */
#ifndef FLEETSIM_AUTH_H
#define FLEETSIM_AUTH_H

#include <stddef.h>
#include <stdint.h>

struct session;

/* Handles a message of 50 to 79. */
void sim_auth_message(struct session *s, const uint8_t *payload, size_t len);

/* The login is done. */
void sim_auth_let_in(struct session *s);

#endif
