/*
 * muster_compare.h -- texts compared, line by line.
 *
 * Room: engine.  May touch: muster.h, which includes it; nobody else does.
 */
#ifndef MUSTER_MUSTER_COMPARE_H
#define MUSTER_MUSTER_COMPARE_H

#ifdef __cplusplus
extern "C" {
#endif

enum muster_diff_kind {
	MUSTER_DIFF_SAME,    /* lines of both */
	MUSTER_DIFF_REMOVED, /* of a only */
	MUSTER_DIFF_ADDED,   /* of b only */
};

/* A run of lines. Where both texts change, what was removed comes first. */
struct muster_diff_run {
	enum muster_diff_kind kind;
	size_t a, b; /* the line it begins at in each text, from 0 */
	size_t n;
};

struct muster_diff {
	struct muster_diff_run *runs; /* owned */
	size_t n;
	size_t n_removed, n_added;
	/* The texts are too long, or differ too much, to look for the fewest
	 * lines: a run removed and a run added stand for what differs. */
	bool is_rough;
};

/* What turns the lines of text a into those of text b. A line ends with its
 * newline; a last line without one differs from one that has it. The caller
 * clears. */
struct muster_diff muster_diff_texts(
    const void *a, size_t len_a, const void *b, size_t len_b);

/* Frees the runs; the diff is empty after. */
void muster_diff_clear(struct muster_diff *d);

/* Writes a line without what differs from host to host anyway, as a string:
 * the name of `host` (NULL: none), whole or up to its first dot, becomes
 * "{host}", and each number "#". Returns its length; what does not fit is
 * left out. */
size_t muster_mask_line(
    char *dst, size_t size, const void *line, size_t len, const char *host);

#ifdef __cplusplus
}
#endif

#endif
