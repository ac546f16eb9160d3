/*
 * dialog.h -- a question that must be answered before anything is done.
 *
 * Room: ui.  May touch: sheet.h, input.h.
 * Knows nothing of what it asks about. The answer of who just presses keys
 * is no; for many hosts their number must be typed.
 */
#ifndef MUSTER_UI_DIALOG_H
#define MUSTER_UI_DIALOG_H

#include "ui/input.h"
#include "ui/sheet.h"

#define DIALOG_TYPED 10 /* more hosts than that: type their number */

struct dialog {
	bool is_open;
	const char *title; /* borrowed */
	struct sheet sheet;
	struct view_box box; /* to be drawn; made by dialog_box() */
	char keys[8];        /* that answer it; "": type the number */
	size_t n_hosts;      /* the number to be typed */
	char typed[12];
	bool was_wrong;
};

/* Opens one: lines are added to d->sheet, then dialog_ask_*() adds the
 * question. */
void dialog_open(struct dialog *d, const char *title);

/* "y" up to ten hosts, else their number. */
void dialog_ask_hosts(struct dialog *d, size_t n_hosts);

/* One of the keys; the line says what they do. */
void dialog_ask_keys(struct dialog *d, const char *keys, const char *line);

void dialog_close(struct dialog *d);

/* The box to draw, as long as it is open. */
const struct view_box *dialog_box(struct dialog *d);

/* Takes a key. Returns 0 while it stays open; -1: no; else the key, 'y' for
 * the right number. It is closed then. */
int dialog_take(struct dialog *d, const struct input_event *event);

#endif
