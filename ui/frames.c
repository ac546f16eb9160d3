/*
 * frames.c -- when to draw: one frame in flight, and none without need.
 *
 * Room: ui.  May touch: libc.
 */
#include "config.h"

#include "ui/frames.h"

#include <string.h>

#define BUDGET_S 0.080    /* of the line's time for one frame */
#define BUDGET_MIN 400    /* bytes */
#define FAST_BYTES 262144 /* a second: faster lines need no budget */
#define WEIGHT_UP 0.2     /* of a new measurement in the average */
#define WEIGHT_DOWN 0.5
#define MEASURED_MIN 256 /* bytes of a frame that tell of the line */

void
frames_init(struct frames *f, unsigned fps)
{
	memset(f, 0, sizeof(*f));
	f->fps = fps > 0 ? fps : 1;
}

void
frames_mark(struct frames *f, bool urgent)
{
	f->is_dirty = true;
	f->is_urgent |= urgent;
}

static int64_t
next_us(const struct frames *f)
{
	return f->last_us + 1000000 / f->fps;
}

bool
frames_is_due(const struct frames *f, int64_t now_us)
{
	if (!f->is_dirty || f->in_flight)
		return false;
	return f->is_urgent || now_us >= next_us(f);
}

int
frames_timeout_ms(const struct frames *f, int64_t now_us)
{
	int64_t until;

	if (f->in_flight) {
		if (!f->asks || !f->was_written)
			return -1;
		until = f->sent_us + FRAMES_ACK_US;
	} else if (f->is_dirty) {
		until = f->is_urgent ? now_us : next_us(f);
	} else {
		return -1;
	}
	return until <= now_us ? 0 : (int)((until - now_us + 999) / 1000);
}

size_t
frames_budget(const struct frames *f)
{
	double bytes;

	if (!f->asks || f->bytes_per_s <= 0 || f->bytes_per_s > FAST_BYTES)
		return FRAMES_NO_BUDGET;
	bytes = f->bytes_per_s * BUDGET_S;
	return bytes < BUDGET_MIN ? BUDGET_MIN : (size_t)bytes;
}

void
frames_sent(struct frames *f, size_t n_bytes, bool more, int64_t now_us)
{
	f->is_dirty = more;
	f->is_urgent = false;
	f->last_us = f->sent_us = now_us;
	f->n_bytes = n_bytes;
	f->in_flight = n_bytes > 0;
	f->was_written = false;
	if (n_bytes > 0)
		f->n_frames++;
}

void
frames_written(struct frames *f)
{
	if (!f->in_flight)
		return;
	f->was_written = true;
	if (!f->asks)
		f->in_flight = false;
}

/* What the frame took beyond the shortest answer is the line's time for its
 * bytes. A line that got slower is believed sooner than one that got faster. */
static void
measure(struct frames *f, int64_t took_us)
{
	bool is_first = f->rtt_us == 0;
	double rate, weight;

	if (is_first || took_us < f->rtt_us)
		f->rtt_us = took_us > 0 ? took_us : 1;
	else
		f->rtt_us += (took_us - f->rtt_us) / 64;
	if (is_first || f->n_bytes < MEASURED_MIN)
		return;
	took_us -= f->rtt_us;
	rate =
	    (double)f->n_bytes * 1e6 / (double)(took_us > 500 ? took_us : 500);
	if (rate > 2.0 * FAST_BYTES)
		rate = 2.0 * FAST_BYTES;
	weight = f->bytes_per_s <= 0     ? 1
		 : rate < f->bytes_per_s ? WEIGHT_DOWN
					 : WEIGHT_UP;
	f->bytes_per_s += (rate - f->bytes_per_s) * weight;
}

void
frames_answered(struct frames *f, int64_t now_us)
{
	if (!f->in_flight || !f->asks)
		return;
	f->in_flight = false;
	f->n_timeouts = 0;
	measure(f, now_us - f->sent_us);
}

void
frames_expire(struct frames *f, int64_t now_us)
{
	if (!f->in_flight || !f->asks || !f->was_written ||
	    now_us - f->sent_us < FRAMES_ACK_US)
		return;
	f->in_flight = false;
	f->n_lost++;
	if (++f->n_timeouts >= FRAMES_N_TIMEOUTS)
		f->asks = false;
}
