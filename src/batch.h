/*
 * batch.h -- one command on many hosts, from start to report.
 *
 * Room: src.  May touch: muster.h, args.h, text.h.
 * The common path of 'run' and 'demo'.
 */
#ifndef MUSTER_SRC_BATCH_H
#define MUSTER_SRC_BATCH_H

#include "muster.h"
#include "src/text.h"

struct args;
struct commands;

/* The engine's options as the command line wants them; strings are lent. */
void batch_fill_options(
    const struct args *args, struct muster_options *options);

/* How the work is begun: as muster_start(). */
struct batch_work {
	const char *what; /* for records: the command, or the copy */
	int (*start)(
	    struct muster *m, const void *arg, struct muster_error *err);
	const void *arg;
};

/* As batch_run() for any work on all hosts of `m`. */
int batch_carry_out(
    struct muster *m, const struct args *args, const struct batch_work *work);

/* What was typed on a terminal while a command ran, for the next prompt. */
struct batch_typed {
	struct text lines;
	bool end; /* and ^D */
};

/* Some of the hosts. */
struct batch_hosts {
	const size_t *items;
	size_t n;
	const bool *left_out;      /* of each host of all */
	int *signal;               /* set to the one that ended the run, or 0 */
	struct batch_typed *typed; /* borrowed; NULL: no prompt comes */
};

/* Runs the commands on these hosts of `m` (NULL: on all): prints output as it
 * comes, answers signals, prints the report. Returns the exit code. */
int batch_run(struct muster *m, const struct args *args,
    const struct commands *commands, const struct batch_hosts *hosts);

/* The words of a command joined with blanks, as ssh(1) does; the caller
 * frees. NULL when there are none but empty ones. */
char *batch_join_words(const struct args *args);

#endif
