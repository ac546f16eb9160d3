/*
 * draw_grid.c -- panes and tiles: several hosts at once, each with its output.
 *
 * Room: ui.  May touch: draw.h.
 * A pane has a rule with its name, and one column between it and the next:
 * no boxes, so what is in it can be copied.
 */
#include "config.h"

#include "ui/draw.h"

#include <stdio.h>
#include <string.h>

/* "100 22.4s", "  7.0s", "queued". */
static void
write_end(char out[DRAW_WORD + DRAW_TIME], const struct draw *d,
    const struct model_host *h, bool coarse)
{
	char exit[DRAW_WORD], time[DRAW_TIME];

	if (h->begun_us == 0) {
		draw_word(exit, d->m, h);
		(void)snprintf(out, DRAW_WORD, "%s", exit);
		return;
	}
	draw_exit(exit, h);
	draw_time(time, model_age_us(d->m, h), coarse);
	(void)snprintf(out, DRAW_WORD + DRAW_TIME, "%s %5s", exit, time);
}

static void
draw_pane_title(
    const struct draw *d, struct rect r, const struct model_host *h, bool here)
{
	bool heavy = model_is_trouble(h);
	const char *sign = draw_rule_sign(d->ascii, heavy);
	struct look name = {
	    .flags = here ? MUSTER_STYLE_BOLD | MUSTER_STYLE_REVERSE
			  : MUSTER_STYLE_BOLD};
	char end[DRAW_WORD + DRAW_TIME];
	int n, x = r.x + 4, room;

	write_end(end, d, h, false);
	cells_fill(d->c, r.x, r.y, r.w - 1, sign, DRAW_DIM);
	cells_puts(d->c, r.x + 1, r.y, 1, h->is_marked ? "*" : " ", DRAW_BOLD);
	draw_badge(d, r.x + 2, r.y, h);
	cells_puts(d->c, r.x + 3, r.y, 1, " ", DRAW_PLAIN);
	n = cells_width(end, strlen(end));
	room = r.w - 4 - 1 - (n + 2);
	if (room < 4) {
		room = r.w - 5;
		n = 0;
	}
	x += cells_puts(d->c, x, r.y, room, h->name, name);
	cells_puts(d->c, x, r.y, 1, " ", DRAW_PLAIN);
	if (n == 0)
		return;
	cells_puts(d->c, r.x + r.w - n - 2, r.y, 1, " ", DRAW_PLAIN);
	cells_right(d->c, r.x + r.w - 1, r.y, n, end,
	    DRAW_CLASS(badge_row(h->badge)->class));
	cells_puts(d->c, r.x + r.w - 1, r.y, 1, " ", DRAW_PLAIN);
}

/* Rows that a line takes in a pane. */
static int
rows_of(const struct draw *d, const struct muster_line *line, int w)
{
	int columns = (int)line->columns;

	if (!d->v->wraps || columns <= w)
		return 1;
	return (columns + w - 1) / w;
}

static const char stderr_tag[] = "[stderr] ";

/* Draws a line that begins at row y of the pane; rows above `top` are out of
 * sight. */
static void
draw_pane_line(const struct draw *d, struct rect r, int y,
    const struct muster_shown_line *l, bool tag)
{
	int n = rows_of(d, &l->line, r.w);
	int x = 0;

	if (tag && y >= r.y)
		x = cells_puts(d->c, r.x, y, r.w, stderr_tag, DRAW_DIM);
	for (int i = 0; i < n; i++)
		if (y + i >= r.y && y + i < r.y + r.h)
			cells_line(d->c, r.x + x, y + i, r.w - x, &l->line,
			    (size_t)i * (size_t)r.w);
}

/* The line below the output of a host that has ended. */
static bool
end_line(char out[MUSTER_ERROR_MAX], const struct model_host *h)
{
	if (!badge_row(h->badge)->is_end)
		return false;
	if (h->outcome == MUSTER_EXIT)
		(void)snprintf(out, MUSTER_ERROR_MAX, "exit %u", h->code);
	else if (h->reason != NULL)
		(void)snprintf(out, MUSTER_ERROR_MAX, "%s", h->reason);
	else
		(void)snprintf(
		    out, MUSTER_ERROR_MAX, "%s", badge_row(h->badge)->word);
	return true;
}

