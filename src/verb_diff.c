/*
 * verb_diff.c -- muster diff: two runs, host by host.
 *
 * Room: src.  May touch: muster.h, args.h, complain.h, exitcode.h, heap.h,
 * lines.h, names.h, output.h, past.h, text.h, unified.h, verbs.h.
 * Hosts that differ in the same way are one group: each is told by a text,
 * and equal texts are gathered.
 */
#include "config.h"

#include "src/args.h"
#include "src/complain.h"
#include "src/exitcode.h"
#include "src/heap.h"
#include "src/lines.h"
#include "src/names.h"
#include "src/output.h"
#include "src/past.h"
#include "src/unified.h"
#include "src/verbs.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define READ_BYTES 65536
#define OUTPUT_BYTES (64u << 20) /* of a stream that are compared */

/* A host of one run or both. */
struct pair {
	const char *name;
	size_t at[2];    /* of each run, or MUSTER_NOWHERE */
	struct text how; /* owned; what differs; "" for nothing */
};

struct runs {
	struct past past[2];
	struct pair *pairs; /* owned */
	size_t n;
};

/* ---- what differs on a host ---- */

static void
add_end(const struct past *p, size_t host, struct text *to)
{
	const struct muster_result *r = past_result(p, host);

	if (r->outcome == MUSTER_EXIT)
		text_addf(to, "exit %lu", (unsigned long)r->code);
	else if (r->outcome == MUSTER_SIGNAL)
		text_addf(to, "signal %s", r->signal);
	else if (r->outcome == MUSTER_PENDING)
		text_adds(to, "not begun");
	else
		text_adds(to, muster_outcome_word(r->outcome));
}

static void
add_ends(struct runs *r, struct pair *pair)
{
	struct text ends[2] = {{0}, {0}};

	for (int i = 0; i < 2; i++)
		add_end(&r->past[i], pair->at[i], &ends[i]);
	if (strcmp(text_str(&ends[0]), text_str(&ends[1])) != 0)
		text_addf(&pair->how, "%s -> %s\n", text_str(&ends[0]),
		    text_str(&ends[1]));
	text_clear(&ends[0]);
	text_clear(&ends[1]);
}

static void
read_stream(const struct past *p, size_t host, enum muster_stream stream,
    struct lines *to)
{
	size_t order = p->orders[host], n;
	char *data = heap_array(READ_BYTES, 1);

	while (order != MUSTER_NOWHERE && to->text.len < OUTPUT_BYTES &&
	       (n = muster_run_read(p->run, order, host, stream, to->text.len,
		    data, READ_BYTES)) > 0)
		text_add(&to->text, data, n);
	free(data);
	lines_cut(to);
}

static void
add_stream(struct runs *r, struct pair *pair, enum muster_stream stream)
{
	struct lines texts[2] = {{.n = 0}, {.n = 0}};
	struct output out;

	for (int i = 0; i < 2; i++)
		read_stream(&r->past[i], pair->at[i], stream, &texts[i]);
	output_init(&out, -1, true);
	unified_write(&out, &texts[0], &texts[1]);
	if (out.lines.len > 0 && stream == MUSTER_STDERR)
		text_adds(&pair->how, "standard error:\n");
	text_add(&pair->how, out.lines.mem, out.lines.len);
	output_clear(&out);
	lines_clear(&texts[0]);
	lines_clear(&texts[1]);
}

static void
compare(struct runs *r, struct pair *pair)
{
	if (pair->at[0] == MUSTER_NOWHERE) {
		text_adds(&pair->how, "only in the second run\n");
	} else if (pair->at[1] == MUSTER_NOWHERE) {
		text_adds(&pair->how, "only in the first run\n");
	} else {
		add_ends(r, pair);
		add_stream(r, pair, MUSTER_STDOUT);
		add_stream(r, pair, MUSTER_STDERR);
	}
	(void)text_str(&pair->how); /* ends it */
}

/* ---- all of them ---- */

