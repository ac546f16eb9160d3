/*
 * similar.h -- texts that are nearly equal, as one.
 *
 * Room: src.  May touch: gathered.h.
 * The largest group that is left, with all groups that are similar to it,
 * makes a block under one header. Lines that all of them have stand behind two
 * blanks; before others stands who has them.
 */
#ifndef MUSTER_SRC_SIMILAR_H
#define MUSTER_SRC_SIMILAR_H

#include "src/gathered.h"

struct similar;

/* Of `n_groups` groups, those that share `thousandths` of their lines. The
 * texts are borrowed. */
struct similar *similar_new(
    const struct gathered_texts *texts, size_t n_groups, uint32_t thousandths);
void similar_free(struct similar *s);

/* Writes a block. Returns false when all are written. */
bool similar_pump(struct similar *s);

#endif
