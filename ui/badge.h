/*
 * badge.h -- the states of a host as people tell them apart, one sign each.
 *
 * Room: ui.  May touch: muster.h.
 * Signs are one column wide everywhere (no ambiguous width, no emoji), and
 * always stand beside a word or mean the same without colour.
 */
#ifndef MUSTER_UI_BADGE_H
#define MUSTER_UI_BADGE_H

#include "muster.h"

/* The worst first. */
enum badge {
	BADGE_HOSTKEY,
	BADGE_FAILED,
	BADGE_SIGNAL,
	BADGE_LOST,
	BADGE_TIMEOUT,
	BADGE_AUTH,
	BADGE_UNREACHABLE,
	BADGE_INPUT,
	BADGE_QUIET,
	BADGE_RETRY,
	BADGE_RUNNING,
	BADGE_SENDING,
	BADGE_RECEIVING,
	BADGE_CONNECTING,
	BADGE_HELD,
	BADGE_QUEUED,
	BADGE_CANCELLED,
	BADGE_SKIPPED,
	BADGE_OK,
	BADGE_N
};

struct badge_row {
	const char *sign, *ascii;         /* in lists and titles */
	const char *map_sign, *map_ascii; /* in maps */
	const char *word;
	unsigned class;    /* enum cell_class of cells.h */
	unsigned severity; /* 0: the worst */
	bool is_end;       /* nothing more will come */
};

/* The row of a badge; constant. */
const struct badge_row *badge_row(enum badge badge);

/* Signs for a screen with or without more than ASCII. */
const char *badge_sign(enum badge badge, bool ascii);
const char *badge_map_sign(enum badge badge, bool ascii);

/* What the engine says of a host. */
enum badge badge_of_state(enum muster_state state);
enum badge badge_of_result(const struct muster_result *result);

#endif
