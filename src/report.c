/*
 * report.c -- how a run ended, a line for each kind of failure.
 *
 * Room: src.  May touch: muster.h, names.h, heap.h, text.h.
 * Order: commands that failed, by code; hosts that were not reached; hosts
 * whose end is unknown; the totals. The worst stands last, where it is seen.
 */
#include "config.h"

#include "src/report.h"

#include "src/names.h"
#include "src/heap.h"

#include <stdlib.h>
#include <string.h>

struct row {
	const char *name; /* borrowed */
	char *text;       /* owned; the cause, "" for none */
	enum muster_outcome outcome;
	uint32_t code;
	char signal[16];
	unsigned flags;
	size_t order; /* hosts are named in the order they came */
};

/* What else a person should know of a command that ran to its end. */
static const struct {
	unsigned flag;
	const char *what;
} remarks[] = {
    {MUSTER_INCOMPLETE, "output may be cut"},
    {MUSTER_TRUNCATED, "output was cut at --max-output"},
    {REPORT_LOST, "TRUNCATED (output could not be written here)"},
    {MUSTER_NO_PTY, "no terminal was given"},
    {MUSTER_OUTPUT_HELD, "a process was left behind that holds the output"},
};

#define N_REMARKS (sizeof(remarks) / sizeof(remarks[0]))

struct name_list {
	const char **names; /* owned; the names are borrowed */
	size_t n;
	size_t cap;
};

struct report {
	struct row *rows; /* owned; hosts that are not ok */
	size_t n_rows;
	size_t cap_rows;
	struct name_list remarked[N_REMARKS];
	struct muster_tally tally;
};

struct report *
report_new(void)
{
	return heap_array(1, sizeof(struct report));
}

void
report_free(struct report *r)
{
	if (r == NULL)
		return;
	for (size_t i = 0; i < r->n_rows; i++)
		free(r->rows[i].text);
	free(r->rows);
	for (size_t i = 0; i < N_REMARKS; i++)
		free(r->remarked[i].names);
	free(r);
}

static void
count(struct muster_tally *tally, const struct muster_result *result)
{
	tally->n_hosts++;
	switch (muster_outcome_family(result->outcome)) {
	case MUSTER_FAMILY_PENDING:
		return;
	case MUSTER_FAMILY_RAN:
		if (muster_result_is_ok(result))
			tally->n_ok++;
		else
			tally->n_failed++;
		break;
	case MUSTER_FAMILY_UNKNOWN:
		tally->n_unknown++;
		break;
	case MUSTER_FAMILY_NOT_RUN:
		tally->n_not_run++;
		break;
	}
	tally->n_finished++;
}

static void
add_remarks(struct report *r, const char *name, unsigned flags)
{
	for (size_t i = 0; i < N_REMARKS; i++) {
		struct name_list *list = &r->remarked[i];

		if ((flags & remarks[i].flag) == 0)
			continue;
		heap_grow(&list->names, &list->cap, list->n + 1,
		    sizeof(*list->names));
		list->names[list->n++] = name;
	}
}

void
report_add(
    struct report *r, const char *name, const struct muster_result *result)
{
	struct row *row;

	count(&r->tally, result);
	if (muster_outcome_family(result->outcome) == MUSTER_FAMILY_RAN)
		add_remarks(r, name, result->flags);
	else /* what is lost here is, however the command ended there */
		add_remarks(r, name, result->flags & REPORT_LOST);
	if (muster_result_is_ok(result))
		return;
	heap_grow(&r->rows, &r->cap_rows, r->n_rows + 1, sizeof(*r->rows));
	row = &r->rows[r->n_rows];
	*row = (struct row){
	    .name = name,
	    .text = heap_strdup(result->text),
	    .outcome = result->outcome,
	    .code = result->outcome == MUSTER_EXIT ? result->code : 0,
	    .flags = result->flags,
	    .order = r->n_rows++,
	};
	if (result->outcome == MUSTER_SIGNAL)
		memcpy(row->signal, result->signal, sizeof(row->signal) - 1);
}

const struct muster_tally *
report_tally(const struct report *r)
{
	return &r->tally;
}

const char **
report_failed(const struct report *r, size_t *n)
{
	const char **names = heap_array(r->n_rows, sizeof(*names));

	for (size_t i = 0; i < r->n_rows; i++)
		names[r->rows[i].order] = r->rows[i].name;
	*n = r->n_rows;
	return names;
}

static int
rank(enum muster_outcome outcome)
{
	switch (muster_outcome_family(outcome)) {
	case MUSTER_FAMILY_RAN:
		return 0;
	case MUSTER_FAMILY_NOT_RUN:
		return 1;
	case MUSTER_FAMILY_UNKNOWN:
		return 2;
	case MUSTER_FAMILY_PENDING:
		return 3;
	}
	return 3;
}

