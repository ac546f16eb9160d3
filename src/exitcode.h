/*
 * exitcode.h -- what the program says to the shell at its end.
 *
 * Room: src.  May touch: muster.h.
 * The table of muster(1), EXIT STATUS, as pure functions.
 */
#ifndef MUSTER_SRC_EXITCODE_H
#define MUSTER_SRC_EXITCODE_H

#include "muster.h"

#include <stdbool.h>
#include <stdint.h>

enum exitcode {
	EXITCODE_OK = 0,
	EXITCODE_LOCAL = 1,     /* this machine failed: a full disk */
	EXITCODE_USAGE = 2,     /* a bad command line or host list */
	EXITCODE_UNKNOWN = 3,   /* a host timed out, was lost or was killed */
	EXITCODE_NOT_RUN = 4,   /* a host was not reached */
	EXITCODE_FAILED = 5,    /* a command failed */
	EXITCODE_POLICY = 6,    /* stopped on purpose before all had begun */
	EXITCODE_CONNECT = 254, /* -S: no connection */
	EXITCODE_SSH = 255,     /* -S: SSH failed, or a timeout */
	EXITCODE_SIGNAL = 128,  /* + the signal that ended the program */
};

/* What is known at the end of a run; zeroes to begin with. */
struct exitcode_facts {
	int signal;       /* that ended the program, SIGPIPE too; or 0 */
	bool local_error; /* output could not be written */
	bool policy;      /* too many failed, or the time was over */
	bool no_more;     /* asked to begin no more hosts ... */
	bool cancelled;   /* ... and there was one that had not begun */
	bool unknown;     /* any host of each family */
	bool not_run;
	bool failed;
	uint32_t max_code; /* the highest of exitcode_of_result() */
};

/* The code that -S gives one result: its exit-status (255 when above), 128
 * and the number of its signal, 254, or 255. */
uint32_t exitcode_of_result(const struct muster_result *result);

/* Counts a result in. A pending one counts as one that may have run. */
void exitcode_add(
    struct exitcode_facts *facts, const struct muster_result *result);

/* The program's exit code; `maxrc` as -S wants it. */
int exitcode_choose(const struct exitcode_facts *facts, bool maxrc);

/* The worse of the exit codes of two runs, as if they had been one. */
int exitcode_worse(int a, int b, bool maxrc);

#endif
