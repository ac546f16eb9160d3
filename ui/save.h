/*
 * save.h -- what the screen knows of hosts, into a file.
 *
 * Room: ui.  May touch: app.h.
 */
#ifndef MUSTER_UI_SAVE_H
#define MUSTER_UI_SAVE_H

#include <stdbool.h>
#include <stddef.h>

struct muster_error;
struct ui;

/* Writes the lines at hand of the marked hosts, or of those that are listed,
 * a header a host, into a new file, or an old one if `may_replace`. Sets
 * *n_lines. Returns 0, or -1: MUSTER_ERR_FILE. */
int save_lines(struct ui *ui, const char *file, bool may_replace,
    size_t *n_lines, struct muster_error *err);

/* Writes their names, a line each. */
int save_hosts(struct ui *ui, const char *file, bool may_replace,
    struct muster_error *err);

#endif
