/*
 * agent.h -- a client of ssh-agent(1) that never blocks.
 *
 * Room: engine/ssh.  May touch: base/, ssh/loop.h.
 * One connection; requests wait in line and one at a time is sent, since
 * older agents read no further meanwhile. Each has a deadline of its own,
 * counted from its sending. An agent that hangs, talks nonsense or goes away
 * fails all requests, present and future, with one reason; but one that only
 * closes the connection between two answers is connected to again.
 * A callback never runs from within the call that asked for it.
 */
#ifndef MUSTER_SSH_AGENT_H
#define MUSTER_SSH_AGENT_H

#include <stddef.h>
#include <stdint.h>

struct agent;
struct agent_request;
struct loop;
struct muster_error;

/* Flags of agent_sign(), draft-ietf-sshm-ssh-agent s. 3.6.1: which hash an
 * RSA key signs with. */
#define AGENT_RSA_SHA2_256 2u
#define AGENT_RSA_SHA2_512 4u

#define AGENT_ALGORITHM_BYTES 64 /* of a type or algorithm, with the NUL */

/* What agent_new() takes for `timeout_ms` unless the user says otherwise. */
#define AGENT_TIMEOUT_MS 10000

/* An agent at the socket `path` ("" or NULL: none, each request fails).
 * It is connected to at the first request. Never NULL. */
struct agent *agent_new(
    struct loop *loop, const char *path, uint32_t timeout_ms);

/* Cancels what is pending and closes the connection. Not from a callback. */
void agent_free(struct agent *a);

/* A key that the agent holds; all lent. */
struct agent_key {
	const uint8_t *blob;
	size_t len;
	const char *type;    /* may be a certificate, or sk-... */
	const char *comment; /* as the agent says it: not clean for a screen */
};

/* Asks for the keys, at most LIMIT_AGENT_KEYS of them. The agent is asked
 * once; later calls have the same answer. `keys` are lent until
 * agent_free(). On an error `keys` is NULL and `err` has
 * MUSTER_ERR_AGENT with a line for a person. */
typedef void agent_keys_fn(void *arg, const struct agent_key *keys, size_t n,
    const struct muster_error *err);
struct agent_request *agent_list(
    struct agent *a, agent_keys_fn *done, void *arg);

/* What shall be signed, and with which key; all is copied. It must fit a
 * message of LIMIT_AGENT_BYTES. */
struct agent_wish {
	const void *blob; /* of the key, RFC 4253 s. 6.6 */
	size_t blob_len;
	const void *data;
	size_t len;
	uint32_t flags; /* AGENT_RSA_SHA2_... */
};

/* A signature; lent during the callback. */
struct agent_signature {
	const char *algorithm; /* that the agent says it used */
	const uint8_t *bytes;  /* what libssh2's sign callback gives back,
				* for sk- types with flags and counter */
	size_t len;
};

/* Asks for a signature. On an error `signature` is NULL and `err` has
 * MUSTER_ERR_AGENT. That the agent refuses this one request (locked, not
 * confirmed, key gone) is an error of it alone. The signature is not
 * verified here: the server will. */
typedef void agent_signature_fn(void *arg,
    const struct agent_signature *signature, const struct muster_error *err);
struct agent_request *agent_sign(struct agent *a, const struct agent_wish *wish,
    agent_signature_fn *done, void *arg);

/* Forgets a request whose callback has not run: it will not. */
void agent_cancel(struct agent_request *r);

#endif
