/*
 * view_move.c -- moving about in a view.
 *
 * Room: ui.  May touch: view.h, draw.h.
 */
#include "config.h"

#include "ui/draw.h"
#include "ui/view.h"

#include <string.h>

/* A step in an array of places: `across` places a row (or column) lie side
 * by side, `page` are seen at once. */
struct steps {
	long up, left, page;
};

static struct steps
steps_of(const struct view *v, enum view_kind kind, int w, int h)
{
	struct rect b = draw_layout(w, h).body;
	struct shape s;
	int cols, rows;

	switch (kind) {
	case VIEW_GRID:
		s = shape_grid(v->n_list, b.w, b.h, v->grid_cols, v->grid_rows);
		return (struct steps){s.cols, 1, (long)s.cols * s.rows};
	case VIEW_TILES:
		s = shape_tiles(v->n_list, b.w, b.h);
		return (struct steps){1, s.rows, (long)s.cols * s.rows};
	case VIEW_MAP:
		shape_map(b.w, b.h, &cols, &rows);
		rows = cols * (int)shape_map_step(
				  v->n_map, (size_t)cols * (size_t)rows);
		return (struct steps){rows, rows / cols, (long)rows * 4};
	default:
		return (struct steps){
		    1, 0, shape_list_rows(v->n_map, b.w, b.h)};
	}
}

static long
delta_of(enum view_move move, struct steps s, long n)
{
	switch (move) {
	case MOVE_UP:
		return -s.up;
	case MOVE_DOWN:
		return s.up;
	case MOVE_LEFT:
		return -s.left;
	case MOVE_RIGHT:
		return s.left;
	case MOVE_PAGE_UP:
		return -s.page;
	case MOVE_PAGE_DOWN:
		return s.page;
	case MOVE_HALF_UP:
		return -(s.page + 1) / 2;
	case MOVE_HALF_DOWN:
		return (s.page + 1) / 2;
	case MOVE_FIRST:
		return -n;
	case MOVE_LAST:
		return n;
	case MOVE_NEXT:
		return 1;
	case MOVE_PREVIOUS:
		return -1;
	default:
		return 0;
	}
}

/* The next place with trouble, round the end; `at` when there is none. */
static long
seek_trouble(
    const struct model *m, const uint32_t *list, long n, long at, long step)
{
	for (long i = 1; i <= n; i++) {
		long to = ((at + step * i) % n + n) % n;

		if (model_is_trouble(&m->hosts[list[to]]))
			return to;
	}
	return at;
}

static long
place_of(const uint32_t *list, long n, size_t host)
{
	for (long i = 0; i < n; i++)
		if (list[i] == host)
			return i;
	return 0;
}

static void
move_cursor(struct view *v, const struct model *m, enum view_move move,
    enum view_kind kind, struct steps s)
{
	const uint32_t *list = kind == VIEW_MAP ? v->map : v->list;
	long n = (long)(kind == VIEW_MAP ? v->n_map : v->n_list), at, to;

	if (n == 0)
		return;
	at = place_of(list, n, v->cursor);
	if (move == MOVE_NEXT_TROUBLE || move == MOVE_PREVIOUS_TROUBLE)
		to = seek_trouble(
		    m, list, n, at, move == MOVE_NEXT_TROUBLE ? 1 : -1);
	else
		to = at + delta_of(move, s, n);
	if (to < 0)
		to = 0;
	if (to >= n)
		to = n - 1;
	v->cursor = list[to];
}

/* ---- zoom, groups, a difference ---- */

static void
zoom_to_neighbour(struct view *v, const struct model *m, enum view_move move)
{
	size_t before = v->cursor;

	v->cursor = v->zoom.host;
	move_cursor(v, m, move, VIEW_LIST, (struct steps){1, 0, 1});
	if (v->cursor != v->zoom.host)
		zoom_set_host(&v->zoom, v->cursor);
	else
		v->cursor = before;
}

/* While lines are chosen to be copied, moving takes in more of them or fewer,
 * and the screen goes along. */
static void
extend_choice(
    struct view_zoom *z, const struct model *m, enum view_move move, int rows)
{
	uint64_t n = m->hosts[z->host].shown.n_ever;
	long delta = delta_of(move, (struct steps){1, 0, rows}, (long)n);

