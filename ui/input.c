/*
 * input.c -- bytes of a terminal taken apart: keys, pastes, mouse, answers.
 *
 * Room: ui.  May touch: input_csi.h, utf8.h, src/heap.h.
 */
#include "config.h"

#include "ui/input.h"
#include "src/heap.h"
#include "ui/input_csi.h"
#include "ui/utf8.h"

#include <stdlib.h>
#include <string.h>

#define ESC 0x1b
#define REPLY_MS 200 /* in place of esc_ms, while an answer is due */
#define PASTE_END "\033[201~"
#define PASTE_END_LEN 6

void
input_init(struct input *in, unsigned esc_ms)
{
	memset(in, 0, sizeof(*in));
	in->esc_ms = esc_ms;
}

void
input_clear(struct input *in)
{
	free(in->sequences);
	free(in->in);
	free(in->paste);
	memset(in, 0, sizeof(*in));
}

void
input_wipe(struct input *in)
{
	if (in->at > 0)
		explicit_bzero(in->in, in->at);
	if (!in->is_pasting && in->paste_cap > 0)
		explicit_bzero(in->paste, in->paste_cap);
}

void
input_add_sequence(
    struct input *in, const char *bytes, enum input_key key, unsigned mods)
{
	struct input_sequence *s;
	size_t len = strlen(bytes);

	/* a single byte means what it means everywhere */
	if (len < 2 || len > sizeof(s->bytes))
		return;
	heap_grow(&in->sequences, &in->cap_sequences, in->n_sequences + 1,
	    sizeof(*in->sequences));
	s = &in->sequences[in->n_sequences++];
	memset(s, 0, sizeof(*s));
	memcpy(s->bytes, bytes, len);
	s->len = (uint8_t)len;
	s->key = (uint8_t)key;
	s->mods = (uint8_t)mods;
}

void
input_feed(struct input *in, const void *data, size_t len, int64_t now_us)
{
	if (in->at > 0) {
		memmove(in->in, in->in + in->at, in->len - in->at);
		in->len -= in->at;
		in->at = 0;
	}
	heap_grow(&in->in, &in->cap, in->len + len, 1);
	memcpy(in->in + in->len, data, len);
	in->len += len;
	in->since_us = now_us;
	in->is_final = false;
}

int
input_timeout_ms(const struct input *in, int64_t now_us)
{
	int64_t ms, until;

	if (in->at == in->len || in->is_pasting || in->is_swallowing)
		return -1;
	ms = in->awaits_reply && in->esc_ms < REPLY_MS ? REPLY_MS : in->esc_ms;
	until = in->since_us + ms * 1000;
	return until <= now_us ? 0 : (int)((until - now_us + 999) / 1000);
}

void
input_expire(struct input *in, int64_t now_us)
{
	if (input_timeout_ms(in, now_us) == 0)
		in->is_final = true;
}

/* ---- what stands at the front ---- */

/* Sequences of this terminal. Returns the bytes of one that is there; 0 for
 * none; -1 when one has begun. */
static int
match_sequence(const struct input *in, const char *p, size_t len,
    struct input_event *event)
{
	bool has_begun = false;

	for (size_t i = 0; i < in->n_sequences; i++) {
		const struct input_sequence *s = &in->sequences[i];
		size_t n = len < s->len ? len : s->len;

		if (memcmp(p, s->bytes, n) != 0)
			continue;
		if (n < s->len) {
			has_begun = true;
			continue;
		}
		event->type = INPUT_KEY;
		event->code = s->key;
		event->mods = s->mods;
		return s->len;
	}
	return has_begun ? -1 : 0;
}

/* One byte that is no part of a sequence. */
static void
control_char(unsigned char byte, struct input_event *event)
{
	event->type = INPUT_KEY;
	switch (byte) {
	case '\r':
	case '\n':
		event->code = INPUT_ENTER;
		break;
	case '\t':
		event->code = INPUT_TAB;
		break;
	case '\b':
	case 0x7f:
		event->code = INPUT_BACKSPACE;
		break;
	case ESC:
		event->code = INPUT_ESC;
		break;
	default:
		event->type = INPUT_CHAR;
		event->mods = INPUT_CTRL;
		event->code = byte == 0 ? ' ' : (uint32_t)(byte | 0x40);
		if (event->code >= 'A' && event->code <= 'Z')
			event->code |= 0x20;
		break;
	}
}

/* A character of more than one byte. Returns its bytes; -1: it goes on. What
 * is none is U+FFFD, a byte at a time. */
static int
take_utf8(const unsigned char *p, size_t len, struct input_event *event)
{
	size_t need = p[0] >= 0xf0 ? 4 : p[0] >= 0xe0 ? 3 : 2, have = 1;
	size_t n = utf8_take((const char *)p, len, &event->code);

	event->type = INPUT_CHAR;
	if (n > 0)
		return (int)n;
	while (have < len && have < need && (p[have] & 0xc0) == 0x80)
		have++;
	if (p[0] >= 0xc2 && p[0] <= 0xf4 && have == len && have < need)
		return -1;
	event->code = 0xfffd;
	return 1;
}

