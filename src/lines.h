/*
 * lines.h -- a gathered text, to be looked at line by line.
 *
 * Room: src.  May touch: muster.h, text.h.
 */
#ifndef MUSTER_SRC_LINES_H
#define MUSTER_SRC_LINES_H

#include "muster.h"
#include "src/text.h"

#include <stddef.h>

struct lines {
	struct text text;
	size_t *starts; /* owned; of each line, and the end of the last */
	size_t n;
};

/* Copies what a host printed. The caller clears. */
void lines_load(
    struct lines *l, const struct muster_gather *texts, size_t host);

/* Finds the lines of l->text, which the caller has filled in. */
void lines_cut(struct lines *l);
void lines_clear(struct lines *l);

/* Line `i` with its newline, if it has one; *len is set. Lent. */
const char *lines_get(const struct lines *l, size_t i, size_t *len);

#endif
