/*
 * again.h -- a run that is to be repeated, and what the files of that share.
 *
 * Room: src.  May touch: commands.h, past.h, rerun_args.h, rerun_words.h,
 * rollout_plan.h.
 */
#ifndef MUSTER_SRC_AGAIN_H
#define MUSTER_SRC_AGAIN_H

#include "src/commands.h"
#include "src/past.h"
#include "src/rerun_args.h"
#include "src/rerun_words.h"
#include "src/rollout_plan.h"

struct args;

struct again {
	unsigned verb;                 /* VERB_RUN, VERB_PUSH, VERB_PULL */
	const struct rerun_args *want; /* borrowed */
	struct past past;
	struct rerun_words words;
	bool is_new;              /* another command */
	bool names_run;           /* commands are told what the run is called */
	bool *chosen;             /* owned; of hosts as lists name them now */
	size_t n;                 /* of those */
	size_t n_chosen;          /* that run again */
	struct commands commands; /* of the hosts chosen */
	struct rollout_plan plan; /* of those, if it is a rollout */
	bool is_rollout;
	int lock; /* no one else repeats it meanwhile */
};

/* again_same.c: what must not have changed. They return the exit code, having
 * complained. */

/* Finds the place in the run of each host of `m`, MUSTER_NOWHERE for a new
 * one; new hosts and those that are gone are wrong, unless that is accepted.
 */
int again_check_hosts(
    const struct again *a, const struct muster *m, size_t *places);

/* The sources of a push are what they were. */
int again_check_files(const struct again *a, const struct args *args);

/* The command of host `i`, `host` in the run, is what it was. */
int again_check_command(
    const struct again *a, const struct commands *now, size_t i, size_t host);

#endif
