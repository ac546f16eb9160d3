/*
 * view.c -- what is looked at: which hosts, in which order, in which view.
 *
 * Room: ui.  May touch: view.h, draw.h, filter.h, src/heap.h.
 */
#include "config.h"

#include "ui/view.h"
#include "src/heap.h"
#include "ui/draw.h"
#include "ui/filter.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define UPDATE_US 500000

void
view_init(struct view *v)
{
	memset(v, 0, sizeof(*v));
	v->cursor = MUSTER_NOWHERE;
	v->is_list_stale = true;
	v->map_sort = SORT_NAME;
	v->range = MUSTER_NOWHERE;
	v->diff.a = v->diff.b = MUSTER_NOWHERE;
	zoom_set_host(&v->zoom, 0);
}

void
view_clear(struct view *v)
{
	filter_free(v->filter);
	free(v->filter_text);
	free(v->list);
	free(v->map);
	zoom_clear(&v->zoom);
	compare_clear(&v->diff.rows);
	memset(v, 0, sizeof(*v));
}

enum view_kind
view_effective(const struct view *v, const struct model *model, int w, int h)
{
	struct rect b = draw_layout(w, h).body;
	size_t n = model->n_hosts;

	if (v->kind != VIEW_AUTO)
		return v->kind;
	if (n == 1)
		return VIEW_ZOOM;
	if (n <= (size_t)(b.w / 38) * (size_t)(b.h / 6))
		return VIEW_GRID;
	if (n <= (size_t)(b.w / 36) * (size_t)(b.h / 2))
		return VIEW_TILES;
	return VIEW_LIST;
}

/* ---- order ---- */

/* Digits count as numbers: web-2 comes before web-10. */
static int
compare_names(const char *a, const char *b)
{
	while (*a != '\0' && *b != '\0') {
		size_t n = strspn(a, "0123456789");
		size_t m = strspn(b, "0123456789");

		if (n > 0 && m > 0) {
			size_t za = strspn(a, "0"), zb = strspn(b, "0");
			int c;

			if (za >= n)
				za = n - 1;
			if (zb >= m)
				zb = m - 1;
			if (n - za != m - zb)
				return n - za < m - zb ? -1 : 1;
			c = memcmp(a + za, b + zb, n - za);
			if (c != 0)
				return c;
			a += n;
			b += m;
			continue;
		}
		if (*a != *b)
			return (unsigned char)*a < (unsigned char)*b ? -1 : 1;
		a++;
		b++;
	}
	return *a == *b ? 0 : *a == '\0' ? -1 : 1;
}

/* A host with what it is sorted by, so that qsort(3) needs no more. */
struct ranked {
	int64_t key; /* small ones first */
	const char *name;
	uint32_t host;
};

static int
compare_ranked(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;

	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return x->host < y->host ? -1 : x->host > y->host;
}

static int
compare_by_name(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;
	int c = compare_names(x->name, y->name);

	return c != 0 ? c : x->host < y->host ? -1 : x->host > y->host;
}

static int64_t
key_of(const struct view *v, const struct model *model, uint32_t host)
{
	const struct model_host *h = &model->hosts[host];
	bool grid = v->sort == SORT_SEVERITY && v->keeps_places;

	if (grid)
		return 0;
	switch (v->sort) {
	case SORT_SEVERITY:
		return badge_row(h->badge)->severity;
	case SORT_TIME:
		return -model_age_us(model, h);
	case SORT_EXIT:
		return h->outcome == MUSTER_EXIT ? -(int64_t)h->code : 1;
	case SORT_LINES:
		return -(int64_t)h->n_lines;
	default:
		return 0;
	}
}

static bool
passes_quick(const struct view *v, const struct model_host *h)
{
	switch (v->quick) {
	case QUICK_TROUBLE:
		return model_is_trouble(h);
	case QUICK_RUNNING:
		return badge_row(h->badge)->class == CELL_RUN ||
		       badge_row(h->badge)->class == CELL_ATTN;
	case QUICK_ATTENTION:
		return badge_row(h->badge)->class == CELL_ATTN;
	case QUICK_NEW:
		return h->is_new;
	default:
		return true;
	}
}

