/*
 * utf8.h -- characters that were typed, as bytes.
 *
 * Room: ui.  May touch: libc.
 */
#ifndef MUSTER_UI_UTF8_H
#define MUSTER_UI_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Writes a code point (<= 0x10ffff). Returns its bytes. */
size_t utf8_put(char to[4], uint32_t c);

/* Reads one; returns its bytes, 0 where there is none. */
size_t utf8_take(const char *p, size_t len, uint32_t *c);

bool utf8_is_valid(const char *p, size_t len);

#endif
