/*
 * line.c -- one line of a terminal: text, a cursor, and what may edit it.
 *
 * Room: engine/base.  May touch: muster.h, buf.h, glyph.h, style.h.
 */
#include "config.h"

#include "base/glyph.h"
#include "base/limits.h"
#include "base/line.h"
#include "base/mem.h"
#include "base/style.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* A glyph has four bytes, and so has each of its marks; a change of style
 * has less than 80. */
#define MAX_TEXT (LIMIT_LINE_COLUMNS * 4 * (1 + LIMIT_GLYPH_MARKS))
#define MAX_SHOWN (MAX_TEXT + LIMIT_LINE_COLUMNS * 80)

struct cell {
	uint32_t cp; /* 0: the second half of the glyph before */
	uint32_t marks[LIMIT_GLYPH_MARKS];
	struct muster_style style;
};

static const struct muster_style plain = {0, 0, 0};
static const struct cell blank = {.cp = ' '};

void
line_init(struct line *l)
{
	memset(l, 0, sizeof(*l));
	buf_init(&l->text, MAX_TEXT);
	buf_init(&l->shown, MAX_SHOWN);
	l->paid = LIMIT_LINE_FREE_COLUMNS;
}

void
line_clear(struct line *l)
{
	buf_clear(&l->text);
	buf_clear(&l->shown);
	free(l->spans);
	free(l->cells);
	line_init(l);
}

void
line_reset(struct line *l)
{
	buf_reset(&l->text);
	free(l->cells);
	l->cells = NULL;
	l->cap_cells = 0;
	l->n_spans = 0;
	l->n_columns = 0;
	l->col = 0;
	l->paid = LIMIT_LINE_FREE_COLUMNS;
	l->n_marks = 0;
	l->last = plain;
}

bool
line_is_empty(const struct line *l)
{
	return l->n_columns == 0;
}

bool
line_is_fresh(const struct line *l)
{
	return l->n_columns == 0 && l->col == 0 &&
	       l->paid == LIMIT_LINE_FREE_COLUMNS;
}

void
line_pay(struct line *l, size_t n)
{
	if (l->paid < LIMIT_LINE_COLUMNS)
		l->paid +=
		    8 * (n < LIMIT_LINE_COLUMNS ? n : LIMIT_LINE_COLUMNS);
}

/* The last column that a move may reach. */
static size_t
limit_column(const struct line *l)
{
	size_t limit =
	    l->paid < LIMIT_LINE_COLUMNS ? l->paid : LIMIT_LINE_COLUMNS;

	return limit - 1;
}

/* ---- the line as bytes and spans ---- */

static void
begin_span(struct line *l, struct buf *text, const struct muster_style *style)
{
	if (style_is_same(&l->last, style))
		return;
	mem_grow(&l->spans, &l->cap_spans, l->n_spans + 1, sizeof(*l->spans));
	l->spans[l->n_spans].at = text->len;
	l->spans[l->n_spans++].style = *style;
	l->last = *style;
}

static void
add_glyph(struct buf *b, uint32_t cp)
{
	char utf8[4];
	size_t len = glyph_encode(cp, utf8);
	bool fits = buf_add(b, utf8, len);

	assert(fits);
}

/* Fills up to the cursor, which a move left behind the end. */
static void
append_gap(struct line *l)
{
	if (l->col <= l->n_columns)
		return;
	begin_span(l, &l->text, &plain);
	for (; l->n_columns < l->col; l->n_columns++)
		add_glyph(&l->text, ' ');
	l->n_marks = 0;
}

/* ---- the line as cells ---- */

/* Makes the line at least `n` columns long with blanks. */
static void
extend_cells(struct line *l, size_t n)
{
	mem_grow(&l->cells, &l->cap_cells, n, sizeof(*l->cells));
	for (; l->n_columns < n; l->n_columns++)
		l->cells[l->n_columns] = blank;
}

/* A glyph whose other half is about to go becomes a blank. */
static void
split_glyph(struct line *l, size_t col)
{
	if (col == 0 || col >= l->n_columns || l->cells[col].cp != 0)
		return;
	l->cells[col].cp = ' ';
	l->cells[col - 1].cp = ' ';
	memset(l->cells[col - 1].marks, 0, sizeof(l->cells[0].marks));
}

