/*
 * past.h -- a run that was written down, host by host.
 *
 * Room: src.  May touch: muster.h.
 * A host may have been given several commands in a run; the last one counts.
 */
#ifndef MUSTER_SRC_PAST_H
#define MUSTER_SRC_PAST_H

#include "muster.h"

struct past_later;

struct past {
	struct muster_run *run; /* owned */
	const struct muster_run_about *about;
	size_t *orders; /* owned; the last of each host, or MUSTER_NOWHERE */
	/* Of past_open_chain(): */
	struct past_later *later; /* owned; runs that went on with it */
	size_t n_later, cap_later;
};

/* Opens a run of the usual folder by name, as muster_run_open() does.
 * Returns 0, or -1: its errors, those of muster_runs_folder(). */
int past_open(struct past *p, const char *name, struct muster_error *err);
void past_close(struct past *p);

/* Opens a run with all that went on with it, or with what it went on with: a
 * host is then as the last of them left it. Errors likewise. */
int past_open_chain(struct past *p, const char *name, struct muster_error *err);

/* What is damaged in it or in those that went on with it; NULL: nothing. */
const char *past_damage(const struct past *p);

/* Whether one of them goes on. */
bool past_is_running(const struct past *p);

/* The exit code it ended with, or, of one that was broken off, that of how
 * its hosts have ended. */
int past_exitcode(const struct past *p);

/* How a host ended; outcome MUSTER_PENDING: it was never begun. Lent. */
const struct muster_result *past_result(const struct past *p, size_t host);

/* What it was to run; NULL: it was given nothing. Lent. */
const char *past_command(const struct past *p, size_t host);

/* The index of the host of that name, or MUSTER_NOWHERE. */
size_t past_find(const struct past *p, const char *name);

/* "ended", "running" or "broken-off". */
const char *past_state(const struct past *p);

#endif
