/*
 * budget.h -- how many hosts may fail before no more begin.
 *
 * Room: src.  May touch: muster.h, args.h.
 */
#ifndef MUSTER_SRC_BUDGET_H
#define MUSTER_SRC_BUDGET_H

#include "muster.h"

#include <stdbool.h>
#include <stddef.h>

struct args;

struct budget {
	bool limited;
	size_t n_allowed; /* failures that change nothing */
	size_t n_hosts, n_failed;
};

/* Reads `text` (N or N%, of all hosts and rounded down; NULL: no limit).
 * Returns false when it is neither. */
bool budget_init(struct budget *b, const char *text, size_t n_hosts);

/* The budget that --fail-fast or --max-fail give.
 * Returns 0, or -1: MUSTER_ERR_USAGE. */
int budget_open(struct budget *b, const struct args *args, size_t n_hosts,
    struct muster_error *err);

/* Counts a result as muster_limit_failures() does. Returns true for the
 * failure that is too many. */
bool budget_add(struct budget *b, const struct muster_result *result);

#endif
