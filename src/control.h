/*
 * control.h -- signals: what each one means now, and how it gets here.
 *
 * Room: src.  May touch: libc.
 * A handler writes the signal's number to a pipe; the front loop reads it
 * there and asks control_decide(), which is pure. Only the signals that a
 * run has an answer for are caught, and none that was ignored at the start
 * (nohup(1), a script's background).
 */
#ifndef MUSTER_SRC_CONTROL_H
#define MUSTER_SRC_CONTROL_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

#define CONTROL_AGAIN_MS 2000 /* for the second ^C */
#define CONTROL_N_SIGNALS 7

enum control_action {
	CONTROL_NONE,
	CONTROL_STATUS,  /* say how far it is */
	CONTROL_WARN,    /* say so, and that another ^C aborts */
	CONTROL_NO_MORE, /* begin no more hosts, let the others end */
	CONTROL_ABORT,   /* stop the commands: TERM, then KILL */
	CONTROL_HARD,    /* drop everything */
	CONTROL_SUSPEND, /* control_suspend() */
};

struct control {
	bool interactive;  /* a person sees the answer to ^C */
	int64_t warned_ms; /* when the first ^C came; 0: it did not */
	int signal;        /* that aborted the run; 0: none */
	int fd;            /* readable when a signal waits; -1: closed */
	struct sigaction before[CONTROL_N_SIGNALS];
};

/* What a signal means at `now_ms` (> 0, monotonic); notes it in *c. */
enum control_action control_decide(
    struct control *c, int signo, int64_t now_ms);

/* Catches the signals. Returns 0, or -1 with errno; one at a time. */
int control_open(struct control *c, bool interactive);

/* Lets the signals do what they did before. */
void control_close(struct control *c);

/* The next signal that came, or 0. */
int control_take(struct control *c);

/* Stops this process as ^Z does; returns when it is continued. */
void control_suspend(void);

/* Whether standard input is a terminal and ours to read just now. */
bool control_has_keys(void);

/* Microseconds as events have them: CLOCK_BOOTTIME. */
int64_t control_event_us(void);

/* The sooner of two times to wait, as poll(2) has them: -1 is for ever. */
int control_sooner_ms(int a_ms, int b_ms);

/* Milliseconds on a clock that no one sets; > 0. */
int64_t control_now_ms(void);

#endif
