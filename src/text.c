/*
 * text.c -- bytes that grow at the end.
 *
 * Room: src.  May touch: heap.h.
 */
#include "config.h"

#include "src/text.h"

#include "src/heap.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
text_clear(struct text *t)
{
	free(t->mem);
	*t = (struct text){0};
}

void
text_add(struct text *t, const void *data, size_t len)
{
	if (len == 0)
		return;
	heap_grow(&t->mem, &t->cap, t->len + len, 1);
	memcpy(t->mem + t->len, data, len);
	t->len += len;
}

void
text_adds(struct text *t, const char *string)
{
	text_add(t, string, strlen(string));
}

void
text_addf(struct text *t, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	assert(n >= 0);
	heap_grow(&t->mem, &t->cap, t->len + (size_t)n + 1, 1);
	va_start(ap, fmt);
	(void)vsnprintf(t->mem + t->len, (size_t)n + 1, fmt, ap);
	va_end(ap);
	t->len += (size_t)n;
}

void
text_drain(struct text *t, size_t len)
{
	assert(len <= t->len);
	if (len == 0)
		return;
	memmove(t->mem, t->mem + len, t->len - len);
	t->len -= len;
}

const char *
text_str(struct text *t)
{
	heap_grow(&t->mem, &t->cap, t->len + 1, 1);
	t->mem[t->len] = '\0';
	return t->mem;
}
