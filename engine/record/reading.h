/*
 * reading.h -- a run read back from its folder.
 *
 * Room: engine/record.  May touch: base/, the room.
 * The journal is read from its beginning to the first line that its chain
 * does not vouch for; segments to the first frame that is not whole. What
 * lies behind is not there, and `damage` says so.
 */
#ifndef MUSTER_RECORD_READING_H
#define MUSTER_RECORD_READING_H

#include "record/segment.h"

/* What became of a host with an order. */
struct reading_end {
	bool asked, started, ended;
	struct muster_result result;
};

/* One thing that happened. */
struct reading_event {
	int64_t us;
	enum muster_event_type type;
	uint32_t order; /* from 0 */
	uint32_t host;
	enum muster_stream stream; /* OUTPUT: */
	uint32_t file;             /* index in `files` */
	uint32_t len;
	uint64_t offset; /* in the stream */
	uint64_t at;     /* in the file */
	char *text;      /* NOTE; owned */
};

struct reading_order {
	char *command;            /* owned */
	struct reading_end *ends; /* owned; one a host known so far */
	size_t n_ends;
};

struct muster_run {
	int dir; /* owned */
	struct muster_run_about about;
	char **words;                         /* owned */
	char *id, *program, *parent, *damage; /* owned */
	struct muster_host *hosts;            /* owned, strings too */
	size_t cap_hosts;
	struct reading_order *orders; /* owned */
	size_t cap_orders;
	struct reading_event *events; /* owned; by time once read */
	size_t n_events, cap_events;
	int *files; /* owned descriptors of segments */
	size_t n_files, cap_files;
	struct {
		size_t *items; /* owned; events of output, by place */
		size_t n;
	} outputs;
	char *data; /* owned; of the event at the caller's */
};

/* Reads all of the folder behind `dir` (taken). `id` names it in messages.
 * NULL: MUSTER_ERR_FILE when there is no journal, or not one of ours. */
struct muster_run *reading_new(
    int dir, const char *id, struct muster_error *err);
void reading_free(struct muster_run *run);

/* Adds an event of the journal or a segment, which is to be filled in. */
struct reading_event *reading_add_event(struct muster_run *run);

/* The end of a host with an order (both known), made if it is not there. */
struct reading_end *reading_end(
    struct muster_run *run, size_t order, size_t host);

/* Notes what cannot be read; the first thing stays. */
void reading_damaged(struct muster_run *run, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* reading_journal.c. Returns 0, or -1: MUSTER_ERR_FILE. */
int reading_take_journal(struct muster_run *run, struct muster_error *err);

#endif
