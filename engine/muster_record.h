/*
 * muster_record.h -- runs on disk: what was run, where, and how it ended.
 *
 * Room: engine.  May touch: muster.h, which includes it; nobody else does.
 * A fleet made with options.record writes down all that it does while it
 * does it. Reading a run back needs no struct muster, and works while the
 * run goes on as well as after its program was killed.
 */
#ifndef MUSTER_MUSTER_RECORD_H
#define MUSTER_MUSTER_RECORD_H

#ifdef __cplusplus
extern "C" {
#endif

/* ---- writing: a fleet's own run ---- */

/* The name of the run that the fleet writes down, lent until muster_free() or
 * muster_record_begin();
 * NULL when it writes none. */
const char *muster_record_id(const struct muster *m);

/* Why the run cannot be written down any more, such as "No space left on
 * device"; NULL: it can. No host is begun from then on: those that wait end
 * as LOCAL_RES. */
const char *muster_record_failure(const struct muster *m);

/* Writes down something that a person decided or should know later, about a
 * host or MUSTER_NOWHERE. Nothing happens without a record. */
void muster_record_note(struct muster *m, size_t host, const char *text);

/* Writes down that the run is over, with the exit code of its program. A run
 * without it counts as broken off. */
void muster_record_close(struct muster *m, int exitcode);

/* A record of its own for what a fleet starts next. */
struct muster_record_next {
	const char *folder;       /* as options.record */
	const char *const *words; /* of a command line that would do it */
	size_t n_words;
	const size_t *hosts; /* those it is about */
	size_t n_hosts;
};

/* Writes down in a new folder what is started from now on, on these hosts
 * only; the record before, if there was one, is over. No host may be at work.
 * Returns 0, or -1: MUSTER_ERR_FILE, MUSTER_ERR_SYSTEM; nothing may be
 * started then. */
int muster_record_begin(struct muster *m, const struct muster_record_next *next,
    struct muster_error *err);

/* ---- reading ---- */

/* The folder of all runs, "$XDG_STATE_HOME/muster/runs" or the same below
 * "$HOME/.local/state"; free with muster_string_free(). NULL:
 * MUSTER_ERR_FILE when neither variable has an absolute path. */
char *muster_runs_folder(struct muster_error *err);

/* Lists the names of the runs in a folder, the oldest first, into *out.
 * Returns 0, or -1: MUSTER_ERR_FILE when the folder is not there, or may be
 * written by others. */
int muster_runs_list(
    const char *folder, struct muster_names *out, struct muster_error *err);

struct muster_run;

/* Opens a run by its name, by a beginning or an end of it (4 characters at
 * least) that only one run has, or as "last". What is damaged is left out,
 * see muster_run_about.damage. Errors: MUSTER_ERR_FILE,
 * MUSTER_ERR_UNKNOWN_NAME when there is none, or more than one. */
struct muster_run *muster_run_open(
    const char *folder, const char *name, struct muster_error *err);

/* Closes it; NULL is fine. */
void muster_run_free(struct muster_run *run);

struct muster_run_about {
	const char *id;
	const char *parent;       /* the run that it went on with; NULL: none */
	const char *program;      /* "muster 0.1.0" */
	const char *const *words; /* of the command line */
	size_t n_words;
	int64_t wall_us;  /* when it began, since 1970, UTC */
	int64_t begun_us; /* CLOCK_BOOTTIME of the machine then */
	int64_t last_us;  /* the last thing that was written down */
	size_t n_hosts;
	size_t n_orders; /* commands */
	bool is_running; /* its program still writes */
	bool is_closed;  /* it came to its end; `exitcode` is known */
	int exitcode;
	const char *damage; /* what cannot be read, and where; NULL: nothing */
};

/* What is known of the run as a whole; lent until muster_run_free(). */
const struct muster_run_about *muster_run_about(const struct muster_run *run);

/* A host of the run, as it was reached; lent likewise. */
const struct muster_host *muster_run_host(
    const struct muster_run *run, size_t host);

/* The command of an order, from 0; lent likewise. */
const char *muster_run_command(const struct muster_run *run, size_t order);

/* The result of a host for an order. NOT_RUN: outcome MUSTER_PENDING and
 * started_us 0, or one of that family. A host that was sent the order and has
 * no end is MUSTER_LOST: it may have run. Lent likewise. */
const struct muster_result *muster_run_result(
    const struct muster_run *run, size_t order, size_t host);

/* Whether the host was asked for that order at all: an order may be for some
 * of the hosts only; those left for later ones are not. */
bool muster_run_was_asked(
    const struct muster_run *run, size_t order, size_t host);

/* Gives what happened, from event number *at (0 to begin with) on, in the
 * order of time: STATE (RUNNING: the order was sent), OUTPUT, RESULT, NOTE,
 * as muster_next() gave them. `order` tells which command it is about. Lent
 * until the next call. Returns false at the end. */
bool muster_run_next(struct muster_run *run, size_t *at,
    struct muster_event *event, size_t *order);

/* Reads `len` bytes of what a host printed for an order from byte `offset` of
 * the stream on. Returns how many there were: 0 at the end, or where bytes
 * are damaged. */
size_t muster_run_read(struct muster_run *run, size_t order, size_t host,
    enum muster_stream stream, uint64_t offset, void *data, size_t len);

/* ---- playing ---- */

/* Makes a fleet of the hosts of a run, which it borrows, and which
 * muster_next() then gives the events of, at the pace they had; the hosts
 * whose end nobody saw come last, as MUSTER_LOST. Nothing is started there, and
 * nothing contacted. With `keep_lines` there are lines to look at
 * (muster_view.h). muster_fd() tells of those alone: give muster_next() its
 * time, or look at muster_play_wait_ms(). NULL: those of muster_new() and
 * muster_add_host(). */
struct muster *muster_play(
    struct muster_run *run, bool keep_lines, struct muster_error *err);

/* Plays on at so many percent of the speed it had; 0: at once, without
 * waiting. While paused muster_next() gives nothing. */
void muster_play_pace(struct muster *m, unsigned percent, bool paused);

/* How far it is, in microseconds since the beginning of the run. */
int64_t muster_play_place_us(const struct muster *m);

/* The same as a time of the clock that the events have. */
int64_t muster_play_now_us(const struct muster *m);

/* Milliseconds until the next event is due; -1: never, or while paused. */
int muster_play_wait_ms(struct muster *m);

/* ---- removing ---- */

/* Which runs may go. A run that goes on, that has hosts whose end is unknown,
 * or that is kept (a file "keep" in its folder) is never removed. */
struct muster_retention {
	size_t n_runs;    /* the newest that stay; 0: any number */
	unsigned n_days;  /* those younger stay; 0: any age */
	uint64_t n_bytes; /* of all of them; 0: any size */
};

/* Removes the oldest runs until all limits hold. Returns how many went. */
size_t muster_runs_retain(
    const char *folder, const struct muster_retention *limits);

#ifdef __cplusplus
}
#endif

#endif
