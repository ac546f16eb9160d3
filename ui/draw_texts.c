/*
 * draw_texts.c -- views of plain lines: help, information, messages.
 *
 * Room: ui.  May touch: draw.h, src/text.h.
 */
#include "config.h"

#include "ui/draw.h"
#include "src/text.h"

#include <stdio.h>
#include <string.h>

static void
draw_line(const struct draw *d, size_t i, const char *text)
{
	struct rect b = d->at.body;

	if (i >= d->v->text_top && i - d->v->text_top < (size_t)b.h)
		cells_puts(d->c, 2, b.y + (int)(i - d->v->text_top), b.w - 3,
		    text, DRAW_PLAIN);
}

static void
draw_messages(const struct draw *d)
{
	size_t n = d->m->n_messages;
	char time[DRAW_TIME];
	struct text t = {0};

	if (n == 0)
		draw_line(d, 0, "nothing was said so far");
	/* The newest first. */
	for (size_t i = 0; i < n; i++) {
		const struct model_message *msg = &d->m->messages[n - 1 - i];

		draw_time(time, msg->at_us - d->m->begun_us, false);
		text_drain(&t, t.len);
		text_addf(&t, "%7s  %s", time, msg->text);
		draw_line(d, i, text_str(&t));
	}
	text_clear(&t);
}

static void
draw_info(const struct draw *d)
{
	const struct model *m = d->m;
	struct text t = {0};
	size_t row = 0;

	text_addf(&t, "%s: %s", m->verb, m->arg);
	draw_line(d, row++, text_str(&t));
	text_drain(&t, t.len);
	text_addf(&t, "on %s, %zu hosts, %zu finished", m->target, m->n_hosts,
	    m->n_finished);
	draw_line(d, row++, text_str(&t));
	row++;
	for (int b = 0; b < BADGE_N; b++) {
		if (m->counts[b] == 0)
			continue;
		text_drain(&t, t.len);
		text_addf(&t, "%s %7zu  %s",
		    badge_sign((enum badge)b, d->ascii), m->counts[b],
		    badge_row((enum badge)b)->word);
		draw_line(d, row++, text_str(&t));
	}
	text_clear(&t);
}

void
draw_texts(const struct draw *d)
{
	if (d->kind == VIEW_MESSAGES)
		draw_messages(d);
	else if (d->kind == VIEW_INFO)
		draw_info(d);
	else
		for (size_t i = 0; i < d->v->n_help; i++)
			draw_line(d, i, d->v->help[i]);
}
