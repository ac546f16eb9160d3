/*
 * keymap.c -- the one table of keys: what each does, and its help.
 *
 * Room: ui.  May touch: input.h, utf8.h.
 * What starts, stops or repeats work is a capital letter; all else looks, or
 * opens something that asks first.
 */
#include "config.h"

#include "ui/keymap.h"
#include "ui/utf8.h"

#include <stdio.h>
#include <string.h>

/* clang-format off */
static const struct keymap_row rows[] = {
	{"j", ACTION_DOWN, "move"},
	{"k", ACTION_UP, NULL},
	{"h", ACTION_LEFT, NULL},
	{"l", ACTION_RIGHT, NULL},
	{"Down", ACTION_DOWN, NULL},
	{"Up", ACTION_UP, NULL},
	{"Left", ACTION_LEFT, NULL},
	{"Right", ACTION_RIGHT, NULL},
	{"g", ACTION_FIRST, "first"},
	{"Home", ACTION_FIRST, NULL},
	{"G", ACTION_LAST, "last"},
	{"End", ACTION_LAST, NULL},
	{"Ctrl-d", ACTION_HALF_DOWN, "half a page down"},
	{"Ctrl-u", ACTION_HALF_UP, "half a page up"},
	{"PgDn", ACTION_PAGE_DOWN, "a page down"},
	{"Ctrl-f", ACTION_PAGE_DOWN, NULL},
	{"PgUp", ACTION_PAGE_UP, "a page up"},
	{"Ctrl-b", ACTION_PAGE_UP, NULL},
	{"Tab", ACTION_NEXT, "next pane"},
	{"Shift-Tab", ACTION_PREVIOUS, "pane before"},
	{"Alt-1", ACTION_PANE_1, "first pane, and so on to Alt-9"},
	{"Alt-2", ACTION_PANE_1 + 1, NULL},
	{"Alt-3", ACTION_PANE_1 + 2, NULL},
	{"Alt-4", ACTION_PANE_1 + 3, NULL},
	{"Alt-5", ACTION_PANE_1 + 4, NULL},
	{"Alt-6", ACTION_PANE_1 + 5, NULL},
	{"Alt-7", ACTION_PANE_1 + 6, NULL},
	{"Alt-8", ACTION_PANE_1 + 7, NULL},
	{"Alt-9", ACTION_PANE_9, NULL},
	{"Enter", ACTION_ENTER, "look at one host, the hosts of a group"},
	{"Esc", ACTION_BACK, "one step back"},
	{"]", ACTION_NEXT_HOST, "next host"},
	{"[", ACTION_PREVIOUS_HOST, "host before"},
	{"}", ACTION_NEXT_TROUBLE, "next host in trouble"},
	{"{", ACTION_PREVIOUS_TROUBLE, "host in trouble before"},
	{"0", ACTION_AUTO, "the view that fits"},
	{"1", ACTION_GRID, "grid of panes"},
	{"2", ACTION_TILES, "tiles"},
	{"3", ACTION_LIST, "list"},
	{"4", ACTION_GROUPS, "groups of equal output"},
	{"5", ACTION_MAP, "map: a cell a host"},
	{"6", ACTION_DIFF_VIEW, "difference"},
	{"7", ACTION_ROLLOUT, "rollout: its waves"},
	{"/", ACTION_SEARCH, "filter hosts; search in one host's lines"},
	{"F3", ACTION_SEARCH, NULL},
	{"F4", ACTION_SEARCH, NULL},
	{"n", ACTION_MATCH_NEXT,
	    "next match, then in other hosts; next change"},
	{"N", ACTION_MATCH_PREVIOUS, "match before; change before"},
	{"&", ACTION_ONLY_MATCHES, "only lines that match"},
	{"f", ACTION_QUICK, "all, trouble, running, attention, new"},
	{"\\", ACTION_UNFILTER, "no filter"},
	{"Space", ACTION_MARK, "mark"},
	{"v", ACTION_RANGE, "mark a range; in one host: choose lines to copy"},
	{"*", ACTION_MARK_LIKE, "mark all that ended like this one"},
	{"U", ACTION_UNMARK, "no marks"},
	{"S", ACTION_SORT, "sort"},
	{"F6", ACTION_SORT, NULL},
	{">", ACTION_SORT_NEXT, "sort by the next column"},
	{"<", ACTION_SORT_PREVIOUS, "sort by the column before"},
	{"o", ACTION_ORDER, "order of the map"},
	{"F", ACTION_FOLLOW, "follow the end of the output"},
	{"w", ACTION_WRAP, "wrap long lines"},
	{"t", ACTION_TIMES, "times"},
	{"e", ACTION_STDERR, "standard error only"},
	{"A", ACTION_FOLLOW_TROUBLE, "bring new trouble to the front"},
	{"c", ACTION_COLLAPSE, "fold panes that ended well"},
	{"d", ACTION_DIFF, "difference from the largest group"},
	{"D", ACTION_DIFF_MARKED, "difference of the two marked"},
	{"u", ACTION_UNIFIED, "a difference side by side, or not"},
	{"z", ACTION_UNFOLD, "equal lines of a difference, or not"},
	{"x", ACTION_SWAP, "a difference the other way round"},
	{"M", ACTION_MASK, "leave numbers and names out of groups"},
	{"y", ACTION_COPY, "copy lines, or the hosts' names"},
	{"Y", ACTION_COPY_ALL, "copy all output of the host"},
	{"i", ACTION_SEND, "send a line to the command of one host"},
	{"a", ACTION_ANSWER, "answer questions that were put off"},
	{"p", ACTION_PAUSE, "pause: begin no more hosts; go on"},
	{"P", ACTION_PROMOTE, "rollout: begin the next wave now"},
	{"+", ACTION_FANOUT_UP, "more hosts at once"},
	{"-", ACTION_FANOUT_DOWN, "fewer hosts at once"},
	{"R", ACTION_RETRY, "run again where it failed (asks)"},
	{"K", ACTION_KILL, "stop commands that run (asks)"},
	{"F9", ACTION_KILL, NULL},
	{"X", ACTION_ABORT, "skip what has not begun, stop a rollout (asks)"},
	{":", ACTION_COMMAND, "a command"},
	{"?", ACTION_HELP, "this help"},
	{"F1", ACTION_HELP, NULL},
	{"Ctrl-l", ACTION_REDRAW, "draw all anew"},
	{"Ctrl-z", ACTION_SHELL_OUT, "a shell; the run goes on"},
	{"Ctrl-c", ACTION_STOP, "stop (asks)"},
	{"q", ACTION_QUIT, "leave (asks while hosts are at work)"},
	{"F10", ACTION_QUIT, NULL},
};
/* clang-format on */

