/*
 * app.h -- the screen at work: what ui.h hides.
 *
 * Room: ui.  May touch: ui.h, model.h, view.h, screen.h, dialog.h, edit.h,
 * asking.h.
 * app.c has the loop; app_look.c asks for lines, app_keys.c does what keys
 * say, app_line.c what is typed, app_command.c what is typed after a colon,
 * app_steer.c (steer.h) what starts and stops work, app_waves.c (waves.h)
 * steers waves, app_ask.c asks what the engine wants to know, app_copy.c
 * copies.
 */
#ifndef MUSTER_UI_APP_H
#define MUSTER_UI_APP_H

#include "ui/asking.h"
#include "ui/dialog.h"
#include "ui/keymap.h"
#include "ui/edit.h"
#include "ui/screen.h"
#include "ui/ui.h"
#include "ui/view.h"

/* What a dialog asks about; done when it is answered. */
enum steer {
	STEER_NONE,
	STEER_START, /* `command` on `hosts` */
	STEER_KILL,  /* stop `hosts` */
	STEER_ABORT, /* let no more of `hosts` begin */
	STEER_SEND,  /* `command`, a line, to `hosts` */
	STEER_EOF,   /* what they read ends */
	STEER_STOP,  /* the rollout */
	STEER_LEAVE, /* the screen, while hosts are at work */
};

struct pending {
	enum steer what;
	size_t *hosts; /* owned: as the dialog showed them */
	size_t n;
	char *command; /* owned */
	bool is_again; /* STEER_START: a retry */
};

struct ui {
	struct muster *m;          /* borrowed */
	struct ui_options options; /* strings are borrowed */
	struct ui_rollout rollout; /* its view NULL: none */
	char *command;             /* owned: that ran last */
	bool is_typed;             /* and was typed here */
	unsigned fanout;
	struct model *model; /* owned */
	struct view view;
	struct cells cells;
	struct screen screen;
	struct dialog dialog;
	struct pending pending;
	struct edit line; /* after a colon or a slash */
	char line_kind;   /* ':', '/', '>', or 0: nobody types */
	char line_label[64];
	size_t line_host; /* that a line is for */
	struct asking asking;
	bool can_send;     /* commands read what is sent to them */
	bool groups_due;   /* hosts have ended since groups were looked at */
	struct sheet list; /* of commands, while one is typed */
	struct view_box list_box;
	bool is_refused; /* the list says why a command was */
	char title[128]; /* the window's, as it was set */
	char message[SHEET_TEXT];
	int64_t message_us;      /* when it came */
	int64_t typed_us;        /* when the last key was pressed */
	int64_t stopped_us;      /* when ^C was pressed; 0: not lately */
	int64_t taken_us;        /* when events were taken last */
	int64_t tick_us;         /* when the clocks go on */
	char (*help)[96];        /* owned; lines of VIEW_HELP */
	const char **help_lines; /* owned */
	bool is_answering;       /* snapshots were asked for because of a key */
	bool is_done;
	enum ui_end end;
	int signal;
};

/* Says something on the message line, and in :messages. */
void app_say(struct ui *ui, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* Ends ui_run(). */
void app_end(struct ui *ui, enum ui_end end);

/* Whether any host is at work. */
bool app_is_busy(const struct ui *ui);

/* Whether this host is. */
bool app_host_is_busy(const struct model_host *host);

/* The host under the cursor, or zoomed; n_hosts: none. */
size_t app_here(const struct ui *ui);
bool app_is_zoomed(const struct ui *ui);

/* ---- app_keys.c ---- */

/* Does what a person did. */
void app_input(struct ui *ui, const struct input_event *event);

/* Does what a key would. */
void app_do(struct ui *ui, enum action action);

/* Whether anything is done for it. */
bool app_knows(enum action action);

/* Moves as a key would. */
void app_move(struct ui *ui, enum view_move how);

/* ---- app_marks.c: what keys do ---- */

void marks_mark(struct ui *ui, enum action action);
void marks_like(struct ui *ui, enum action action);
void marks_range(struct ui *ui, enum action action);
void marks_drop(struct ui *ui, enum action action);
void marks_compare(struct ui *ui, enum action action);
void marks_mask(struct ui *ui, enum action action);

/* ---- app_look.c ---- */

/* Asks for the lines that the screen is about to show and has not. */
void look_ask(struct ui *ui, bool urgent, int64_t now_us);

/* Asks for lines to be copied; false: not now. */
bool look_ask_copy(struct ui *ui, size_t host, uint64_t from, size_t n);

/* Takes a SNAPSHOT event, when the model has. */
void look_take(struct ui *ui, const struct muster_event *event);

/* Goes to the next match (1), or the one before (-1). */
void look_jump(struct ui *ui, int step);

/* Brings the groups up to date: now, or when it is time. */
void look_at_groups(struct ui *ui, bool masked);
void look_refresh(struct ui *ui, int64_t now_us);
bool look_wants_groups(const struct ui *ui);

/* Finds hosts that wait for an answer. */
void look_for_questions(struct ui *ui, int64_t now_us);

/* ---- app_copy.c ---- */
void copy_some(struct ui *ui); /* lines, or names of hosts */
void copy_all(struct ui *ui);  /* an output */
void copy_choose(struct ui *ui);
void copy_take(struct ui *ui, const struct muster_snapshot *snapshot);

/* ---- app_line.c ---- */
void line_open(struct ui *ui, char kind);
void line_open_send(struct ui *ui);
void line_take(struct ui *ui, const struct input_event *event);

/* ---- app_command.c ---- */

/* Does a command line without its colon. */
void command_do(struct ui *ui, const char *text);

/* What could be meant, as ui->list. */
void command_list(struct ui *ui, const char *text);

/* Completes what is typed as far as there is no doubt. */
void command_complete(struct ui *ui);

#endif
