/*
 * hostexpr.h -- host expressions: "web[01-40],db1!web13,@rack2,^file".
 *
 * Room: engine/conf.  May touch: conf/hostlist.h, muster.h.
 * The grammar is in muster(1), HOST EXPRESSIONS. Operators are strictly left
 * to right; '-term' and '/re/' take effect at the end, wherever they stand.
 */
#ifndef MUSTER_CONF_HOSTEXPR_H
#define MUSTER_CONF_HOSTEXPR_H

#include "conf/hostlist.h"
#include "muster.h"

/* Who knows groups and hosts. `source` is NULL for the default one; any
 * field may be NULL. Each returns 1, 0 when there is no such thing, or -1
 * with *err filled in. */
struct hostexpr_resolver {
	void *ctx;
	/* Adds the hosts of a group to `out`; a full list is no error of
	 * the resolver's. */
	int (*group)(void *ctx, const char *source, const char *name,
	    struct hostlist *out, struct muster_error *err);
	/* Adds every host known: "@*", and what wildcards choose from. */
	int (*all)(void *ctx, const char *source, struct hostlist *out,
	    struct muster_error *err);
	/* Puts what is closest to a group that is not known, as it is written
	 * behind '@', into out[0..size). Returns 0 or 1. */
	int (*suggest)(void *ctx, const char *source, const char *name,
	    char *out, size_t size);
};

struct hostexpr_options {
	const struct hostexpr_resolver *resolver; /* borrowed; may be NULL */
	bool allow_empty; /* unknown groups and no host at all are fine */
};

/* Evaluates `expr` and adds its hosts to `out`, an empty list whose `max` is
 * the ceiling and whose `keep_duplicates` is honoured. err->at is a byte
 * offset in `expr`. Errors: MUSTER_ERR_SYNTAX; MUSTER_ERR_LIMIT, before the
 * memory is taken; MUSTER_ERR_UNKNOWN_NAME for a group or wildcard without a
 * match; MUSTER_ERR_FILE for a '^file', also one whose content does not
 * parse (the text then has file:line:column); MUSTER_ERR_EMPTY. */
int hostexpr_expand(const char *expr, const struct hostexpr_options *options,
    struct hostlist *out, struct muster_error *err);

/* As hostexpr_expand for "^path", whatever is in the path; no host at all is
 * fine. */
int hostexpr_expand_file(const char *path,
    const struct hostexpr_options *options, struct hostlist *out,
    struct muster_error *err);

/* Removes the hosts of `expr` from `hosts`. Wildcards choose from `hosts`;
 * one that matches nothing is an error, as a name that is not in it is not.
 * Errors: as hostexpr_expand, but MUSTER_ERR_EMPTY when no host would be
 * left. On error nothing is removed. */
int hostexpr_exclude(const char *expr, const struct hostexpr_options *options,
    struct hostlist *hosts, struct muster_error *err);

#endif
