/*
 * heap.c -- the program's memory: allocate or die.
 *
 * Room: src.  May touch: libc.
 */
#include "config.h"

#include "src/heap.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

_Noreturn void
heap_die(void)
{
	(void)fputs("muster: out of memory\n", stderr);
	exit(1);
}

void *
heap_array(size_t n, size_t size)
{
	void *p = calloc(n > 0 ? n : 1, size);

	if (p == NULL)
		heap_die();
	return p;
}

void
heap_grow(void *array, size_t *cap, size_t need, size_t size)
{
	size_t want = *cap > 0 ? *cap : 16;
	void *p;

	if (need <= *cap)
		return;
	while (want < need) {
		if (want > SIZE_MAX / 2)
			heap_die();
		want *= 2;
	}
	if (want > SIZE_MAX / size)
		heap_die();
	memcpy(&p, array, sizeof(p));
	p = realloc(p, want * size);
	if (p == NULL)
		heap_die();
	memcpy(array, &p, sizeof(p));
	*cap = want;
}

char *
heap_strdup(const char *text)
{
	char *copy = strdup(text);

	if (copy == NULL)
		heap_die();
	return copy;
}
