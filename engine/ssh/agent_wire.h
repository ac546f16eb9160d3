/*
 * agent_wire.h -- the messages of the ssh-agent protocol.
 *
 * Room: engine/ssh, for agent.c.  May touch: base/, ssh/agent.h.
 * draft-ietf-sshm-ssh-agent: a length, a type, a body. Nothing here waits,
 * reads or writes.
 */
#ifndef MUSTER_SSH_AGENT_WIRE_H
#define MUSTER_SSH_AGENT_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "ssh/agent.h"

struct buf;

/* Adds a request. Returns false over the ceiling of `out`. */
bool agent_wire_ask_keys(struct buf *out);
bool agent_wire_ask_signature(struct buf *out, const struct agent_wish *wish);

/* The length of the first message in `in`, with the four bytes that say it;
 * 0 when they have not all come. It may be longer than what is there. */
uint64_t agent_wire_length(const struct buf *in);

enum agent_answer {
	AGENT_ANSWER_GOOD,
	AGENT_ANSWER_REFUSED, /* the agent says no */
	AGENT_ANSWER_GARBAGE,
};

/* The keys of an answer. */
struct agent_keys {
	struct agent_key *list; /* owned */
	size_t n;
	struct arena texts; /* what the list points to */
};

void agent_keys_init(struct agent_keys *keys);
void agent_keys_clear(struct agent_keys *keys);

/* Reads an answer, a message without its length. `keys` is filled when it is
 * good, with LIMIT_AGENT_KEYS at most; keys of no type are left out. */
enum agent_answer agent_wire_read_keys(
    const uint8_t *message, size_t len, struct agent_keys *keys);

/* Reads an answer; `signature` is lent from it, the name of its algorithm
 * from `algorithm`. */
enum agent_answer agent_wire_read_signature(const uint8_t *message, size_t len,
    char algorithm[AGENT_ALGORITHM_BYTES], struct agent_signature *signature);

#endif
