/*
 * crc.c -- CRC-32C, to tell bytes on disk that are not what was written.
 *
 * Room: engine/record.  May touch: libc.
 * The polynomial of Castagnoli, reflected, four bits at a time: a table of
 * sixteen numbers that can be checked by eye. On x86-64 with SSE 4.2 the
 * processor's own instruction, eight bytes at a time.
 */
#include "config.h"

#include "record/crc.h"

#include <string.h>

static uint32_t
add_by_table(uint32_t crc, const uint8_t *p, size_t len)
{
	static const uint32_t table[16] = {0x00000000, 0x105ec76f, 0x20bd8ede,
	    0x30e349b1, 0x417b1dbc, 0x5125dad3, 0x61c69362, 0x7198540d,
	    0x82f63b78, 0x92a8fc17, 0xa24bb5a6, 0xb21572c9, 0xc38d26c4,
	    0xd3d3e1ab, 0xe330a81a, 0xf36e6f75};

	for (; len > 0; len--) {
		crc ^= *p++;
		crc = table[crc & 15] ^ (crc >> 4);
		crc = table[crc & 15] ^ (crc >> 4);
	}
	return crc;
}

#if defined(__x86_64__) && defined(__GNUC__)
__attribute__((target("sse4.2"))) static uint32_t
add_by_instruction(uint32_t crc, const uint8_t *p, size_t len)
{
	uint64_t wide = crc;

	for (; len >= 8; p += 8, len -= 8) {
		uint64_t word;

		memcpy(&word, p, sizeof(word));
		wide = __builtin_ia32_crc32di(wide, word);
	}
	return add_by_table((uint32_t)wide, p, len);
}

static uint32_t
add(uint32_t crc, const uint8_t *p, size_t len)
{
	return __builtin_cpu_supports("sse4.2")
		   ? add_by_instruction(crc, p, len)
		   : add_by_table(crc, p, len);
}
#else
static uint32_t
add(uint32_t crc, const uint8_t *p, size_t len)
{
	return add_by_table(crc, p, len);
}
#endif

uint32_t
crc_add(uint32_t crc, const void *data, size_t len)
{
	return ~add(~crc, data, len);
}
