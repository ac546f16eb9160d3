/*
 * agent_wire.c -- the messages of the ssh-agent protocol.
 *
 * Room: engine/ssh.  May touch: base/, ssh/agent.h.
 */
#include "config.h"

#include "base/buf.h"
#include "base/limits.h"
#include "base/mem.h"
#include "ssh/agent_wire.h"

#include <stdlib.h>
#include <string.h>

/* Types of messages, draft-ietf-sshm-ssh-agent s. 6.1; two of the failures
 * are of old agents. */
enum message {
	FAILURE = 5,
	REQUEST_IDENTITIES = 11,
	IDENTITIES_ANSWER = 12,
	SIGN_REQUEST = 13,
	SIGN_RESPONSE = 14,
	OLD_FAILURE = 30,
	OLD_AGENT_FAILURE = 102,
};

bool
agent_wire_ask_keys(struct buf *out)
{
	static const uint8_t message[] = {0, 0, 0, 1, REQUEST_IDENTITIES};

	return buf_add(out, message, sizeof(message));
}

bool
agent_wire_ask_signature(struct buf *out, const struct agent_wish *wish)
{
	struct buf body;
	bool ok;

	buf_init(&body, LIMIT_AGENT_BYTES);
	ok = buf_add_u8(&body, SIGN_REQUEST) &&
	     buf_add_string(&body, wish->blob, wish->blob_len) &&
	     buf_add_string(&body, wish->data, wish->len) &&
	     buf_add_u32(&body, wish->flags) &&
	     buf_add_string(out, buf_data(&body), body.len);
	buf_clear(&body);
	return ok;
}

uint64_t
agent_wire_length(const struct buf *in)
{
	struct rd r;
	uint32_t len;

	rd_init(&r, buf_data(in), in->len);
	return rd_u32(&r, &len) ? (uint64_t)len + 4 : 0;
}

/* Reads the type of an answer. */
static enum agent_answer
read_type(struct rd *r, enum message expected)
{
	uint8_t type;

	if (!rd_u8(r, &type))
		return AGENT_ANSWER_GARBAGE;
	if (type == FAILURE || type == OLD_FAILURE || type == OLD_AGENT_FAILURE)
		return AGENT_ANSWER_REFUSED;
	return type == expected ? AGENT_ANSWER_GOOD : AGENT_ANSWER_GARBAGE;
}

/* ---- keys ---- */

void
agent_keys_init(struct agent_keys *keys)
{
	memset(keys, 0, sizeof(*keys));
	arena_init(&keys->texts);
}

void
agent_keys_clear(struct agent_keys *keys)
{
	free(keys->list);
	arena_clear(&keys->texts);
	agent_keys_init(keys);
}

/* Keeps a key whose blob begins with a type. */
static void
keep_key(struct agent_keys *keys, const uint8_t *blob, size_t len,
    const uint8_t *comment, size_t comment_len)
{
	char type[AGENT_ALGORITHM_BYTES];
	struct agent_key *k;
	struct rd r;

	rd_init(&r, blob, len);
	if (!rd_cstring(&r, type, sizeof(type)) || type[0] == '\0')
		return;
	k = &keys->list[keys->n++];
	k->blob = (const uint8_t *)arena_strndup(
	    &keys->texts, (const char *)blob, len);
	k->len = len;
	k->type = arena_strdup(&keys->texts, type);
	k->comment =
	    arena_strndup(&keys->texts, (const char *)comment, comment_len);
}

enum agent_answer
agent_wire_read_keys(
    const uint8_t *message, size_t len, struct agent_keys *keys)
{
	const uint8_t *blob, *comment;
	size_t blob_len, comment_len;
	enum agent_answer answer;
	struct rd r;
	uint32_t n;

	rd_init(&r, message, len);
	answer = read_type(&r, IDENTITIES_ANSWER);
	if (answer != AGENT_ANSWER_GOOD)
		return answer;
	if (!rd_u32(&r, &n))
		return AGENT_ANSWER_GARBAGE;
	keys->list = mem_array(LIMIT_AGENT_KEYS, sizeof(*keys->list));
	for (uint32_t i = 0; i < n; i++) {
		if (!rd_string(&r, &blob, &blob_len) ||
		    !rd_string(&r, &comment, &comment_len)) {
			agent_keys_clear(keys);
			return AGENT_ANSWER_GARBAGE;
		}
		if (keys->n < LIMIT_AGENT_KEYS)
			keep_key(keys, blob, blob_len, comment, comment_len);
	}
	return AGENT_ANSWER_GOOD;
}

/* ---- signatures ---- */

enum agent_answer
agent_wire_read_signature(const uint8_t *message, size_t len,
    char algorithm[AGENT_ALGORITHM_BYTES], struct agent_signature *signature)
{
	enum agent_answer answer;
	const uint8_t *whole;
	size_t whole_len;
	struct rd r, inner;

	rd_init(&r, message, len);
	answer = read_type(&r, SIGN_RESPONSE);
	if (answer != AGENT_ANSWER_GOOD)
		return answer;
	if (!rd_string(&r, &whole, &whole_len))
		return AGENT_ANSWER_GARBAGE;
	rd_init(&inner, whole, whole_len);
	if (!rd_cstring(&inner, algorithm, AGENT_ALGORITHM_BYTES) ||
	    !rd_string(&inner, &signature->bytes, &signature->len) ||
	    algorithm[0] == '\0' || signature->len == 0)
		return AGENT_ANSWER_GARBAGE;
	/* Security tokens have flags and a counter behind: then libssh2
	 * wants it all, with the length of the first part. */
	if (inner.len > 0) {
		signature->bytes -= 4;
		signature->len += 4 + inner.len;
	}
	signature->algorithm = algorithm;
	return AGENT_ANSWER_GOOD;
}
