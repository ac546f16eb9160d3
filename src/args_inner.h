/*
 * args_inner.h -- what the files of args share.
 *
 * Room: src.  May touch: args.h, options.h.
 * Values come from levels, the strongest first: the command line, --set, the
 * environment, the user's configuration file, the system's. What a level
 * says of an option, be it "no", the levels below cannot change.
 */
#ifndef MUSTER_SRC_ARGS_INNER_H
#define MUSTER_SRC_ARGS_INNER_H

#include "src/args.h"
#include "src/options.h"

#include <getopt.h>

#define ARGS_MAX_ROWS 192

/* The table in the form of getopt_long(3), for one verb. */
struct args_parser {
	struct args *args;
	const struct option_row *rows;
	size_t n_rows;
	unsigned verb;
	struct option longs[ARGS_MAX_ROWS + 1];
	char shorts[2 * ARGS_MAX_ROWS + 3];
	/* of the levels so far */
	const struct option_row *shown; /* the first with a mode */
	bool selected;                  /* hosts were named */
};

/* One level being read. */
struct args_level {
	struct args_parser *parser;
	struct args_origin origin; /* of what is taken */
	bool shown_before;         /* a level above has a mode */
	bool selected_before;      /* a level above names hosts */
	bool taken[ARGS_MAX_ROWS]; /* rows that this level has */
};

/* Begins the level below those that were read so far. */
void args_level_init(struct args_level *level, struct args_parser *parser,
    enum args_source source);

/* Takes a value as text; `who` said it, as messages call it. What is not of
 * this verb, or decided above, is checked and forgotten. Returns 0, or -1:
 * MUSTER_ERR_USAGE. */
int args_level_take(struct args_level *level, const struct option_row *row,
    const char *who, const char *value, struct muster_error *err);

/* Leaves an option at its default, whatever the levels below say. */
void args_level_leave(struct args_level *level, const struct option_row *row);

/* The levels below the command line, each -1 on error: --set, the
 * environment, and configuration files. */
int args_take_sets(struct args_parser *p, struct muster_error *err);
int args_take_environment(struct args_parser *p, struct muster_error *err);
int args_take_files(struct args_parser *p, struct muster_error *err);

/* Stores a value in its field; `value` is NULL for a flag that is set.
 * Returns what the value should have been, or NULL when it was that. */
const char *args_store(
    struct args *args, const struct option_row *row, const char *value);

/* Says that `value`, given by `who`, is not what `row` wants. Returns -1. */
int args_refuse(struct muster_error *err, const struct option_row *row,
    const char *who, const char *value, const char *wanted);

/* Notes a way to show output, of which there may be one. */
int args_take_mode(struct args_parser *p, const struct option_row *row,
    const char *who, struct muster_error *err);

#endif
