/*
 * records.h -- what happens in a run, as the lines of muster-ndjson(5).
 *
 * Room: src.  May touch: writer.h.
 * doc/ndjson.schema.json says the same to programs.
 */
#ifndef MUSTER_SRC_RECORDS_H
#define MUSTER_SRC_RECORDS_H

#include "src/writer.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct text;

/* A run whose time began. */
struct records {
	const struct writer_run *run; /* borrowed */
	int64_t begun_us;             /* CLOCK_BOOTTIME */
};

/* Begins. Returns 0, or -1: MUSTER_ERR_USAGE for a host whose name is no
 * UTF-8, which a record could not have. */
int records_init(
    struct records *r, const struct writer_run *run, struct muster_error *err);

/* How far a copy is. */
void records_add_transfer(
    const struct records *r, const struct muster_event *event, struct text *to);

/* Each adds a line to `to`. */
void records_add_plan(const struct records *r, struct text *to);
void records_add_state(const struct records *r,
    const struct muster_event *event, enum muster_state from, struct text *to);
void records_add_note(
    const struct records *r, const struct muster_event *event, struct text *to);
/* What a rollout has come to; the event is its note. */
void records_add_gate(const struct records *r, const struct muster_event *event,
    const struct muster_rollout_view *view, struct text *to);
/* A question that is new, is asked by other hosts, or was withdrawn. */
void records_add_prompt(
    const struct records *r, const struct muster_event *event, struct text *to);
void records_add_exit(
    const struct records *r, const struct muster_event *event, struct text *to);
void records_add_summary(const struct records *r,
    const struct writer_summary *summary, struct text *to);

/* A line of a host's output, or a piece of one. */
struct record_line {
	size_t host;
	enum muster_stream stream;
	uint64_t seq; /* of the host's lines, from 0 */
	int64_t at_us;
	const void *data;
	size_t len;
	bool eol; /* its newline came */
};

void records_add_out(
    const struct records *r, const struct record_line *line, struct text *to);

#endif
