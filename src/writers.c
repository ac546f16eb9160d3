/*
 * writers.c -- the writers that a command line asks for, as one.
 *
 * Room: src.  May touch: muster.h, args.h, labels.h, output.h, writer.h.
 * One of them shows the output; options.h sees to it that no two are asked
 * for.
 */
#include "config.h"

#include "src/writers.h"

#include "src/args.h"
#include "src/labels.h"
#include "src/output.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>

const char *
writer_label(const struct writer_run *run, size_t host)
{
	return run->args->no_label ? NULL : labels_get(run->labels, host);
}

void
writer_fail(const struct writer_run *run, int error, const char *fmt, ...)
{
	struct muster_error *failure = run->failure;
	va_list ap;

	if (failure->code != MUSTER_ERR_NONE)
		return;
	va_start(ap, fmt);
	(void)vsnprintf(failure->text, sizeof(failure->text), fmt, ap);
	va_end(ap);
	failure->code =
	    output_is_full(error) ? MUSTER_ERR_LIMIT : MUSTER_ERR_SYSTEM;
}

bool
writer_has(const struct writer_run *run, size_t host)
{
	return run->left_out == NULL || !run->left_out[host];
}

void
writer_check_whole(
    const struct writer_run *run, const struct muster_gather *texts)
{
	size_t n = muster_n_hosts(run->m), n_cut = 0;

	for (size_t i = 0; i < n; i++)
		n_cut += !muster_gather_is_whole(texts, i);
	if (n_cut > 0)
		writer_fail(run, 0,
		    "the output of %zu of %zu hosts is cut: together it is "
		    "more than can be gathered",
		    n_cut, n);
}

int64_t
writer_duration_us(const struct muster_result *result)
{
	int64_t from =
	    result->started_us != 0 ? result->started_us : result->begun_us;

	return from != 0 && result->ended_us > from ? result->ended_us - from
						    : 0;
}

/* The one that shows what hosts print, or NULL. */
static const struct writer_ops *
choose_shown(const struct args *args)
{
	if (args->quiet)
		return NULL;
	if (args->gather || args->gather_all || args->diff || args->similar > 0)
		return &write_gather_ops;
	if (args->json)
		return &write_json_ops;
	if (args->lines)
		return &write_lines_ops;
	if (args->table || args->tsv)
		return &write_table_ops;
	return &write_stream_ops;
}

static int
open_one(struct writers *w, const struct writer_run *run,
    const struct writer_ops *ops, struct muster_error *err)
{
	assert(w->n < WRITERS_MAX);
	w->ops[w->n] = ops;
	w->self[w->n] = ops->open(run, err);
	if (w->self[w->n] == NULL)
		return -1;
	w->n++;
	return 0;
}

int
writers_open(
    struct writers *w, struct writer_run *run, struct muster_error *err)
{
	const struct writer_ops *wanted[] = {
	    choose_shown(run->args),
	    run->args->outdir != NULL || run->args->errdir != NULL
		? &write_files_ops
		: NULL,
	    run->args->junit != NULL ? &write_junit_ops : NULL,
	};

	*w = (struct writers){
	    .labels = labels_new(run->m, run->args->prefix, err)};
	run->labels = w->labels;
	if (w->labels == NULL)
		return -1;
	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
		if (wanted[i] == NULL || open_one(w, run, wanted[i], err) == 0)
			continue;
		writers_close(w);
		return -1;
	}
	return 0;
}

void
writers_close(struct writers *w)
{
	for (unsigned i = 0; i < w->n; i++)
		w->ops[i]->close(w->self[i]);
	w->n = 0;
	labels_free(w->labels);
	w->labels = NULL;
}

void
writers_take(struct writers *w, const struct muster_event *event)
{
	for (unsigned i = 0; i < w->n; i++)
		w->ops[i]->take(w->self[i], event);
}

bool
writers_pump(struct writers *w)
{
	bool more = false;

	for (unsigned i = 0; i < w->n; i++) {
		if (w->ops[i]->pump != NULL)
			more |= w->ops[i]->pump(w->self[i]);
	}
	return more;
}

void
writers_glance(struct writers *w, unsigned n, struct text *to)
{
	for (unsigned i = 0; i < w->n; i++) {
		if (w->ops[i]->glance != NULL)
			w->ops[i]->glance(w->self[i], n, to);
	}
}

void
writers_end(struct writers *w, const struct writer_summary *summary)
{
	for (unsigned i = 0; i < w->n; i++) {
		if (w->ops[i]->end != NULL)
			w->ops[i]->end(w->self[i], summary);
	}
}
