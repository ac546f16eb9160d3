/*
 * batch_inner.h -- a batch, and what the files of it share.
 *
 * Room: src.  May touch: batch.h, control.h, launch.h and what it brings,
 * losses.h, output.h, ticker.h, ui/ui.h, writers.h.
 */
#ifndef MUSTER_SRC_BATCH_INNER_H
#define MUSTER_SRC_BATCH_INNER_H

#include "src/batch.h"
#include "src/control.h"
#include "src/launch.h"
#include "src/losses.h"
#include "src/output.h"
#include "src/ticker.h"
#include "src/writers.h"
#include "ui/ui.h"

#define BATCH_ABORT_MS 8000     /* from the abort to dropping everything */
#define BATCH_LATE_MS 10000     /* from the deadline to that */
#define BATCH_HARD_MS 500       /* from there to leaving */
#define BATCH_FLUSH_BYTES 65536 /* waiting output that is not added to */

struct batch {
	struct muster *m;                /* borrowed */
	const struct args *args;         /* borrowed */
	const struct batch_hosts *hosts; /* borrowed; NULL: all */
	struct output out;
	struct output err;
	struct writer_run run;
	struct writers writers;
	struct muster_error failure; /* of a writer */
	struct progress *progress;   /* owned */
	struct control control;
	struct ticker ticker;
	struct ui *ui;         /* owned; NULL: there can be no screen */
	struct launch *launch; /* owned; NULL: what runs is no command */
	bool is_up;            /* the screen shall be shown */
	bool is_shown;         /* it is, and puts the questions */
	bool was_shown;        /* it has been */
	bool sends;            /* commands read what is typed there */
	int64_t limit_ms;      /* when patience ends; 0: it does not */
	bool *stopped;         /* owned; hosts that wrote what nobody can see */
	bool hard;             /* connections were dropped */
	bool no_more;          /* ^Z after ^C: begin no more */
	bool policy;           /* too many failed, or the time is over */
	int64_t deadline_ms;   /* of the whole run; 0: none, or over */
	struct budget budget;
	struct rollout *rollout; /* owned; NULL: hosts begin as they can */
	struct feeder feeder;
	bool closed; /* the reader of the output went away */
	bool failed; /* output could not be written ... */
	bool full;   /* ... because there is no room */
	struct losses losses;
	bool gone;   /* leave at once */
	bool is_cut; /* output was dropped then */
};

/* batch_output.c */

/* Says how far the run is, and `more` after it. */
void batch_say_status(struct batch *b, const char *more);

/* Says a line of our own. */
void batch_say(struct batch *b, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* Whether how far the run is shall be drawn on a terminal, though its output
 * goes there too: while that is held back, or when it was asked for. */
bool batch_wants_ticker(const struct batch *b);

/* Draws how far the run is, when it is time to. */
void batch_draw(struct batch *b);

/* Says the note of an event. */
void batch_say_note(struct batch *b, const struct muster_event *event);

/* As a pipe would, stops a host that writes on where nothing can be written
 * any more, so that it does not do so for ever. */
void batch_check_reader(struct batch *b, const struct muster_event *event);

/* Writes what waits in `o`, listening to signals. */
void batch_flush(struct batch *b, struct output *o);

/* Takes what is known of hosts behind output that nobody reads in time; that
 * is dropped. */
void batch_leave_output(struct batch *b);

/* Tells of output that nobody has read in time. */
void batch_tell_rest(struct batch *b);

/* Before output of one stream comes, sends off the other: they keep their
 * order. */
void batch_take_output(struct batch *b, const struct muster_event *event);

/* Sends off what the writers have ready, piece by piece. */
void batch_pump(struct batch *b);

/* Nothing but the screen writes to the terminal while it is shown, nor after
 * a stop. */
void batch_set_mute(struct batch *b, bool is_mute);

/* batch_control.c */

void batch_obey(struct batch *b, enum control_action action, int64_t now_ms);
void batch_take_signals(struct batch *b);

/* One failure too many: what has not begun will not. */
void batch_check_budget(struct batch *b, const struct muster_result *result);

/* Stops everything when the time of the whole run is over, and drops it when
 * patience has ended. Returns the milliseconds until either, as poll(2) wants
 * them. */
int batch_check_times(struct batch *b);

/* Until patience ends, or the ticker is to be drawn. */
int batch_next_timeout(struct batch *b);

/* What must be written yet is given `ms` when the run was aborted. */
void batch_be_patient(struct batch *b, int64_t ms);

/* batch_events.c */

/* Reads of our standard input. */
void batch_take_input(struct batch *b);

/* Puts a question to the person. */
void batch_put_prompt(struct batch *b, const struct muster_prompt *prompt);

/* Takes one event; `owner` is the batch. */
void batch_take_event(void *owner, const struct muster_event *event);

/* Takes what has happened. Returns false when nothing more will. */
bool batch_take_events(struct batch *b);

/* batch_rollout.c */

/* Makes the rollout that the options ask for, if they do. Returns 0, or -1:
 * those of rollout_new(). */
int batch_open_rollout(struct batch *b, struct muster_error *err);

/* Starts the work, or the first wave of it. Returns as work->start(). */
int batch_begin(
    struct batch *b, const struct batch_work *work, struct muster_error *err);

/* Whether a rollout still has something to do, though no host may be at work;
 * tells it when the batch is to begin no more. */
bool batch_is_rolling(struct batch *b);

/* Whether hosts had no turn because something said so. */
bool batch_was_stopped(const struct batch *b);

/* batch_screen.c */

/* Makes the screen where there can be one. `takes_lines`: the commands can be
 * sent lines by it. */
void batch_open_screen(struct batch *b, const char *command, bool takes_lines);

/* Shows it until it is left: for good, or back to lines. */
void batch_show_screen(struct batch *b);

#endif