/* Whether two rows share a line: 0 when they do, else their order. */
static int
compare_kinds(const struct row *a, const struct row *b)
{
	if (rank(a->outcome) != rank(b->outcome))
		return rank(a->outcome) < rank(b->outcome) ? -1 : 1;
	if (a->outcome != b->outcome)
		return a->outcome < b->outcome ? -1 : 1;
	if (a->code != b->code)
		return a->code < b->code ? -1 : 1;
	return strcmp(a->signal, b->signal);
}

static int
compare_rows(const void *a, const void *b)
{
	const struct row *x = a, *y = b;
	int kind = compare_kinds(x, y);

	if (kind != 0)
		return kind;
	return x->order < y->order ? -1 : x->order > y->order;
}

void
report_count(struct text *to, size_t n)
{
	text_addf(to, "%zu host%s", n, n == 1 ? "" : "s");
}

static void
write_kind(const struct row *row, struct text *to)
{
	if (row->outcome == MUSTER_EXIT)
		text_addf(to, "exit %lu", (unsigned long)row->code);
	else if (row->outcome == MUSTER_SIGNAL)
		text_addf(to, "signal %s%s", row->signal,
		    (row->flags & MUSTER_CORE_DUMPED) != 0 ? " (core dumped)"
							   : "");
	else if (row->outcome == MUSTER_PENDING)
		text_adds(to, "STILL_RUNNING");
	else
		text_adds(to, muster_outcome_word(row->outcome));
}

static void
write_names(struct text *to, const struct row *rows, size_t n)
{
	const char **names = heap_array(n, sizeof(*names));

	for (size_t i = 0; i < n; i++)
		names[i] = rows[i].name;
	names_fold(names, n, to);
	free(names);
}

static bool
has_one_cause(const struct row *rows, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		if (strcmp(rows[i].text, rows[0].text) != 0)
			return false;
	}
	return true;
}

/* Writes the line of `n` rows that ended alike. Causes that differ follow
 * host by host when all are wanted, else the first stands for them. */
static void
write_group(const struct row *rows, size_t n, bool verbose, struct text *to)
{
	bool one_cause = has_one_cause(rows, n);

	text_adds(to, "muster: ");
	write_kind(&rows[0], to);
	text_adds(to, " on ");
	report_count(to, n);
	text_adds(to, ": ");
	write_names(to, rows, n);
	if (one_cause && *rows[0].text != '\0')
		text_addf(to, ": %s", rows[0].text);
	else if (!one_cause && !verbose)
		text_addf(to, ": %s: %s", rows[0].name, rows[0].text);
	text_add(to, "\n", 1);
	for (size_t i = 0; verbose && !one_cause && i < n; i++)
		text_addf(to, "muster: %s: %s\n", rows[i].name, rows[i].text);
}

static void
write_remarks(const struct report *r, struct text *to)
{
	for (size_t i = 0; i < N_REMARKS; i++) {
		const struct name_list *list = &r->remarked[i];

		if (list->n == 0)
			continue;
		text_addf(to, "muster: %s on ", remarks[i].what);
		report_count(to, list->n);
		text_adds(to, ": ");
		names_fold(list->names, list->n, to);
		text_add(to, "\n", 1);
	}
}

static void
write_totals(const struct muster_tally *tally, struct text *to)
{
	const struct {
		size_t n;
		const char *what;
	} parts[] = {
	    {tally->n_failed, "failed"},
	    {tally->n_not_run, "not reached"},
	    {tally->n_unknown, "unknown"},
	    {tally->n_hosts - tally->n_finished, "still running"},
	};

	text_adds(to, "muster: ");
	report_count(to, tally->n_hosts);
	text_addf(to, ": %zu ok", tally->n_ok);
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		if (parts[i].n > 0)
			text_addf(to, ", %zu %s", parts[i].n, parts[i].what);
	}
	text_add(to, "\n", 1);
}

void
report_write(struct report *r, bool verbose, struct text *to)
{
	if (r->n_rows > 0)
		qsort(r->rows, r->n_rows, sizeof(*r->rows), compare_rows);
	for (size_t i = 0, n; i < r->n_rows; i += n) {
		for (n = 1; i + n < r->n_rows; n++) {
			if (compare_kinds(&r->rows[i], &r->rows[i + n]) != 0)
				break;
		}
		write_group(&r->rows[i], n, verbose, to);
	}
	write_remarks(r, to);
	if (verbose || r->n_rows > 0)
		write_totals(&r->tally, to);
}
