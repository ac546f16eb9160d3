/*
 * rundir.h -- the folders of runs: their names, and what may be trusted.
 *
 * Room: engine/record.  May touch: base/, crypto/digest.h.
 * A run is called by the time it began and chance: 26 characters that sort
 * by time (48 bits of milliseconds, 80 random bits, Crockford's base 32).
 */
#ifndef MUSTER_RECORD_RUNDIR_H
#define MUSTER_RECORD_RUNDIR_H

#include "muster.h"

#define RUNDIR_ID_CHARS 26

/* Whether `name` is formed as the name of a run. */
bool rundir_is_id(const char *name);

/* Makes a name for a run that begins at `wall_us`.
 * Returns 0, or -1: MUSTER_ERR_SYSTEM. */
int rundir_new_id(
    int64_t wall_us, char id[RUNDIR_ID_CHARS + 1], struct muster_error *err);

/* When the run of that name began, in milliseconds since 1970. */
int64_t rundir_time_ms(const char *id);

/* The folder of all runs: "$XDG_STATE_HOME/muster/runs", or the same below
 * "$HOME/.local/state". Returns a heap string, or NULL: MUSTER_ERR_FILE when
 * neither is set to an absolute path. */
char *rundir_home(struct muster_error *err);

/* Opens the folder of all runs; with `make` its folders are made, mode 0700.
 * Returns a descriptor, or -1: MUSTER_ERR_FILE when it is not there, is a
 * symbolic link, belongs to someone else or may be written by others. */
int rundir_open_home(const char *home, bool make, struct muster_error *err);

/* Makes the folder of a run and opens it; its name goes into *id.
 * Returns a descriptor, or -1: MUSTER_ERR_FILE, MUSTER_ERR_SYSTEM. */
int rundir_make(
    int home, char id[RUNDIR_ID_CHARS + 1], struct muster_error *err);

/* Lists the names of runs, the oldest first. Returns 0, or -1:
 * MUSTER_ERR_FILE. */
int rundir_list(int home, struct muster_names *ids, struct muster_error *err);

/* Removes a run's folder and the files in it. Returns 0, or -1:
 * MUSTER_ERR_FILE. */
int rundir_remove(int home, const char *id, struct muster_error *err);

#endif
