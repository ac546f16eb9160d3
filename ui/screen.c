/*
 * screen.c -- a terminal taken over: frames go out, keys come in.
 *
 * Room: ui.  May touch: screen.h, screen_modes.h, film.h, rescue.h.
 */
#include "config.h"

#include "ui/screen.h"
#include "ui/film.h"
#include "ui/rescue.h"
#include "ui/screen_modes.h"
#include "ui/terminfo.h"

#include <assert.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FPS 10
#define ESC_MS 25
#define ESC_SSH_MS 50
#define RESIZE_QUIET_US 30000 /* sizes that follow each other */
#define RESIZE_MAX_US 100000  /* but not for longer */
#define DRAIN_MS 500          /* to leave a slow terminal */
#define ANSWER_MS 100         /* for answers that are due when leaving */
#define CLEAN_MAX 65536

int
screen_check(struct muster_error *err)
{
	if (isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1)
		return terminfo_check(getenv("TERM"), STDOUT_FILENO, err);
	if (err != NULL) {
		err->code = MUSTER_ERR_SYSTEM;
		err->at = MUSTER_NOWHERE;
		(void)snprintf(err->text, sizeof(err->text),
		    "standard input and output are no terminal");
	}
	return -1;
}

static bool
is_set(const char *name)
{
	const char *value = getenv(name);

	return value != NULL && *value != '\0';
}

static unsigned
esc_ms(bool is_over_ssh)
{
	const char *given = getenv("ESCDELAY");
	unsigned ms = 0;

	for (; given != NULL && *given >= '0' && *given <= '9' && ms < 10000;
	     given++)
		ms = ms * 10 + (unsigned)(*given - '0');
	return ms > 0 ? ms : is_over_ssh ? ESC_SSH_MS : ESC_MS;
}

static int
open_parts(struct screen *s, struct muster_error *err)
{
	const char *term = getenv("TERM");

	if (tty_open(&s->tty, err) < 0)
		return -1;
	tty_size(&s->tty, &s->w, &s->h);
	if (film_open(&s->record, s->options.record, err) < 0 ||
	    paint_open(&s->paint, term, s->w, s->h, err) < 0)
		return -1;
	if (s->options.is_mono)
		paint_set_mono(&s->paint);
	/* the terminals of old show no more than ASCII */
	if (strncmp(term, "vt", 2) == 0 || !s->paint.is_utf8)
		s->options.is_ascii = s->paint.is_ascii = true;
	s->is_xterm = terminfo_is_xterm();
	return 0;
}

int
screen_open(struct screen *s, const struct screen_options *options,
    struct muster_error *err)
{
	memset(s, 0, sizeof(*s));
	s->tty.fd = -1;
	s->options = *options;
	s->is_over_ssh = is_set("SSH_CONNECTION") || is_set("SSH_TTY");
	s->has_focus = true;
	frames_init(&s->frames, options->fps > 0 ? options->fps : FPS);
	input_init(&s->input, esc_ms(s->is_over_ssh));
	if (open_parts(s, err) < 0) {
		screen_close(s);
		return -1;
	}
	if (options->asks == SCREEN_ASK_ON)
		s->frames.asks = s->is_xterm;
	terminfo_add_keys(&s->input);
	modes_prepare_reset(s);
	screen_enter(s);
	return 0;
}

void
screen_close(struct screen *s)
{
	screen_leave(s);
	paint_close(&s->paint);
	tty_close(&s->tty);
	input_clear(&s->input);
	film_close(s->record);
	memset(s, 0, sizeof(*s));
	s->tty.fd = -1;
}

/* Answers that are due would be taken for typing by who reads next. */
static void
await_answers(struct screen *s)
{
	int64_t until = tty_now_us() + (int64_t)ANSWER_MS * 1000;
	struct input_event event;

	while (s->input.awaits_reply && !s->tty.is_lost) {
		struct pollfd in = {.fd = s->tty.fd, .events = POLLIN};
		int64_t left = (until - tty_now_us() + 999) / 1000;

		if (left <= 0 || poll(&in, 1, (int)left) <= 0)
			break;
		(void)screen_work(s, tty_now_us());
		while (screen_event(s, &event))
			;
	}
}

void
screen_leave(struct screen *s)
{
	const char *bytes;
	size_t len;

	if (!s->is_on)
		return;
	await_answers(s);
	if (!tty_drain(&s->tty, DRAIN_MS))
		tty_drop(&s->tty);
	bytes = paint_leave(&s->paint, &len);
	modes_leave(s, bytes, len);
	(void)tty_drain(&s->tty, DRAIN_MS);
	(void)tcflush(s->tty.fd, TCIFLUSH);
	tty_set_cooked(&s->tty);
	rescue_disarm();
	s->is_on = false;
}

