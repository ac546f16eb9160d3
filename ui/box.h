/*
 * box.h -- what lies over a view: a dialog with a heavy frame, or a list.
 *
 * Room: ui.  May touch: view.h, cells.h.
 */
#ifndef MUSTER_UI_BOX_H
#define MUSTER_UI_BOX_H

#include <stdbool.h>
#include <stddef.h>

struct cells;
struct view_caps;

struct view_box {
	const char *title;
	const char *const *lines; /* clean; cut at the frame */
	size_t n_lines;
	size_t chosen;     /* a line to point at; MUSTER_NOWHERE: none */
	const char *label; /* before the input; NULL: there is no input */
	const char *input; /* what was typed; NULL: hidden */
	size_t cursor;     /* bytes of input before the cursor */
	const char *keys;  /* at the end of the input's row; may be NULL */
	bool is_heavy;     /* it asks for a decision */
	bool is_at_bottom; /* a list belongs to the prompt below it */
	int w;             /* inside the frame; 0: 62 */
};

/* Draws it in the middle (or at the bottom) of the grid, as much as fits. */
void box_draw(const struct view_box *box, const struct view_caps *caps,
    struct cells *cells);

#endif
