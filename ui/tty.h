/*
 * tty.h -- the terminal as a device: modes, size, bytes in and out.
 *
 * Room: ui.  May touch: muster.h.
 * Its descriptor is our own open of the terminal and never blocks: who reads
 * slowly, or not at all, makes nobody here wait.
 */
#ifndef MUSTER_UI_TTY_H
#define MUSTER_UI_TTY_H

#include "muster.h"

#include <termios.h>

struct tty {
	int fd;               /* -1: closed */
	struct termios saved; /* as it was before */
	bool is_raw;
	bool is_lost; /* hung up: nothing comes and nothing goes any more */
	char *out;    /* owned; bytes that wait to be written */
	size_t len, at, cap;
	uint64_t n_written;
	int64_t stuck_us; /* since when nothing could be written; 0: never */
};

/* Opens the terminal of this process. Returns 0, or -1: MUSTER_ERR_SYSTEM. */
int tty_open(struct tty *t, struct muster_error *err);

/* Gives the modes back and closes it. */
void tty_close(struct tty *t);

/* Every key comes at once and means nothing to the kernel. */
void tty_set_raw(struct tty *t);

/* The modes as they were. */
void tty_set_cooked(struct tty *t);

/* Rows and columns; 24 and 80 where the terminal knows no size. */
void tty_size(const struct tty *t, int *w, int *h);

/* Adds bytes to what waits. */
void tty_put(struct tty *t, const void *data, size_t len);

/* How much waits. */
size_t tty_waiting(const struct tty *t);

/* Writes as much as fits now. Returns whether nothing waits any more. */
bool tty_flush(struct tty *t);

/* Writes what waits, for at most `ms`. Returns as tty_flush(). */
bool tty_drain(struct tty *t, int ms);

/* Forgets what waits. */
void tty_drop(struct tty *t);

/* Reads what is there. Returns 0 for nothing. */
size_t tty_read(struct tty *t, void *data, size_t size);

/* Microseconds on a clock that no one sets, as those of events. */
int64_t tty_now_us(void);

#endif
