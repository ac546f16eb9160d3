/*
 * sheet.h -- lines for a box, put together one by one.
 *
 * Room: ui.  May touch: box.h.
 */
#ifndef MUSTER_UI_SHEET_H
#define MUSTER_UI_SHEET_H

#include "ui/box.h"

#define SHEET_LINES 24
#define SHEET_TEXT 256

struct sheet {
	char text[SHEET_LINES][SHEET_TEXT];
	const char *lines[SHEET_LINES];
	size_t n;
};

/* Makes it empty. */
void sheet_reset(struct sheet *s);

/* Adds a formatted line of clean text; what is too much is left out. */
void sheet_add(struct sheet *s, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* A box of these lines, borrowed. */
struct view_box sheet_box(const struct sheet *s, const char *title);

#endif
