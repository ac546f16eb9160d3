/*
 * ui.h -- the screen: a run watched and steered on a terminal.
 *
 * Room: ui.  May touch: muster.h.
 * The only header of this room that src/ includes. A struct ui knows a run
 * from its start, fed with all of its events; the terminal is its own only
 * while ui_run() goes on.
 */
#ifndef MUSTER_UI_UI_H
#define MUSTER_UI_UI_H

#include "muster.h"

struct pollfd;
struct ui;

/* Strings are borrowed for the life of the ui; NULL is none. */
struct ui_options {
	const char *verb, *arg, *target, *login; /* what runs, for the title */
	const char *command;                     /* what runs first */
	unsigned fanout;
	unsigned fps;       /* frames a second; 0: 10 */
	bool is_mono;       /* no colours */
	bool is_ascii;      /* nothing but ASCII of our own */
	bool can_send;      /* commands were started with more_input */
	bool is_replay;     /* the fleet is one of muster_play() */
	unsigned percent;   /* of its speed; 0: at once */
	const char *record; /* a file for what was shown */
	/* Signals: readable when one waits, and the one that does. */
	int signal_fd;
	int (*take_signal)(void *arg);
	/* Starts a command that was typed on these hosts; NULL: once more what
	 * was started first. Returns 0, or -1 with *err. NULL for a replay. */
	int (*start)(void *arg, const size_t *hosts, size_t n,
	    const char *command, struct muster_error *err);
	/* Hears of every event that ui_run() takes; may be NULL. */
	void (*on_event)(void *arg, const struct muster_event *event);
	void *owner; /* the `arg` of all */
};

#define UI_ROLLOUT_FDS 2

/* A rollout that the screen shows and steers. */
struct ui_rollout {
	const struct muster_rollout_view *view; /* borrowed, kept up to date */
	const size_t *order; /* borrowed: its hosts, wave after wave */
	bool has_canary, has_max_fail;
	enum muster_rollout_gate gate;
	int64_t gate_us; /* of a gate that waits */
	/* A person decides: PAUSE, RESUME, PROMOTE, STOP, or MAX_FAIL and
	 * PARALLEL with their number. */
	void (*decide)(
	    void *owner, enum muster_rollout_event_type what, size_t number);
	/* What it waits for: UI_ROLLOUT_FDS descriptors (.fd -1: none), the
	 * sooner of `timeout_ms` (-1: never) and its own time; and to it that
	 * they are ready. */
	void (*poll)(void *owner, struct pollfd *fds);
	int (*timeout_ms)(void *owner, int timeout_ms);
	void (*serve)(void *owner, const struct pollfd *fds);
	void *owner;
};

/* Why ui_run() returned. */
enum ui_end {
	UI_FAILED, /* no screen: *err says why */
	UI_LEFT,   /* no host is at work, and the person left */
	UI_BACK,   /* hosts are at work and go on: back to plain output */
	UI_STOP,   /* the person wants them stopped */
	UI_SIGNAL, /* one came that wants an end: ui_signal() */
	UI_LOST,   /* the terminal is gone; what runs may end */
};

/* Whether there can be a screen here. Returns 0, or -1 with the reason. */
int ui_check(struct muster_error *err);

/* A screen for the hosts of `m` (borrowed), not shown yet. */
struct ui *ui_new(struct muster *m, const struct ui_options *options);
void ui_free(struct ui *ui);

/* The hosts begin wave by wave; `rollout` is copied. */
void ui_set_rollout(struct ui *ui, const struct ui_rollout *rollout);

/* Takes an event that came while the screen was not shown. */
void ui_event(struct ui *ui, const struct muster_event *event);

/* A command was started on all hosts. */
void ui_started(struct ui *ui);

/* Shows the screen until there is a reason to leave it. */
enum ui_end ui_run(struct ui *ui, struct muster_error *err);

/* Takes a question that nobody has answered out of a screen that was left;
 * lent until the next call. NULL: there is no other. */
const struct muster_prompt *ui_next_question(struct ui *ui);

/* Commands that run can be sent nothing from now on. */
void ui_end_input(struct ui *ui);

/* The signal that ended ui_run(), or 0. */
int ui_signal(const struct ui *ui);

/* The command that ran last. Lent. */
const char *ui_command(const struct ui *ui);

/* What puts a terminal right that a killed screen left behind. */
const char *ui_reset_string(void);

#endif
