/*
 * verb_run.c -- muster run: a command on hosts.
 *
 * Room: src.  May touch: muster.h, args.h, batch.h, commands.h, complain.h,
 * exitcode.h, keep.h, verb_run.h.
 */
#include "config.h"

#include "src/args.h"
#include "src/batch.h"
#include "src/commands.h"
#include "src/complain.h"
#include "src/exitcode.h"
#include "src/keep.h"
#include "src/verb_run.h"
#include "src/verbs.h"

#include <stdio.h>
#include <stdlib.h>

/* Whether there is anything to run; what it is shows later. */
static bool
has_command(const struct args *args)
{
	char *words;

	if (args->script != NULL || args->commands != NULL || args->keep)
		return true;
	words = batch_join_words(args);
	free(words);
	return words != NULL;
}

/* Makes the commands, and runs them. */
static int
run_commands(struct muster *m, const struct args *args, const void *arg)
{
	struct commands commands;
	struct muster_error err;
	int rc;

	(void)arg;
	if (commands_make(&commands, m, args, &err) < 0) {
		complain("%s", err.text);
		return complain_exitcode(&err);
	}
	rc = batch_run(m, args, &commands, NULL);
	commands_clear(&commands);
	return rc;
}

int
verb_run(const struct args *args)
{
	if (!args->list_hosts && !has_command(args)) {
		complain("no command to run (see 'muster help run')");
		return EXITCODE_USAGE;
	}
	return verb_run_with(args, args->keep ? keep_run : run_commands, NULL);
}
