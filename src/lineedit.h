/*
 * lineedit.h -- lines that a person types, or that a script writes.
 *
 * Room: src.  May touch: libedit.
 */
#ifndef MUSTER_SRC_LINEEDIT_H
#define MUSTER_SRC_LINEEDIT_H

#include <stdbool.h>

struct lineedit;

/* Reads standard input: on a terminal with editing and a history, shown after
 * `prompt` (borrowed); otherwise plain lines. */
struct lineedit *lineedit_new(const char *prompt);
void lineedit_free(struct lineedit *l); /* NULL is fine */

/* Lines, or the beginning of one, that somebody else has read and that come
 * first now; `end`: ^D follows. */
void lineedit_push(struct lineedit *l, const char *typed, bool end);

enum lineedit_end {
	LINEEDIT_LINE,
	LINEEDIT_CANCELLED, /* ^C */
	LINEEDIT_EOF,
	LINEEDIT_FAILED, /* errno */
};

/* Waits for a line; *line, without its newline, lives until the next. */
enum lineedit_end lineedit_read(struct lineedit *l, const char **line);

#endif
