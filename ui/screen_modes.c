/*
 * screen_modes.c -- what is said to a terminal besides frames, and answered.
 *
 * Room: ui.  May touch: screen.h, terminfo.h, src/heap.h.
 */
#include "config.h"

#include "ui/screen_modes.h"
#include "ui/terminfo.h"
#include "src/heap.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PROBE_US 300000
#define PROBE_SSH_US 1500000
#define COPY_MAX 102400 /* bytes of a clipboard */

#define ENTER "\033[22;2t\033[?2004h\033[?1004h\033[?1007h"
#define LEAVE "\033[?2026l\033[?1000;1002;1003;1004;1006;1007;2004l\033[23;2t"
#define MOUSE_ON "\033[?1002h\033[?1006h"
#define MOUSE_OFF "\033[?1000;1002;1003;1006l"
#define SYNC_BEGIN "\033[?2026h"
#define SYNC_END "\033[?2026l"
#define ASK_SHOWN "\033[5n"
#define PROBE "\033[?2026$p\033]11;?\033\\\033[c"

static void
put(struct screen *s, const char *bytes)
{
	tty_put(&s->tty, bytes, strlen(bytes));
}

static bool
is_set(const char *name)
{
	const char *value = getenv(name);

	return value != NULL && *value != '\0';
}

/* Padding, as in "$<5>", is for terminals of the last century. */
static void
add_string(struct screen *s, const char *bytes)
{
	size_t room = sizeof(s->reset) - s->reset_len;

	while (*bytes != '\0' && room > 0) {
		if (bytes[0] == '$' && bytes[1] == '<') {
			bytes = strchr(bytes, '>');
			if (bytes == NULL)
				return;
			bytes++;
			continue;
		}
		s->reset[s->reset_len++] = *bytes++;
		room--;
	}
}

void
modes_prepare_reset(struct screen *s)
{
	s->reset_len = 0;
	if (s->is_xterm)
		add_string(s, LEAVE);
	add_string(s, terminfo_string("cnorm"));
	add_string(s, terminfo_string("sgr0"));
	add_string(s, terminfo_string("rmkx"));
	if (*terminfo_string("rmcup") == '\0')
		add_string(s, "\r\n");
	add_string(s, terminfo_string("rmcup"));
}

void
modes_enter(struct screen *s)
{
	if (s->is_xterm)
		put(s, ENTER);
	if (s->is_xterm && s->has_mouse)
		put(s, MOUSE_ON);
}

void
modes_leave(struct screen *s, const char *bytes, size_t len)
{
	if (s->is_xterm)
		put(s, LEAVE);
	if (*terminfo_string("rmcup") == '\0') {
		put(s, terminfo_string("home"));
		put(s, terminfo_string("ed"));
	}
	tty_put(&s->tty, bytes, len);
}

void
modes_put_frame(struct screen *s, const char *bytes, size_t len)
{
	if (s->has_sync)
		put(s, SYNC_BEGIN);
	tty_put(&s->tty, bytes, len);
	if (s->has_sync)
		put(s, SYNC_END);
	if (s->frames.asks)
		put(s, ASK_SHOWN);
}

void
modes_probe(struct screen *s, int64_t now_us)
{
	s->was_probed = true;
	s->probed_us = now_us;
	if (!s->is_xterm)
		return;
	s->input.awaits_reply = true;
	put(s, PROBE);
}

static void
end_of_probe(struct screen *s)
{
	s->has_answered = true;
	if (s->options.asks == SCREEN_ASK_AUTO && s->is_over_ssh &&
	    !is_set("MOSH_KEY") && !is_set("MOSH_SERVER_PID"))
		s->frames.asks = true;
}

void
modes_reply(struct screen *s, const struct input_event *event, int64_t now_us)
{
	switch (event->code) {
	case INPUT_OK:
		frames_answered(&s->frames, now_us);
		s->input.awaits_reply =
		    s->was_probed && !s->has_answered && s->probed_us != 0;
		break;
	case INPUT_MODE:
		/* 1: set, 2: not set; others: there is no such mode */
		if (event->x == 2026)
			s->has_sync = event->y == 1 || event->y == 2;
		break;
	case INPUT_BACKGROUND:
		if (s->paint.theme.is_light == theme_is_light(event->x))
			break;
		s->paint.theme.is_light = !s->paint.theme.is_light;
		screen_redraw(s);
		break;
	case INPUT_DEVICE:
		if (!s->has_answered)
			end_of_probe(s);
		s->input.awaits_reply = s->frames.asks && s->frames.in_flight;
		break;
	default:
		break;
	}
}

void
modes_expire(struct screen *s, int64_t now_us)
{
	int64_t patience = s->is_over_ssh ? PROBE_SSH_US : PROBE_US;

	if (s->probed_us == 0 || now_us - s->probed_us < patience)
		return;
	s->probed_us = 0;
	if (!s->has_answered)
		s->input.awaits_reply = s->frames.asks && s->frames.in_flight;
}

const char *
modes_reset_string(void)
{
	return LEAVE "\033[?25h\033[0m\033[r\033[?1049l";
}

/* ---- the rest ---- */

void
screen_title(struct screen *s, const char *text)
{
	if (!s->options.has_title || !s->is_xterm || s->tty.is_lost)
		return;
	put(s, "\033]2;");
	put(s, text);
	put(s, "\a");
}

void
screen_bell(struct screen *s)
{
	put(s, "\a");
}

void
screen_set_mouse(struct screen *s, bool on)
{
	if (!s->is_xterm || s->has_mouse == on)
		return;
	s->has_mouse = on;
	put(s, on ? MOUSE_ON : MOUSE_OFF);
}

static void
put_base64(struct screen *s, const unsigned char *p, size_t len)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz0123456789+/";
	char out[4];

	for (size_t i = 0; i < len; i += 3) {
		unsigned n = (unsigned)p[i] << 16;

		if (i + 1 < len)
			n |= (unsigned)p[i + 1] << 8;
		if (i + 2 < len)
			n |= p[i + 2];
		out[0] = digits[n >> 18];
		out[1] = digits[n >> 12 & 63];
		out[2] = digits[n >> 6 & 63];
		out[3] = digits[n & 63];
		if (i + 1 >= len)
			out[2] = '=';
		if (i + 2 >= len)
			out[3] = '=';
		tty_put(&s->tty, out, 4);
	}
}

bool
screen_copy(struct screen *s, const char *text, size_t len)
{
	if (*terminfo_string("Ms") == '\0')
		return false;
	put(s, "\033]52;c;");
	put_base64(
	    s, (const unsigned char *)text, len < COPY_MAX ? len : COPY_MAX);
	put(s, "\a");
	return true;
}
