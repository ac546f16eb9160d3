/*
 * visible.h -- what a host sent, put on a line so that it can be seen.
 *
 * Room: engine/base.  May touch: muster.h, glyph.h, line.h, style.h.
 * Marks of ours stand in reverse and are never cut: <9b>, <U+202E>, ^X.
 */
#ifndef MUSTER_BASE_VISIBLE_H
#define MUSTER_BASE_VISIBLE_H

#include "base/line.h"

/* Each returns false, changing nothing, when the line is full. `style` is
 * as the host set it, `flags` are those of struct muster_clean. */

/* A code point from U+0080 on, or a byte 0x80 to 0x9f that begins none. */
bool visible_put(struct line *l, uint32_t cp, const struct muster_style *style,
    unsigned flags);

/* What was no code point: U+FFFD. */
bool visible_put_bad(
    struct line *l, const struct muster_style *style, unsigned flags);

/* Printable ASCII. */
bool visible_put_ascii(
    struct line *l, uint8_t c, const struct muster_style *style);

/* A byte below 0x20 or DEL, as ^X. */
bool visible_put_control(
    struct line *l, uint8_t byte, const struct muster_style *style);

#endif
