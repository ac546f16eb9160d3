/*
 * failures.c -- how many hosts may fail before no more begin.
 *
 * Room: engine/fleet.  May touch: base/, this room.
 */
#include "config.h"

#include "fleet/failures.h"
#include "fleet/fleet.h"

#include <assert.h>

void
failures_limit(struct failures *f, size_t n_allowed)
{
	f->told = false;
	atomic_store(&f->n_allowed, n_allowed);
	atomic_store(&f->n, 0);
}

void
failures_add(struct failures *f, const struct muster_result *result)
{
	if (muster_result_is_failure(result))
		atomic_fetch_add(&f->n, 1);
}

bool
failures_are_too_many(const struct failures *f)
{
	return atomic_load(&f->n) > atomic_load(&f->n_allowed);
}

void
muster_limit_failures(struct muster *m, size_t n_allowed)
{
	assert(m->magic == FLEET_MAGIC);
	failures_limit(&m->env.failures, n_allowed);
}

bool
muster_result_is_failure(const struct muster_result *result)
{
	return !muster_result_is_ok(result) &&
	       result->outcome != MUSTER_CANCELLED &&
	       result->outcome != MUSTER_SKIPPED_DUP;
}
