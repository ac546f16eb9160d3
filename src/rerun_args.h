/*
 * rerun_args.h -- what muster rerun is told, and what it tells run.
 *
 * Room: src.  May touch: libc.
 */
#ifndef MUSTER_SRC_RERUN_ARGS_H
#define MUSTER_SRC_RERUN_ARGS_H

#include <stdbool.h>
#include <stddef.h>

struct rerun_args {
	bool failed, unreached, lost, all;
	bool include_unknown;
	bool accept_inventory;
	const char *only; /* a host expression */
	/* Not an option: of the hosts that the lists name, those to run on. */
	const bool *chosen; /* borrowed; NULL: all */
	size_t n_chosen;    /* how many hosts it is about */
	const char *parent; /* borrowed; the run it goes on with; NULL: none */
};

#endif
