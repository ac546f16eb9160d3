/*
 * commands.h -- what each host is told to run.
 *
 * Room: src.  May touch: muster.h.
 * The words of the command line, a script, or a table; with what stands for a
 * host put in and the environment around it. All of it is made, and refused,
 * before any host is contacted.
 */
#ifndef MUSTER_SRC_COMMANDS_H
#define MUSTER_SRC_COMMANDS_H

#include "muster.h"

#include <stddef.h>

struct args;

struct commands {
	char **items; /* owned, and each of them; a host each, or one for all */
	size_t n;
	char *input; /* owned; what all of them read; NULL: nothing */
	char *shown; /* owned; what records call the command */
};

/* Makes them for the hosts of `m`. Returns 0, or -1: MUSTER_ERR_USAGE,
 * MUSTER_ERR_FILE, MUSTER_ERR_SYNTAX. */
int commands_make(struct commands *c, const struct muster *m,
    const struct args *args, struct muster_error *err);
void commands_clear(struct commands *c);

/* The same of a line that a person typed, in place of what args has. */
int commands_make_typed(struct commands *c, const struct muster *m,
    const struct args *args, const char *line, struct muster_error *err);

/* Makes the one command of all hosts. */
void commands_set(struct commands *c, const char *command);

#endif