static void
put_cell(struct line *l, uint32_t cp, unsigned width,
    const struct muster_style *style)
{
	extend_cells(l, l->col);
	split_glyph(l, l->col);
	split_glyph(l, l->col + width);
	extend_cells(l, l->col + width);
	for (unsigned i = 0; i < width; i++) {
		struct cell *c = &l->cells[l->col + i];

		*c = (struct cell){.cp = i == 0 ? cp : 0, .style = *style};
	}
	l->col += width;
}

static void
mark_cell(struct line *l, size_t col, uint32_t cp)
{
	struct cell *c = &l->cells[col];

	for (size_t i = 0; i < LIMIT_GLYPH_MARKS; i++) {
		if (c->marks[i] != 0)
			continue;
		c->marks[i] = cp;
		return;
	}
}

/* Reads the glyphs of the text back into cells. */
static void
turn_into_cells(struct line *l)
{
	struct glyph_utf8 decoder = {0};
	size_t col = l->col, span = 0, n = l->n_columns;
	struct muster_style style = plain;
	const uint8_t *text = buf_data(&l->text);

	if (l->cells != NULL)
		return;
	mem_grow(&l->cells, &l->cap_cells, n + 1, sizeof(*l->cells));
	l->n_columns = l->col = 0;
	for (size_t i = 0; i < l->text.len; i++) {
		unsigned width;
		uint32_t cp;

		if (span < l->n_spans && l->spans[span].at == i)
			style = l->spans[span++].style;
		if (glyph_decode(&decoder, text[i], &cp) != GLYPH_DONE)
			continue;
		if (glyph_kind(cp, &width) == GLYPH_MARK)
			mark_cell(
			    l, l->col - 1 - (l->cells[l->col - 1].cp == 0), cp);
		else
			put_cell(l, cp, width == 0 ? 1 : width, &style);
	}
	assert(l->n_columns == n);
	l->col = col;
	l->n_spans = 0;
	l->last = plain;
	buf_reset(&l->text);
}

/* ---- writing ---- */

bool
line_put(struct line *l, uint32_t cp, unsigned width,
    const struct muster_style *style)
{
	if (l->col + width > LIMIT_LINE_COLUMNS)
		return false;
	if (l->cells == NULL && l->col < l->n_columns)
		turn_into_cells(l);
	if (l->cells != NULL) {
		put_cell(l, cp, width, style);
		return true;
	}
	append_gap(l);
	begin_span(l, &l->text, style);
	add_glyph(&l->text, cp);
	l->n_marks = 0;
	l->n_columns = l->col += width;
	return true;
}

size_t
line_put_ascii(struct line *l, const char *text, size_t len,
    const struct muster_style *style)
{
	if (len > LIMIT_LINE_COLUMNS - l->col)
		len = LIMIT_LINE_COLUMNS - l->col;
	if (len == 0)
		return 0;
	if (l->cells != NULL || l->col < l->n_columns) {
		for (size_t i = 0; i < len; i++)
			line_put(l, (uint8_t)text[i], 1, style);
		return len;
	}
	append_gap(l);
	begin_span(l, &l->text, style);
	buf_add(&l->text, text, len);
	l->n_marks = 0;
	l->n_columns = l->col += len;
	return len;
}

void
line_mark(struct line *l, uint32_t cp)
{
	size_t col = l->col;

	if (col == 0 || col > l->n_columns)
		return;
	if (l->cells == NULL && col == l->n_columns) {
		if (l->n_marks < LIMIT_GLYPH_MARKS) {
			l->n_marks++;
			add_glyph(&l->text, cp);
		}
		return;
	}
	turn_into_cells(l);
	col--;
	mark_cell(l, col - (col > 0 && l->cells[col].cp == 0), cp);
}

/* ---- moving ---- */

void
line_go(struct line *l, size_t col)
{
	size_t limit = limit_column(l);

	l->col = col < limit ? col : limit;
}

void
line_back(struct line *l, size_t n)
{
	l->col -= n < l->col ? n : l->col;
}

void
line_forward(struct line *l, size_t n)
{
	size_t limit = limit_column(l);

	/* a full line leaves the cursor behind the last column */
	if (l->col < limit)
		line_go(l, n < limit - l->col ? l->col + n : limit);
}

