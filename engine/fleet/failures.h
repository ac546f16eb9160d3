/*
 * failures.h -- how many hosts may fail before no more begin.
 *
 * Room: engine/fleet.  May touch: muster.h.
 * Shared by all workers: counted where a result is made, before its host
 * gives its place away, and asked wherever one is to begin.
 */
#ifndef MUSTER_FLEET_FAILURES_H
#define MUSTER_FLEET_FAILURES_H

#include "muster.h"

#include <stdatomic.h>

#define FAILURES_TEXT "not begun: too many hosts failed"

struct failures {
	atomic_size_t n_allowed;
	atomic_size_t n;
	bool told; /* the front's: what is pending was cancelled */
};

/* Counts from 0. SIZE_MAX: all may fail. */
void failures_limit(struct failures *f, size_t n_allowed);

/* Counts a result. */
void failures_add(struct failures *f, const struct muster_result *result);

/* Whether there were too many. */
bool failures_are_too_many(const struct failures *f);

#endif
