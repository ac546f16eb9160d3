/*
 * text.h -- bytes that grow at the end.
 *
 * Room: src.  May touch: heap.h.
 * A struct text of zeroes is an empty one. Who grows one with remote bytes
 * keeps the ceiling (stream.c does).
 */
#ifndef MUSTER_SRC_TEXT_H
#define MUSTER_SRC_TEXT_H

#include <stddef.h>

struct text {
	char *mem; /* owned */
	size_t len;
	size_t cap;
};

/* Frees the bytes; the text is empty after. */
void text_clear(struct text *t);

void text_add(struct text *t, const void *data, size_t len);
void text_adds(struct text *t, const char *string);
void text_addf(struct text *t, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* Removes the first `len` (<= held) bytes. */
void text_drain(struct text *t, size_t len);

/* The bytes as a string, lent until the next call. */
const char *text_str(struct text *t);

#endif
