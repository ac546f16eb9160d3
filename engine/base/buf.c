/*
 * buf.c -- a growing run of bytes, and a reader over foreign bytes.
 *
 * Room: engine/base.  May touch: mem.h.
 */
#include "config.h"

#include "base/buf.h"
#include "base/mem.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
buf_init(struct buf *b, size_t max)
{
	memset(b, 0, sizeof(*b));
	b->max = max;
}

void
buf_clear(struct buf *b)
{
	free(b->mem);
	buf_init(b, b->max);
}

void
buf_reset(struct buf *b)
{
	b->off = 0;
	b->len = 0;
}

uint8_t *
buf_reserve(struct buf *b, size_t len)
{
	if (len > b->max || b->len > b->max - len)
		return NULL;
	if (b->off > 0 && b->off + b->len + len > b->cap) {
		memmove(b->mem, b->mem + b->off, b->len);
		b->off = 0;
	}
	mem_grow(&b->mem, &b->cap, b->off + b->len + len, 1);
	return b->mem + b->off + b->len;
}

void
buf_commit(struct buf *b, size_t len)
{
	assert(b->off + b->len + len <= b->cap);
	b->len += len;
}

bool
buf_add(struct buf *b, const void *data, size_t len)
{
	uint8_t *to;

	if (len == 0)
		return true;
	to = buf_reserve(b, len);
	if (to == NULL)
		return false;
	memcpy(to, data, len);
	b->len += len;
	return true;
}

bool
buf_addc(struct buf *b, int c)
{
	uint8_t byte = (uint8_t)c;

	return buf_add(b, &byte, 1);
}

bool
buf_adds(struct buf *b, const char *text)
{
	return buf_add(b, text, strlen(text));
}

bool
buf_addf(struct buf *b, const char *fmt, ...)
{
	va_list ap;
	char *text;
	bool ok;
	int n;

	va_start(ap, fmt);
	n = vasprintf(&text, fmt, ap);
	va_end(ap);
	if (n < 0)
		return false;
	ok = buf_add(b, text, (size_t)n);
	free(text);
	return ok;
}

void
buf_drain(struct buf *b, size_t len)
{
	assert(len <= b->len);
	b->off += len;
	b->len -= len;
	if (b->len == 0)
		b->off = 0;
}

const char *
buf_str(struct buf *b)
{
	mem_grow(&b->mem, &b->cap, b->off + b->len + 1, 1);
	b->mem[b->off + b->len] = '\0';
	return (const char *)b->mem + b->off;
}

char *
buf_take_str(struct buf *b)
{
	char *text;

	(void)buf_str(b);
	if (b->off > 0)
		memmove(b->mem, b->mem + b->off, b->len + 1);
	b->off = 0;
	text = (char *)b->mem;
	b->mem = NULL;
	buf_clear(b);
	return text;
}

bool
buf_add_u8(struct buf *b, uint8_t v)
{
	return buf_add(b, &v, 1);
}

bool
buf_add_u32(struct buf *b, uint32_t v)
{
	const uint8_t wire[4] = {(uint8_t)(v >> 24), (uint8_t)(v >> 16),
	    (uint8_t)(v >> 8), (uint8_t)v};

	return buf_add(b, wire, sizeof(wire));
}

bool
buf_add_u64(struct buf *b, uint64_t v)
{
	if (b->max - b->len < 8)
		return false;
	return buf_add_u32(b, (uint32_t)(v >> 32)) &&
	       buf_add_u32(b, (uint32_t)v);
}

bool
buf_add_string(struct buf *b, const void *data, size_t len)
{
	if (len > UINT32_MAX || b->max - b->len < 4 ||
	    b->max - b->len - 4 < len)
		return false;
	return buf_add_u32(b, (uint32_t)len) && buf_add(b, data, len);
}

bool
buf_add_cstring(struct buf *b, const char *text)
{
	return buf_add_string(b, text, strlen(text));
}

void
rd_init(struct rd *r, const void *data, size_t len)
{
	r->p = data;
	r->len = len;
	r->bad = false;
}

bool
rd_bytes(struct rd *r, const uint8_t **data, size_t len)
{
	if (r->bad || len > r->len) {
		r->bad = true;
		return false;
	}
	*data = r->p;
	r->p += len;
	r->len -= len;
	return true;
}

bool
rd_u8(struct rd *r, uint8_t *v)
{
	const uint8_t *p;

	if (!rd_bytes(r, &p, 1))
		return false;
	*v = *p;
	return true;
}

bool
rd_u32(struct rd *r, uint32_t *v)
{
	const uint8_t *p;

	if (!rd_bytes(r, &p, 4))
		return false;
	*v = (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 |
	     p[3];
	return true;
}

bool
rd_u64(struct rd *r, uint64_t *v)
{
	uint32_t hi, lo;

	if (r->len < 8)
		r->bad = true;
	if (!rd_u32(r, &hi) || !rd_u32(r, &lo))
		return false;
	*v = (uint64_t)hi << 32 | lo;
	return true;
}

bool
rd_string(struct rd *r, const uint8_t **data, size_t *len)
{
	struct rd at = *r;
	uint32_t n;

	if (!rd_u32(&at, &n) || !rd_bytes(&at, data, n)) {
		r->bad = true;
		return false;
	}
	*len = n;
	*r = at;
	return true;
}

bool
rd_cstring(struct rd *r, char *dst, size_t size)
{
	const uint8_t *data;
	size_t len;

	if (!rd_string(r, &data, &len))
		return false;
	if (len >= size || memchr(data, '\0', len) != NULL) {
		r->bad = true;
		return false;
	}
	memcpy(dst, data, len);
	dst[len] = '\0';
	return true;
}
