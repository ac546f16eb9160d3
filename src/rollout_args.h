/*
 * rollout_args.h -- how a run goes through its hosts, as options say it.
 *
 * Room: src.  May touch: libc.
 */
#ifndef MUSTER_SRC_ROLLOUT_ARGS_H
#define MUSTER_SRC_ROLLOUT_ARGS_H

#include <stdbool.h>
#include <stdint.h>

struct rollout_plan;

struct rollout_args {
	const char *canary, *serial; /* NULL: not said, as all texts here */
	bool ramp;
	const char *max_unavailable;
	const char *gate;
	const char *wave_check;
	uint32_t soak_ms, check_deadline_ms, progress_deadline_ms;
	const char *order, *spread;
	bool confirm;
	const char *lock;
	/* Not options: */
	uint32_t seed; /* for an order at random that names none */
	const struct rollout_plan *plan; /* borrowed; in place of one that is
					    made; NULL: make it */
};

#endif
