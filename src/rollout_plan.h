/*
 * rollout_plan.h -- which hosts are in which wave, and what stops them.
 *
 * Room: src.  May touch: muster.h, text.h.
 */
#ifndef MUSTER_SRC_ROLLOUT_PLAN_H
#define MUSTER_SRC_ROLLOUT_PLAN_H

#include "muster.h"
#include "src/text.h"

struct args;

struct rollout_plan {
	struct muster_rollout_plan rules; /* owns its lists; see there */
	size_t n_all;      /* hosts that shares are of: those of an earlier
			      part of the same rollout too */
	bool has_max_fail; /* rules.max_fail is a limit */
};

/* Whether the options ask for more than all hosts at once. */
bool rollout_plan_is_wanted(const struct args *args);

/* Makes it for the hosts of `m`. Errors: MUSTER_ERR_USAGE and those of
 * muster_expand() for --canary and --spread; it needs no clearing then. */
int rollout_plan_make(struct rollout_plan *p, const struct args *args,
    const struct muster *m, struct muster_error *err);
void rollout_plan_clear(struct rollout_plan *p);

/* Makes another that is the same. */
void rollout_plan_copy(struct rollout_plan *to, const struct rollout_plan *p);

/* Leaves some hosts only, which are called by their place among those kept
 * from then on; waves without any go. `n_bad` hosts that go count as bad. */
void rollout_plan_keep(struct rollout_plan *p, const bool *kept, size_t n_bad);

/* Adds it in words, a line a wave; `m` has the hosts' names. */
void rollout_plan_write(
    const struct rollout_plan *p, const struct muster *m, struct text *to);

/* Adds it in one line: "40 hosts in 3 waves: 1 (canary), 4, 35; ...". */
void rollout_plan_sum_up(const struct rollout_plan *p, struct text *to);

/* Adds what stands for `text` of --order: with the seed, if it is chosen by
 * chance. */
void rollout_plan_name_order(
    const struct args *args, const char *text, struct text *to);

#endif
