/*
 * dialog.c -- a question that must be answered before anything is done.
 *
 * Room: ui.  May touch: sheet.h, input.h.
 */
#include "config.h"

#include "ui/dialog.h"
#include "ui/view.h"

#include <stdio.h>
#include <string.h>

void
dialog_open(struct dialog *d, const char *title)
{
	memset(d, 0, sizeof(*d));
	d->is_open = true;
	d->title = title;
}

void
dialog_close(struct dialog *d)
{
	d->is_open = false;
}

void
dialog_ask_hosts(struct dialog *d, size_t n_hosts)
{
	if (n_hosts <= DIALOG_TYPED)
		dialog_ask_keys(d, "y", "y: do it      any other key: no");
	else
		d->n_hosts = n_hosts;
}

void
dialog_ask_keys(struct dialog *d, const char *keys, const char *line)
{
	(void)snprintf(d->keys, sizeof(d->keys), "%s", keys);
	sheet_add(&d->sheet, " ");
	sheet_add(&d->sheet, "%s", line);
}

const struct view_box *
dialog_box(struct dialog *d)
{
	d->box = sheet_box(&d->sheet, d->title);
	d->box.is_heavy = true;
	if (d->keys[0] == '\0') {
		d->box.label = d->was_wrong
				   ? "It is another number of hosts: "
				   : "Type the number of hosts to go on: ";
		d->box.input = d->typed;
		d->box.cursor = strlen(d->typed);
		d->box.keys = "Esc: no";
	}
	return &d->box;
}

static int
end(struct dialog *d, int answer)
{
	dialog_close(d);
	return answer;
}

static bool
is_right(const struct dialog *d)
{
	char number[24];

	(void)snprintf(number, sizeof(number), "%zu", d->n_hosts);
	return strcmp(d->typed, number) == 0;
}

static int
take_number(struct dialog *d, const struct input_event *event)
{
	size_t len = strlen(d->typed);

	if (event->type == INPUT_KEY && event->code == INPUT_ENTER) {
		if (is_right(d))
			return end(d, 'y');
		d->was_wrong = true;
		d->typed[0] = '\0';
	} else if (event->type == INPUT_KEY && event->code == INPUT_ESC) {
		return end(d, -1);
	} else if (event->type == INPUT_KEY && event->code == INPUT_BACKSPACE) {
		if (len > 0)
			d->typed[len - 1] = '\0';
	} else if (event->type == INPUT_CHAR && event->mods == 0 &&
		   event->code >= '0' && event->code <= '9' &&
		   len + 1 < sizeof(d->typed)) {
		d->typed[len] = (char)event->code;
		d->was_wrong = false;
	} else if (event->type == INPUT_CHAR) {
		return end(d, -1);
	}
	return 0;
}

int
dialog_take(struct dialog *d, const struct input_event *event)
{
	if (event->type != INPUT_CHAR && event->type != INPUT_KEY)
		return 0;
	if (d->keys[0] == '\0')
		return take_number(d, event);
	if (event->type == INPUT_CHAR && event->mods == 0 &&
	    event->code < 0x80 && strchr(d->keys, (int)event->code) != NULL &&
	    event->code != 0)
		return end(d, (int)event->code);
	return end(d, -1);
}
