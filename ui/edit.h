/*
 * edit.h -- one line of text that a person types and edits.
 *
 * Room: ui.  May touch: input.h.
 */
#ifndef MUSTER_UI_EDIT_H
#define MUSTER_UI_EDIT_H

#include "ui/input.h"

#define EDIT_MAX_BYTES 1024
#define EDIT_HISTORY 50

struct edit {
	char text[EDIT_MAX_BYTES];   /* UTF-8, NUL-terminated */
	size_t len, cursor;          /* bytes */
	char *history[EDIT_HISTORY]; /* owned; the newest last */
	size_t n_history;
	size_t recalled; /* n_history: none */
};

enum edit_did {
	EDIT_NOTHING, /* not a key of a line's */
	EDIT_EDITED,
	EDIT_MOVED,
	EDIT_DONE, /* Enter */
	EDIT_LEFT, /* Esc, Ctrl-C, or Backspace on an empty line */
};

void edit_clear(struct edit *l);

/* Empties it, or puts a text there. */
void edit_set(struct edit *l, const char *text);

/* Empties it so that nothing of it is left in memory. */
void edit_wipe(struct edit *l);

/* Takes a key or a paste, of which the first line counts. */
enum edit_did edit_take(struct edit *l, const struct input_event *event);

/* Remembers the text for Up. */
void edit_remember(struct edit *l);

#endif
