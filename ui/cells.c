/*
 * cells.c -- a grid of cells: what a screen shall show, as plain data.
 *
 * Room: ui.  May touch: muster.h, src/heap.h.
 */
#include "config.h"

#include "ui/cells.h"
#include "src/heap.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static const struct cell blank = {.width = 1};

void
cells_init(struct cells *c, int w, int h)
{
	memset(c, 0, sizeof(*c));
	cells_reset(c, w, h);
}

void
cells_clear(struct cells *c)
{
	free(c->cell);
	memset(c, 0, sizeof(*c));
}

void
cells_reset(struct cells *c, int w, int h)
{
	assert(w >= 0 && h >= 0);
	if (c->cell == NULL || w != c->w || h != c->h) {
		free(c->cell);
		c->cell = heap_array((size_t)w * (size_t)h, sizeof(*c->cell));
	}
	c->w = w;
	c->h = h;
	c->cursor_x = c->cursor_y = -1;
	cells_blank(c, (struct rect){0, 0, w, h});
}

struct cell *
cells_at(const struct cells *c, int x, int y)
{
	assert(x >= 0 && x < c->w && y >= 0 && y < c->h);
	return &c->cell[(size_t)y * (size_t)c->w + (size_t)x];
}

/* What a wide character is cut by becomes blank. */
static void
mend(struct cells *c, int x, int y)
{
	struct cell *cell;

	if (x <= 0 || x >= c->w)
		return;
	cell = cells_at(c, x, y);
	if (cell->width != 0)
		return;
	cells_at(c, x - 1, y)->len = 0;
	cells_at(c, x - 1, y)->width = 1;
	cell->len = 0;
	cell->width = 1;
}

static void
set(struct cells *c, int x, int y, const struct cell *cell)
{
	struct cell *to = cells_at(c, x, y);

	mend(c, x, y);
	mend(c, x + cell->width, y);
	*to = *cell;
	if (cell->width == 2)
		to[1] = (struct cell){.width = 0, .look = cell->look};
}

static struct cell
make_cell(const char *text, size_t len, unsigned width, struct look look)
{
	struct cell cell = {
	    .len = (uint8_t)len, .width = (uint8_t)width, .look = look};

	if (len == 1 && *text == ' ')
		cell.len = 0;
	else
		memcpy(cell.text, text, len);
	return cell;
}

/* Columns from x on that may be drawn to. */
static int
room(const struct cells *c, int x, int y, int max)
{
	if (x < 0 || y < 0 || y >= c->h || x >= c->w)
		return 0;
	return max < c->w - x ? max : c->w - x;
}

int
cells_put(struct cells *c, struct rect r, const char *text, size_t len,
    struct look look)
{
	int n = 0, max = room(c, r.x, r.y, r.w);

	while (len > 0) {
		unsigned width;
		size_t step = muster_glyph(text, len, &width);
		struct cell cell;

		if (n + (int)width > max)
			break;
		if (width > 0 && step <= CELL_TEXT) {
			cell = make_cell(text, step, width, look);
			set(c, r.x + n, r.y, &cell);
		}
		n += (int)width;
		text += step;
		len -= step;
	}
	return n;
}

int
cells_puts(
    struct cells *c, int x, int y, int max, const char *text, struct look look)
{
	return cells_put(
	    c, (struct rect){x, y, max, 1}, text, strlen(text), look);
}

int
cells_right(struct cells *c, int end, int y, int max, const char *text,
    struct look look)
{
	int width = cells_width(text, strlen(text));

	if (width > max)
		width = max;
	return cells_puts(c, end - width, y, width, text, look);
}

static struct look
look_of(const struct muster_style *style)
{
	return (struct look){
	    .fg = style->fg, .bg = style->bg, .flags = (uint8_t)style->flags};
}

int
cells_line(struct cells *c, int x, int y, int max,
    const struct muster_line *line, size_t skip)
{
	size_t at = 0, span = 0, column = 0;
	struct look look = {0};
	int n = 0;

	while (at < line->len) {
		unsigned width;
		size_t step =
		    muster_glyph(line->text + at, line->len - at, &width);

		for (; span < line->n_spans && line->spans[span].at <= at;
		     span++)
			look = look_of(&line->spans[span].style);
		if (column >= skip) {
			if (n + (int)width > max)
				break;
			n += cells_put(c, (struct rect){x + n, y, max - n, 1},
			    line->text + at, step, look);
		} else if (column + width > skip && n < max) {
			n++; /* the right half of a wide one: a blank */
		}
		column += width;
		at += step;
	}
	return n;
}

void
cells_fill(
    struct cells *c, int x, int y, int n, const char *glyph, struct look look)
{
	struct cell cell = make_cell(glyph, strlen(glyph), 1, look);

	n = room(c, x, y, n);
	for (int i = 0; i < n; i++)
		set(c, x + i, y, &cell);
}

void
cells_blank(struct cells *c, struct rect r)
{
	for (int y = r.y; y < r.y + r.h; y++) {
		int n = room(c, r.x, y, r.w);

		if (n <= 0)
			continue;
		mend(c, r.x, y);
		mend(c, r.x + n, y);
		for (int x = 0; x < n; x++)
			*cells_at(c, r.x + x, y) = blank;
	}
}

void
cells_paint(struct cells *c, int x, int y, int n, struct look look)
{
	n = room(c, x, y, n);
	for (int i = 0; i < n; i++) {
		struct cell *cell = cells_at(c, x + i, y);

		if (look.class != CELL_PLAIN)
			cell->look.class = look.class;
		cell->look.flags |= look.flags;
	}
}

int
cells_width(const char *text, size_t len)
{
	int n = 0;

	while (len > 0) {
		unsigned width;
		size_t step = muster_glyph(text, len, &width);

		n += (int)width;
		text += step;
		len -= step;
	}
	return n;
}

/* ---- as text, for tests and for people ---- */

char *
cells_text(const struct cells *c)
{
	size_t row = (size_t)c->w * CELL_TEXT + 1;
	char *text = heap_array(row * (size_t)c->h + 1, 1);
	char *to = text;

	for (int y = 0; y < c->h; y++) {
		for (int x = 0; x < c->w; x++) {
			const struct cell *cell = cells_at(c, x, y);

			if (cell->len == 0 && cell->width == 1)
				*to++ = ' ';
			memcpy(to, cell->text, cell->len);
			to += cell->len;
		}
		*to++ = '\n';
	}
	return text;
}

static char
letter(const struct cell *cell)
{
	const struct look *l = &cell->look;

	if (l->fg != 0 || l->bg != 0)
		return 's';
	if (l->class != CELL_PLAIN || (l->flags & MUSTER_STYLE_REVERSE) != 0)
		return (l->flags & MUSTER_STYLE_REVERSE) != 0
			   ? "PORAB"[l->class]
			   : "porab"[l->class];
	if ((l->flags & MUSTER_STYLE_UNDERLINE) != 0)
		return '_';
	if ((l->flags & MUSTER_STYLE_BOLD) != 0)
		return '*';
	if (l->flags != 0)
		return 's';
	return cell->len == 0 ? ' ' : 'p';
}

char *
cells_looks(const struct cells *c)
{
	size_t row = (size_t)c->w + 1;
	char *text = heap_array(row * (size_t)c->h + 1, 1);

	for (int y = 0; y < c->h; y++) {
		for (int x = 0; x < c->w; x++)
			text[(size_t)y * row + (size_t)x] =
			    letter(cells_at(c, x, y));
		text[(size_t)y * row + (size_t)c->w] = '\n';
	}
	return text;
}
