/*
 * draw_zoom.c -- one host, all of what it printed, without a frame.
 *
 * Room: ui.  May touch: draw.h, src/text.h.
 */
#include "config.h"

#include "ui/draw.h"
#include "src/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

int
draw_zoom_rows(int w, int h)
{
	struct rect b = draw_layout(w, h).body;

	return b.h > 3 ? b.h - 1 : b.h;
}

/* Row 1: " > running  web-017  exit -  412 lines  31.0 KiB  last 0.2s ago". */
static void
draw_zoom_head(const struct draw *d, const struct model_host *h)
{
	char word[DRAW_WORD], exit[DRAW_WORD], bytes[DRAW_TIME];
	char time[DRAW_TIME], lines[DRAW_TIME];
	struct text t = {0};
	int y = d->at.progress_y, x = 3, w = d->c->w;

	draw_word(word, d->m, h);
	draw_exit(exit, h);
	draw_count(lines, h->n_lines);
	draw_bytes(bytes, h->n_bytes);
	draw_badge(d, 1, y, h);
	x += cells_puts(
	    d->c, x, y, w - x, word, DRAW_CLASS(badge_row(h->badge)->class));
	text_addf(&t, "  %s  exit %s  %s line%s  %s", h->name,
	    exit[0] != '\0' ? exit : "-", lines, h->n_lines == 1 ? "" : "s",
	    bytes);
	draw_time(time, model_age_us(d->m, h), false);
	if (h->ended_us != 0) {
		text_addf(&t, "  took %s", time);
	} else if (h->last_us != 0) {
		draw_time(time, d->m->now_us - h->last_us, false);
		text_addf(&t, "  last %s ago", time);
	}
	if (h->is_marked)
		text_adds(&t, "  marked");
	cells_puts(d->c, x, y, w - x - 1, text_str(&t), DRAW_PLAIN);
	text_clear(&t);
}

/* What a line is numbered or timed by; returns the column of its text. */
static int
draw_margin(const struct draw *d, int y, const struct muster_shown_line *l)
{
	char text[DRAW_TIME], time[DRAW_TIME];
	int w = d->c->w < 40 ? 0 : 5, x = 0;

	if (w > 0 && l->no != UINT64_MAX) {
		(void)snprintf(text, sizeof(text), "%" PRIu64, l->no + 1);
		cells_right(d->c, w, y, w, text, DRAW_DIM);
	}
	if (w > 0)
		x = w + 2;
	if (!d->v->zoom.has_times)
		return x;
	draw_time(time, (int64_t)l->at_ms * 1000, false);
	cells_right(d->c, x + 7, y, 7, time, DRAW_DIM);
	return x + 9;
}

/* Where the needle is drawn it stands out. */
static void
paint_matches(const struct draw *d, int x, int y,
    const struct muster_line *line, bool current)
{
	const char *needle = d->v->zoom.search;
	size_t n = strlen(needle), skip = d->v->zoom.skip;

	for (size_t i = 0; n > 0 && i + n <= line->len; i++) {
		int column;

		if (!view_text_is(line->text + i, needle, n))
			continue;
		column = cells_width(line->text, i) - (int)skip;
		if (column >= 0)
			cells_paint(d->c, x + column, y,
			    cells_width(line->text + i, n),
			    (struct look){.class = CELL_ATTN,
				.flags = current ? MUSTER_STYLE_REVERSE
						 : MUSTER_STYLE_BOLD});
		i += n - 1;
	}
}

/* A line, on as many rows as it takes; returns how many. */
static int
draw_zoom_line(
    const struct draw *d, int y, int end, const struct muster_shown_line *l)
{
	const struct view_zoom *z = &d->v->zoom;
	int x = draw_margin(d, y, l), w = d->c->w - x, n = 0;
	size_t skip = z->wraps ? 0 : z->skip;

	if (l->stream == MUSTER_STDERR && x > 1)
		cells_puts(d->c, x - 1, y, 1, "!", DRAW_CLASS(CELL_ATTN));
	do {
		cells_line(d->c, x, y + n, w, &l->line, skip);
		n++;
		skip += (size_t)w;
	} while (z->wraps && skip < l->line.columns && y + n < end);
	paint_matches(d, x, y, &l->line, l->no == z->match);
	if (zoom_is_chosen(z, l->no))
		cells_paint(d->c, 0, y, d->c->w, DRAW_REVERSE);
	return n;
}

