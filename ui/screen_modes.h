/*
 * screen_modes.h -- what is said to a terminal besides frames, and answered.
 *
 * Room: ui.  May touch: screen.h.
 * Every sequence that muster sends and ncurses does not stands in its .c.
 */
#ifndef MUSTER_UI_SCREEN_MODES_H
#define MUSTER_UI_SCREEN_MODES_H

#include "ui/screen.h"

/* Fills in s->reset. */
void modes_prepare_reset(struct screen *s);

/* The modes of a screen, and the bytes that end them after those of ncurses
 * (`len` of them), onto what waits. */
void modes_enter(struct screen *s);
void modes_leave(struct screen *s, const char *bytes, size_t len);

/* A frame with what belongs before and behind it. */
void modes_put_frame(struct screen *s, const char *bytes, size_t len);

/* Asks the terminal what it can do. */
void modes_probe(struct screen *s, int64_t now_us);

/* It answered, or it will not any more. */
void modes_reply(
    struct screen *s, const struct input_event *event, int64_t now_us);
void modes_expire(struct screen *s, int64_t now_us);

/* What puts any terminal right, for 'muster reset-tty'. A constant. */
const char *modes_reset_string(void);

#endif
