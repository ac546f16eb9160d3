/*
 * fuzz_agent.c -- no answer of an agent confuses the reader.
 *
 * Room: tests/fuzz.  May touch: engine/base, engine/ssh/agent_wire.h.
 * The input is a stream: a length, a message. What is read out of it lies
 * inside of it, and is within the limits.
 */
#include "config.h"

#include "base/buf.h"
#include "base/limits.h"
#include "ssh/agent_wire.h"

#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_keys(const uint8_t *message, size_t len)
{
	struct agent_keys keys;

	agent_keys_init(&keys);
	if (agent_wire_read_keys(message, len, &keys) != AGENT_ANSWER_GOOD)
		assert(keys.n == 0 && keys.list == NULL);
	assert(keys.n <= LIMIT_AGENT_KEYS);
	for (size_t i = 0; i < keys.n; i++) {
		const struct agent_key *k = &keys.list[i];

		assert(k->type[0] != '\0');
		assert(k->len >= 4 + strlen(k->type) && k->len < len);
		assert(memcmp(k->blob + 4, k->type, strlen(k->type)) == 0);
		assert(strlen(k->comment) < len);
	}
	agent_keys_clear(&keys);
}

static void
check_signature(const uint8_t *message, size_t len)
{
	char algorithm[AGENT_ALGORITHM_BYTES];
	struct agent_signature sig;

	if (agent_wire_read_signature(message, len, algorithm, &sig) !=
	    AGENT_ANSWER_GOOD)
		return;
	assert(sig.algorithm[0] != '\0');
	assert(sig.len > 0 && sig.bytes > message);
	assert(sig.bytes + sig.len <= message + len);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf in;
	uint64_t len;

	buf_init(&in, size);
	buf_add(&in, data, size);
	while ((len = agent_wire_length(&in)) > 0 && len <= in.len) {
		check_keys(buf_data(&in) + 4, (size_t)len - 4);
		check_signature(buf_data(&in) + 4, (size_t)len - 4);
		buf_drain(&in, (size_t)len);
	}
	assert(in.len < 4 || len > in.len);
	buf_clear(&in);
	return 0;
}
