/*
 * paint.h -- cells to the bytes that make a terminal show them.
 *
 * Room: ui.  May touch: cells.h, theme.h, libncursesw.
 * ncurses compares with what the terminal shows and finds the bytes; it
 * writes them to a file in memory and never sees the terminal.
 */
#ifndef MUSTER_UI_PAINT_H
#define MUSTER_UI_PAINT_H

#include "ui/cells.h"
#include "ui/theme.h"

struct paint {
	void *screen; /* owned: ncurses' own; NULL: closed */
	void *file;   /* owned: FILE in memory, that it writes to */
	void *null;   /* owned: FILE that it reads nothing from */
	void *locale; /* owned: where characters are the user's */
	void *locale_before;
	bool is_utf8;
	bool is_ascii; /* shows nothing but ASCII */
	struct theme theme;
	struct cells shown; /* owned; what the terminal shows */
	int next_row;       /* that had no room in the last frame */
	bool shall_clear;   /* all is drawn anew */
	char *out;          /* owned: the bytes of a frame */
	size_t cap;
	struct paint_pairs *pairs; /* owned */
};

/* Begins on a terminal of that name and size, of which nothing is shown yet.
 * Returns 0, or -1: MUSTER_ERR_SYSTEM. One at a time. */
int paint_open(
    struct paint *p, const char *term, int w, int h, struct muster_error *err);
void paint_close(struct paint *p);

/* Attributes alone. */
void paint_set_mono(struct paint *p);

/* The terminal has another size, or shows something else: all is drawn anew
 * with the next frame. */
void paint_resize(struct paint *p, int w, int h);

/* Makes the terminal show the cells, which have its size, as far as about
 * `budget` bytes go: first the rows that `is_first` says (may be NULL), then
 * those that waited the longest. Returns the bytes, lent until the next call;
 * *more says whether rows are left. */
const char *paint_frame(struct paint *p, const struct cells *cells,
    size_t budget, const bool *is_first, size_t *len, bool *more);

/* The bytes that end it all: the terminal as it was before. Lent likewise.
 * The next frame begins anew. */
const char *paint_leave(struct paint *p, size_t *len);

#endif
