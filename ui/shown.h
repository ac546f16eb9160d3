/*
 * shown.h -- lines of a host, copied out of an event to be kept.
 *
 * Room: ui.  May touch: muster.h.
 */
#ifndef MUSTER_UI_SHOWN_H
#define MUSTER_UI_SHOWN_H

#include "muster.h"

struct shown {
	uint64_t n_ever;    /* lines that the command has printed so far */
	uint64_t hole;      /* the first line not kept any more, */
	uint64_t n_dropped; /* and how many these are */
	uint32_t no;        /* another one for each copy */
	size_t n_lines;
	struct muster_shown_line *lines; /* owned, with all they point to */
};

/* Takes a copy in place of the one before; NULL: empties it. */
void shown_copy(struct shown *to, const struct muster_snapshot *from);
void shown_clear(struct shown *s);

/* The last line that is not blank, of stderr alone if asked for and there is
 * one; NULL for none. */
const struct muster_shown_line *shown_last(
    const struct shown *s, bool prefer_stderr);

#endif
