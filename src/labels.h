/*
 * labels.h -- what stands before each line of a host.
 *
 * Room: src.  May touch: muster.h.
 */
#ifndef MUSTER_SRC_LABELS_H
#define MUSTER_SRC_LABELS_H

#include "muster.h"

struct labels;

/* Makes those of all hosts: as `format` has it, where %h is the name, %u the
 * user, %p the port, %n the number from 0 and %% a '%'; "%h: " when it is
 * NULL. Returns NULL: MUSTER_ERR_USAGE for another letter. */
struct labels *labels_new(
    const struct muster *m, const char *format, struct muster_error *err);
void labels_free(struct labels *l);

/* The one of a host, lent. */
const char *labels_get(const struct labels *l, size_t host);

#endif
