/*
 * gathered.c -- texts gathered, as -b, --diff and --similar print them.
 *
 * Room: src.  May touch: muster.h, args.h, heap.h, names.h, output.h,
 * similar.h, stream.h, text.h, unified.h.
 */
#include "config.h"

#include "src/gathered.h"

#include "src/args.h"
#include "src/heap.h"
#include "src/names.h"
#include "src/output.h"
#include "src/similar.h"
#include "src/stream.h"
#include "src/unified.h"

#include <stdlib.h>
#include <string.h>

#define PIECE_BYTES 65536

struct gathered {
	struct gathered_texts of;
	struct gathered_form form;
	struct stream *body;     /* owned; -b */
	struct similar *similar; /* owned; --similar */
	struct lines reference;  /* --diff: the first text */
	size_t *groups;          /* owned; those that are printed */
	size_t n_groups;
	size_t group; /* which of them */
	uint64_t at;  /* in its text; 0: its header comes next */
};

/* Lists the groups that are to be printed. */
static void
choose_groups(struct gathered *g, size_t n_groups, const bool *chosen)
{
	g->groups = heap_array(n_groups, sizeof(*g->groups));
	for (size_t i = 0; i < n_groups; i++) {
		size_t n;
		const uint32_t *hosts = muster_gather_hosts(g->of.texts, i, &n);

		if (chosen == NULL || chosen[hosts[0]])
			g->groups[g->n_groups++] = i;
	}
}

struct gathered *
gathered_new(const struct gathered_texts *texts,
    const struct gathered_form *form, const bool *chosen)
{
	struct gathered *g = heap_array(1, sizeof(*g));
	size_t n_groups;

	g->of = *texts;
	g->form = *form;
	g->body = stream_new(1, STREAM_LINE_MAX, texts->to, texts->to);
	n_groups = muster_gather_group(texts->texts, form->by_host);
	if (form->similar > 0)
		g->similar = similar_new(&g->of, n_groups, form->similar);
	choose_groups(g, n_groups, chosen);
	return g;
}

void
gathered_free(struct gathered *g)
{
	if (g == NULL)
		return;
	similar_free(g->similar);
	lines_clear(&g->reference);
	stream_free(g->body);
	free(g->groups);
	free(g);
}

void
gathered_add_names(const struct gathered_texts *t, const uint32_t *hosts,
    size_t n, struct text *to)
{
	const char **names = heap_array(n, sizeof(*names));

	for (size_t i = 0; i < n; i++)
		names[i] = t->name(t->names, hosts[i]);
	names_fold(names, n, to);
	if (n > 1)
		text_addf(to, " (%zu)", n);
	free(names);
}

void
gathered_write_header(
    const struct gathered_texts *t, const uint32_t *hosts, size_t n)
{
	struct text line = {0};

	text_adds(&line, OUTPUT_RULE "\n");
	gathered_add_names(t, hosts, n, &line);
	text_adds(&line, "\n" OUTPUT_RULE "\n");
	output_text(t->to, line.mem, line.len);
	text_clear(&line);
}

/* ---- -b ---- */

static void
pump_text(struct gathered *g)
{
	const uint32_t *hosts;
	const void *data;
	size_t n, len;

	hosts = muster_gather_hosts(g->of.texts, g->groups[g->group], &n);
	if (g->at == 0)
		gathered_write_header(&g->of, hosts, n);
	/* What hosts print is no header of a group. */
	g->of.to->guards = g->form.guards;
	if (muster_gather_read(g->of.texts, hosts[0], g->at, &data, &len)) {
		len = len < PIECE_BYTES ? len : PIECE_BYTES;
		stream_add(g->body, 0, MUSTER_STDOUT, NULL, data, len);
		g->at += len;
		g->of.to->guards = false;
		return;
	}
	stream_end(g->body, 0, NULL);
	g->of.to->guards = false;
	g->group++;
	g->at = 0;
}

/* ---- --diff ---- */

/* "--- web[1-3] (3)" or "+++ db1". */
static void
write_side(const struct gathered *g, const char *mark, size_t group)
{
	struct text line = {0};
	size_t n;
	const uint32_t *hosts = muster_gather_hosts(g->of.texts, group, &n);

	text_addf(&line, "%s ", mark);
	gathered_add_names(&g->of, hosts, n, &line);
	text_adds(&line, "\n");
	output_text(g->of.to, line.mem, line.len);
	text_clear(&line);
}

/* How a group differs from the first one. */
static void
pump_diff(struct gathered *g)
{
	struct lines other;
	size_t n;
	const uint32_t *hosts = muster_gather_hosts(g->of.texts, g->group, &n);

	if (g->group++ == 0) {
		lines_load(&g->reference, g->of.texts, hosts[0]);
		return;
	}
	lines_load(&other, g->of.texts, hosts[0]);
	write_side(g, "---", 0);
	write_side(g, "+++", g->group - 1);
	unified_write(g->of.to, &g->reference, &other);
	lines_clear(&other);
}

bool
gathered_pump(struct gathered *g)
{
	if (g->similar != NULL)
		return similar_pump(g->similar);
	if (g->group == g->n_groups)
		return false;
	if (g->form.diff)
		pump_diff(g);
	else
		pump_text(g);
	return true;
}

int
gathered_read_form(const struct args *args, struct gathered_form *form,
    struct muster_error *err)
{
	*form = (struct gathered_form){
	    .by_host = args->sort == 1,
	    .diff = args->diff,
	    .similar = args->similar,
	};
	if (form->diff && form->similar > 0)
		return args_error(
		    err, "--diff and --similar exclude each other");
	if (args->lines && (form->diff || form->similar > 0))
		return args_error(err,
		    "--lines and --%s exclude each other: it compares with "
		    "the largest group",
		    form->diff ? "diff" : "similar");
	if (form->by_host && (form->diff || form->similar > 0))
		return args_error(err,
		    "--sort=host makes no sense with --%s: it compares with "
		    "the largest group",
		    form->diff ? "diff" : "similar");
	return 0;
}
