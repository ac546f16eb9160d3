/*
 * box.c -- what lies over a view: a dialog with a heavy frame, or a list.
 *
 * Room: ui.  May touch: box.h, draw.h.
 */
#include "config.h"

#include "ui/box.h"
#include "ui/draw.h"

#include <string.h>

#define INSIDE_W 62

/* Corners and sides: top left, top right, bottom left, bottom right, side. */
static const char *const frames[3][5] = {
    {"\xe2\x94\x8c", "\xe2\x94\x90", "\xe2\x94\x94", "\xe2\x94\x98",
	"\xe2\x94\x82"},
    {"\xe2\x94\x8f", "\xe2\x94\x93", "\xe2\x94\x97", "\xe2\x94\x9b",
	"\xe2\x94\x83"},
    {"+", "+", "+", "+", "|"},
};

static void
draw_frame(
    const struct view_box *box, bool ascii, struct cells *c, struct rect r)
{
	const char *const *f = frames[ascii ? 2 : box->is_heavy];
	const char *rule = draw_rule_sign(ascii, box->is_heavy);
	int bottom = r.y + r.h - 1, right = r.x + r.w - 1, n;

	cells_blank(c, r);
	cells_fill(c, r.x, r.y, r.w, rule, DRAW_BOLD);
	cells_fill(c, r.x, bottom, r.w, rule, DRAW_BOLD);
	for (int y = r.y + 1; y < bottom; y++) {
		cells_puts(c, r.x, y, 1, f[4], DRAW_BOLD);
		cells_puts(c, right, y, 1, f[4], DRAW_BOLD);
	}
	cells_puts(c, r.x, r.y, 1, f[0], DRAW_BOLD);
	cells_puts(c, right, r.y, 1, f[1], DRAW_BOLD);
	cells_puts(c, r.x, bottom, 1, f[2], DRAW_BOLD);
	cells_puts(c, right, bottom, 1, f[3], DRAW_BOLD);
	cells_puts(c, r.x + 1, r.y, 1, " ", DRAW_BOLD);
	n = cells_puts(c, r.x + 2, r.y, r.w - 5, box->title, DRAW_BOLD);
	cells_puts(c, r.x + 2 + n, r.y, 1, " ", DRAW_BOLD);
}

static void
draw_input(const struct view_box *box, struct cells *c, struct rect r, int y)
{
	int end = r.x + r.w - 2, x = r.x + 2, n = 0;

	if (box->keys != NULL)
		n = cells_right(c, end, y, r.w / 2, box->keys, DRAW_DIM) + 1;
	x += cells_puts(c, x, y, end - n - x, box->label, DRAW_PLAIN);
	if (x >= end - n)
		return;
	c->cursor_x = x;
	c->cursor_y = y;
	if (box->input == NULL)
		return;
	cells_puts(c, x, y, end - n - x, box->input, DRAW_BOLD);
	c->cursor_x += cells_width(box->input, box->cursor);
	if (c->cursor_x >= end - n)
		c->cursor_x = end - n - 1;
}

/* The lines that are seen: those around the one pointed at. */
static size_t
first_line(const struct view_box *box, int rows)
{
	if (box->chosen == MUSTER_NOWHERE || box->chosen < (size_t)rows)
		return 0;
	return box->chosen - (size_t)rows + 1;
}

void
box_draw(
    const struct view_box *box, const struct view_caps *caps, struct cells *c)
{
	int w = (box->w > 0 ? box->w : INSIDE_W) + 2, rows, y;
	int h = (int)box->n_lines + 2 + (box->label != NULL ? 2 : 0);
	struct rect r;
	size_t first;

	if (w > c->w)
		w = c->w;
	if (h > c->h - 1)
		h = c->h - 1;
	if (w < 8 || h < 3)
		return;
	r = (struct rect){(c->w - w) / 2, (c->h - h) / 2, w, h};
	if (box->is_at_bottom)
		r.y = c->h - 2 - h > 0 ? c->h - 2 - h : 0;
	draw_frame(box, caps->ascii, c, r);
	rows = h - 2 - (box->label != NULL && h > 3 ? 2 : 0);
	first = first_line(box, rows);
	y = r.y + 1;
	for (size_t i = first; i < box->n_lines && rows-- > 0; i++, y++) {
		cells_puts(c, r.x + 2, y, w - 4, box->lines[i], DRAW_PLAIN);
		if (i == box->chosen)
			cells_paint(c, r.x + 1, y, w - 2, DRAW_REVERSE);
	}
	if (box->label != NULL)
		draw_input(box, c, r, r.y + h - 2);
}
