/*
 * ticker.h -- the line on standard error that tells how far a run is.
 *
 * Room: src.  May touch: progress.h.
 * On a terminal one line that is drawn over, at most four times a second;
 * elsewhere, when asked for, a line each TICKER_LINE_MS.
 */
#ifndef MUSTER_SRC_TICKER_H
#define MUSTER_SRC_TICKER_H

#include "src/progress.h"

#include <stdbool.h>
#include <stdint.h>

#define TICKER_DRAW_MS 250
#define TICKER_LINE_MS 5000

struct ticker {
	bool on;
	bool over;  /* on a terminal: drawn over */
	bool shown; /* it stands there now */
	int fd;     /* borrowed */
	int64_t begun_ms;
	int64_t next_ms;
};

/* `wanted`: was asked for. Without, it is shown when `fd` is a terminal and
 * standard output is none. */
void ticker_init(struct ticker *t, int fd, bool wanted, int64_t now_ms);

/* Milliseconds until it is time to draw, as poll(2) wants them. */
int ticker_timeout_ms(const struct ticker *t, int64_t now_ms);

/* Draws it when it is time to. */
void ticker_draw(
    struct ticker *t, const struct progress *progress, int64_t now_ms);

/* Takes it away, before anything else is written there. */
void ticker_hide(struct ticker *t);

#endif
