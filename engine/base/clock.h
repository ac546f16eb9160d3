/*
 * clock.h -- time that only goes forward, and the time of day for records.
 *
 * Room: engine/base.  May touch: libc.
 */
#ifndef MUSTER_BASE_CLOCK_H
#define MUSTER_BASE_CLOCK_H

#include <stdint.h>

/* Microseconds on a clock that no one sets and that counts sleep too
 * (CLOCK_BOOTTIME): for deadlines and durations. */
int64_t clock_now_us(void);

/* Microseconds since 1970-01-01 UTC: for records only. */
int64_t clock_wall_us(void);

#endif
