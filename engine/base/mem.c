/*
 * mem.c -- allocate or die.
 *
 * Room: engine/base.  May touch: libc.
 * The one place that writes to standard error on the engine's behalf: there
 * is no way left to hand an error to anybody.
 */
#include "config.h"

#include "base/mem.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Allocations left until one fails, for tests; 0 is never. */
static atomic_size_t fail_after;

void
mem_die(void)
{
	static const char text[] = "muster: out of memory\n";

	if (write(STDERR_FILENO, text, sizeof(text) - 1) < 0)
		_exit(1);
	_exit(1);
}

static void *
check(void *p)
{
	if (atomic_load_explicit(&fail_after, memory_order_relaxed) != 0 &&
	    atomic_fetch_sub(&fail_after, 1) == 1)
		mem_die();
	if (p == NULL)
		mem_die();
	return p;
}

void
mem_fail_after(size_t n)
{
	atomic_store(&fail_after, n);
}

void *
mem_new(size_t size)
{
	return check(calloc(1, size ? size : 1));
}

void *
mem_array(size_t n, size_t size)
{
	return check(calloc(n ? n : 1, size ? size : 1));
}

void *
mem_dup(const void *data, size_t len)
{
	void *p = check(malloc(len ? len : 1));

	if (len > 0)
		memcpy(p, data, len);
	return p;
}

char *
mem_strdup(const char *text)
{
	return text == NULL ? NULL : mem_strndup(text, strlen(text));
}

char *
mem_strndup(const char *text, size_t len)
{
	char *p = check(malloc(len + 1));

	if (len > 0)
		memcpy(p, text, len);
	p[len] = '\0';
	return p;
}

char *
mem_printf(const char *fmt, ...)
{
	char *text;
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vasprintf(&text, fmt, ap);
	va_end(ap);
	return check(n < 0 ? NULL : text);
}

void
mem_grow(void *array, size_t *cap, size_t need, size_t size)
{
	void **p = array;
	size_t n = *cap < 8 ? 8 : *cap;

	if (need <= *cap)
		return;
	while (n < need) {
		if (n > SIZE_MAX / 2)
			mem_die();
		n *= 2;
	}
	*p = check(reallocarray(*p, n, size));
	*cap = n;
}
