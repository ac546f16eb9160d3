/*
 * peers.c -- which hosts are far behind those that have finished.
 *
 * Room: engine/fleet.  May touch: muster.h.
 * Pure. A histogram in place of all times: it costs the same for any number
 * of hosts.
 */
#include "config.h"

#include "muster.h"

#define PARTS 8 /* of a power of two */
#define PEERS_MIN 5
#define TIMES 3
#define STUCK_MIN_US INT64_C(10000000)

/* Below PARTS microseconds each has its own. */
static size_t
bucket_of(int64_t us)
{
	size_t power = 0;
	size_t bucket;

	if (us < PARTS)
		return us > 0 ? (size_t)us : 0;
	while ((us >> power) >= 2 * PARTS)
		power++;
	bucket = (power + 1) * PARTS + (size_t)(us >> power) - PARTS;
	return bucket < MUSTER_PEERS_BUCKETS ? bucket
					     : MUSTER_PEERS_BUCKETS - 1;
}

/* The first time that is in the next one. */
static int64_t
end_of(size_t bucket)
{
	size_t power = bucket / PARTS;

	if (power == 0)
		return (int64_t)bucket + 1;
	return (int64_t)(bucket % PARTS + PARTS + 1) << (power - 1);
}

void
muster_peers_add(struct muster_peers *p, int64_t took_us)
{
	p->n++;
	p->buckets[bucket_of(took_us)]++;
}

int64_t
muster_peers_p90_us(const struct muster_peers *p)
{
	size_t wanted = (p->n * 9 + 9) / 10, seen = 0, i = 0;

	if (p->n == 0)
		return 0;
	for (; i < MUSTER_PEERS_BUCKETS - 1; i++) {
		seen += p->buckets[i];
		if (seen >= wanted)
			break;
	}
	return end_of(i);
}

bool
muster_peers_is_stuck(
    const struct muster_peers *p, int64_t at_work_us, int64_t silent_us)
{
	int64_t limit_us = TIMES * muster_peers_p90_us(p);

	if (limit_us < STUCK_MIN_US)
		limit_us = STUCK_MIN_US;
	return p->n >= PEERS_MIN && at_work_us > limit_us &&
	       silent_us > limit_us / TIMES;
}
