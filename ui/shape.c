/*
 * shape.c -- how many panes, tiles, rows and cells of a map a screen has.
 *
 * Room: ui.  May touch: draw.h.
 */
#include "config.h"

#include "ui/draw.h"

#define GRID_MIN_W 38
#define GRID_MIN_H 6
#define TILE_MIN_W 36
#define TILE_MIN_H 2
#define TEXT_MAX_W 100 /* wider panes are not better */

static int
min_int(int a, int b)
{
	return a < b ? a : b;
}

static int
max_int(int a, int b)
{
	return a > b ? a : b;
}

struct draw_layout
draw_layout(int w, int h)
{
	struct draw_layout l = {
	    .progress_y = 1, .message_y = h - 2, .footer_y = h - 1};

	if (h < 5 || w < 20) {
		l.is_line = true;
		l.progress_y = l.message_y = l.footer_y = -1;
		return l;
	}
	l.body = (struct rect){0, 2, w, h - 4};
	if (h < 12) {
		l.footer_y = -1;
		l.message_y = h - 1;
		l.body.h = h - 3;
	}
	if (h < 8) {
		l.message_y = 1;
		l.body.h = h - 2;
	}
	return l;
}

static struct shape
shape_of(unsigned cols, unsigned rows, int w, int h)
{
	return (struct shape){.cols = cols,
	    .rows = rows,
	    .pane_w = max_int((w - (int)cols + 1) / (int)cols, 1),
	    .text_h = max_int(h / (int)rows - 1, 0)};
}

/* How far from square: columns and rows apart. */
static int
lopsided(const struct shape *s)
{
	int d = (int)s->cols - (int)s->rows;

	return d < 0 ? -d : d;
}

/* Cells of text in a pane, the width counted up to TEXT_MAX_W. */
static long
worth(const struct shape *s)
{
	return (long)min_int(s->pane_w, TEXT_MAX_W) * s->text_h;
}

/* Whether `a` shows more, or nearly as much in a squarer shape. */
static bool
is_better(const struct shape *a, const struct shape *b)
{
	if (worth(a) * 100 < worth(b) * 95)
		return false;
	if (worth(b) * 100 < worth(a) * 95)
		return true;
	return lopsided(a) <= lopsided(b);
}

struct shape
shape_grid(size_t n, int w, int h, unsigned cols, unsigned rows)
{
	unsigned max_cols = (unsigned)max_int(w / GRID_MIN_W, 1);
	unsigned max_rows = (unsigned)max_int(h / GRID_MIN_H, 1);
	struct shape best = {0};

	if (cols > 0 && rows > 0)
		return shape_of(cols, rows, w, h);
	if (n > (size_t)max_cols * max_rows)
		return shape_of(max_cols, max_rows, w, h);
	for (unsigned c = 1; c <= max_cols; c++) {
		unsigned r = (unsigned)((n + c - 1) / c);
		struct shape s;

		if (r > max_rows)
			continue;
		s = shape_of(c, r > 0 ? r : 1, w, h);
		if (best.cols == 0 || is_better(&s, &best))
			best = s;
	}
	return best;
}

struct shape
shape_tiles(size_t n, int w, int h)
{
	unsigned cols = (unsigned)max_int(w / TILE_MIN_W, 1);
	unsigned max_rows = (unsigned)max_int(h / TILE_MIN_H, 1);
	unsigned rows;

	/* As many rows for each as there is room for. */
	rows = (unsigned)((n + cols - 1) / cols);
	if (rows > max_rows)
		rows = max_rows;
	if (rows < 1)
		rows = 1;
	return (struct shape){.cols = cols,
	    .rows = rows,
	    .pane_w = w / (int)cols,
	    .text_h = max_int(h / (int)rows - 1, 0)};
}

struct shape_groups
shape_groups(size_t n, size_t n_branches, int body_h)
{
	struct shape_groups s = {0};
	int room = body_h - 1, each;

	if (n_branches > 1 && body_h >= 16)
		s.split_h = (int)n_branches + 1;
	room -= s.split_h;
	each = n > 0 ? room / (int)min_int((int)n, 1000) : room;
	s.text_h = each >= 3 ? 2 : 1;
	s.gap_h = each >= 2 + s.text_h ? 1 : 0;
	if (room < 2)
		s.text_h = 0;
	s.a_page = max_int(room / (1 + s.text_h + s.gap_h), 1);
	return s;
}

struct shape_rollout
shape_rollout(size_t n_waves, int body_h)
{
	struct shape_rollout s = {.has_budget = body_h >= 9,
	    .has_gate = body_h >= 14,
	    .has_timeline = body_h >= 24};
	int room = body_h - 2 - 3 * s.has_budget - 4 * s.has_timeline -
		   (s.has_gate ? 3 : 1) - 1;
	int waves = min_int((int)(n_waves < 1000 ? n_waves : 1000), 12);

	s.wave_rows = max_int(min_int(waves, (room + 1) / 2), 1);
	s.flight_rows = max_int(room - s.wave_rows, 0);
	return s;
}

size_t
shape_map_step(size_t n_hosts, size_t n_cells)
{
	size_t step = n_cells > 0 ? (n_hosts + n_cells - 1) / n_cells : n_hosts;

	return step > 0 ? step : 1;
}

int
shape_strip_rows(size_t n_hosts, int w, int body_h)
{
	size_t cols = (size_t)max_int(w - 2, 1);
	size_t rows = (n_hosts + cols - 1) / cols;
	size_t most = (size_t)(body_h + 1) / 3;

	if (body_h < 5)
		return 0;
	return (int)(rows < most ? rows : most);
}

int
shape_list_rows(size_t n_hosts, int w, int body_h)
{
	int used = shape_strip_rows(n_hosts, w, body_h) + 1;

	if (w >= 100)
		used++; /* the names of the columns */
	return max_int(body_h - used, 1);
}

void
shape_map(int w, int body_h, int *cols, int *rows)
{
	*cols = max_int(w - 2, 1);
	*rows = max_int(body_h < 8 ? body_h - 1 : body_h - 3, 1);
}
