/*
 * unified.c -- how a text differs from another, as diff -u says it.
 *
 * Room: src.  May touch: muster.h, lines.h, output.h, text.h.
 * Every line of a text has ' ', '-' or '+' before it, so that none can pass
 * for the head of a hunk.
 */
#include "config.h"

#include "src/unified.h"

#include "src/output.h"

#define AROUND 3

struct hunk {
	const struct muster_diff *diff;
	const struct lines *a, *b;
	size_t first, end; /* runs, of which those at the ends may be SAME */
};

static size_t
smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* The end of the hunk that begins with a change at run `i`. */
static size_t
find_end(const struct muster_diff *d, size_t i)
{
	while (i < d->n && (d->runs[i].kind != MUSTER_DIFF_SAME ||
			       (i + 1 < d->n && d->runs[i].n <= 2 * AROUND)))
		i++;
	return i;
}

/* "12,3" for lines of one side, as diff -u counts them. */
static void
add_range(struct text *to, size_t at, size_t n)
{
	text_addf(to, "%zu", n > 0 ? at + 1 : at);
	if (n != 1)
		text_addf(to, ",%zu", n);
}

static void
write_line(struct output *to, char mark, const char *line, size_t len)
{
	struct text text = {0};

	text_add(&text, &mark, 1);
	text_add(&text, line, len);
	if (len == 0 || line[len - 1] != '\n')
		text_adds(&text, "\n\\ No newline at end of file\n");
	output_text(to, text.mem, text.len);
	text_clear(&text);
}

static void
write_run(struct output *to, const struct hunk *h, enum muster_diff_kind kind,
    size_t at, size_t n)
{
	const struct lines *from = kind == MUSTER_DIFF_ADDED ? h->b : h->a;

	for (size_t i = 0; i < n; i++) {
		size_t len;
		const char *line = lines_get(from, at + i, &len);

		write_line(to, " -+"[kind], line, len);
	}
}

static void
write_hunk(struct output *to, const struct hunk *h)
{
	const struct muster_diff_run *runs = h->diff->runs;
	const struct muster_diff_run *first = &runs[h->first];
	const struct muster_diff_run *before =
	    h->first > 0 ? &runs[h->first - 1] : NULL;
	size_t lead = before != NULL ? smaller(AROUND, before->n) : 0;
	size_t trail =
	    h->end < h->diff->n ? smaller(AROUND, runs[h->end].n) : 0;
	size_t n_a = lead + trail, n_b = lead + trail;
	struct text head = {0};

	for (size_t i = h->first; i < h->end; i++) {
		n_a += runs[i].kind != MUSTER_DIFF_ADDED ? runs[i].n : 0;
		n_b += runs[i].kind != MUSTER_DIFF_REMOVED ? runs[i].n : 0;
	}
	text_adds(&head, "@@ -");
	add_range(&head, first->a - lead, n_a);
	text_adds(&head, " +");
	add_range(&head, first->b - lead, n_b);
	text_adds(&head, " @@\n");
	output_text(to, head.mem, head.len);
	text_clear(&head);
	write_run(to, h, MUSTER_DIFF_SAME, first->a - lead, lead);
	for (size_t i = h->first; i < h->end; i++)
		write_run(to, h, runs[i].kind,
		    runs[i].kind == MUSTER_DIFF_ADDED ? runs[i].b : runs[i].a,
		    runs[i].n);
	if (trail > 0)
		write_run(to, h, MUSTER_DIFF_SAME, runs[h->end].a, trail);
}

void
unified_write(struct output *to, const struct lines *a, const struct lines *b)
{
	struct muster_diff d = muster_diff_texts(
	    a->text.mem, a->text.len, b->text.mem, b->text.len);
	struct hunk h = {.diff = &d, .a = a, .b = b};

	for (size_t i = 0; i < d.n; i = h.end) {
		h.first = i + (d.runs[i].kind == MUSTER_DIFF_SAME);
		h.end = find_end(&d, h.first);
		if (h.first < h.end)
			write_hunk(to, &h);
	}
	muster_diff_clear(&d);
}
