/*
 * base64.h -- bytes as text and back, RFC 4648 s. 4.
 *
 * Room: engine/base.  May touch: buf.h.
 */
#ifndef MUSTER_BASE_BASE64_H
#define MUSTER_BASE_BASE64_H

#include <stdbool.h>
#include <stddef.h>

struct buf;

/* Adds the bytes as base64, with '=' at the end if `padded`. Returns false,
 * adding nothing, over the ceiling of `out`. */
bool base64_add(struct buf *out, const void *data, size_t len, bool padded);

/* Adds the bytes that the `len` characters at `text` stand for. The padding
 * may be missing. Returns false, adding nothing, when a character (blanks
 * too) is none of base64's, when bits are left over that are not zero, or
 * over the ceiling of `out`. */
bool base64_decode(struct buf *out, const char *text, size_t len);

#endif
