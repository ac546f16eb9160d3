/*
 * draw_groups.c -- hosts that print the same, together; where outputs part.
 *
 * Room: ui.  May touch: draw.h, src/text.h.
 */
#include "config.h"

#include "ui/draw.h"
#include "src/text.h"

#include <stdio.h>
#include <string.h>

#define BAR_W 20

static void
draw_head(const struct draw *d, int y)
{
	const struct alike *g = &d->m->groups;
	struct text t = {0};
	size_t n_rest = d->m->n_hosts - g->n_grouped;
	char end[48] = "";

	text_addf(&t, "%zu group%s", g->n, g->n == 1 ? "" : "s");
	if (d->c->w >= 100)
		text_adds(&t, " of identical output   key: output+exit");
	text_addf(&t, "   mask: %s", g->is_masked ? "on" : "off");
	text_adds(&t, d->c->w >= 100 ? " (M numbers, hosts)" : " (M)");
	if (g->n > 0)
		text_adds(&t, "   ref: group 1");
	if (n_rest > 0)
		(void)snprintf(end, sizeof(end), "%zu not begun", n_rest);
	draw_rule(d, y, text_str(&t), end[0] != '\0' ? end : NULL);
	text_clear(&t);
}

static bool
is_marked(const struct draw *d, const struct group *g)
{
	for (size_t i = 0; i < g->n_hosts; i++)
		if (!d->m->hosts[g->hosts[i]].is_marked)
			return false;
	return true;
}

/* "exit 0", "no route", "the same so far". */
static void
write_state(const struct draw *d, const struct group *g, char out[DRAW_WORD])
{
	const struct model_host *h = &d->m->hosts[g->hosts[0]];

	if (!g->is_ended)
		(void)snprintf(out, DRAW_WORD, "so far");
	else if (h->outcome == MUSTER_EXIT)
		(void)snprintf(out, DRAW_WORD, "exit %u", h->code);
	else
		draw_word(out, d->m, h);
}

static void
draw_share(const struct draw *d, int x, int y, const struct group *g)
{
	size_t all = d->m->n_hosts;
	int n = (int)((g->n_hosts * BAR_W + all / 2) / all);

	n = n < 1 ? 1 : n;
	cells_fill(
	    d->c, x, y, BAR_W, d->ascii ? "." : "\xe2\x88\x99", DRAW_DIM);
	cells_fill(d->c, x, y, n, d->ascii ? "=" : "\xe2\x96\x88",
	    DRAW_CLASS(badge_row((enum badge)g->badge)->class));
}

/* ">3 X     32   0.6%  exit 127    =...  ams-[421-452]" */
static void
draw_group(const struct draw *d, int y, size_t i, bool here)
{
	const struct group *g = &d->m->groups.items[i];
	char text[DRAW_WORD], count[DRAW_TIME];
	size_t n = d->m->n_hosts;
	int w = d->c->w, x;

	cells_puts(d->c, 0, y, 1,
	    here              ? ">"
	    : is_marked(d, g) ? "*"
			      : " ",
	    DRAW_BOLD);
	(void)snprintf(text, sizeof(text), "%zu", i + 1);
	x = 2 + cells_puts(d->c, 1, y, 6, text, here ? DRAW_BOLD : DRAW_PLAIN);
	cells_puts(d->c, x, y, 1, badge_sign((enum badge)g->badge, d->ascii),
	    DRAW_CLASS(badge_row((enum badge)g->badge)->class));
	draw_count(count, g->n_hosts);
	x = x < 4 ? 10 : x + 7;
	cells_right(d->c, x, y, 7, count, DRAW_BOLD);
	n = (g->n_hosts * 1000 + n / 2) / n;
	(void)snprintf(text, sizeof(text), "%zu.%zu%%", n / 10, n % 10);
	cells_right(d->c, x + 7, y, 6, text, DRAW_PLAIN);
	write_state(d, g, text);
	cells_puts(d->c, x + 9, y, 11, text, DRAW_PLAIN);
	x += 21;
	if (w >= 100) {
		draw_share(d, x, y, g);
		x += BAR_W + 2;
	}
	cells_puts(d->c, x, y, w - x, g->folded, here ? DRAW_BOLD : DRAW_PLAIN);
}

