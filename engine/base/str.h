/*
 * str.h -- small questions about text, with no locale in them.
 *
 * Room: engine/base.  May touch: libc.
 */
#ifndef MUSTER_BASE_STR_H
#define MUSTER_BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Copies `src` with its NUL into `dst` of `size` (> 0) bytes. Returns false
 * when it was cut. */
bool str_copy(char *dst, size_t size, const char *src);

/* Reads the whole of `text` as a decimal number without sign or blanks.
 * Returns false, leaving *out alone, unless min <= number <= max. */
bool str_u32(const char *text, uint32_t min, uint32_t max, uint32_t *out);
bool str_u64(const char *text, uint64_t min, uint64_t max, uint64_t *out);

/* Reads a time: seconds ("10", "2.5") or with a unit (ms s m h d), as a
 * whole number of milliseconds. Returns false on anything else, or over
 * UINT32_MAX ms. */
bool str_duration_ms(const char *text, uint32_t *out);

bool str_is_digit(int c);
bool str_is_space(int c); /* blank, tab, CR, LF, VT, FF */
int str_lower(int c);     /* ASCII only */

/* Whether the first `len` bytes of `text` are the string `word`. */
bool str_is(const char *text, size_t len, const char *word);

bool str_starts(const char *text, const char *prefix);
bool str_ends(const char *text, const char *suffix);

/* As strcasecmp(3) == 0, for ASCII, in any locale. */
bool str_case_is(const char *a, const char *b);

/* Natural order: runs of digits compare as numbers (n2 < n10), the rest by
 * bytes; equal numbers by width, shorter first. As strcmp(3). */
int str_natural_cmp(const char *a, const char *b);

/* How many edits turn `a` into `b` (insert, delete, replace, swap), for
 * "did you mean"; SIZE_MAX when either is over 255 bytes. */
size_t str_distance(const char *a, const char *b);

#endif