void
line_tab(struct line *l)
{
	line_forward(l, 8 - l->col % 8);
}

/* ---- editing ---- */

/* Cuts the line off at a column. */
static void
truncate_cells(struct line *l, size_t col)
{
	split_glyph(l, col);
	l->n_columns = col;
}

static void
blank_range(struct line *l, size_t from, size_t to)
{
	if (to > l->n_columns)
		to = l->n_columns;
	if (from >= to)
		return;
	turn_into_cells(l);
	split_glyph(l, from);
	split_glyph(l, to);
	for (; from < to; from++)
		l->cells[from] = blank;
}

void
line_erase(struct line *l, unsigned what)
{
	size_t col = l->col, paid = l->paid;

	if (what == 2 || (what == 0 && col == 0)) {
		line_reset(l);
		l->col = col;
		l->paid = paid;
	} else if (what == 1) {
		blank_range(l, 0, col + 1);
	} else if (what == 0 && col < l->n_columns) {
		turn_into_cells(l);
		truncate_cells(l, col);
	}
}

void
line_blank(struct line *l, size_t n)
{
	n = n < LIMIT_LINE_COLUMNS ? n : LIMIT_LINE_COLUMNS;
	blank_range(l, l->col, l->col + n);
}

void
line_delete(struct line *l, size_t n)
{
	size_t left;

	if (l->col >= l->n_columns)
		return;
	turn_into_cells(l);
	left = l->n_columns - l->col;
	if (n >= left) {
		truncate_cells(l, l->col);
		return;
	}
	split_glyph(l, l->col);
	split_glyph(l, l->col + n);
	memmove(&l->cells[l->col], &l->cells[l->col + n],
	    (left - n) * sizeof(*l->cells));
	l->n_columns -= n;
}

void
line_insert(struct line *l, size_t n)
{
	size_t limit = limit_column(l), old = l->n_columns;

	if (l->col >= old || old >= limit)
		return;
	if (n > limit - old)
		n = limit - old;
	turn_into_cells(l);
	split_glyph(l, l->col);
	extend_cells(l, old + n);
	memmove(&l->cells[l->col + n], &l->cells[l->col],
	    (old - l->col) * sizeof(*l->cells));
	for (size_t i = 0; i < n; i++)
		l->cells[l->col + i] = blank;
}

/* ---- showing ---- */

/* Writes the cells as bytes and spans. */
static void
show_cells(struct line *l)
{
	buf_reset(&l->shown);
	l->n_spans = 0;
	l->last = plain;
	for (size_t i = 0; i < l->n_columns; i++) {
		const struct cell *c = &l->cells[i];

		if (c->cp == 0)
			continue;
		begin_span(l, &l->shown, &c->style);
		add_glyph(&l->shown, c->cp);
		for (size_t m = 0; m < LIMIT_GLYPH_MARKS; m++)
			if (c->marks[m] != 0)
				add_glyph(&l->shown, c->marks[m]);
	}
}

/* Writes text and spans as text with SGR sequences, plain at its end. */
static void
show_sgr(struct line *l, struct muster_line *out)
{
	struct muster_style now = plain;
	struct buf text;
	size_t at = 0;

	buf_init(&text, MAX_SHOWN);
	for (size_t i = 0; i < out->n_spans; i++) {
		buf_add(&text, out->text + at, out->spans[i].at - at);
		at = out->spans[i].at;
		style_add_change(&text, &now, &out->spans[i].style);
		now = out->spans[i].style;
	}
	buf_add(&text, out->text + at, out->len - at);
	style_add_change(&text, &now, &plain);
	buf_clear(&l->shown);
	l->shown = text;
	out->text = (const char *)buf_data(&l->shown);
	out->len = l->shown.len;
	out->spans = NULL;
	out->n_spans = 0;
}

void
line_show(struct line *l, bool sgr, struct muster_line *out)
{
	const struct buf *text = &l->text;

	if (l->cells != NULL) {
		show_cells(l);
		text = &l->shown;
	}
	*out = (struct muster_line){
	    .text = text->len == 0 ? "" : (const char *)buf_data(text),
	    .len = text->len,
	    .columns = l->n_columns,
	    .spans = l->spans,
	    .n_spans = l->n_spans,
	};
	if (sgr && out->n_spans > 0)
		show_sgr(l, out);
}
