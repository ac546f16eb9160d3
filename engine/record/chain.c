/*
 * chain.c -- lines that vouch for all the lines before them.
 *
 * Room: engine/record.  May touch: crypto/digest.h, base/buf.h.
 */
#include "config.h"

#include "record/chain.h"

#include "base/buf.h"
#include "crypto/digest.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#define KEY ",\"sum\":\""
#define END "\"}"
#define TAIL (sizeof(KEY) - 1 + CHAIN_SUM_CHARS + sizeof(END) - 1)

/* The sum that a line which begins with `len` bytes gets. */
static void
sum_up(const struct chain *c, const char *text, size_t len,
    char sum[CHAIN_SUM_CHARS + 1])
{
	uint8_t value[DIGEST_SHA256_BYTES];
	struct digest_sum s;

	digest_sum_init(&s);
	digest_sum_add(&s, c->sum, strlen(c->sum));
	digest_sum_add(&s, text, len);
	digest_sum_value(&s, value);
	for (size_t i = 0; i < CHAIN_SUM_CHARS / 2; i++)
		(void)snprintf(sum + 2 * i, 3, "%02x", value[i]);
}

bool
chain_seal(struct chain *c, const char *text, struct buf *out)
{
	size_t len = strlen(text);
	char sum[CHAIN_SUM_CHARS + 1];

	assert(len > 2 && text[len - 1] == '}');
	len--;
	if (len + TAIL + 1 > out->max - out->len)
		return false;
	sum_up(c, text, len, sum);
	memcpy(c->sum, sum, sizeof(sum));
	return buf_add(out, text, len) && buf_addf(out, KEY "%s" END "\n", sum);
}

bool
chain_check(struct chain *c, const char *line, size_t len)
{
	char sum[CHAIN_SUM_CHARS + 1];
	const char *tail;

	if (len <= TAIL)
		return false;
	tail = line + len - TAIL;
	if (memcmp(tail, KEY, sizeof(KEY) - 1) != 0 ||
	    memcmp(line + len - 2, END, 2) != 0)
		return false;
	sum_up(c, line, len - TAIL, sum);
	if (memcmp(tail + sizeof(KEY) - 1, sum, CHAIN_SUM_CHARS) != 0)
		return false;
	memcpy(c->sum, sum, sizeof(sum));
	return true;
}
