/*
 * edit.c -- one line of text that a person types and edits.
 *
 * Room: ui.  May touch: input.h, utf8.h, src/heap.h.
 */
#include "config.h"

#include "ui/edit.h"
#include "src/heap.h"
#include "ui/utf8.h"

#include <stdlib.h>
#include <string.h>

void
edit_clear(struct edit *l)
{
	for (size_t i = 0; i < l->n_history; i++)
		free(l->history[i]);
	memset(l, 0, sizeof(*l));
}

void
edit_set(struct edit *l, const char *text)
{
	size_t len = strlen(text);

	if (len >= EDIT_MAX_BYTES)
		len = 0;
	memcpy(l->text, text, len);
	l->text[len] = '\0';
	l->len = l->cursor = len;
	l->recalled = l->n_history;
}

void
edit_wipe(struct edit *l)
{
	explicit_bzero(l->text, sizeof(l->text));
	l->len = l->cursor = 0;
	l->recalled = l->n_history;
}

static size_t
before(const struct edit *l, size_t at)
{
	while (at > 0 && (l->text[--at] & 0xc0) == 0x80)
		;
	return at;
}

static size_t
after(const struct edit *l, size_t at)
{
	if (at < l->len)
		at++;
	while (at < l->len && (l->text[at] & 0xc0) == 0x80)
		at++;
	return at;
}

static size_t
word_before(const struct edit *l, size_t at)
{
	while (at > 0 && l->text[at - 1] == ' ')
		at--;
	while (at > 0 && l->text[at - 1] != ' ')
		at--;
	return at;
}

static void
cut(struct edit *l, size_t from, size_t to)
{
	memmove(l->text + from, l->text + to, l->len - to + 1);
	l->len -= to - from;
	l->cursor = from;
}

static void
insert(struct edit *l, const char *text, size_t len)
{
	if (l->len + len >= EDIT_MAX_BYTES)
		return;
	memmove(l->text + l->cursor + len, l->text + l->cursor,
	    l->len - l->cursor + 1);
	memcpy(l->text + l->cursor, text, len);
	l->len += len;
	l->cursor += len;
}

static enum edit_did
recall(struct edit *l, int step)
{
	size_t to = l->recalled;

	if (step < 0 && to > 0)
		to--;
	else if (step > 0 && to < l->n_history)
		to++;
	else
		return EDIT_NOTHING;
	edit_set(l, to < l->n_history ? l->history[to] : "");
	l->recalled = to;
	return EDIT_EDITED;
}

static enum edit_did
take_control(struct edit *l, uint32_t c)
{
	switch (c) {
	case 'a':
		l->cursor = 0;
		return EDIT_MOVED;
	case 'e':
		l->cursor = l->len;
		return EDIT_MOVED;
	case 'b':
		l->cursor = before(l, l->cursor);
		return EDIT_MOVED;
	case 'f':
		l->cursor = after(l, l->cursor);
		return EDIT_MOVED;
	case 'u':
		cut(l, 0, l->cursor);
		return EDIT_EDITED;
	case 'k':
		cut(l, l->cursor, l->len);
		return EDIT_EDITED;
	case 'w':
		cut(l, word_before(l, l->cursor), l->cursor);
		return EDIT_EDITED;
	case 'd':
		cut(l, l->cursor, after(l, l->cursor));
		return EDIT_EDITED;
	case 'c':
	case 'g':
		return EDIT_LEFT;
	default:
		return EDIT_NOTHING;
	}
}

static enum edit_did
take_key(struct edit *l, uint32_t key)
{
	switch (key) {
	case INPUT_ENTER:
		return EDIT_DONE;
	case INPUT_ESC:
		return EDIT_LEFT;
	case INPUT_BACKSPACE:
		if (l->len == 0)
			return EDIT_LEFT;
		cut(l, before(l, l->cursor), l->cursor);
		return EDIT_EDITED;
	case INPUT_DELETE:
		cut(l, l->cursor, after(l, l->cursor));
		return EDIT_EDITED;
	case INPUT_LEFT:
		l->cursor = before(l, l->cursor);
		return EDIT_MOVED;
	case INPUT_RIGHT:
		l->cursor = after(l, l->cursor);
		return EDIT_MOVED;
	case INPUT_HOME:
		l->cursor = 0;
		return EDIT_MOVED;
	case INPUT_END:
		l->cursor = l->len;
		return EDIT_MOVED;
	case INPUT_UP:
		return recall(l, -1);
	case INPUT_DOWN:
		return recall(l, 1);
	default:
		return EDIT_NOTHING;
	}
}

/* The first line of what is pasted; control characters are left out. */
static enum edit_did
take_paste(struct edit *l, const char *data, size_t len)
{
	for (size_t i = 0; i < len && data[i] != '\n' && data[i] != '\r'; i++) {
		if ((unsigned char)data[i] >= 0x20 && data[i] != 0x7f)
			insert(l, &data[i], 1);
	}
	if (!utf8_is_valid(l->text, l->len))
		edit_set(l, "");
	return EDIT_EDITED;
}

enum edit_did
edit_take(struct edit *l, const struct input_event *event)
{
	char text[4];

	switch (event->type) {
	case INPUT_PASTE:
		return take_paste(l, event->data, event->len);
	case INPUT_KEY:
		return take_key(l, event->code);
	case INPUT_CHAR:
		if ((event->mods & INPUT_CTRL) != 0)
			return take_control(l, event->code);
		if ((event->mods & INPUT_ALT) != 0)
			return EDIT_NOTHING;
		insert(l, text, utf8_put(text, event->code));
		return EDIT_EDITED;
	default:
		return EDIT_NOTHING;
	}
}

void
edit_remember(struct edit *l)
{
	if (l->len == 0 ||
	    (l->n_history > 0 &&
		strcmp(l->history[l->n_history - 1], l->text) == 0))
		return;
	if (l->n_history == EDIT_HISTORY) {
		free(l->history[0]);
		memmove(l->history, l->history + 1,
		    (EDIT_HISTORY - 1) * sizeof(l->history[0]));
		l->n_history--;
	}
	l->history[l->n_history++] = heap_strdup(l->text);
}
