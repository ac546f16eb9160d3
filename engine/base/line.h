/*
 * line.h -- one line of a terminal: text, a cursor, and what may edit it.
 *
 * Room: engine/base.  May touch: muster.h, buf.h, glyph.h, style.h.
 * While text is only appended it is kept as bytes and spans; the first edit
 * (carriage return, backspace, CSI G ...) turns it into cells. Both forms
 * give the same line. At most LIMIT_LINE_COLUMNS wide.
 */
#ifndef MUSTER_BASE_LINE_H
#define MUSTER_BASE_LINE_H

#include "base/buf.h"
#include "muster.h"

struct cell;

struct line {
	struct buf text;           /* the glyphs, while not in cells */
	struct buf shown;          /* what line_show() lent */
	struct muster_span *spans; /* owned; of `text` */
	size_t n_spans, cap_spans;
	struct cell *cells; /* owned; NULL until the first edit */
	size_t cap_cells;
	size_t n_columns;         /* written so far */
	size_t col;               /* of the cursor; may lie behind n_columns */
	size_t paid;              /* columns that moves may reach */
	unsigned n_marks;         /* on the last glyph of `text` */
	struct muster_style last; /* of the last span */
};

void line_init(struct line *l);
void line_clear(struct line *l);

/* Empties the line and puts the cursor at its start. */
void line_reset(struct line *l);

/* Whether nothing was written. */
bool line_is_empty(const struct line *l);

/* Whether nothing has happened to the line since line_reset(). */
bool line_is_fresh(const struct line *l);

/* Says that `n` more bytes of the stream belong to this line. */
void line_pay(struct line *l, size_t n);

/* Puts a glyph of `width` (1, 2) columns at the cursor and moves it on.
 * Returns false, changing nothing, when the line is full. */
bool line_put(struct line *l, uint32_t cp, unsigned width,
    const struct muster_style *style);

/* Puts printable ASCII, as much as fits. Returns how much did. */
size_t line_put_ascii(struct line *l, const char *text, size_t len,
    const struct muster_style *style);

/* Puts a combining mark on the glyph before the cursor, if there is one with
 * room for it. */
void line_mark(struct line *l, uint32_t cp);

/* The cursor: CR and CSI G, BS and CSI D, TAB, CSI C. */
void line_go(struct line *l, size_t col);
void line_back(struct line *l, size_t n);
void line_tab(struct line *l);
void line_forward(struct line *l, size_t n);

/* CSI K (what: 0 to the end, 1 from the start, 2 all), CSI X, P and @. */
void line_erase(struct line *l, unsigned what);
void line_blank(struct line *l, size_t n);
void line_delete(struct line *l, size_t n);
void line_insert(struct line *l, size_t n);

/* Gives the line, with its styles as spans or as SGR sequences in the text.
 * Lent until the next call on `l`. */
void line_show(struct line *l, bool sgr, struct muster_line *out);

#endif