/* Whether lines are missing before line i, which are not kept. */
static bool
has_hole(const struct draw *d, const struct shown *s, size_t i)
{
	return s->n_dropped > 0 && i > 0 && !d->v->zoom.only_matches &&
	       s->lines[i].no == s->hole + s->n_dropped;
}

static int
height_of(const struct draw *d, const struct shown *s, size_t i)
{
	const struct muster_shown_line *l = &s->lines[i];
	int x = (d->c->w < 40 ? 0 : 7) + (d->v->zoom.has_times ? 9 : 0);
	int w = d->c->w - x > 1 ? d->c->w - x : 1;

	int hole = has_hole(d, s, i);

	if (d->v->zoom.only_stderr && l->stream != MUSTER_STDERR)
		return 0;
	if (!d->v->zoom.wraps || (int)l->line.columns <= w)
		return hole + 1;
	return hole + ((int)l->line.columns + w - 1) / w;
}

/* The first line to draw so that the last one is seen. */
static size_t
first_at_end(const struct draw *d, const struct shown *s, int rows)
{
	size_t i = s->n_lines;
	int used = 0;

	while (i > 0) {
		used += height_of(d, s, i - 1);
		if (used > rows)
			break;
		i--;
	}
	return i;
}

static size_t
first_from(const struct shown *s, uint64_t no)
{
	size_t i = 0;

	while (i < s->n_lines && s->lines[i].no < no)
		i++;
	return i;
}

static void
draw_hole(const struct draw *d, int y, const struct shown *s)
{
	char text[64], n[DRAW_TIME];

	draw_count(n, s->n_dropped);
	(void)snprintf(
	    text, sizeof(text), "... %s lines are not kept here ...", n);
	cells_puts(d->c, 7, y, d->c->w - 8, text, DRAW_DIM);
}

static void
draw_zoom_rule(const struct draw *d, int y, const struct model_host *h)
{
	const struct view_zoom *z = &d->v->zoom;
	uint64_t n = h->shown.n_ever;
	char text[64], end[16], new_lines[DRAW_TIME];

	draw_count(new_lines, n > z->seen ? n - z->seen : 0);
	if (z->copy_from != UINT64_MAX)
		(void)snprintf(text, sizeof(text),
		    "choosing lines: j k move, y copies, v ends");
	else if (z->only_matches)
		(void)snprintf(text, sizeof(text), "only matching lines (&)");
	else if (badge_row(h->badge)->is_end)
		(void)snprintf(text, sizeof(text), "ended");
	else if (z->is_following)
		(void)snprintf(text, sizeof(text), "live, following (F)");
	else
		(void)snprintf(
		    text, sizeof(text), "%s new lines, F to follow", new_lines);
	(void)snprintf(end, sizeof(end), "%u%%",
	    z->is_following || n == 0
		? 100
		: (unsigned)((z->top +
				 (uint64_t)draw_zoom_rows(d->c->w, d->c->h)) *
			     100 / n));
	draw_rule(d, y, text, end);
}

void
draw_zoom(const struct draw *d)
{
	const struct model_host *h = &d->m->hosts[d->v->zoom.host];
	const struct shown *s = &h->shown;
	int rows = draw_zoom_rows(d->c->w, d->c->h);
	int y = d->at.body.y, end = y + rows;
	size_t i = d->v->zoom.is_following ? first_at_end(d, s, rows)
					   : first_from(s, d->v->zoom.top);

	draw_zoom_head(d, h);
	if (s->n_lines == 0 && h->reason != NULL)
		cells_puts(d->c, 7, y, d->c->w - 8, h->reason, DRAW_PLAIN);
	for (; i < s->n_lines && y < end; i++) {
		if (d->v->zoom.only_stderr &&
		    s->lines[i].stream != MUSTER_STDERR)
			continue;
		if (has_hole(d, s, i) && y + 1 < end)
			draw_hole(d, y++, s);
		y += draw_zoom_line(d, y, end, &s->lines[i]);
	}
	if (d->at.body.h > rows)
		draw_zoom_rule(d, end, h);
}
