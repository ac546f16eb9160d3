/*
 * history.h -- what a person typed in earlier sessions.
 *
 * Room: src.  May touch: muster.h, files.
 * A line a command in $XDG_STATE_HOME/muster/history, which its owner alone
 * may read. Sessions at the same time add to one file.
 */
#ifndef MUSTER_SRC_HISTORY_H
#define MUSTER_SRC_HISTORY_H

/* Lines that are kept; up to twice as many are in the file. */
#define HISTORY_LINES 1000

struct history_file;

/* Opens it and gives its latest lines to take(arg), the oldest first. NULL,
 * having said why, when nothing can be kept. */
struct history_file *history_open(
    void (*take)(void *arg, const char *line), void *arg);
void history_free(struct history_file *h); /* NULL is fine */

/* Adds a line. NULL is fine. */
void history_add(struct history_file *h, const char *line);

#endif
