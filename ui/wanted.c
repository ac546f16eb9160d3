/*
 * wanted.c -- which lines of which hosts a view is about to show.
 *
 * Room: ui.  May touch: view.h, draw.h.
 */
#include "config.h"

#include "ui/draw.h"
#include "ui/view.h"

/* A few lines more than one: the last may be blank, or not stderr. */
#define LINES_FOR_ONE 12
#define LINES_ALL 65536 /* more than the engine keeps of a host */

struct list {
	struct view_wanted *out;
	size_t n, max;
	struct view_wanted spare; /* for what has no room */
};

static struct view_wanted *
want(struct list *l, size_t host, uint64_t from, size_t n)
{
	if (l->n >= l->max)
		return &l->spare;
	l->out[l->n] = (struct view_wanted){.host = host, .from = from, .n = n};
	return &l->out[l->n++];
}

static void
want_listed(struct list *l, const struct view *v, size_t page, int lines)
{
	size_t n = lines > 0 ? (size_t)lines : 1;

	if (page > 0 && v->cursor != MUSTER_NOWHERE)
		(void)want(l, v->cursor, UINT64_MAX, n);
	for (size_t i = v->top; i < v->n_list && i < v->top + page; i++)
		if (v->list[i] != v->cursor)
			(void)want(l, v->list[i], UINT64_MAX, n);
}

static void
want_zoom(struct list *l, const struct view *v, const struct model *m, int rows)
{
	const struct view_zoom *z = &v->zoom;
	size_t n = (size_t)rows + 1;
	struct view_wanted *w;

	if (zoom_wants_matches(z, m)) {
		w = want(l, z->host, 0, LINES_ALL);
		w->what = WANT_MATCHES;
		w->needle = z->search;
		w->needle_no = z->search_no;
		w->only_matches = true;
	}
	/* Of lines that are passed over, more than fit. */
	if (z->only_stderr)
		n *= 8;
	w = want(l, z->host, z->is_following ? UINT64_MAX : z->top, n);
	w->margin = (size_t)rows;
	if (!z->only_matches)
		return;
	w->needle = z->search;
	w->needle_no = z->search_no;
	w->only_matches = true;
}

static void
want_groups(
    struct list *l, const struct view *v, const struct model *m, int body_h)
{
	const struct alike *g = &m->groups;
	struct shape_groups s = shape_groups(g->n, g->n_branches, body_h);
	size_t page = (size_t)s.a_page, at = alike_find(g, m, v->cursor);
	size_t top = at < g->n ? at / page * page : 0;

	for (size_t i = top; i < g->n && i < top + page; i++)
		(void)want(l, g->items[i].hosts[0], 0, (size_t)s.text_h + 1);
	for (size_t i = 0; i < g->n_branches && s.split_h > 0; i++) {
		const struct group_branch *b = &g->branches[i];

		if (b->text == NULL && !b->is_ended && b->host < m->n_hosts)
			want(l, b->host, g->n_common, 1)->what = WANT_BRANCH;
	}
}

static void
want_kind(
    struct list *l, const struct view *v, const struct model *m, int w, int h)
{
	struct rect b = draw_layout(w, h).body;
	struct shape s;

	switch (view_effective(v, m, w, h)) {
	case VIEW_ZOOM:
		want_zoom(l, v, m, draw_zoom_rows(w, h));
		break;
	case VIEW_GRID:
		s = shape_grid(v->n_list, b.w, b.h, v->grid_cols, v->grid_rows);
		want_listed(l, v, (size_t)s.cols * s.rows, s.text_h);
		break;
	case VIEW_TILES:
		s = shape_tiles(v->n_list, b.w, b.h);
		want_listed(l, v, (size_t)s.cols * s.rows, LINES_FOR_ONE);
		break;
	case VIEW_LIST:
		want_listed(l, v, (size_t)shape_list_rows(v->n_map, b.w, b.h),
		    LINES_FOR_ONE);
		break;
	case VIEW_MAP:
		if (v->cursor != MUSTER_NOWHERE)
			(void)want(l, v->cursor, UINT64_MAX, LINES_FOR_ONE);
		break;
	case VIEW_GROUPS:
		want_groups(l, v, m, b.h);
		break;
	case VIEW_DIFF:
		if (v->diff.a < m->n_hosts && v->diff.b < m->n_hosts) {
			(void)want(l, v->diff.a, 0, LINES_ALL);
			(void)want(l, v->diff.b, 0, LINES_ALL);
		}
		break;
	default:
		break;
	}
}

size_t
view_wanted(const struct view *v, const struct model *model, int w, int h,
    struct view_wanted *out, size_t max)
{
	struct list l = {.out = out, .max = max};

	if (model->n_hosts > 0 && !draw_layout(w, h).is_line)
		want_kind(&l, v, model, w, h);
	return l.n;
}

bool
view_has(const struct model *model, const struct view_wanted *w)
{
	const struct model_host *h = &model->hosts[w->host];
	const struct model_asked *has = &h->has;

	if (w->what != WANT_LINES || has->version != h->version ||
	    h->shown.no == 0 || has->needle_no != w->needle_no)
		return false;
	if (has->from == w->from && has->n >= w->n)
		return true;
	if (w->needle != NULL)
		return false;
	/* All there is. */
	if (has->from == 0 && has->n > h->shown.n_ever)
		return true;
	if (has->from == UINT64_MAX || w->from == UINT64_MAX)
		return w->from == has->from &&
		       h->shown.n_lines >= h->shown.n_ever;
	return w->from >= has->from && w->from + w->n <= has->from + has->n;
}