static bool
is_first_of_stderr(const struct shown *s, size_t i)
{
	return s->lines[i].stream == MUSTER_STDERR &&
	       (i == 0 || s->lines[i - 1].stream != MUSTER_STDERR);
}

/* The last lines, from the top when they fill less than the pane. */
static void
draw_pane_text(const struct draw *d, struct rect r, const struct model_host *h)
{
	char end[MUSTER_ERROR_MAX];
	bool has_end = end_line(end, h) && r.h > 1;
	int room = r.h - has_end, used = 0, y;
	size_t first = h->shown.n_lines;

	while (first > 0 && used < room)
		used += rows_of(d, &h->shown.lines[--first].line, r.w);
	y = used > room ? r.y - (used - room) : r.y;
	for (size_t i = first; i < h->shown.n_lines; i++) {
		const struct muster_shown_line *l = &h->shown.lines[i];

		draw_pane_line(d, (struct rect){r.x, r.y, r.w, room}, y, l,
		    is_first_of_stderr(&h->shown, i));
		y += rows_of(d, &l->line, r.w);
	}
	if (has_end)
		cells_puts(d->c, r.x, y, r.w, end, DRAW_DIM);
}

void
draw_grid(const struct draw *d)
{
	struct rect b = d->at.body;
	struct shape s = shape_grid(
	    d->v->n_list, b.w, b.h, d->v->grid_cols, d->v->grid_rows);
	size_t a_page = (size_t)s.cols * s.rows;

	for (size_t i = 0; i < a_page && d->v->top + i < d->v->n_list; i++) {
		size_t host = d->v->list[d->v->top + i];
		const struct model_host *h = &d->m->hosts[host];
		int col = (int)(i % s.cols), row = (int)(i / s.cols);
		struct rect r = {b.x + col * (s.pane_w + 1),
		    b.y + row * (s.text_h + 1), s.pane_w, s.text_h + 1};

		draw_pane_title(d, r, h, host == d->v->cursor);
		r.y++;
		r.h--;
		draw_pane_text(d, r, h);
		for (int y = 0; col > 0 && y <= s.text_h; y++)
			cells_puts(d->c, r.x - 1, r.y - 1 + y, 1,
			    draw_gutter_sign(d->ascii), DRAW_DIM);
	}
}

/* ---- tiles ---- */

static void
draw_tile(
    const struct draw *d, struct rect r, const struct model_host *h, bool here)
{
	char end[DRAW_WORD + DRAW_TIME];
	struct look name = {.flags = here ? MUSTER_STYLE_REVERSE : 0};
	int n;

	cells_puts(d->c, r.x, r.y, 1,
	    here           ? ">"
	    : h->is_marked ? "*"
			   : " ",
	    DRAW_BOLD);
	draw_badge(d, r.x + 1, r.y, h);
	if (h->begun_us == 0)
		end[0] = '\0';
	else
		write_end(end, d, h, true);
	n = cells_right(d->c, r.x + r.w - 2, r.y, r.w / 2, end,
	    DRAW_CLASS(badge_row(h->badge)->class));
	cells_puts(d->c, r.x + 3, r.y, r.w - n - 6, h->name, name);
	if (r.h == 2)
		draw_last(d, r.x + 3, r.y + 1, r.w - 5, h);
	if (r.h > 2)
		draw_pane_text(
		    d, (struct rect){r.x + 3, r.y + 1, r.w - 5, r.h - 1}, h);
}

void
draw_tiles(const struct draw *d)
{
	struct rect b = d->at.body;
	struct shape s = shape_tiles(d->v->n_list, b.w, b.h);
	size_t a_page = (size_t)s.cols * s.rows;

	/* Down the first column, then the next: the worst are together. */
	for (size_t i = 0; i < a_page && d->v->top + i < d->v->n_list; i++) {
		size_t host = d->v->list[d->v->top + i];
		int col = (int)(i / s.rows), row = (int)(i % s.rows);

		draw_tile(d,
		    (struct rect){b.x + col * s.pane_w,
			b.y + row * (s.text_h + 1), s.pane_w, s.text_h + 1},
		    &d->m->hosts[host], host == d->v->cursor);
	}
}
