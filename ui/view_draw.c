/*
 * view_draw.c -- the screen as a whole.
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
	    [VIEW_GROUPS] = draw_groups,
	    [VIEW_MAP] = draw_map,
	    [VIEW_DIFF] = draw_diff,
	    [VIEW_ROLLOUT] = draw_rollout,
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
