/*
 * hostexpr_scan.h -- cuts a host expression into operators and operands.
 *
 * Room: engine/conf.  May touch: muster.h.
 */
#ifndef MUSTER_CONF_HOSTEXPR_SCAN_H
#define MUSTER_CONF_HOSTEXPR_SCAN_H

#include "muster.h"

enum hostexpr_kind {
	HOSTEXPR_HOST,
	HOSTEXPR_GROUP, /* text without '@' */
	HOSTEXPR_FILE,  /* text without '^' */
	HOSTEXPR_REGEX, /* text between the slashes */
};

struct hostexpr_scan {
	const char *expr; /* borrowed */
	size_t len;
	size_t i; /* the next byte */
	/* The term found last: */
	char op;           /* ',' '!' '&' '^', before it */
	bool is_exclusion; /* '-' stood before it */
	enum hostexpr_kind kind;
	size_t start; /* of its text */
	size_t end;
};

void hostexpr_scan_init(struct hostexpr_scan *s, const char *expr, size_t len);

/* Finds the next term. Returns 1, 0 at the end, or -1: MUSTER_ERR_SYNTAX. */
int hostexpr_scan_next(struct hostexpr_scan *s, struct muster_error *err);

#endif