static int
take_char(const unsigned char *p, size_t len, struct input_event *event)
{
	if (p[0] >= 0x80)
		return take_utf8(p, len, event);
	if (p[0] < 0x20 || p[0] == 0x7f) {
		control_char(p[0], event);
	} else {
		event->type = INPUT_CHAR;
		event->code = p[0];
	}
	return 1;
}

/* What follows an ESC. Returns the bytes taken; -1: it goes on. */
static int
take_escape(struct input *in, const unsigned char *p, size_t len,
    struct input_event *event)
{
	int n = match_sequence(in, (const char *)p, len, event);

	if (n > 0)
		return n;
	if (len == 1 || (n < 0 && !in->is_final))
		return -1;
	switch (p[1]) {
	case '[':
	case 'O':
		return csi_take(p, len, event);
	case ']':
	case 'P':
	case '_':
	case '^':
	case 'X':
		return csi_take_string(p, len, event);
	case ESC:
		control_char(ESC, event);
		return 1;
	default:
		n = take_char(p + 1, len - 1, event);
		event->mods |= INPUT_ALT;
		return n < 0 ? n : n + 1;
	}
}

/* Takes what is pasted, up to its end. Returns whether that came. */
static bool
take_paste(struct input *in, struct input_event *event)
{
	const char *p = in->in + in->at;
	size_t len = in->len - in->at;
	const char *end = memmem(p, len, PASTE_END, PASTE_END_LEN);
	size_t n = end != NULL            ? (size_t)(end - p)
		   : len >= PASTE_END_LEN ? len - (PASTE_END_LEN - 1)
					  : 0;
	size_t room = INPUT_PASTE_MAX - in->paste_len;
	size_t kept = n < room ? n : room;

	in->is_cut |= kept < n;
	heap_grow(&in->paste, &in->paste_cap, in->paste_len + kept + 1, 1);
	memcpy(in->paste + in->paste_len, p, kept);
	in->paste_len += kept;
	in->at += n;
	if (end == NULL)
		return false;
	in->at += PASTE_END_LEN;
	in->is_pasting = false;
	*event = (struct input_event){.type = INPUT_PASTE,
	    .data = in->paste,
	    .len = in->paste_len,
	    .is_cut = in->is_cut};
	return true;
}

/* The end of a string that was too long. */
static void
swallow(struct input *in)
{
	for (; in->at < in->len; in->at++) {
		unsigned char byte = (unsigned char)in->in[in->at];

		if (byte != '\a' && byte != ESC && byte != 0x18)
			continue;
		in->is_swallowing = false;
		if (byte == ESC && in->at + 1 < in->len &&
		    in->in[in->at + 1] == '\\')
			in->at++;
		in->at++;
		return;
	}
}

/* What was begun and does not go on: a lone ESC is a key, ESC and a [ are a
 * key with Alt, the rest is nothing. */
static int
give_up(const unsigned char *p, size_t len, struct input_event *event)
{
	if (p[0] != ESC) {
		event->type = INPUT_CHAR;
		event->code = 0xfffd;
		return (int)len;
	}
	if (len <= 2) {
		if (len == 1)
			control_char(ESC, event);
		else
			(void)take_char(p + 1, 1, event);
		event->mods |= len == 2 ? INPUT_ALT : 0;
		return (int)len;
	}
	return -(int)len;
}

/* Returns the bytes of an event at the front, negative when they are none,
 * 0 when it goes on. */
static int
take(struct input *in, struct input_event *event)
{
	const unsigned char *p = (const unsigned char *)in->in + in->at;
	size_t len = in->len - in->at;
	int n;

	memset(event, 0, sizeof(*event));
	n = p[0] == ESC ? take_escape(in, p, len, event)
			: take_char(p, len, event);
	if (n > 0)
		return event->type == INPUT_KEY && event->code == 0 ? -n : n;
	if (in->is_final)
		return give_up(p, len, event);
	if (len < INPUT_SEQUENCE_MAX)
		return 0;
	in->is_swallowing = true;
	return -(int)len;
}

bool
input_next(struct input *in, struct input_event *event)
{
	while (in->at < in->len) {
		int n;

		if (in->is_pasting) {
			if (take_paste(in, event))
				return true;
			return false;
		}
		if (in->is_swallowing) {
			swallow(in);
			continue;
		}
		n = take(in, event);
		if (n == 0)
			return false;
		in->at += (size_t)(n < 0 ? -n : n);
		if (n > 0 && event->type == INPUT_PASTE) {
			in->is_pasting = true;
			in->is_cut = false;
			in->paste_len = 0;
		} else if (n > 0) {
			return true;
		}
	}
	return false;
}
