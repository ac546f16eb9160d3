/*
 * ticker.h -- the line on standard error that tells how far a run is.
 *
 * Room: src.  May touch: progress.h.
 * On a terminal one line that is drawn over, at most four times a second, and
 * above it what there is so far where nothing else shows it; elsewhere, when
 * asked for, a line each TICKER_LINE_MS.
 */
#ifndef MUSTER_SRC_TICKER_H
#define MUSTER_SRC_TICKER_H

#include "src/progress.h"

#include <stdbool.h>
#include <stdint.h>

#define TICKER_DRAW_MS 250
#define TICKER_LINE_MS 5000
#define TICKER_ABOVE 12 /* lines at most */

struct ticker {
	bool on;
	bool over;        /* on a terminal: drawn over */
	bool shown;       /* it stands there now ... */
	unsigned n_above; /* ... and lines above it */
	int fd;           /* borrowed */
	int64_t begun_ms;
	int64_t next_ms;
};

/* `wanted`: was asked for. Without, it is shown when `fd` is a terminal and
 * standard output is none. */
void ticker_init(struct ticker *t, int fd, bool wanted, int64_t now_ms);

/* Milliseconds until it is time to draw, as poll(2) wants them. */
int ticker_timeout_ms(const struct ticker *t, int64_t now_ms);

/* How many lines there is room for above the line, when it is time to draw it;
 * 0: it is not, or it is not drawn over. */
unsigned ticker_room(const struct ticker *t, int64_t now_ms);

/* Draws it when it is time to, with whole lines `above` it that are clean; they
 * are cut to the width. */
void ticker_draw(struct ticker *t, const struct progress *progress,
    const struct text *above, int64_t now_ms);

/* Takes it away, before anything else is written there. */
void ticker_hide(struct ticker *t);

#endif
