/*
 * keymap.h -- the one table of keys: what each does, and its help.
 *
 * Room: ui.  May touch: input.h.
 * Keys have names: "j", "Ctrl-d", "PgDn", "Shift-Tab", "Alt-1", "Space".
 */
#ifndef MUSTER_UI_KEYMAP_H
#define MUSTER_UI_KEYMAP_H

#include "ui/input.h"

enum action {
	ACTION_NONE,
	/* looking */
	ACTION_UP,
	ACTION_DOWN,
	ACTION_LEFT,
	ACTION_RIGHT,
	ACTION_PAGE_UP,
	ACTION_PAGE_DOWN,
	ACTION_HALF_UP,
	ACTION_HALF_DOWN,
	ACTION_FIRST,
	ACTION_LAST,
	ACTION_NEXT,
	ACTION_PREVIOUS,
	ACTION_NEXT_HOST,
	ACTION_PREVIOUS_HOST,
	ACTION_NEXT_TROUBLE,
	ACTION_PREVIOUS_TROUBLE,
	ACTION_PANE_1,
	ACTION_PANE_9 = ACTION_PANE_1 + 8,
	ACTION_ENTER,
	ACTION_BACK,
	ACTION_AUTO,
	ACTION_GRID, /* in the order of enum view_kind */
	ACTION_TILES,
	ACTION_LIST,
	ACTION_GROUPS,
	ACTION_MAP,
	ACTION_DIFF_VIEW,
	ACTION_ROLLOUT,
	ACTION_MATCH_NEXT,
	ACTION_MATCH_PREVIOUS,
	ACTION_QUICK,
	ACTION_MARK,
	ACTION_MARK_LIKE,
	ACTION_RANGE,
	ACTION_UNMARK,
	ACTION_SORT,
	ACTION_SORT_PREVIOUS,
	ACTION_SORT_NEXT,
	ACTION_ORDER,
	ACTION_WRAP, /* what is on or off */
	ACTION_TIMES,
	ACTION_STDERR,
	ACTION_FOLLOW_TROUBLE,
	ACTION_COLLAPSE,
	ACTION_ONLY_MATCHES,
	ACTION_DIFF,
	ACTION_DIFF_MARKED,
	ACTION_UNIFIED, /* in a difference */
	ACTION_UNFOLD,
	ACTION_SWAP,
	ACTION_MASK,
	ACTION_HELP,
	ACTION_UNFILTER,
	ACTION_FOLLOW,
	ACTION_SEARCH,
	ACTION_COMMAND,
	ACTION_COPY,
	ACTION_COPY_ALL,
	ACTION_REDRAW,
	ACTION_SHELL_OUT,
	/* steering */
	ACTION_SEND,
	ACTION_ANSWER,
	ACTION_PROMOTE,
	ACTION_PAUSE,
	ACTION_FANOUT_UP,
	ACTION_FANOUT_DOWN,
	ACTION_RETRY,
	ACTION_KILL,
	ACTION_ABORT,
	ACTION_STOP,
	ACTION_QUIT,
	ACTION_N
};

struct keymap_row {
	const char *key;
	enum action action;
	const char *help; /* a few words; NULL: as the row before */
};

/* The whole table, in the order of the help. */
const struct keymap_row *keymap_all(size_t *n);

#define KEYMAP_NAME 24

/* The name of a key; false for what is none (a paste, the mouse). */
bool keymap_name(const struct input_event *event, char name[KEYMAP_NAME]);

/* What a key does. */
enum action keymap_find(const struct input_event *event);

/* The first key of an action, "" for none. */
const char *keymap_key(enum action action);

#endif
