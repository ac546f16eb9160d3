/*
 * report.h -- how a run ended, a line for each kind of failure.
 *
 * Room: src.  May touch: muster.h, text.h.
 * Hosts that ended alike (outcome, code, signal) share a line: how many,
 * who, why. Success is counted, and named on demand only.
 */
#ifndef MUSTER_SRC_REPORT_H
#define MUSTER_SRC_REPORT_H

#include "muster.h"
#include "src/text.h"

#include <stdbool.h>
#include <stddef.h>

/* A flag of results besides the engine's: output of it was lost here. */
#define REPORT_LOST (1u << 31)

struct report;

struct report *report_new(void);
void report_free(struct report *r);

/* Counts a host in. The name is borrowed, the result copied. */
void report_add(
    struct report *r, const char *name, const struct muster_result *result);

/* Adds the report to `to`, each line with its newline; nothing when every
 * host is ok. `verbose` adds every distinct cause, and a line of totals. */
void report_write(struct report *r, bool verbose, struct text *to);

/* What was counted so far; lent. */
const struct muster_tally *report_tally(const struct report *r);

/* The names of hosts that are not ok, in the order they came; *n is set to
 * how many. The array is the caller's to free(3), the names are borrowed. */
const char **report_failed(const struct report *r, size_t *n);

/* Adds "1 host" or "7 hosts". */
void report_count(struct text *to, size_t n);

#endif
