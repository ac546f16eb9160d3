/*
 * scratch.h -- a folder of a test's own, and programs run in it.
 *
 * Room: tests.  May touch: libc.
 */
#ifndef MUSTER_TESTS_SCRATCH_H
#define MUSTER_TESTS_SCRATCH_H

#include <stdbool.h>
#include <stddef.h>

/* Makes an empty folder below $TMPDIR or /tmp and makes it the working
 * folder; fails the program otherwise. Returns its path, for
 * scratch_remove(). */
char *scratch_new(void);
void scratch_remove(char *path);

/* Runs a formatted command with sh(1) and waits for it. Returns its exit
 * code. */
int scratch_run(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* The same, but returns its output without the last newline; the caller
 * frees it. */
char *scratch_output(const char *fmt, ...)
    __attribute__((format(printf, 1, 2)));

/* Whether there is such a program; says that it is missing if not. */
bool scratch_has(const char *program);

/* Writes and reads a whole file. Reading gives a NUL behind the bytes; the
 * caller frees them; `len` may be NULL. */
void scratch_write(const char *path, const void *data, size_t len);
char *scratch_read(const char *path, size_t *len);

#endif