static void
reverse(uint32_t *list, size_t n)
{
	for (size_t i = 0; i < n / 2; i++) {
		uint32_t t = list[i];

		list[i] = list[n - 1 - i];
		list[n - 1 - i] = t;
	}
}

static void
make_list(struct view *v, const struct model *model)
{
	struct ranked *ranked = heap_array(model->n_hosts, sizeof(*ranked));
	size_t n = 0;

	for (uint32_t i = 0; i < model->n_hosts; i++) {
		const struct model_host *h = &model->hosts[i];

		if (!passes_quick(v, h) || !filter_match(v->filter, model, i))
			continue;
		ranked[n++] = (struct ranked){
		    .key = key_of(v, model, i), .name = h->name, .host = i};
		if (v->follows_trouble && h->is_new)
			ranked[n - 1].key = INT64_MIN;
	}
	if (n > 0)
		qsort(ranked, n, sizeof(*ranked),
		    v->sort == SORT_NAME ? compare_by_name : compare_ranked);
	heap_grow(&v->list, &v->cap_list, n + 1, sizeof(*v->list));
	for (size_t i = 0; i < n; i++)
		v->list[i] = ranked[i].host;
	v->n_list = n;
	if (v->is_sort_reversed)
		reverse(v->list, n);
	free(ranked);
}

static bool
is_due(const struct view *v, const struct model *model)
{
	if (v->is_list_stale)
		return true;
	return v->list_version != model->version && !v->stays_put &&
	       model->now_us - v->list_us >= UPDATE_US;
}

/* By name it is made once, and when hosts are added. */
static void
make_map(struct view *v, const struct model *model)
{
	bool by_name = v->map_sort == SORT_NAME;
	struct ranked *ranked;

	if (v->n_map == model->n_hosts && v->map_made == v->map_sort &&
	    (v->map_sort != SORT_SEVERITY || !is_due(v, model)))
		return;
	ranked = heap_array(model->n_hosts, sizeof(*ranked));
	for (uint32_t i = 0; i < model->n_hosts; i++)
		ranked[i] = (struct ranked){.name = model->hosts[i].name,
		    .host = i,
		    .key = v->map_sort == SORT_SEVERITY
			       ? (int64_t)badge_row(model->hosts[i].badge)
				     ->severity
			       : 0};
	qsort(ranked, model->n_hosts, sizeof(*ranked),
	    by_name ? compare_by_name : compare_ranked);
	free(v->map);
	v->map = heap_array(model->n_hosts, sizeof(*v->map));
	v->n_map = model->n_hosts;
	v->map_made = v->map_sort;
	for (size_t i = 0; i < v->n_map; i++)
		v->map[i] = ranked[i].host;
	free(ranked);
}

/* Where the cursor's host stands; n_list when it is filtered out. */
size_t
view_row(const struct view *v)
{
	size_t i = 0;

	while (i < v->n_list && v->list[i] != v->cursor)
		i++;
	return i;
}

void
view_scroll(struct view *v, enum view_kind kind, int w, int h)
{
	struct rect b = draw_layout(w, h).body;
	size_t row = view_row(v), page;
	struct shape s;

	if (row >= v->n_list)
		row = 0;
	if (kind == VIEW_GRID || kind == VIEW_TILES) {
		s = kind == VIEW_GRID ? shape_grid(v->n_list, b.w, b.h,
					    v->grid_cols, v->grid_rows)
				      : shape_tiles(v->n_list, b.w, b.h);
		page = (size_t)s.cols * s.rows;
		v->top = page > 0 ? row / page * page : 0;
		return;
	}
	page = (size_t)shape_list_rows(v->n_map, b.w, b.h);
	if (v->top + page > v->n_list)
		v->top = v->n_list > page ? v->n_list - page : 0;
	if (row < v->top)
		v->top = row;
	if (row >= v->top + page)
		v->top = row - page + 1;
}

