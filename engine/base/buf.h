/*
 * buf.h -- a growing run of bytes, born with its maximum.
 *
 * Room: engine/base.  May touch: mem.h.
 * Bytes are added at the end and drained from the front. Adding is all or
 * nothing: over the ceiling nothing is added.
 */
#ifndef MUSTER_BASE_BUF_H
#define MUSTER_BASE_BUF_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf {
	uint8_t *mem; /* owned */
	size_t off;   /* of the first byte in mem */
	size_t len;   /* bytes held */
	size_t cap;   /* bytes in mem */
	size_t max;   /* ceiling for len */
};

/* An empty buffer that never holds more than `max` bytes. */
void buf_init(struct buf *b, size_t max);

/* Frees the bytes; the buffer stays usable, empty. */
void buf_clear(struct buf *b);

/* Forgets the bytes but keeps the memory. */
void buf_reset(struct buf *b);

/* The bytes held, lent until the next call on `b`. */
static inline const uint8_t *
buf_data(const struct buf *b)
{
	return b->mem + b->off;
}

/* Adds `len` bytes. Returns false, adding nothing, over the ceiling. */
bool buf_add(struct buf *b, const void *data, size_t len);

/* Adds one byte; false over the ceiling. */
bool buf_addc(struct buf *b, int c);

/* Adds a string without its NUL; false over the ceiling. */
bool buf_adds(struct buf *b, const char *text);

/* Adds formatted text; false over the ceiling. */
bool buf_addf(struct buf *b, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* Lends `len` writable bytes behind the end, or NULL over the ceiling;
 * buf_commit() then makes the first of them part of the buffer. */
uint8_t *buf_reserve(struct buf *b, size_t len);
void buf_commit(struct buf *b, size_t len);

/* Removes the first `len` (<= held) bytes. */
void buf_drain(struct buf *b, size_t len);

/* The content as a NUL-terminated string, lent until the next call. */
const char *buf_str(struct buf *b);

/* Takes the content as a heap string; the buffer is empty after. */
char *buf_take_str(struct buf *b);

/* Wire forms of RFC 4251 s. 5, big-endian. Adding: false over the ceiling. */
bool buf_add_u8(struct buf *b, uint8_t v);
bool buf_add_u32(struct buf *b, uint32_t v);
bool buf_add_u64(struct buf *b, uint64_t v);
bool buf_add_string(struct buf *b, const void *data, size_t len);
bool buf_add_cstring(struct buf *b, const char *text);

/* A reader over bytes that are not ours. A read past the end fails, changes
 * nothing and marks the reader bad for good. */
struct rd {
	const uint8_t *p; /* borrowed */
	size_t len;
	bool bad;
};

void rd_init(struct rd *r, const void *data, size_t len);
bool rd_u8(struct rd *r, uint8_t *v);
bool rd_u32(struct rd *r, uint32_t *v);
bool rd_u64(struct rd *r, uint64_t *v);

/* A string of RFC 4251: *data points into the bytes read. */
bool rd_string(struct rd *r, const uint8_t **data, size_t *len);

/* `len` bytes as they are. */
bool rd_bytes(struct rd *r, const uint8_t **data, size_t len);

/* A string of RFC 4251 without NUL bytes, copied with its NUL into `dst`;
 * false also when it does not fit. */
bool rd_cstring(struct rd *r, char *dst, size_t size);

#endif
