/*
 * launch.h -- starting the command on all hosts, as the options say.
 *
 * Room: src.  May touch: muster.h, args.h, budget.h, commands.h,
 * feeder.h, prompts.h.
 * Brings what goes with it: the input, the budget of failures, the questions.
 */
#ifndef MUSTER_SRC_LAUNCH_H
#define MUSTER_SRC_LAUNCH_H

#include "src/args.h"
#include "src/budget.h"
#include "src/commands.h"
#include "src/feeder.h"
#include "src/prompts.h"

struct launch;

/* Looks at all that can be wrong before anything is contacted: a host without
 * its file of --stdin-dir. The commands are borrowed. `more_input` as in struct
 * muster_command. NULL: MUSTER_ERR_USAGE, MUSTER_ERR_FILE. */
struct launch *launch_new(struct muster *m, const struct args *args,
    const struct commands *commands, bool more_input, struct muster_error *err);
void launch_free(struct launch *l); /* NULL is fine */

/* Starts it on `n` hosts; NULL: on all. Errors: those of muster_start(). */
int launch_go(
    struct launch *l, const size_t *hosts, size_t n, struct muster_error *err);

struct launch_typed {
	const char *line; /* NULL: what was started first */
	bool more_input;  /* as in struct muster_command */
};

/* Starts it again on some hosts, or in its place a command that was typed, to
 * which no file is fed. Errors: those of launch_go(), and of
 * commands_make_typed(). */
int launch_more(struct launch *l, const size_t *hosts, size_t n,
    const struct launch_typed *typed, struct muster_error *err);

#endif
