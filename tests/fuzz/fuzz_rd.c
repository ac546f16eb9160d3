/*
 * fuzz_rd.c -- the reader of wire forms never leaves the bytes it was given.
 *
 * Room: tests/fuzz.  May touch: engine/base.
 * The first half of the input says what to read of the second half.
 */
#include "config.h"

#include "base/buf.h"

#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool
read_next(struct rd *r, uint8_t what)
{
	const uint8_t *bytes;
	char text[32];
	uint64_t u64;
	uint32_t u32;
	size_t len;
	uint8_t u8;

	switch (what % 6) {
	case 0:
		return rd_u8(r, &u8);
	case 1:
		return rd_u32(r, &u32);
	case 2:
		return rd_u64(r, &u64);
	case 3:
		return rd_string(r, &bytes, &len) &&
		       memchr(bytes, 0, len) != bytes - 1;
	case 4:
		return rd_bytes(r, &bytes, what / 6);
	default:
		return rd_cstring(r, text, sizeof(text)) &&
		       strlen(text) < sizeof(text);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t half = size / 2;
	struct rd r;

	rd_init(&r, data + half, size - half);
	for (size_t i = 0; i < half; i++) {
		size_t before = r.len;
		bool bad = r.bad, ok = read_next(&r, data[i]);

		assert(r.len <= before);
		assert(!(ok && bad));
		assert(ok != r.bad);
		assert(r.p + r.len == data + size);
	}
	return 0;
}
