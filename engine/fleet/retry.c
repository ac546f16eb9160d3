/*
 * retry.c -- which failures are worth another try, and when.
 *
 * Room: engine/fleet.  May touch: muster.h, base/.
 */
#include "config.h"

#include "fleet/retry.h"
#include "base/clock.h"

#define FIRST_MS 500
#define MAX_MS 8000

bool
retry_is_useful(enum muster_outcome outcome)
{
	return outcome == MUSTER_CONN_RESET || outcome == MUSTER_THROTTLED ||
	       outcome == MUSTER_LOCAL_RES;
}

bool
retry_is_useful_copy(enum muster_outcome outcome)
{
	return retry_is_useful(outcome) || outcome == MUSTER_LOST;
}

bool
retry_is_stale(enum muster_outcome outcome)
{
	return outcome == MUSTER_CONN_RESET || outcome == MUSTER_CONN_TIMEOUT ||
	       outcome == MUSTER_CHAN_REFUSED || outcome == MUSTER_JUMP_FAIL;
}

uint32_t
retry_delay_ms(unsigned attempts, size_t host)
{
	unsigned doublings = attempts < 5 ? attempts : 5;
	uint32_t most = FIRST_MS << doublings;
	uint64_t mixed = ((uint64_t)clock_now_us() + host) * 2654435761u;

	if (most > MAX_MS)
		most = MAX_MS;
	return 1 + (uint32_t)((mixed >> 16) % most);
}