static void
add_pair(struct runs *r, size_t first, size_t second)
{
	const struct past *p = &r->past[first == MUSTER_NOWHERE];
	size_t host = first == MUSTER_NOWHERE ? second : first;

	r->pairs[r->n].name = muster_run_host(p->run, host)->name;
	r->pairs[r->n].at[0] = first;
	r->pairs[r->n++].at[1] = second;
}

/* Runs that are compared mostly have their hosts at the same places. */
static size_t
find(const struct past *p, size_t guess, const char *name)
{
	if (guess < p->about->n_hosts &&
	    strcmp(muster_run_host(p->run, guess)->name, name) == 0)
		return guess;
	return past_find(p, name);
}

static void
pair_hosts(struct runs *r)
{
	const struct past *a = &r->past[0], *b = &r->past[1];

	r->pairs = heap_array(
	    a->about->n_hosts + b->about->n_hosts + 1, sizeof(*r->pairs));
	for (size_t h = 0; h < a->about->n_hosts; h++)
		add_pair(r, h, find(b, h, muster_run_host(a->run, h)->name));
	for (size_t h = 0; h < b->about->n_hosts; h++)
		if (find(a, h, muster_run_host(b->run, h)->name) ==
		    MUSTER_NOWHERE)
			add_pair(r, MUSTER_NOWHERE, h);
}

static bool
is_alike(const struct pair *a, const struct pair *b)
{
	return a->how.len == b->how.len &&
	       memcmp(a->how.mem, b->how.mem, a->how.len) == 0;
}

/* Groups stand in the order of their first hosts. */
static void
write_group(struct runs *r, size_t first, bool *is_told, struct output *to)
{
	const char **names = heap_array(r->n, sizeof(*names));
	struct text line = {0};
	size_t n = 0;

	for (size_t i = first; i < r->n; i++) {
		if (is_told[i] || !is_alike(&r->pairs[i], &r->pairs[first]))
			continue;
		is_told[i] = true;
		names[n++] = r->pairs[i].name;
	}
	names_fold(names, n, &line);
	text_addf(&line, " (%zu): %s", n,
	    r->pairs[first].how.len == 0 ? "same\n" : "");
	if (r->pairs[first].how.mem[0] == '@')
		text_adds(&line, "output\n");
	text_add(&line, r->pairs[first].how.mem, r->pairs[first].how.len);
	output_text(to, line.mem, line.len);
	text_clear(&line);
	free(names);
}

/* Returns whether all hosts are alike in both. */
static bool
write_all(struct runs *r, struct output *to)
{
	bool *is_told = heap_array(r->n + 1, sizeof(*is_told));
	bool is_same = true;

	for (size_t i = 0; i < r->n; i++) {
		is_same &= r->pairs[i].how.len == 0;
		if (!is_told[i])
			write_group(r, i, is_told, to);
	}
	free(is_told);
	return is_same;
}

static int
diff(struct runs *r, const struct args *args)
{
	struct output out;
	bool is_same;
	int rc;

	pair_hosts(r);
	for (size_t i = 0; i < r->n; i++)
		compare(r, &r->pairs[i]);
	output_init(&out, STDOUT_FILENO, args->raw);
	is_same = write_all(r, &out);
	(void)output_flush(&out, -1, -1);
	rc = out.error != 0 ? EXITCODE_LOCAL
	     : is_same      ? EXITCODE_OK
			    : EXITCODE_FAILED;
	output_clear(&out);
	return rc;
}

int
verb_diff(const struct args *args)
{
	struct runs r = {0};
	struct muster_error err;
	int rc = EXITCODE_OK;

	if (args->n_rest != 2) {
		complain("which two runs? 'muster runs' lists them");
		return EXITCODE_USAGE;
	}
	for (int i = 0; i < 2 && rc == EXITCODE_OK; i++)
		if (past_open(&r.past[i], args->rest[i], &err) < 0) {
			complain("%s", err.text);
			rc = complain_exitcode(&err);
		}
	if (rc == EXITCODE_OK)
		rc = diff(&r, args);
	for (size_t i = 0; i < r.n; i++)
		text_clear(&r.pairs[i].how);
	free(r.pairs);
	past_close(&r.past[0]);
	past_close(&r.past[1]);
	return rc;
}
