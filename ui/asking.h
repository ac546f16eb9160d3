/*
 * asking.h -- questions of the engine, and the dialog that puts them.
 *
 * Room: ui.  May touch: questions.h, sheet.h, edit.h.
 */
#ifndef MUSTER_UI_ASKING_H
#define MUSTER_UI_ASKING_H

#include "ui/edit.h"
#include "ui/questions.h"
#include "ui/sheet.h"

struct ui;

struct asking {
	struct questions questions;
	bool is_open, is_aside; /* shown; put off until later */
	bool is_single;         /* the first one alone */
	uint64_t *ids;          /* owned: of those that are shown */
	size_t n;
	struct sheet sheet;
	struct view_box box;
	struct edit line; /* the answer, wiped when it is given */
	char masked[48];
	bool has_note; /* row 1 says that questions wait */
};

/* Takes a PROMPT event. */
void ask_take(struct ui *ui, const struct muster_prompt *prompt);

/* Opens the dialog when it is time; ask_again: though it was put off. */
void ask_update(struct ui *ui);
void ask_again(struct ui *ui);

/* Takes a key while it is open. */
void ask_key(struct ui *ui, const struct input_event *event);

/* The box to draw; NULL: it is not open. */
const struct view_box *ask_box(struct ui *ui);

/* The screen is left: what was typed is wiped, what is open stays asked. */
void ask_close(struct ui *ui);

#endif
