/*
 * compare.c -- what two hosts printed, side by side: the rows of a difference.
 *
 * Room: ui.  May touch: compare.h, shown.h, src/heap.h, src/text.h.
 */
#include "config.h"

#include "ui/compare.h"
#include "src/heap.h"
#include "src/text.h"
#include "ui/shown.h"

#include <stdlib.h>
#include <string.h>

#define CONTEXT 3 /* equal lines that are seen beside a change */

void
compare_clear(struct compare *c)
{
	free(c->rows);
	memset(c, 0, sizeof(*c));
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* A line, each number in it a '#'. */
static void
add_masked(struct text *t, const char *line, size_t len)
{
	for (size_t i = 0; i < len;) {
		if (!is_digit(line[i])) {
			text_add(t, line + i++, 1);
			continue;
		}
		text_add(t, "#", 1);
		while (i < len && is_digit(line[i]))
			i++;
	}
}

static void
join(const struct shown *s, bool masked, struct text *t)
{
	for (size_t i = 0; i < s->n_lines; i++) {
		const struct muster_line *l = &s->lines[i].line;

		if (masked)
			add_masked(t, l->text, l->len);
		else
			text_add(t, l->text, l->len);
		text_add(t, "\n", 1);
	}
}

static void
add(struct compare *c, struct compare_row row)
{
	heap_grow(&c->rows, &c->cap, c->n + 1, sizeof(*c->rows));
	c->rows[c->n++] = row;
}

static void
add_same(
    struct compare *c, const struct muster_diff_run *run, size_t from, size_t n)
{
	for (size_t i = from; i < from + n; i++)
		add(c, (struct compare_row){
			   COMPARE_SAME, run->a + i, run->b + i, 0});
}

/* Lines far from any change are told by their number. */
static void
add_equal(struct compare *c, const struct muster_diff *d, size_t run)
{
	const struct muster_diff_run *r = &d->runs[run];
	size_t before = run > 0 ? CONTEXT : 0;
	size_t after = run + 1 < d->n ? CONTEXT : 0;

	if (c->how.is_unfolded || d->n == 1 || r->n <= before + after + 1) {
		add_same(c, r, 0, r->n);
		return;
	}
	add_same(c, r, 0, before);
	add(c, (struct compare_row){COMPARE_FOLD, r->a + before, r->b + before,
		   r->n - before - after});
	add_same(c, r, r->n - after, after);
}

/* What was removed and what was added in its place. */
static void
add_change(struct compare *c, const struct muster_diff_run *removed,
    const struct muster_diff_run *added)
{
	size_t n = removed != NULL ? removed->n : 0;
	size_t m = added != NULL ? added->n : 0;
	size_t both = c->how.is_unified ? 0 : n < m ? n : m;

	for (size_t i = 0; i < both; i++)
		add(c, (struct compare_row){
			   COMPARE_CHANGED, removed->a + i, added->b + i, 0});
	for (size_t i = both; i < n; i++)
		add(c, (struct compare_row){
			   COMPARE_REMOVED, removed->a + i, removed->b, 0});
	for (size_t i = both; i < m; i++)
		add(c, (struct compare_row){
			   COMPARE_ADDED, added->a, added->b + i, 0});
}

static void
add_runs(struct compare *c, const struct muster_diff *d)
{
	for (size_t i = 0; i < d->n; i++) {
		const struct muster_diff_run *r = &d->runs[i];
		bool pair = i + 1 < d->n && r->kind == MUSTER_DIFF_REMOVED &&
			    r[1].kind == MUSTER_DIFF_ADDED;

		if (r->kind == MUSTER_DIFF_SAME)
			add_equal(c, d, i);
		else if (r->kind == MUSTER_DIFF_ADDED)
			add_change(c, NULL, r);
		else
			add_change(c, r, pair ? r + 1 : NULL);
		i += pair;
	}
}

void
compare_make(struct compare *c, const struct shown *a, const struct shown *b,
    struct compare_how how)
{
	struct text text_a = {0}, text_b = {0};
	struct muster_diff d;

	c->n = 0;
	c->how = how;
	join(a, how.is_masked, &text_a);
	join(b, how.is_masked, &text_b);
	d = muster_diff_texts(
	    text_str(&text_a), text_a.len, text_str(&text_b), text_b.len);
	c->n_removed = d.n_removed;
	c->n_added = d.n_added;
	c->is_rough = d.is_rough;
	add_runs(c, &d);
	muster_diff_clear(&d);
	text_clear(&text_a);
	text_clear(&text_b);
	c->no_a = a->no;
	c->no_b = b->no;
}

static bool
is_change(const struct compare *c, size_t i)
{
	return c->rows[i].kind != COMPARE_SAME &&
	       c->rows[i].kind != COMPARE_FOLD;
}

size_t
compare_seek(const struct compare *c, size_t row, int step)
{
	if (step > 0) {
		for (size_t i = row + 1; i < c->n; i++)
			if (is_change(c, i) && !is_change(c, i - 1))
				return i;
		return c->n;
	}
	for (size_t i = row < c->n ? row : c->n; i-- > 0;)
		if (is_change(c, i) && (i == 0 || !is_change(c, i - 1)))
			return i;
	return c->n;
}
