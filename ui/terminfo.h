/*
 * terminfo.h -- what terminfo(5) says about this terminal.
 *
 * Room: ui.  May touch: input.h, muster.h, libncursesw.
 */
#ifndef MUSTER_UI_TERMINFO_H
#define MUSTER_UI_TERMINFO_H

#include "ui/input.h"
#include "muster.h"

/* Whether a screen can be drawn on the terminal $TERM (`term`): it is known,
 * moves its cursor and clears. Returns 0, or -1: MUSTER_ERR_SYSTEM, which
 * says what is missing. */
int terminfo_check(const char *term, int fd, struct muster_error *err);

/* The rest needs paint_open() to have been called. */

/* A string such as "rmcup"; "" where the terminal has none. */
const char *terminfo_string(const char *name);

/* Whether it is a terminal in the manner of xterm, which may be asked things
 * and knows private modes. */
bool terminfo_is_xterm(void);

/* Tells the decoder what the keys send. */
void terminfo_add_keys(struct input *in);

#endif
