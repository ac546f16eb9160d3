/*
 * rollout_model.h -- what a rollout has to do, worked out the slow way.
 *
 * Room: tests.  May touch: muster.h.
 * Keeps what happened and counts it anew whenever it is asked; shares no
 * thought with engine/rollout but the rules of muster(1), ROLLOUTS.
 */
#ifndef MUSTER_TESTS_ROLLOUT_MODEL_H
#define MUSTER_TESTS_ROLLOUT_MODEL_H

#include "muster.h"

#define MODEL_HOSTS 24
#define MODEL_CHECKS 4096

struct model {
	const struct muster_rollout_plan *plan;
	char hosts[MODEL_HOSTS]; /* by place: - > g b l */
	char ends[MODEL_HOSTS];
	size_t max_fail, parallel;
	bool begun, paused, stopped, over;
	enum muster_rollout_reason reason;
	int64_t now, idle;      /* idle: time that was spent paused, in all */
	size_t wave;            /* opened last */
	int64_t opened, closed; /* of it; closed -1: not yet */
	int64_t busy_since;     /* now - idle when it was well last */
	bool asked, promoted, checking, well;
	int64_t gate_since; /* -1: not there yet */
	struct {
		int64_t at;
		bool ok;
	} checks[MODEL_CHECKS]; /* of the wave */
	size_t n_checks;
	/* what is to be done now */
	size_t begin[MODEL_HOSTS], n_begin;
	bool check, end_check, ask;
};

void model_init(struct model *m, const struct muster_rollout_plan *plan);
void model_step(struct model *m, const struct muster_rollout_event *event);

/* How many hosts are in that state, of one wave or (SIZE_MAX) of all. */
size_t model_count(const struct model *m, size_t wave, char state);

#endif
