/*
 * hostpat.h -- one name with number ranges in it: "rack[1-2]n[01-40/2].ib".
 *
 * Room: engine/conf.  May touch: base.
 * A pattern is borrowed text cut into parts; it is counted before anything
 * is made of it. See muster(1), HOST EXPRESSIONS, for the grammar of ranges.
 */
#ifndef MUSTER_CONF_HOSTPAT_H
#define MUSTER_CONF_HOSTPAT_H

#include "muster.h"

struct hostpat_range {
	uint64_t low;
	uint64_t high;
	uint64_t step;
	unsigned width;  /* digits to pad to with zeros */
	bool is_letters; /* numbers of letters: a is 0, Z is 51 */
};

/* Literal text, then the ranges of one pair of brackets. */
struct hostpat_part {
	const char *text; /* borrowed */
	size_t len;
	size_t first; /* of its ranges */
	size_t n;     /* ranges; 0: only the last part has none */
};

struct hostpat {
	struct hostpat_part *parts; /* owned */
	size_t n_parts;
	size_t cap_parts;
	struct hostpat_range *ranges; /* owned */
	size_t n_ranges;
	size_t cap_ranges;
};

/* Cuts text[0..len), which must outlive the pattern. `at` is the offset of
 * `text` in what the person wrote, for err->at. Errors: MUSTER_ERR_SYNTAX;
 * the pattern needs no clearing then. */
int hostpat_parse(struct hostpat *p, const char *text, size_t len, size_t at,
    struct muster_error *err);

void hostpat_clear(struct hostpat *p);

/* How many names it stands for; UINT64_MAX stands for more than that. */
uint64_t hostpat_count(const struct hostpat *p);

/* Calls each() with every name, the rightmost range going fastest, until it
 * returns something else than 0, which is returned. Names that do not fit
 * into LIMIT_NAME_BYTES are cut there. */
int hostpat_each(const struct hostpat *p,
    int (*each)(void *ctx, const char *name, size_t len), void *ctx);

#endif
