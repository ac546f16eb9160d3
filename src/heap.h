/*
 * heap.h -- the program's memory: allocate or die.
 *
 * Room: src.  May touch: libc.
 * The engine keeps its own such routines behind its door; the program has
 * need of these only.
 */
#ifndef MUSTER_SRC_HEAP_H
#define MUSTER_SRC_HEAP_H

#include <stddef.h>

/* Returns `n` zeroed elements of `size` bytes, to be freed with free(3). */
void *heap_array(size_t n, size_t size);

/* Makes room for `need` elements of `size` bytes in the array that the
 * pointer `array` points to, of *cap elements. What is new is not zeroed. */
void heap_grow(void *array, size_t *cap, size_t need, size_t size);

/* Returns a copy of the string. */
char *heap_strdup(const char *text);

/* Says that memory ran out, and ends. */
_Noreturn void heap_die(void);

#endif
