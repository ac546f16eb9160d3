/*
 * writer.h -- a form that the output of a run is given.
 *
 * Room: src.  May touch: muster.h.
 * Each option such as -b has its struct writer_ops; writers.c chooses. A
 * writer hears of all events and puts lines into `out` and `err`, which the
 * batch sends off. What may be long it gives in pieces, when it is pumped, so
 * that a slow reader does not make memory grow.
 */
#ifndef MUSTER_SRC_WRITER_H
#define MUSTER_SRC_WRITER_H

#include "muster.h"

#include <stdbool.h>

struct args;
struct labels;
struct output;
struct text;

/* What every writer may use; all borrowed. */
struct writer_run {
	const struct muster *m;
	const struct args *args;
	const struct labels *labels;
	const bool *left_out; /* hosts that have no part; NULL: none */
	const char *command;
	int64_t wall_us; /* when it began, since 1970; 0: now */
	struct output *out;
	struct output *err;
	/* Set once by a writer that could not do its work: the run then
	 * begins no more hosts and ends with exit code 1. */
	struct muster_error *failure;
	const bool *lost; /* hosts whose output is cut here; NULL: none */
	/* Of a rollout whose judge says the note at hand; NULL: nobody's. */
	const struct muster_rollout_view *rollout;
};

struct writer_summary {
	struct muster_tally tally;
	int exitcode;
};

struct writer_ops {
	/* Begins, before any host is contacted. Returns the writer, or NULL
	 * with *err: MUSTER_ERR_USAGE, MUSTER_ERR_FILE. */
	void *(*open)(const struct writer_run *run, struct muster_error *err);
	void (*take)(void *writer, const struct muster_event *event);
	/* Writes some of what is ready; false when nothing is. NULL: take()
	 * writes all. */
	bool (*pump)(void *writer);
	/* Adds up to `n` lines of what there is so far, for a terminal that
	 * shows nothing else meanwhile. NULL: there is nothing to show. */
	void (*glance)(void *writer, unsigned n, struct text *to);
	/* No event comes any more; hosts without a result have none. NULL:
	 * there is nothing to do. */
	void (*end)(void *writer, const struct writer_summary *summary);
	void (*close)(void *writer);
};

/* Whether a host has a part in the run. */
bool writer_has(const struct writer_run *run, size_t host);

/* What stands before the lines of a host, or NULL when -N wants none. */
const char *writer_label(const struct writer_run *run, size_t host);

/* Notes the first failure of the run's writers: MUSTER_ERR_LIMIT where
 * `error`, an errno or 0, says that there is no room, or MUSTER_ERR_SYSTEM. */
void writer_fail(const struct writer_run *run, int error, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* Fails when some host's text could not be gathered whole. */
void writer_check_whole(
    const struct writer_run *run, const struct muster_gather *texts);

/* From the command's start to its end; of a host that never came so far,
 * from its turn on; 0 of one that has not ended. */
int64_t writer_duration_us(const struct muster_result *result);

extern const struct writer_ops write_stream_ops; /* as it comes */
extern const struct writer_ops write_gather_ops; /* -b -B */
extern const struct writer_ops write_json_ops;   /* -j */
extern const struct writer_ops write_lines_ops;  /* -L */
extern const struct writer_ops write_table_ops;  /* --table --tsv */
extern const struct writer_ops write_junit_ops;  /* --junit */
extern const struct writer_ops write_files_ops;  /* --outdir --errdir */

#endif
