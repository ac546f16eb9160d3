/*
 * draw_map.c -- one cell a host, or several: where the trouble is.
 *
 * Room: ui.  May touch: draw.h.
 * Success is quiet: ok is a dot, what has not begun is blank.
 */
#include "config.h"

#include "ui/draw.h"
#include "src/text.h"

#include <stdio.h>
#include <string.h>

/* What `step` hosts look like together: the worst, or how many are bad. */
static void
draw_cell(const struct draw *d, int x, int y, size_t first, size_t step)
{
	enum badge worst = BADGE_OK;
	size_t n_bad = 0, end = first + step;
	char digit[2] = "#";
	bool here = false;
	struct look look;

	if (end > d->v->n_map)
		end = d->v->n_map;
	for (size_t i = first; i < end; i++) {
		const struct model_host *h = &d->m->hosts[d->v->map[i]];

		if (h->badge < worst)
			worst = h->badge;
		n_bad += model_is_trouble(h);
		here = here || d->v->map[i] == d->v->cursor;
	}
	look = DRAW_CLASS(badge_row(worst)->class);
	if (here && d->kind == VIEW_MAP)
		look.flags = MUSTER_STYLE_UNDERLINE | MUSTER_STYLE_BOLD;
	if (step == 1 || n_bad == 0) {
		cells_puts(
		    d->c, x, y, 1, badge_map_sign(worst, d->ascii), look);
		return;
	}
	if (n_bad <= 8 && n_bad < step)
		digit[0] = (char)('0' + n_bad);
	cells_puts(d->c, x, y, 1, digit, look);
}

void
draw_map_cells(
    const struct draw *d, int x, int y, int cols, int rows, size_t step)
{
	for (int row = 0; row < rows; row++)
		for (int col = 0; col < cols; col++) {
			size_t i =
			    ((size_t)row * (size_t)cols + (size_t)col) * step;

			if (i < d->v->n_map)
				draw_cell(d, x + col, y + row, i, step);
		}
}

/* ---- the full map ---- */

static void
draw_legend(const struct draw *d, int y, size_t step)
{
	struct text t = {0};
	char digits[32] = "";

	if (step == 1)
		text_adds(&t, "1 cell = 1 host");
	else
		text_addf(&t, "1 cell = %zu hosts, worst wins", step);
	if (step == 2)
		(void)snprintf(digits, sizeof(digits), "1 and # = bad hosts");
	else if (step > 2)
		(void)snprintf(digits, sizeof(digits),
		    "1-%zu and # = bad hosts", step <= 8 ? step - 1 : 8);
	text_addf(&t, "; %s%s%s ok, blank queued", digits,
	    digits[0] != '\0' ? ", " : "", badge_map_sign(BADGE_OK, d->ascii));
	if (step == 1 && d->c->w >= 100)
		for (int b = 0; b < BADGE_QUEUED; b++)
			text_addf(&t, "  %s %s",
			    badge_map_sign((enum badge)b, d->ascii),
			    badge_row((enum badge)b)->word);
	cells_puts(d->c, 1, y, d->c->w - 2, text_str(&t), DRAW_DIM);
	text_clear(&t);
}

/* "cursor: ams-421 and 3 more  x4  exit 127  last line". */
static void
draw_under_cursor(const struct draw *d, int y)
{
	const struct model_host *h;
	char word[DRAW_WORD], time[DRAW_TIME];
	int x = 1, w = d->c->w;

	if (d->v->cursor >= d->m->n_hosts)
		return;
	h = &d->m->hosts[d->v->cursor];
	draw_word(word, d->m, h);
	draw_time(time, model_age_us(d->m, h), false);
	draw_badge(d, x, y, h);
	x += 2;
	x += cells_puts(d->c, x, y, w - x, h->name, DRAW_BOLD) + 2;
	x += cells_puts(d->c, x, y, w - x, word, DRAW_PLAIN) + 2;
	x += cells_puts(d->c, x, y, w - x, time, DRAW_PLAIN) + 2;
	if (x < w)
		draw_last(d, x, y, w - x - 1, h);
}

/* "bad by reason:  failed: 32   unreachable: 9". */
void
draw_reasons(const struct draw *d, int y)
{
	struct text t = {0};

	for (int b = 0; b < BADGE_N; b++)
		if (badge_row((enum badge)b)->class == CELL_BAD &&
		    d->m->counts[b] > 0)
			text_addf(&t, "%s%s: %zu", t.len > 0 ? "   " : "",
			    badge_row((enum badge)b)->word, d->m->counts[b]);
	if (t.len > 0) {
		int x = 1 + cells_puts(d->c, 1, y, d->c->w - 2,
				"bad by reason:  ", DRAW_PLAIN);

		cells_puts(
		    d->c, x, y, d->c->w - 1 - x, text_str(&t), DRAW_BOLD);
	}
	text_clear(&t);
}

void
draw_map(const struct draw *d)
{
	struct rect b = d->at.body;
	int cols, rows, legend = b.h < 8 ? 0 : 1;
	size_t step, a_page;

	shape_map(b.w, b.h, &cols, &rows);
	a_page = (size_t)cols * (size_t)rows;
	step = shape_map_step(d->v->n_map, a_page);
	if (legend > 0)
		draw_legend(d, b.y, step);
	draw_map_cells(d, 1, b.y + legend, cols, rows, step);
	draw_under_cursor(d, b.y + legend + rows);
	if (b.h >= 8)
		draw_reasons(d, b.y + legend + rows + 1);
}
