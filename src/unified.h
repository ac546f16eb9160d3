/*
 * unified.h -- how a text differs from another, as diff -u says it.
 *
 * Room: src.  May touch: lines.h, output.h.
 */
#ifndef MUSTER_SRC_UNIFIED_H
#define MUSTER_SRC_UNIFIED_H

#include "src/lines.h"

struct output;

/* Writes the hunks that lead from text a to text b, with three lines around
 * them; none when they are equal. */
void unified_write(
    struct output *to, const struct lines *a, const struct lines *b);

#endif
