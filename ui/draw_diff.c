/*
 * draw_diff.c -- what two hosts, or two groups of them, printed: the lines
 * that differ.
 *
 * Room: ui.  May touch: draw.h, src/text.h.
 */
#include "config.h"

#include "ui/draw.h"
#include "src/text.h"

#include <stdio.h>
#include <string.h>

#define NUMBER_W 7 /* "- 1234 " and a blank */

/* "group 3 (17 hosts, web-112.ams)", "web-112.ams". */
static void
add_side(const struct draw *d, struct text *t, size_t host)
{
	const struct alike *g = &d->m->groups;
	size_t at = alike_find(g, d->m, host);

	if (d->v->diff.is_of_groups && at < g->n)
		text_addf(t, "group %zu (%zu host%s, %s)", at + 1,
		    g->items[at].n_hosts, g->items[at].n_hosts == 1 ? "" : "s",
		    d->m->hosts[host].name);
	else
		text_adds(t, d->m->hosts[host].name);
}

static void
draw_head(const struct draw *d, int y)
{
	const struct compare *c = &d->v->diff.rows;
	struct text t = {0};
	char end[64];

	text_adds(&t, "diff  A: ");
	add_side(d, &t, d->v->diff.a);
	text_adds(&t, "   B: ");
	add_side(d, &t, d->v->diff.b);
	(void)snprintf(end, sizeof(end), "%s+%zu -%zu%s",
	    d->m->groups.is_masked ? "masked  " : "", c->n_added, c->n_removed,
	    c->is_rough ? "  (roughly)" : "");
	draw_rule(d, y, text_str(&t), end);
	text_clear(&t);
}

/* "web-112.ams and 16 more". */
static void
draw_name(
    const struct draw *d, int x, int y, int w, const char *side, size_t host)
{
	const struct alike *g = &d->m->groups;
	size_t at = alike_find(g, d->m, host);
	struct text t = {0};

	text_addf(&t, " %s  %s", side, d->m->hosts[host].name);
	if (d->v->diff.is_of_groups && at < g->n && g->items[at].n_hosts > 1)
		text_addf(&t, " and %zu more", g->items[at].n_hosts - 1);
	cells_puts(d->c, x, y, w, text_str(&t), DRAW_BOLD);
	text_clear(&t);
}

/* One line of one side in `w` columns from x on. */
static void
draw_line(const struct draw *d, struct rect r, const struct shown *s, size_t i,
    char sign)
{
	struct look look = {.class = sign == '-'   ? CELL_BAD
				     : sign == '+' ? CELL_RUN
						   : CELL_PLAIN};
	char text[32], mark[2] = {sign, '\0'};

	if (i >= s->n_lines)
		return;
	cells_puts(d->c, r.x, r.y, 1, mark, look);
	if (s->lines[i].no != UINT64_MAX) {
		(void)snprintf(text, sizeof(text), "%llu",
		    (unsigned long long)s->lines[i].no + 1);
		cells_right(d->c, r.x + 5, r.y, 4, text, DRAW_DIM);
	}
	cells_line(
	    d->c, r.x + NUMBER_W, r.y, r.w - NUMBER_W, &s->lines[i].line, 0);
	if (sign != ' ')
		cells_paint(d->c, r.x + NUMBER_W, r.y, r.w - NUMBER_W,
		    (struct look){.flags = MUSTER_STYLE_BOLD});
}

static void
draw_fold(const struct draw *d, int x, int y, int w, size_t n, bool hint)
{
	char text[64];

	(void)snprintf(text, sizeof(text), "... %zu equal line%s%s ...", n,
	    n == 1 ? "" : "s", hint ? " (z unfold)" : "");
	cells_puts(d->c, x + NUMBER_W, y, w - NUMBER_W, text, DRAW_DIM);
}

static void
draw_row(const struct draw *d, int y, const struct compare_row *row)
{
	bool wide = !d->v->diff.rows.how.is_unified;
	const struct shown *a = &d->m->hosts[d->v->diff.a].shown;
	const struct shown *b = &d->m->hosts[d->v->diff.b].shown;
	int w = d->c->w, left = wide ? w / 2 - 1 : w;
	struct rect ra = {0, y, left, 1}, rb = {0, y, w, 1};

	if (wide)
		rb = (struct rect){left + 1, y, w - left - 1, 1};
	switch (row->kind) {
	case COMPARE_FOLD:
		draw_fold(d, ra.x, y, ra.w, row->n, true);
		if (wide)
			draw_fold(d, rb.x, y, rb.w, row->n, false);
		break;
	case COMPARE_SAME:
		draw_line(d, ra, a, row->a, ' ');
		if (wide)
			draw_line(d, rb, b, row->b, ' ');
		break;
	case COMPARE_CHANGED:
		draw_line(d, ra, a, row->a, '-');
		draw_line(d, rb, b, row->b, '+');
		break;
	case COMPARE_REMOVED:
		draw_line(d, ra, a, row->a, '-');
		break;
	case COMPARE_ADDED:
		draw_line(d, rb, b, row->b, '+');
		break;
	}
}

static void
draw_rows(const struct draw *d, int y, int end)
{
	const struct compare *c = &d->v->diff.rows;
	bool wide = !c->how.is_unified;
	int left = d->c->w / 2 - 1;

	for (int i = 0; y + i < end; i++) {
		size_t row = d->v->text_top + (size_t)i;

		if (wide)
			cells_puts(d->c, left, y + i, 1,
			    draw_gutter_sign(d->ascii), DRAW_DIM);
		if (row < c->n)
			draw_row(d, y + i, &c->rows[row]);
	}
}

void
draw_diff(const struct draw *d)
{
	const struct view_diff *v = &d->v->diff;
	const struct compare *c = &v->rows;
	struct rect b = d->at.body;
	int left = b.w / 2 - 1, y = b.y;

	if (v->a >= d->m->n_hosts || v->b >= d->m->n_hosts) {
		draw_rule(d, y, "diff", NULL);
		if (b.h > 1)
			cells_puts(d->c, 2, y + 1, b.w - 3,
			    "d compares a host with the largest group, "
			    "D the two marked",
			    DRAW_PLAIN);
		return;
	}
	draw_head(d, y++);
	if (b.h > 6 && !c->how.is_unified) {
		draw_name(d, 0, y, left, "A", v->a);
		cells_puts(
		    d->c, left, y, 1, draw_gutter_sign(d->ascii), DRAW_DIM);
		draw_name(d, left + 1, y, b.w - left - 1, "B", v->b);
		y++;
	}
	draw_rows(d, y, b.y + b.h);
	if (c->n_added + c->n_removed == 0 && c->no_a != 0 && c->no_b != 0 &&
	    y + 2 < b.y + b.h)
		draw_rule(d, b.y + b.h - 1, "they printed the same", NULL);
}