/* Outputs are compared anew when there is more of them. */
static void
update_diff(struct view *v, const struct model *model, int w)
{
	struct compare *c = &v->diff.rows;
	struct compare_how how = {.is_unified = v->diff.is_unified || w < 100,
	    .is_unfolded = v->diff.is_unfolded,
	    .is_masked = model->groups.is_masked};
	const struct shown *a, *b;

	if (v->diff.a >= model->n_hosts || v->diff.b >= model->n_hosts)
		return;
	a = &model->hosts[v->diff.a].shown;
	b = &model->hosts[v->diff.b].shown;
	if (c->host_a == v->diff.a && c->host_b == v->diff.b &&
	    c->no_a == a->no && c->no_b == b->no &&
	    c->how.is_unified == how.is_unified &&
	    c->how.is_unfolded == how.is_unfolded &&
	    c->how.is_masked == how.is_masked)
		return;
	compare_make(c, a, b, how);
	c->host_a = v->diff.a;
	c->host_b = v->diff.b;
}

void
view_update(struct view *v, const struct model *model, int w, int h)
{
	enum view_kind kind = view_effective(v, model, w, h);
	bool keeps = kind == VIEW_GRID;

	if (keeps != v->keeps_places) {
		v->keeps_places = keeps;
		v->is_list_stale = true;
	}
	make_map(v, model);
	if (is_due(v, model)) {
		make_list(v, model);
		v->is_list_stale = false;
		v->list_version = model->version;
		v->list_us = model->now_us;
	}
	if (v->n_list > 0 && view_row(v) >= v->n_list)
		v->cursor = v->list[v->top < v->n_list ? v->top : 0];
	if (kind == VIEW_ZOOM && v->kind == VIEW_AUTO)
		v->zoom.host = 0;
	if (kind == VIEW_ZOOM && v->zoom.top > 0 &&
	    v->zoom.top >= model->hosts[v->zoom.host].shown.n_ever)
		v->zoom.is_following = true; /* it was started again */
	if (model->rollout.view != NULL && !v->is_wave_chosen)
		v->wave = model->rollout.view->wave;
	if (kind == VIEW_DIFF)
		update_diff(v, model, w);
	else
		view_scroll(v, kind, w, h);
}

/* ---- filters ---- */

int
view_filter(struct view *v, const char *text, struct muster_error *err)
{
	struct filter *f = NULL;
	bool is_empty = text == NULL || text[strspn(text, " ")] == '\0';

	if (!is_empty && (f = filter_new(text, err)) == NULL)
		return -1;
	filter_free(v->filter);
	free(v->filter_text);
	v->filter = f;
	v->filter_text = is_empty ? NULL : heap_strdup(text);
	v->is_list_stale = true;
	return 0;
}

/* ---- there and back ---- */

void
view_go(struct view *v, enum view_kind kind)
{
	size_t cap = sizeof(v->back) / sizeof(v->back[0]);

	if (kind == v->kind)
		return;
	if (v->n_back == cap) {
		memmove(v->back, v->back + 1, (cap - 1) * sizeof(v->back[0]));
		v->n_back--;
	}
	v->back[v->n_back++] = v->kind;
	v->kind = kind;
	v->text_top = 0;
}

bool
view_back(struct view *v)
{
	if (v->n_back == 0)
		return false;
	v->kind = v->back[--v->n_back];
	v->text_top = 0;
	return true;
}

void
view_zoom(struct view *v, const struct model *model, size_t host)
{
	assert(host < model->n_hosts);
	if (v->zoom.host != host)
		zoom_set_host(&v->zoom, host);
	v->cursor = host;
	view_go(v, VIEW_ZOOM);
}

void
view_compare(struct view *v, size_t a, size_t b, bool of_groups)
{
	v->diff.a = a;
	v->diff.b = b;
	v->diff.is_of_groups = of_groups;
	v->text_top = 0;
	view_go(v, VIEW_DIFF);
}
