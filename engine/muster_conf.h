/*
 * muster_conf.h -- configuration files as plain data.
 *
 * Room: engine.  May touch: muster.h, which includes it; nobody else does.
 * The syntax is that of ssh_config(5): a keyword and its words a line, with
 * quotes and comments. What keywords there are is the caller's to know.
 */
#ifndef MUSTER_MUSTER_CONF_H
#define MUSTER_MUSTER_CONF_H

#ifdef __cplusplus
extern "C" {
#endif

struct muster_conf_word {
	const char *text; /* without its quotes */
	unsigned column;  /* in bytes, from 1 */
};

struct muster_conf_line {
	const char *keyword; /* in lower case */
	unsigned line;       /* from 1 */
	unsigned column;     /* of the keyword */
	const struct muster_conf_word *words;
	size_t n_words; /* at least 1 */
};

/* The lines of a file that are neither blank nor comments, in order. */
struct muster_conf {
	const char *file; /* its path; NULL: nothing was read */
	const struct muster_conf_line *lines;
	size_t n_lines;
	void *owned; /* the engine's; all of it lives there */
};

/* Reads the file at `path` into *out, which muster_conf_clear() frees.
 * Returns 1; 0 when there is no such file; -1: MUSTER_ERR_FILE with
 * file:line:column where the text is wrong, and for a file that is not
 * regular, over 1 MiB, another user's (but root's), or that others may write.
 */
int muster_conf_read(
    const char *path, struct muster_conf *out, struct muster_error *err);

/* Frees what *conf owns and makes it empty. */
void muster_conf_clear(struct muster_conf *conf);

/* The index of the name that `name` may have been meant for, a few edits
 * away; MUSTER_NOWHERE when none of the `n` is near. */
size_t muster_nearest(const char *name, const char *const *names, size_t n);

#ifdef __cplusplus
}
#endif

#endif
