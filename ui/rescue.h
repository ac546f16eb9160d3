/*
 * rescue.h -- the terminal put right when the program dies.
 *
 * Room: ui.  May touch: libc.
 * SIGSEGV, SIGABRT, SIGBUS, SIGFPE and exit(3) from afar: the modes come
 * back, the screen is left, a line says so, and the signal does its work.
 */
#ifndef MUSTER_UI_RESCUE_H
#define MUSTER_UI_RESCUE_H

#include <stddef.h>
#include <termios.h>

/* From now on `fd` is given `reset` and `modes` when the program dies. The
 * bytes must live until rescue_disarm(); one terminal at a time. */
void rescue_arm(
    int fd, const struct termios *modes, const char *reset, size_t len);

void rescue_disarm(void);

#endif
