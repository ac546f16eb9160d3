/*
 * cells.h -- a grid of cells: what a screen shall show, as plain data.
 *
 * Room: ui.  May touch: muster.h.
 * Nothing here knows a terminal. Text that is drawn must be clean (see
 * muster_clean) or our own; what does not fit is cut, never half of a wide
 * character is drawn, and the last writer of a cell wins.
 */
#ifndef MUSTER_UI_CELLS_H
#define MUSTER_UI_CELLS_H

#include "muster.h"

/* What a cell says; theme.h turns it into colours or attributes. */
enum cell_class { CELL_PLAIN, CELL_OK, CELL_RUN, CELL_ATTN, CELL_BAD };
#define CELL_N_CLASSES 5

struct look {
	uint32_t fg, bg; /* MUSTER_COLOUR_*, of text from hosts; 0: default */
	uint8_t class;   /* enum cell_class */
	uint8_t flags;   /* MUSTER_STYLE_BOLD ..., besides the class's own */
};

#define CELL_TEXT 16 /* a character and three marks upon it */

struct cell {
	char text[CELL_TEXT]; /* UTF-8, `len` bytes, no NUL; 0: a blank */
	uint8_t len;
	uint8_t width; /* 1, 2, or 0: right half of the one before */
	struct look look;
};

struct cells {
	int w, h;
	struct cell *cell;      /* owned; w * h, row by row */
	int cursor_x, cursor_y; /* -1: not shown */
};

/* A part of the grid; what is drawn into it stays in it. */
struct rect {
	int x, y, w, h;
};

/* Makes a blank grid; 0 in a direction is fine. */
void cells_init(struct cells *c, int w, int h);
void cells_clear(struct cells *c);

/* Makes all blank and plain, without a cursor, in a new size if it is one. */
void cells_reset(struct cells *c, int w, int h);

/* The cell at a place within the grid. */
struct cell *cells_at(const struct cells *c, int x, int y);

/* Draws `len` bytes from (r.x, r.y) on, at most r.w columns. Returns the
 * columns drawn. */
int cells_put(struct cells *c, struct rect r, const char *text, size_t len,
    struct look look);

/* The same for a string. */
int cells_puts(
    struct cells *c, int x, int y, int max, const char *text, struct look look);

/* The same, so that it ends before column `end`; what does not fit in `max`
 * columns is cut at its end. Returns the columns drawn. */
int cells_right(struct cells *c, int end, int y, int max, const char *text,
    struct look look);

/* Draws a line of a host with its styles, from its column `skip` on, in at
 * most `max` columns. Returns the columns drawn. */
int cells_line(struct cells *c, int x, int y, int max,
    const struct muster_line *line, size_t skip);

/* Draws `n` times the same character of one column. */
void cells_fill(
    struct cells *c, int x, int y, int n, const char *glyph, struct look look);

/* Makes a rectangle blank. */
void cells_blank(struct cells *c, struct rect r);

/* Gives the cells of a row another class and more flags, as they are. */
void cells_paint(struct cells *c, int x, int y, int n, struct look look);

/* The columns that clean text takes. */
int cells_width(const char *text, size_t len);

/* The grid as text, blanks at the ends of rows included, each row with a
 * newline. To be freed. */
char *cells_text(const struct cells *c);

/* The same of the looks, a letter a cell: class p o r a b, in capitals with
 * MUSTER_STYLE_REVERSE; '*' bold plain, '_' underlined, 's' styled by a
 * host, ' ' nothing at all. To be freed. */
char *cells_looks(const struct cells *c);

#endif
