/*
 * write_table.c -- --table and --tsv: how each host ended, a row each.
 *
 * Room: src.  May touch: muster.h, args.h, heap.h, output.h, text.h,
 * writer.h.
 * No cell is empty or has a blank in it, so that both forms can be cut into
 * columns: '-' stands for nothing.
 */
#include "config.h"

#include "src/args.h"
#include "src/heap.h"
#include "src/output.h"
#include "src/text.h"
#include "src/writer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define N_COLUMNS 7
#define CELL_MAX 1100

static const struct {
	const char *title;
	bool right; /* numbers */
} columns[N_COLUMNS] = {
    {"host", false},
    {"state", false},
    {"rc", true},
    {"signal", false},
    {"reason", false},
    {"time", true},
    {"bytes", true},
};

struct row {
	char cells[N_COLUMNS][CELL_MAX];
};

struct writer {
	const struct writer_run *run; /* borrowed */
};

static void *
open_writer(const struct writer_run *run, struct muster_error *err)
{
	struct writer *w = heap_array(1, sizeof(*w));

	(void)err;
	w->run = run;
	return w;
}

static void
take(void *writer, const struct muster_event *event)
{
	(void)writer;
	(void)event;
}

static void
set_cell(char *cell, const char *text)
{
	size_t len = muster_clean_text(cell, CELL_MAX, text, strlen(text));

	for (size_t i = 0; i < len; i++) {
		if ((unsigned char)cell[i] <= ' ')
			cell[i] = '_';
	}
	if (len == 0)
		(void)snprintf(cell, CELL_MAX, "-");
}

static const char *
state_of(const struct muster_result *result)
{
	switch (muster_outcome_family(result->outcome)) {
	case MUSTER_FAMILY_PENDING:
		return "unfinished";
	case MUSTER_FAMILY_RAN:
		return muster_result_is_ok(result) ? "ok" : "failed";
	case MUSTER_FAMILY_UNKNOWN:
		return "unknown";
	case MUSTER_FAMILY_NOT_RUN:
		return "not-run";
	}
	return "unknown";
}

static void
fill_row(struct row *row, const char *name, const struct muster_result *result)
{
	int64_t us = writer_duration_us(result);
	char number[32];

	set_cell(row->cells[0], name);
	set_cell(row->cells[1], state_of(result));
	(void)snprintf(
	    number, sizeof(number), "%lu", (unsigned long)result->code);
	set_cell(row->cells[2], result->outcome == MUSTER_EXIT ? number : "");
	(void)snprintf(number, sizeof(number), "%.*s",
	    (int)sizeof(result->signal), result->signal);
	set_cell(row->cells[3], result->outcome == MUSTER_SIGNAL ? number : "");
	set_cell(row->cells[4], result->outcome != MUSTER_PENDING
				    ? muster_outcome_word(result->outcome)
				    : "");
	(void)snprintf(number, sizeof(number), "%lld.%03lld",
	    (long long)(us / 1000000), (long long)(us / 1000 % 1000));
	set_cell(row->cells[5], number);
	(void)snprintf(number, sizeof(number), "%llu",
	    (unsigned long long)(result->out_bytes + result->err_bytes));
	set_cell(row->cells[6], number);
}

/* Fills in row `i`; row 0 is that of the titles. */
static void
get_row(const struct writer *w, size_t i, struct row *row)
{
	for (size_t c = 0; i == 0 && c < N_COLUMNS; c++)
		set_cell(row->cells[c], columns[c].title);
	if (i > 0)
		fill_row(row, muster_host_name(w->run->m, i - 1),
		    muster_host_result(w->run->m, i - 1));
}

static void
write_row(const struct row *row, const size_t *widths, struct text *to)
{
	for (size_t c = 0; c < N_COLUMNS; c++) {
		const char *cell = row->cells[c];
		int pad = (int)(widths[c] - strlen(cell));

		if (columns[c].right)
			text_addf(to, "%*s%s", pad, "", cell);
		else
			text_addf(to, "%s%*s", cell, pad, "");
		text_adds(to, c + 1 < N_COLUMNS ? "  " : "\n");
	}
}

static void
write_tabs(const struct row *row, struct text *to)
{
	for (size_t c = 0; c < N_COLUMNS; c++)
		text_addf(
		    to, "%s%c", row->cells[c], c + 1 < N_COLUMNS ? '\t' : '\n');
}

static void
end(void *writer, const struct writer_summary *summary)
{
	struct writer *w = writer;
	size_t widths[N_COLUMNS] = {0}, n = muster_n_hosts(w->run->m) + 1;
	struct text lines = {0};
	struct row row;

	(void)summary;
	for (size_t i = 0; !w->run->args->tsv && i < n; i++) {
		get_row(w, i, &row);
		for (size_t c = 0; c < N_COLUMNS; c++) {
			size_t len = strlen(row.cells[c]);

			widths[c] = len > widths[c] ? len : widths[c];
		}
	}
	for (size_t i = 0; i < n; i++) {
		get_row(w, i, &row);
		if (w->run->args->tsv)
			write_tabs(&row, &lines);
		else
			write_row(&row, widths, &lines);
	}
	output_text(w->run->out, lines.mem, lines.len);
	text_clear(&lines);
}

const struct writer_ops write_table_ops = {
    .open = open_writer,
    .take = take,
    .end = end,
    .close = free,
};