	if (delta < 0)
		z->copy_to -= z->copy_to > (uint64_t)-delta ? (uint64_t)-delta
							    : z->copy_to;
	else if (n > 0)
		z->copy_to = z->copy_to + (uint64_t)delta < n
				 ? z->copy_to + (uint64_t)delta
				 : n - 1;
}

static void
scroll_zoom(
    struct view *v, const struct model *m, enum view_move move, int rows)
{
	struct view_zoom *z = &v->zoom;
	long n = (long)m->hosts[z->host].shown.n_ever + 1;

	if (move == MOVE_RIGHT)
		z->skip += 8;
	else if (move == MOVE_LEFT)
		z->skip -= z->skip < 8 ? z->skip : 8;
	else
		zoom_scroll(
		    z, m, delta_of(move, (struct steps){1, 0, rows}, n), rows);
	if (z->copy_from != UINT64_MAX)
		extend_choice(z, m, move, rows);
}

/* The cursor's group is where the cursor's host is. */
static void
move_groups(
    struct view *v, const struct model *m, enum view_move move, int body_h)
{
	const struct alike *g = &m->groups;
	struct shape_groups s = shape_groups(g->n, g->n_branches, body_h);
	long n = (long)g->n, at = (long)alike_find(g, m, v->cursor);

	if (n == 0)
		return;
	at =
	    at < n ? at + delta_of(move, (struct steps){1, 1, s.a_page}, n) : 0;
	at = at < 0 ? 0 : at < n ? at : n - 1;
	v->cursor = g->items[at].hosts[0];
}

/* Other pairs: the reference and the next group, or the one before. */
static void
move_pair(struct view *v, const struct model *m, int step)
{
	const struct alike *g = &m->groups;
	size_t at = alike_find(g, m, v->diff.b);

	if (!v->diff.is_of_groups || g->n < 2 || at >= g->n)
		return;
	do
		at = (at + g->n + (size_t)(long)step) % g->n;
	while (alike_find(g, m, v->diff.a) == at);
	v->diff.b = v->cursor = g->items[at].hosts[0];
	v->text_top = 0;
}

static void
move_diff(struct view *v, const struct model *m, enum view_move move, int rows)
{
	long top = (long)v->text_top;
	long most = (long)v->diff.rows.n - rows / 2;

	if (move == MOVE_NEXT || move == MOVE_PREVIOUS) {
		move_pair(v, m, move == MOVE_NEXT ? 1 : -1);
		return;
	}
	top += delta_of(move, (struct steps){1, 0, rows}, (long)v->diff.rows.n);
	top = top < most ? top : most;
	v->text_top = top < 0 ? 0 : (size_t)top;
}

/* To another wave; behind the last one, back to that at hand. */
static void
move_wave(struct view *v, const struct model *m, enum view_move move)
{
	const struct muster_rollout_view *r = m->rollout.view;
	long n = r != NULL ? (long)r->n_waves : 0, at;

	if (n == 0)
		return;
	at = (long)v->wave + delta_of(move, (struct steps){1, 1, 5}, n);
	v->wave = at < 0 ? 0 : at < n ? (size_t)at : (size_t)n - 1;
	v->is_wave_chosen = v->wave != r->wave;
}

static void
scroll_text(struct view *v, enum view_move move, long rows)
{
	long top = (long)v->text_top +
		   delta_of(move, (struct steps){1, 0, rows}, 100000);

	v->text_top = top < 0 ? 0 : (size_t)top;
}

void
view_move(
    struct view *v, const struct model *m, enum view_move move, int w, int h)
{
	enum view_kind kind = view_effective(v, m, w, h);
	int rows = draw_layout(w, h).body.h;

	switch (kind) {
	case VIEW_ZOOM:
		if (move >= MOVE_NEXT)
			zoom_to_neighbour(v, m, move);
		else
			scroll_zoom(v, m, move, draw_zoom_rows(w, h));
		break;
	case VIEW_GROUPS:
		move_groups(v, m, move, rows);
		break;
	case VIEW_DIFF:
		move_diff(v, m, move, rows);
		break;
	case VIEW_ROLLOUT:
		move_wave(v, m, move);
		break;
	case VIEW_HELP:
	case VIEW_INFO:
	case VIEW_MESSAGES:
		scroll_text(v, move, rows);
		break;
	default:
		move_cursor(v, m, move, kind, steps_of(v, kind, w, h));
		view_scroll(v, kind, w, h);
		break;
	}
}