/* The first lines of all of its hosts, or why there are none. */
static void
draw_sample(const struct draw *d, int y, int rows, const struct group *g)
{
	const struct model_host *h = &d->m->hosts[g->hosts[0]];
	const struct shown *s = &h->shown;
	int x = 6, w = d->c->w - x;
	char none[64];

	if (g->n_lines == 0 && rows > 0) {
		(void)snprintf(none, sizeof(none), "(no output%s)",
		    g->is_ended ? "" : " so far");
		cells_puts(d->c, x, y, w,
		    h->outcome != MUSTER_EXIT && h->reason != NULL ? h->reason
								   : none,
		    DRAW_DIM);
		return;
	}
	for (size_t i = 0; i < s->n_lines && rows > 0; i++) {
		if (s->lines[i].no >= (uint64_t)rows)
			break;
		cells_line(
		    d->c, x, y + (int)s->lines[i].no, w, &s->lines[i].line, 0);
	}
	if ((size_t)rows < g->n_lines && rows > 0) {
		(void)snprintf(none, sizeof(none), " +%zu lines ",
		    g->n_lines - (size_t)rows);
		cells_right(
		    d->c, d->c->w - 1, y + rows - 1, 20, none, DRAW_DIM);
	}
}

/* ---- where the outputs part ---- */

static const char *
branch_sign(const struct draw *d, size_t i)
{
	static const char *const signs[2][3] = {
	    {"\xe2\x94\x80\xe2\x94\xac\xe2\x94\x80",
		" \xe2\x94\x9c\xe2\x94\x80", " \xe2\x94\x94\xe2\x94\x80"},
	    {"-+-", " +-", " `-"}};
	size_t last = d->m->groups.n_branches - 1;

	return signs[d->ascii][i == 0 ? 0 : i < last ? 1 : 2];
}

static void
draw_branch(const struct draw *d, int y, size_t i)
{
	const struct alike *g = &d->m->groups;
	const struct group_branch *b = &g->branches[i];
	const char *text = b->text != NULL ? b->text : "...";
	char head[64], count[DRAW_TIME], word[DRAW_WORD], over[64];
	int w = d->c->w, x;

	(void)snprintf(head, sizeof(head), "line %zu   %zu hosts ",
	    g->n_common + 1, g->n_grouped);
	x = 2 + cells_width(head, strlen(head));
	if (i == 0)
		cells_puts(d->c, 2, y, w - 2, head, DRAW_PLAIN);
	x += cells_puts(d->c, x, y, w - x, branch_sign(d, i), DRAW_DIM) + 1;
	if (b->host >= d->m->n_hosts) {
		text = "(nothing more)";
	} else if (b->is_ended) {
		draw_word(word, d->m, &d->m->hosts[b->host]);
		(void)snprintf(over, sizeof(over), "(nothing more, %s)", word);
		text = over;
	}
	cells_puts(d->c, x, y, w - x - 10, text, DRAW_PLAIN);
	draw_count(count, b->n_hosts);
	cells_right(d->c, w - 2, y, 8, count, DRAW_BOLD);
}

static void
draw_split(const struct draw *d, int y, int end)
{
	const struct alike *g = &d->m->groups;

	draw_rule(d, y++,
	    d->c->w < 100 ? "where outputs part"
			  : "live split of the run (where the outputs part)",
	    NULL);
	for (size_t i = 0; i < g->n_branches && y < end; i++, y++)
		draw_branch(d, y, i);
}

void
draw_groups(const struct draw *d)
{
	const struct alike *g = &d->m->groups;
	struct rect b = d->at.body;
	struct shape_groups s = shape_groups(g->n, g->n_branches, b.h);
	size_t page = (size_t)s.a_page;
	size_t at = alike_find(g, d->m, d->v->cursor), top = 0;
	int y = b.y + 1, end = b.y + b.h - s.split_h;

	draw_head(d, b.y);
	if (at < g->n)
		top = at / page * page;
	if (g->n == 0 && b.h > 1)
		cells_puts(
		    d->c, 2, y, b.w - 3, "nobody has begun yet", DRAW_PLAIN);
	for (size_t i = top; i < g->n && i < top + page && y < end; i++) {
		int rows = s.text_h < end - y - 1 ? s.text_h : end - y - 1;

		draw_group(d, y, i, i == at);
		draw_sample(d, y + 1, rows, &g->items[i]);
		y += 1 + s.text_h + s.gap_h;
	}
	if (s.split_h > 0)
		draw_split(d, y < end ? y : end, b.y + b.h);
}
