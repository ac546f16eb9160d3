/*
 * retry.h -- which failures are worth another try, and when.
 *
 * Room: engine/fleet.  May touch: muster.h, base/.
 */
#ifndef MUSTER_FLEET_RETRY_H
#define MUSTER_FLEET_RETRY_H

#include "muster.h"

/* Whether the command certainly did not run, for a cause that passes. */
bool retry_is_useful(enum muster_outcome outcome);

/* The same for a copy: one that was cut off may be made again, too. */
bool retry_is_useful_copy(enum muster_outcome outcome);

/* Whether a session that was kept open may have been of no use any more when
 * that came of it: a fresh one deserves its chance, once. */
bool retry_is_stale(enum muster_outcome outcome);

/* How long to wait after so many attempts (> 0): anything from 1 ms up to a
 * delay that doubles, so that a fleet spreads out. `host` sets hosts apart
 * that fail in the same moment. */
uint32_t retry_delay_ms(unsigned attempts, size_t host);

#endif
