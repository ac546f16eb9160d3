/*
 * zoom.h -- one host looked at: what of its lines is seen, and searched.
 *
 * Room: ui.  May touch: muster.h.
 * Lines have numbers from 0, as the engine counts them; those that it did not
 * keep are passed over.
 */
#ifndef MUSTER_UI_ZOOM_H
#define MUSTER_UI_ZOOM_H

#include "muster.h"

struct model;

struct view_zoom {
	size_t host;
	bool is_following; /* stays at the end */
	uint64_t top;      /* number of the first line, when not following */
	uint64_t seen;     /* lines there were when following ended */
	size_t skip;       /* columns to the left of the screen */
	bool wraps, has_times, only_stderr;

	char search[128];   /* "" for none */
	uint32_t search_no; /* another one for each text; 0: none yet */
	bool only_matches;
	uint64_t match;    /* the line with the current one; UINT64_MAX: none */
	uint64_t *matches; /* owned; lines that match, ascending */
	size_t n_matches;
	uint32_t matches_no;      /* search_no that they are for, */
	uint32_t matches_version; /* of a host that was at that version */
	int jump;    /* 1, -1: to the next one, the one before, when known */
	size_t hops; /* hosts that may be looked at besides */

	uint64_t copy_from; /* lines chosen to be copied, in either order; */
	uint64_t copy_to;   /* UINT64_MAX: none is */
};

void zoom_clear(struct view_zoom *z);

/* Looks at another host, from its end; what is searched stays. */
void zoom_set_host(struct view_zoom *z, size_t host);

/* Searches for a text; "": no more. */
void zoom_set_search(struct view_zoom *z, const char *text);

/* Whether the matches must be looked for (again). */
bool zoom_wants_matches(const struct view_zoom *z, const struct model *m);

/* Takes them, and jumps if that was asked for. Returns what came of it. */
enum zoom_found {
	ZOOM_NOTHING, /* no jump was asked for */
	ZOOM_FOUND,
	ZOOM_WRAPPED, /* round the end */
	ZOOM_NONE,    /* in this host */
};
enum zoom_found zoom_take_matches(struct view_zoom *z, const struct model *m,
    const struct muster_snapshot *snapshot, int rows);

/* Goes to the next match (1) or the one before (-1) among those known. */
enum zoom_found zoom_jump(
    struct view_zoom *z, const struct model *m, int step, int rows);

/* Which of the matches is the current one, from 1; 0: none. */
size_t zoom_match_at(const struct view_zoom *z);

/* Scrolls by so many rows (of lines, or of matching lines); a large number
 * goes to an end. */
void zoom_scroll(
    struct view_zoom *z, const struct model *m, long delta, int rows);

/* Whether a line is chosen to be copied. */
bool zoom_is_chosen(const struct view_zoom *z, uint64_t no);

#endif
