/*
 * frames.h -- when to draw: one frame in flight, and none without need.
 *
 * Room: ui.  May touch: libc.
 * Pure: time is handed in. A frame is finished when the terminal has answered
 * the question at its end or, where it is not asked, when the last byte has
 * been written. What a person did is drawn at once, all else at most `fps`
 * times a second. On a slow line a frame has a budget of bytes.
 */
#ifndef MUSTER_UI_FRAMES_H
#define MUSTER_UI_FRAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FRAMES_NO_BUDGET SIZE_MAX
#define FRAMES_ACK_US 2000000 /* a terminal answers within this, or never */
#define FRAMES_N_TIMEOUTS 3   /* then it is not asked any more */

struct frames {
	unsigned fps;
	bool asks;     /* each frame ends with a question */
	bool is_dirty; /* there is something new to draw */
	bool is_urgent;
	bool in_flight;
	bool was_written;    /* its last byte is with the kernel */
	int64_t last_us;     /* when the last frame was drawn */
	int64_t sent_us;     /* when the one in flight was */
	size_t n_bytes;      /* of the one in flight */
	double bytes_per_s;  /* average; 0: not known yet */
	int64_t rtt_us;      /* shortest answer in a while; 0: not known */
	unsigned n_timeouts; /* answers that did not come, in a row */
	unsigned n_lost;     /* in all: for :info */
	uint64_t n_frames;
};

void frames_init(struct frames *f, unsigned fps);

/* There is something to draw; at once if a person waits for it. */
void frames_mark(struct frames *f, bool urgent);

/* Whether to draw now. */
bool frames_is_due(const struct frames *f, int64_t now_us);

/* Milliseconds until it is worth asking again, for poll(2); -1: not before
 * something happens. */
int frames_timeout_ms(const struct frames *f, int64_t now_us);

/* How many bytes the next frame may have; FRAMES_NO_BUDGET: any number. */
size_t frames_budget(const struct frames *f);

/* A frame of so many bytes was handed to the terminal; `more`: it is not all
 * that there was to draw. */
void frames_sent(struct frames *f, size_t n_bytes, bool more, int64_t now_us);

/* The last byte of it was written. */
void frames_written(struct frames *f);

/* The terminal answered. Answers to nothing are ignored. */
void frames_answered(struct frames *f, int64_t now_us);

/* Gives up waiting for an answer that does not come. */
void frames_expire(struct frames *f, int64_t now_us);

#endif
