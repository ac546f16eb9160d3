/*
 * terminfo.c -- what terminfo(5) says about this terminal.
 *
 * Room: ui.  May touch: input.h, muster.h, libncursesw.
 */
#include "config.h"

#include "ui/terminfo.h"

#include <stdio.h>
#include <string.h>
#include <curses.h>
#include <term.h>

/* Curses wants to write to what it is handed, and does not. */
static char *
loose(const char *name)
{
	union {
		const char *from;
		char *to;
	} u = {.from = name};

	return u.to;
}

const char *
terminfo_string(const char *name)
{
	const char *s = tigetstr(loose(name));

	return s == NULL || s == (const char *)-1 ? "" : s;
}

static int
refuse(struct muster_error *err, const char *fmt, const char *what)
{
	if (err == NULL)
		return -1;
	err->code = MUSTER_ERR_SYSTEM;
	err->at = MUSTER_NOWHERE;
	(void)snprintf(err->text, sizeof(err->text), "the terminal '%.100s' %s",
	    what, fmt);
	return -1;
}

int
terminfo_check(const char *term, int fd, struct muster_error *err)
{
	bool can;
	int rc;

	if (term == NULL || *term == '\0')
		return refuse(err, "is not named: set TERM", "");
	if (strcmp(term, "dumb") == 0)
		return refuse(err, "cannot move its cursor", term);
	if (setupterm(loose(term), fd, &rc) == ERR)
		return refuse(
		    err, "is unknown here: try TERM=xterm-256color", term);
	can = *terminfo_string("cup") != '\0' &&
	      *terminfo_string("clear") != '\0';
	(void)del_curterm(cur_term);
	return can ? 0 : refuse(err, "cannot move its cursor", term);
}

bool
terminfo_is_xterm(void)
{
	return tigetflag(loose("XT")) > 0 || *terminfo_string("XM") != '\0' ||
	       *terminfo_string("BE") != '\0';
}

void
terminfo_add_keys(struct input *in)
{
	static const struct {
		char name[8];
		uint8_t key;
		uint8_t mods;
	} keys[] = {
	    {"kcuu1", INPUT_UP, 0},
	    {"kcud1", INPUT_DOWN, 0},
	    {"kcub1", INPUT_LEFT, 0},
	    {"kcuf1", INPUT_RIGHT, 0},
	    {"khome", INPUT_HOME, 0},
	    {"kend", INPUT_END, 0},
	    {"kich1", INPUT_INSERT, 0},
	    {"kdch1", INPUT_DELETE, 0},
	    {"kpp", INPUT_PAGE_UP, 0},
	    {"knp", INPUT_PAGE_DOWN, 0},
	    {"kcbt", INPUT_TAB, INPUT_SHIFT},
	    {"kent", INPUT_ENTER, 0},
	    {"kLFT", INPUT_LEFT, INPUT_SHIFT},
	    {"kRIT", INPUT_RIGHT, INPUT_SHIFT},
	};
	char name[8];

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		input_add_sequence(in, terminfo_string(keys[i].name),
		    keys[i].key, keys[i].mods);
	for (unsigned i = 0; i < 12; i++) {
		(void)snprintf(name, sizeof(name), "kf%u", i + 1);
		input_add_sequence(in, terminfo_string(name), INPUT_F1 + i, 0);
	}
}
