/*
 * number.h -- numbers and times as people write them in options.
 *
 * Room: src.  May touch: libc.
 */
#ifndef MUSTER_SRC_NUMBER_H
#define MUSTER_SRC_NUMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Reads the whole of `text` as a decimal number without sign or blanks.
 * Returns false, leaving *out alone, unless min <= number <= max. */
bool number_u32(const char *text, uint32_t min, uint32_t max, uint32_t *out);

/* Reads a decimal number over 0 and up to 1 as thousandths, 1 to 1000, rounded
 * down. Returns false on anything else. */
bool number_ratio(const char *text, uint32_t *out);

/* Reads a number, or with '%' behind it so many hundredths of `all`, rounded up
 * or down, 100 at most. Returns false on anything else. */
bool number_share(const char *text, size_t all, bool round_up, size_t *out);

/* Reads a time, seconds ("10", "2.5") or with a unit (ms s m h d), as whole
 * milliseconds. Returns false on anything else, or over UINT32_MAX - 1 ms. */
bool number_time_ms(const char *text, uint32_t *out);

/* Reads a number of bytes, with K, M, G or T behind it for 1024 and its
 * powers. Returns false on anything else, for 0, and over 2^60. */
bool number_size(const char *text, uint64_t *out);

#endif
