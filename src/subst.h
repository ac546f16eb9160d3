/*
 * subst.h -- what stands for a host in a command: {host}, {user:q} ...
 *
 * Room: src.  May touch: muster.h, text.h.
 */
#ifndef MUSTER_SRC_SUBST_H
#define MUSTER_SRC_SUBST_H

#include "muster.h"
#include "src/text.h"

#include <stddef.h>

/* Where values come from; both borrowed. */
struct subst {
	const struct muster *m;
	const struct muster_inventory *inventory; /* NULL: none */
};

/* Adds `text` with {host}, {user}, {port} and {index} of a host put in, with
 * any other {variable} that the inventory has for it, and {host:q} ... quoted
 * for a shell; "{{" is a brace. Returns 0, or -1: MUSTER_ERR_USAGE for any
 * other word in braces. */
int subst_add(const struct subst *s, size_t host, const char *text,
    struct text *to, struct muster_error *err);

#endif
