/*
 * screen.h -- a terminal taken over: frames go out, keys come in.
 *
 * Room: ui.  May touch: tty.h, paint.h, input.h, frames.h, terminfo.h.
 * Nothing here waits: the owner polls screen.tty.fd for what
 * screen_poll_events() says, for at most screen_timeout_ms().
 */
#ifndef MUSTER_UI_SCREEN_H
#define MUSTER_UI_SCREEN_H

#include "ui/frames.h"
#include "ui/input.h"
#include "ui/paint.h"
#include "ui/tty.h"

enum screen_ask { SCREEN_ASK_AUTO, SCREEN_ASK_ON, SCREEN_ASK_OFF };

struct screen_options {
	unsigned fps;         /* 0: 10 */
	enum screen_ask asks; /* whether frames are acknowledged */
	bool is_mono;         /* no colours */
	bool is_ascii;
	bool has_title;     /* the window's title is set */
	const char *record; /* a file for what was shown; NULL: none */
};

struct screen {
	struct tty tty;
	struct paint paint;
	struct input input;
	struct frames frames;
	struct screen_options options; /* strings are borrowed */
	int w, h;
	bool is_on;    /* the terminal is ours just now */
	bool is_xterm; /* may be asked, knows private modes */
	bool is_over_ssh;
	bool has_sync; /* shows frames at once, when told their ends */
	bool was_probed;
	bool has_answered; /* the probe, all of it */
	bool has_mouse;
	bool has_focus; /* as far as the terminal tells */
	bool is_shown;  /* the last frame was handed over whole */
	int64_t probed_us;
	int64_t resized_us;  /* when a new size came last; 0: none is due */
	int64_t resizing_us; /* and when the first did */
	char reset[256];     /* what puts the terminal right in an accident */
	size_t reset_len;
	void *record; /* owned: FILE; NULL: none */
};

/* Whether there can be a screen: standard input and output are terminals and
 * $TERM is of use. Returns 0, or -1 with the reason. */
int screen_check(struct muster_error *err);

/* Takes the terminal over. Returns 0, or -1: MUSTER_ERR_SYSTEM,
 * MUSTER_ERR_FILE for the record; the terminal is as it was then. */
int screen_open(struct screen *s, const struct screen_options *options,
    struct muster_error *err);

/* Gives the terminal back as it was, and frees all. */
void screen_close(struct screen *s);

/* Gives the terminal back for a while, and takes it again. */
void screen_leave(struct screen *s);
void screen_enter(struct screen *s);

/* ---- frames ---- */

/* There is something new; `urgent`: a person waits to see it. */
void screen_mark(struct screen *s, bool urgent);

/* Whether to draw now. */
bool screen_is_due(const struct screen *s, int64_t now_us);

/* Shows cells, which have the screen's size. Rows that `is_first` (h of them,
 * or NULL) says go out first when the line is slow. */
void screen_show(struct screen *s, const struct cells *cells,
    const bool *is_first, int64_t now_us);

/* All is drawn anew. */
void screen_redraw(struct screen *s);

/* The window's title, clean text. */
void screen_title(struct screen *s, const char *text);

/* Puts a text into the clipboard (OSC 52). Returns false where the terminal
 * is not known to have one. */
bool screen_copy(struct screen *s, const char *text, size_t len);

void screen_set_mouse(struct screen *s, bool on);
void screen_bell(struct screen *s);

/* ---- the loop ---- */

short screen_poll_events(const struct screen *s);
int screen_timeout_ms(const struct screen *s, int64_t now_us);

/* Reads and writes what can be, and does what is due. Returns false when the
 * terminal is gone. */
bool screen_work(struct screen *s, int64_t now_us);

/* Gives the next thing that a person did; answers of the terminal are kept
 * here. Returns false for none. */
bool screen_event(struct screen *s, struct input_event *event);

/* The size may have changed (SIGWINCH). Soon after, screen_resize() is
 * true, once, and w and h are new. */
void screen_note_size(struct screen *s, int64_t now_us);
bool screen_resize(struct screen *s, int64_t now_us);

#endif
