/*
 * clock.c -- reading the clocks.
 *
 * Room: engine/base.  May touch: libc.
 */
#include "config.h"

#include "base/clock.h"

#include <time.h>

#ifdef CLOCK_BOOTTIME
#define STEADY CLOCK_BOOTTIME
#else
#define STEADY CLOCK_MONOTONIC
#endif

static int64_t
read_us(clockid_t id)
{
	struct timespec ts;

	(void)clock_gettime(id, &ts);
	return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

int64_t
clock_now_us(void)
{
	return read_us(STEADY);
}

int64_t
clock_wall_us(void)
{
	return read_us(CLOCK_REALTIME);
}
