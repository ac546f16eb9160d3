/*
 * mem.h -- allocate or die.
 *
 * Room: engine/base.  May touch: libc.
 * Running out of memory ends the process with one line; what a remote host
 * can make grow has a ceiling (limits.h) and so never gets here.
 */
#ifndef MUSTER_BASE_MEM_H
#define MUSTER_BASE_MEM_H

#include <stddef.h>

/* Returns `size` zeroed bytes; never NULL. Free with free(3). */
void *mem_new(size_t size) __attribute__((malloc, returns_nonnull));

/* Returns `n` zeroed elements of `size` bytes; dies on overflow. */
void *mem_array(size_t n, size_t size) __attribute__((malloc, returns_nonnull));

/* Returns a copy of the `len` bytes at `data`. */
void *mem_dup(const void *data, size_t len)
    __attribute__((malloc, returns_nonnull));

/* Returns a copy of the string `text`; NULL for NULL. */
char *mem_strdup(const char *text);

/* Returns a NUL-terminated copy of the `len` bytes at `text`. */
char *mem_strndup(const char *text, size_t len)
    __attribute__((malloc, returns_nonnull));

/* Returns a formatted string. */
char *mem_printf(const char *fmt, ...)
    __attribute__((format(printf, 1, 2), returns_nonnull));

/* Makes room for at least `need` elements of `size` bytes in the array
 * `*array` of capacity `*cap` elements, doubling it. What is new is not
 * zeroed. */
void mem_grow(void *array, size_t *cap, size_t need, size_t size);

/* Ends the process: "out of memory". */
_Noreturn void mem_die(void);

/* Tests only: the allocation `n` calls from now fails (0: never). */
void mem_fail_after(size_t n);

#endif
