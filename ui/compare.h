/*
 * compare.h -- what two hosts printed, side by side: the rows of a difference.
 *
 * Room: ui.  May touch: muster.h.
 */
#ifndef MUSTER_UI_COMPARE_H
#define MUSTER_UI_COMPARE_H

#include "muster.h"

struct shown;

enum compare_kind {
	COMPARE_SAME,
	COMPARE_CHANGED, /* a line of each; side by side only */
	COMPARE_REMOVED, /* of a */
	COMPARE_ADDED,   /* of b */
	COMPARE_FOLD,    /* n equal lines */
};

struct compare_row {
	enum compare_kind kind;
	size_t a, b; /* indexes of lines */
	size_t n;    /* FOLD */
};

/* How it is to be seen. */
struct compare_how {
	bool is_unified;  /* one below the other */
	bool is_unfolded; /* all lines that are equal too */
	bool is_masked;   /* numbers make no difference */
};

struct compare {
	struct compare_row *rows; /* owned */
	size_t n, cap;
	size_t n_removed, n_added;
	bool is_rough;
	/* What it was made of. */
	size_t host_a, host_b;
	uint32_t no_a, no_b; /* of the lines shown; 0: none yet */
	struct compare_how how;
};

/* Makes the rows anew. */
void compare_make(struct compare *c, const struct shown *a,
    const struct shown *b, struct compare_how how);
void compare_clear(struct compare *c);

/* The row where the next change after `row` begins (step 1), or the one before
 * (step -1); c->n: there is none. */
size_t compare_seek(const struct compare *c, size_t row, int step);

#endif