#define N_ROWS (sizeof(rows) / sizeof(rows[0]))

const struct keymap_row *
keymap_all(size_t *n)
{
	*n = N_ROWS;
	return rows;
}

static void
char_name(uint32_t c, char name[8])
{
	if (c == ' ')
		(void)snprintf(name, 8, "Space");
	else
		name[utf8_put(name, c)] = '\0';
}

static bool
key_name(uint32_t key, char name[8])
{
	static const char names[][8] = {
	    [INPUT_ENTER] = "Enter",
	    [INPUT_TAB] = "Tab",
	    [INPUT_ESC] = "Esc",
	    [INPUT_BACKSPACE] = "BkSp",
	    [INPUT_UP] = "Up",
	    [INPUT_DOWN] = "Down",
	    [INPUT_LEFT] = "Left",
	    [INPUT_RIGHT] = "Right",
	    [INPUT_HOME] = "Home",
	    [INPUT_END] = "End",
	    [INPUT_INSERT] = "Ins",
	    [INPUT_DELETE] = "Del",
	    [INPUT_PAGE_UP] = "PgUp",
	    [INPUT_PAGE_DOWN] = "PgDn",
	};

	if (key >= INPUT_F1 && key <= INPUT_F12)
		(void)snprintf(name, 8, "F%u", key - INPUT_F1 + 1);
	else if (key > 0 && key < sizeof(names) / sizeof(names[0]))
		(void)snprintf(name, 8, "%s", names[key]);
	else
		return false;
	return true;
}

bool
keymap_name(const struct input_event *event, char name[KEYMAP_NAME])
{
	char base[8] = "";

	if (event->type == INPUT_CHAR)
		char_name(event->code, base);
	else if (event->type != INPUT_KEY || !key_name(event->code, base))
		return false;
	(void)snprintf(name, KEYMAP_NAME, "%s%s%s%s",
	    (event->mods & INPUT_CTRL) != 0 ? "Ctrl-" : "",
	    (event->mods & INPUT_ALT) != 0 ? "Alt-" : "",
	    (event->mods & INPUT_SHIFT) != 0 ? "Shift-" : "", base);
	return true;
}

enum action
keymap_find(const struct input_event *event)
{
	char name[KEYMAP_NAME];

	if (!keymap_name(event, name))
		return ACTION_NONE;
	for (size_t i = 0; i < N_ROWS; i++) {
		if (strcmp(rows[i].key, name) == 0)
			return rows[i].action;
	}
	return ACTION_NONE;
}

const char *
keymap_key(enum action action)
{
	for (size_t i = 0; i < N_ROWS; i++) {
		if (rows[i].action == action)
			return rows[i].key;
	}
	return "";
}
