/*
 * trust.h -- host keys: what is made of them, and what is told.
 *
 * Room: engine/ssh.  May touch: muster.h.
 */
#ifndef MUSTER_SSH_TRUST_H
#define MUSTER_SSH_TRUST_H

#include "muster.h"

#include <stdatomic.h>

/* What to do about a host key that known_hosts does not have. A revoked key
 * is refused always. */
enum session_policy {
	SESSION_STRICT,     /* refuse */
	SESSION_ASK,        /* ask a person; without one, refuse */
	SESSION_ACCEPT_NEW, /* add it; refuse a changed one */
	SESSION_ACCEPT_ANY, /* for one host, by its own ssh_config */
};

struct session_trust {
	enum session_policy policy;
	const char *file;  /* that new keys are added to; NULL: none */
	atomic_bool *told; /* that it could not be written, once */
	bool hashed;       /* names are hashed there */
};

/* What a server has shown, and what known_hosts says of it; all lent. */
struct session_key {
	const char *type, *fingerprint;
	const void *blob;
	size_t len;
	enum muster_key_state state;
	const char *line; /* of known_hosts, if CHANGED or REVOKED; else "" */
};

#endif
