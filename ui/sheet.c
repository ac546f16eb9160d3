/*
 * sheet.c -- lines for a box, put together one by one.
 *
 * Room: ui.  May touch: box.h.
 */
#include "config.h"

#include "ui/sheet.h"
#include "ui/view.h"

#include <stdarg.h>
#include <stdio.h>

void
sheet_reset(struct sheet *s)
{
	s->n = 0;
}

void
sheet_add(struct sheet *s, const char *fmt, ...)
{
	va_list args;

	if (s->n == SHEET_LINES)
		return;
	va_start(args, fmt);
	(void)vsnprintf(s->text[s->n], SHEET_TEXT, fmt, args);
	va_end(args);
	s->lines[s->n] = s->text[s->n];
	s->n++;
}

struct view_box
sheet_box(const struct sheet *s, const char *title)
{
	return (struct view_box){.title = title,
	    .lines = s->lines,
	    .n_lines = s->n,
	    .chosen = MUSTER_NOWHERE};
}
