/*
 * names.h -- host names as people like to read them: web[01-40],db1.
 *
 * Room: src.  May touch: muster.h, text.h.
 */
#ifndef MUSTER_SRC_NAMES_H
#define MUSTER_SRC_NAMES_H

#include "src/text.h"

#include <stddef.h>

/* Adds the folded names to `to`. */
void names_fold(const char *const *names, size_t n, struct text *to);

#endif
