/*
 * draw.h -- what the drawing of all views shares.
 *
 * Room: ui.  May touch: view.h, model.h, cells.h.
 */
#ifndef MUSTER_UI_DRAW_H
#define MUSTER_UI_DRAW_H

#include "ui/cells.h"
#include "ui/view.h"

#define DRAW_PLAIN ((struct look){0})
#define DRAW_BOLD ((struct look){.flags = MUSTER_STYLE_BOLD})
#define DRAW_DIM ((struct look){.flags = MUSTER_STYLE_DIM})
#define DRAW_REVERSE ((struct look){.flags = MUSTER_STYLE_REVERSE})
#define DRAW_CLASS(c) ((struct look){.class = (uint8_t)(c)})

/* Where things are, by size: rows that are -1 are not there. */
struct draw_layout {
	struct rect body;
	int progress_y, message_y, footer_y;
	bool is_line; /* room for one line of counts only */
};

struct draw_layout draw_layout(int w, int h);

struct draw {
	const struct view *v;
	const struct model *m;
	struct cells *c;
	bool ascii;
	enum view_kind kind; /* never VIEW_AUTO */
	struct draw_layout at;
};

/* ---- the frame (draw_frame.c) ---- */

void draw_title(const struct draw *d);
void draw_progress(const struct draw *d);
void draw_message(const struct draw *d);
void draw_footer(const struct draw *d);
void draw_counts(const struct draw *d); /* the one line */

/* ---- views, each into d->at.body ---- */

void draw_grid(const struct draw *d);
void draw_tiles(const struct draw *d);
void draw_list(const struct draw *d);
void draw_groups(const struct draw *d);
void draw_map(const struct draw *d);
void draw_diff(const struct draw *d);
void draw_rollout(const struct draw *d);
void draw_zoom(const struct draw *d);
void draw_texts(const struct draw *d); /* help, info, messages */

/* ---- pieces (draw_parts.c) ---- */

/* A character of a rule, light or heavy; the gutter. */
const char *draw_rule_sign(bool ascii, bool heavy);
const char *draw_gutter_sign(bool ascii);

/* Fills row y with a rule that has a text in it, and one at its end. */
void draw_rule(const struct draw *d, int y, const char *text, const char *end);

/* A bar of `width` cells in brackets: how many of `total` are good, bad, at
 * work, and not begun. Returns the column behind it. */
int draw_bar(const struct draw *d, int x, int y, const size_t parts[4],
    size_t total, int width);

/* A number of microseconds as "1.2s", "20.0s", "12m02s"; coarse: "1s",
 * "12m". */
#define DRAW_TIME 24
void draw_time(char out[DRAW_TIME], int64_t us, bool coarse);

/* Bytes as "412 B", "31.0 KiB". */
void draw_bytes(char out[DRAW_TIME], uint64_t n);

/* 4611 as "4,611". */
void draw_count(char out[DRAW_TIME], uint64_t n);

/* What a host does or how it ended, in a few words: "exit 100", "no route",
 * "quiet 44s". */
#define DRAW_WORD 32
void draw_word(
    char out[DRAW_WORD], const struct model *m, const struct model_host *h);

/* The exit column: "100", "-", a signal's name; "" before the end. */
void draw_exit(char out[DRAW_WORD], const struct model_host *h);

/* The one line that says most about a host, at most `max` columns of it:
 * the last one that is not blank, or why it did not run. */
void draw_last(
    const struct draw *d, int x, int y, int max, const struct model_host *h);

/* The sign of a host in its class. */
void draw_badge(const struct draw *d, int x, int y, const struct model_host *h);

/* ---- shapes, shared by drawing and moving (shape.c) ---- */

struct shape {
	unsigned cols, rows; /* panes on a page */
	int pane_w;          /* without the gutter */
	int text_h;          /* rows of text in a pane */
};

/* How `n` panes lie in a body of that size (cols and rows as set, 0: best). */
struct shape shape_grid(size_t n, int w, int h, unsigned cols, unsigned rows);
struct shape shape_tiles(size_t n, int w, int h);

/* How groups lie in a body: rows of text and of nothing below each, groups on
 * a page, rows for where outputs part. */
struct shape_groups {
	int text_h, gap_h, a_page, split_h;
};
struct shape_groups shape_groups(size_t n, size_t n_branches, int body_h);

/* A rollout in a body of that height: rows for waves and for hosts in flight,
 * and which of the other parts there are. */
struct shape_rollout {
	int wave_rows, flight_rows;
	bool has_budget, has_timeline, has_gate;
};
struct shape_rollout shape_rollout(size_t n_waves, int body_h);

/* Hosts a cell of a map of that many cells, at least 1. */
size_t shape_map_step(size_t n_hosts, size_t n_cells);

/* Rows of the map over the list, and the rows of hosts below it. */
int shape_strip_rows(size_t n_hosts, int w, int body_h);
int shape_list_rows(size_t n_hosts, int w, int body_h);

/* The places that a map has: columns, rows. */
void shape_map(int w, int body_h, int *cols, int *rows);

/* Rows of text that a zoomed host has. */
int draw_zoom_rows(int w, int h);

/* Puts `top` where the cursor is in sight. */
void view_scroll(struct view *v, enum view_kind kind, int w, int h);

/* ---- maps (draw_map.c) ---- */

/* "bad by reason:  exit 100: 5 ..." in row y, when any is. */
void draw_reasons(const struct draw *d, int y);

/* Draws hosts of order[] as cells, the first `rows` rows of `cols` columns. */
void draw_map_cells(
    const struct draw *d, int x, int y, int cols, int rows, size_t step);

#endif
