/*
 * view_draw.c -- the screen as a whole, and what it needs to see.
 *
 * Room: ui.  May touch: view.h, draw.h, box.h.
 */
#include "config.h"

#include "ui/draw.h"
#include "ui/box.h"
#include "ui/view.h"

#include <string.h>

static char
fold(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 'a' - 'A') : c;
}

/* A needle without capitals is found in either case. */
bool
view_text_is(const char *text, const char *needle, size_t n)
{
	bool exact = false;

	for (size_t i = 0; i < n; i++)
		exact = exact || (needle[i] >= 'A' && needle[i] <= 'Z');
	for (size_t i = 0; i < n; i++)
		if (exact ? text[i] != needle[i] : fold(text[i]) != needle[i])
			return false;
	return true;
}

static void
draw_body(const struct draw *d)
{
	static void (*const views[VIEW_N])(const struct draw *) = {
	    [VIEW_GRID] = draw_grid,
	    [VIEW_TILES] = draw_tiles,
	    [VIEW_LIST] = draw_list,
	    [VIEW_MAP] = draw_map,
	    [VIEW_ZOOM] = draw_zoom,
	    [VIEW_HELP] = draw_texts,
	    [VIEW_INFO] = draw_texts,
	    [VIEW_MESSAGES] = draw_texts,
	};

	if (views[d->kind] != NULL)
		views[d->kind](d);
}

void
view_draw(const struct view *v, const struct model *model,
    const struct view_caps *caps, struct cells *cells)
{
	struct draw d = {.v = v,
	    .m = model,
	    .c = cells,
	    .ascii = caps->ascii,
	    .kind = view_effective(v, model, cells->w, cells->h),
	    .at = draw_layout(cells->w, cells->h)};

	cells_reset(cells, cells->w, cells->h);
	if (cells->w == 0 || cells->h == 0)
		return;
	if (d.at.is_line) {
		draw_counts(&d);
		return;
	}
	draw_title(&d);
	if (d.kind != VIEW_ZOOM)
		draw_progress(&d);
	draw_body(&d);
	draw_message(&d);
	if (d.at.footer_y >= 0)
		draw_footer(&d);
	if (v->box != NULL)
		box_draw(v->box, caps, cells);
}

/* ---- what is seen of whom ---- */

static size_t
want(struct view_wanted *out, size_t max, size_t n, size_t host, int lines)
{
	if (n >= max)
		return n;
	out[n] = (struct view_wanted){
	    .host = host, .from = UINT64_MAX, .n = (size_t)lines};
	return n + 1;
}

/* A few lines more than one: the last may be blank, or not stderr. */
#define LINES_FOR_ONE 12

static size_t
want_listed(const struct view *v, size_t page, int lines,
    struct view_wanted *out, size_t max)
{
	size_t n = 0;

	if (page > 0 && v->cursor != MUSTER_NOWHERE)
		n = want(out, max, n, v->cursor, lines);
	for (size_t i = v->top; i < v->n_list && i < v->top + page; i++)
		if (v->list[i] != v->cursor)
			n = want(out, max, n, v->list[i], lines);
	return n;
}

static size_t
want_zoom(const struct view *v, int w, int h, struct view_wanted *out)
{
	size_t rows = (size_t)draw_zoom_rows(w, h);

	/* Blank and filtered rows are passed over; ask for more than fits. */
	out[0] = (struct view_wanted){.host = v->zoom.host,
	    .from = v->zoom.is_following ? UINT64_MAX : v->zoom.top,
	    .n = v->zoom.only_stderr ? rows * 8 : rows + 1};
	return 1;
}

size_t
view_wanted(const struct view *v, const struct model *model, int w, int h,
    struct view_wanted *out, size_t max)
{
	struct rect b = draw_layout(w, h).body;
	struct shape s;

	if (max == 0 || model->n_hosts == 0 || draw_layout(w, h).is_line)
		return 0;
	switch (view_effective(v, model, w, h)) {
	case VIEW_ZOOM:
		return want_zoom(v, w, h, out);
	case VIEW_GRID:
		s = shape_grid(v->n_list, b.w, b.h, v->grid_cols, v->grid_rows);
		return want_listed(v, (size_t)s.cols * s.rows,
		    s.text_h > 0 ? s.text_h : 1, out, max);
	case VIEW_TILES:
		s = shape_tiles(v->n_list, b.w, b.h);
		return want_listed(
		    v, (size_t)s.cols * s.rows, LINES_FOR_ONE, out, max);
	case VIEW_LIST:
		return want_listed(v,
		    (size_t)shape_list_rows(v->n_map, b.w, b.h), LINES_FOR_ONE,
		    out, max);
	case VIEW_MAP:
		return v->cursor == MUSTER_NOWHERE
			   ? 0
			   : want(out, max, 0, v->cursor, LINES_FOR_ONE);
	default:
		return 0;
	}
}