void
screen_enter(struct screen *s)
{
	rescue_arm(s->tty.fd, &s->tty.saved, s->reset, s->reset_len);
	tty_set_raw(&s->tty);
	s->is_on = true;
	s->was_probed = s->has_answered;
	modes_enter(s);
	tty_size(&s->tty, &s->w, &s->h);
	screen_redraw(s);
}

/* ---- frames ---- */

void
screen_mark(struct screen *s, bool urgent)
{
	frames_mark(&s->frames, urgent);
}

bool
screen_is_due(const struct screen *s, int64_t now_us)
{
	return s->is_on && !s->tty.is_lost && frames_is_due(&s->frames, now_us);
}

void
screen_redraw(struct screen *s)
{
	paint_resize(&s->paint, s->w, s->h);
	frames_mark(&s->frames, true);
}

void
screen_show(struct screen *s, const struct cells *cells, const bool *is_first,
    int64_t now_us)
{
	size_t budget = frames_budget(&s->frames), len;
	size_t before = tty_waiting(&s->tty);
	bool more;
	const char *bytes =
	    paint_frame(&s->paint, cells, budget, is_first, &len, &more);

	if (len > 0)
		modes_put_frame(s, bytes, len);
	frames_sent(&s->frames, tty_waiting(&s->tty) - before, more, now_us);
	if (!s->was_probed)
		modes_probe(s, now_us);
	s->input.awaits_reply |= len > 0 && s->frames.asks;
	if (s->record != NULL && len > 0)
		film_frame(s->record, &s->paint.shown,
		    s->tty.n_written + tty_waiting(&s->tty));
	if (tty_flush(&s->tty))
		frames_written(&s->frames);
}

/* ---- the loop ---- */

short
screen_poll_events(const struct screen *s)
{
	if (!s->is_on || s->tty.is_lost)
		return 0;
	return tty_waiting(&s->tty) > 0 ? POLLIN | POLLOUT : POLLIN;
}

static int
sooner(int a, int b)
{
	return b < 0 || (a >= 0 && a < b) ? a : b;
}

static int64_t
resize_due_us(const struct screen *s)
{
	int64_t quiet = s->resized_us + RESIZE_QUIET_US;
	int64_t longest = s->resizing_us + RESIZE_MAX_US;

	return quiet < longest ? quiet : longest;
}

int
screen_timeout_ms(const struct screen *s, int64_t now_us)
{
	int ms = input_timeout_ms(&s->input, now_us);

	if (s->is_on && !s->tty.is_lost)
		ms = sooner(ms, frames_timeout_ms(&s->frames, now_us));
	if (s->resized_us != 0) {
		int64_t left = resize_due_us(s) - now_us;

		ms = sooner(ms, left > 0 ? (int)((left + 999) / 1000) : 0);
	}
	return ms;
}

static void
read_all(struct screen *s, int64_t now_us)
{
	char bytes[4096];
	size_t n, all = 0;

	while (all < CLEAN_MAX &&
	       (n = tty_read(&s->tty, bytes, sizeof(bytes))) > 0) {
		input_feed(&s->input, bytes, n, now_us);
		all += n;
		if (n < sizeof(bytes))
			break;
	}
}

bool
screen_work(struct screen *s, int64_t now_us)
{
	if (!s->is_on || s->tty.is_lost)
		return !s->tty.is_lost;
	read_all(s, now_us);
	input_expire(&s->input, now_us);
	if (tty_flush(&s->tty))
		frames_written(&s->frames);
	frames_expire(&s->frames, now_us);
	modes_expire(s, now_us);
	return !s->tty.is_lost;
}

bool
screen_event(struct screen *s, struct input_event *event)
{
	while (input_next(&s->input, event)) {
		if (event->type == INPUT_REPLY) {
			modes_reply(s, event, tty_now_us());
			continue;
		}
		if (event->type == INPUT_FOCUS)
			s->has_focus = event->code == 1;
		return true;
	}
	return false;
}

void
screen_note_size(struct screen *s, int64_t now_us)
{
	if (s->resized_us == 0)
		s->resizing_us = now_us;
	s->resized_us = now_us;
}

bool
screen_resize(struct screen *s, int64_t now_us)
{
	int w, h;

	if (s->resized_us == 0 || now_us < resize_due_us(s))
		return false;
	s->resized_us = 0;
	tty_size(&s->tty, &w, &h);
	if (w == s->w && h == s->h)
		return false;
	s->w = w;
	s->h = h;
	screen_redraw(s);
	return true;
}
