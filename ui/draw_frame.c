/*
 * draw_frame.c -- the rows around a view: title, progress, message, keys.
 *
 * Room: ui.  May touch: draw.h, src/text.h.
 */
#include "config.h"

#include "ui/draw.h"
#include "src/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- row 0 ---- */

/* "00:41", "1:02:03". */
static void
write_clock(char out[DRAW_TIME], const struct model *m)
{
	int64_t until = m->ended_us != 0 ? m->ended_us : m->now_us;
	int64_t s = m->begun_us != 0 ? (until - m->begun_us) / 1000000 : 0;

	if (s < 0)
		s = 0;
	if (s >= 3600)
		(void)snprintf(out, DRAW_TIME, "%" PRId64 ":%02d:%02d",
		    s / 3600, (int)(s / 60 % 60), (int)(s % 60));
	else
		(void)snprintf(
		    out, DRAW_TIME, "%02d:%02d", (int)(s / 60), (int)(s % 60));
}

void
draw_title(const struct draw *d)
{
	const struct model *m = d->m;
	struct text right = {0};
	char clock[DRAW_TIME];
	int w = d->c->w, n, x;

	write_clock(clock, m);
	if (w >= 40 && d->kind == VIEW_ZOOM)
		text_addf(&right, "%s  ", m->hosts[d->v->zoom.host].name);
	else if (w >= 40)
		text_addf(&right, "%s (%zu)  ", m->target, m->n_hosts);
	text_adds(&right, clock);
	n = cells_right(
	    d->c, w - 1, 0, w * 2 / 3, text_str(&right), DRAW_PLAIN);
	text_clear(&right);
	x = 1 + cells_puts(d->c, 1, 0, w - n - 4, "muster", DRAW_BOLD);
	x += 2;
	if (m->login != NULL && x < w - n - 3) {
		x +=
		    cells_puts(d->c, x, 0, w - n - 3 - x, m->login, DRAW_PLAIN);
		x += 2;
	}
	x += cells_puts(d->c, x, 0, w - n - 3 - x, m->verb, DRAW_PLAIN);
	if (m->arg == NULL || m->arg[0] == '\0')
		return;
	x += cells_puts(d->c, x, 0, w - n - 3 - x, ": ", DRAW_PLAIN);
	cells_puts(d->c, x, 0, w - n - 3 - x, m->arg, DRAW_PLAIN);
}

/* ---- row 1 ---- */

struct counter {
	enum badge badge;
	const char *sign;
	size_t n;
	enum cell_class class; /* while n > 0 */
};

static size_t
list_counters(const struct draw *d, struct counter out[6])
{
	struct model_sums s = model_sums(d->m);
	const struct counter all[6] = {
	    {BADGE_OK, badge_sign(BADGE_OK, d->ascii), s.n_ok, CELL_OK},
	    {BADGE_FAILED, badge_sign(BADGE_FAILED, d->ascii), s.n_failed,
		CELL_BAD},
	    {BADGE_LOST, "!", s.n_trouble, CELL_BAD},
	    {BADGE_RUNNING, badge_sign(BADGE_RUNNING, d->ascii), s.n_running,
		CELL_RUN},
	    {BADGE_QUEUED, badge_sign(BADGE_QUEUED, d->ascii), s.n_waiting,
		CELL_PLAIN},
	    {BADGE_CANCELLED, badge_sign(BADGE_CANCELLED, d->ascii),
		s.n_left_out, CELL_PLAIN},
	};

	memcpy(out, all, sizeof(all));
	return s.n_left_out > 0 ? 6 : 5;
}

/* The counters with `gap` blanks between; returns the column behind. */
static int
draw_counters(const struct draw *d, int x, int y, int gap)
{
	struct counter list[6];
	size_t n = list_counters(d, list);
	char text[40];

	for (size_t i = 0; i < n; i++) {
		(void)snprintf(text, sizeof(text), gap > 1 ? "%s %zu" : "%s%zu",
		    list[i].sign, list[i].n);
		x += gap;
		x += cells_puts(d->c, x, y, d->c->w - x, text,
		    DRAW_CLASS(list[i].n > 0 ? list[i].class : CELL_PLAIN));
	}
	return x;
}

/* Whether the end depends on a person. */
static bool
has_open_gate(const struct model *m)
{
	const struct muster_rollout_view *v = m->rollout.view;

	return v != NULL && m->rollout.gate == MUSTER_ROLLOUT_ASK &&
	       v->wave + 1 < v->n_waves &&
	       v->reason == MUSTER_ROLLOUT_NOT_STOPPED;
}

static void
write_eta(struct text *t, const struct model *m)
{
	int64_t s = model_eta_s(m);

	if (m->n_finished == m->n_hosts) {
		text_adds(t, "   done  ETA -");
		return;
	}
	if (m->n_finished >= 3 && m->rate.per_s >= 99.5)
		text_addf(t, "   %.0f/s", m->rate.per_s);
	else if (m->n_finished >= 3 && m->rate.per_s > 0)
		text_addf(t, "   %.1f/s", m->rate.per_s);
	if (has_open_gate(m))
		text_adds(t, "  ETA gate");
	else if (s < 0)
		text_adds(t, "  ETA -");
	else if (s < 120)
		text_addf(t, "  ETA %" PRId64 "s", s);
	else
		text_addf(t, "  ETA %" PRId64 "m", s / 60);
}

static const char *
note_of(const struct model *m)
{
	if (m->is_paused && m->n_finished < m->n_hosts)
		return "PAUSED";
	if (m->note != NULL)
		return m->note;
	return m->n_finished == m->n_hosts ? "finished" : NULL;
}

void
draw_progress(const struct draw *d)
{
	struct model_sums s = model_sums(d->m);
	int w = d->c->w, y = d->at.progress_y, x = 1, n;
	int bar = w >= 200 ? 48 : w >= 120 ? 24 : w >= 60 ? 10 : 0;
	const size_t parts[4] = {
	    s.n_ok, s.n_failed + s.n_trouble, s.n_running, s.n_waiting};
	const char *note = note_of(d->m);
	struct text t = {0};
	char percent[16];

	if (bar > 0)
		x = draw_bar(d, x, y, parts, d->m->n_hosts - s.n_left_out, bar);
	(void)snprintf(percent, sizeof(percent), bar > 0 ? " %3u%%" : "%u%%",
	    model_percent(d->m));
	x += cells_puts(d->c, x, y, w - x, percent, DRAW_BOLD);
	x = draw_counters(d, x, y, w >= 60 ? 2 : 1);
	write_eta(&t, d->m);
	n = note != NULL ? cells_width(note, strlen(note)) : 0;
	if (x + cells_width(text_str(&t), t.len) < w)
		x += cells_puts(d->c, x, y, w - x, text_str(&t), DRAW_PLAIN);
	text_clear(&t);
	if (note != NULL && x + 2 + n < w)
		cells_right(d->c, w - 1, y, n, note, DRAW_BOLD);
}

void
draw_counts(const struct draw *d)
{
	struct counter list[6];
	size_t n = list_counters(d, list);
	char text[40];
	int x = 0;

	for (size_t i = 0; i < n; i++) {
		(void)snprintf(
		    text, sizeof(text), "%s%zu", list[i].sign, list[i].n);
		x += cells_puts(d->c, x, 0, d->c->w - x, text,
		    DRAW_CLASS(list[i].n > 0 ? list[i].class : CELL_PLAIN));
		x++;
	}
}

/* ---- rows h-2 and h-1 ---- */

/* What is before the cursor is seen; of a text too wide the start is not. */
static void
draw_prompt(const struct draw *d, int y)
{
	const struct view_prompt *p = &d->v->prompt;
	const char *text = p->text;
	size_t before = p->cursor;
	int room = d->c->w - 4;
	char kind[2] = {p->kind, '\0'};
	int x = 2;

	if (p->label != NULL) {
		x = 2 +
		    cells_puts(d->c, 1, y, d->c->w / 2, p->label, DRAW_BOLD);
		room -= x - 2;
	}
	while (cells_width(text, before) > room) {
		unsigned width;
		size_t step = muster_glyph(text, before, &width);

		text += step;
		before -= step;
	}
	if (p->label == NULL)
		cells_puts(d->c, 1, y, 1, kind, DRAW_BOLD);
	cells_puts(d->c, x, y, d->c->w - x, text, DRAW_PLAIN);
	d->c->cursor_x = x + cells_width(text, before);
	d->c->cursor_y = y;
}

/* "trouble on pages 2, 7", as far as there is room. */
static void
add_trouble_pages(const struct draw *d, struct text *t, size_t a_page)
{
	size_t last = SIZE_MAX, n = 0;

	for (size_t i = 0; i < d->v->n_list && n < 8; i++) {
		size_t page = i / a_page;

		if (page == last || page == d->v->top / a_page ||
		    !model_is_trouble(&d->m->hosts[d->v->list[i]]))
			continue;
		text_addf(t, "%s%zu", n == 0 ? "   trouble on pages " : ", ",
		    page + 1);
		last = page;
		n++;
	}
}

/* "/emerg   2 matches, 1 of 2   n next  N before  & only matching lines" */
static void
draw_search(const struct draw *d, int y)
{
	const struct view_zoom *z = &d->v->zoom;
	struct text t = {0};
	size_t at = zoom_match_at(z);

	text_addf(&t, "/%s   ", z->search);
	if (z->matches_no != z->search_no)
		text_adds(&t, "...");
	else
		text_addf(&t, "%zu match%s", z->n_matches,
		    z->n_matches == 1 ? "" : "es");
	if (at > 0)
		text_addf(&t, ", %zu of %zu", at, z->n_matches);
	text_adds(&t, "   n next  N before  & only matching lines");
	cells_puts(d->c, 1, y, d->c->w - 2, text_str(&t), DRAW_PLAIN);
	text_clear(&t);
}

/* "groups 7-12 of 40" when there are more than fit. */
static void
draw_groups_place(const struct draw *d, int y)
{
	const struct alike *g = &d->m->groups;
	size_t a_page =
	    (size_t)shape_groups(g->n, g->n_branches, d->at.body.h).a_page;
	size_t at = alike_find(g, d->m, d->v->cursor), top;
	char text[64];

	if (g->n <= a_page)
		return;
	top = at < g->n ? at / a_page * a_page : 0;
	(void)snprintf(text, sizeof(text), "groups %zu-%zu of %zu%s", top + 1,
	    top + a_page < g->n ? top + a_page : g->n, g->n,
	    top + a_page < g->n ? "   PgDn more" : "");
	cells_puts(d->c, 1, y, d->c->w - 2, text, DRAW_PLAIN);
}

/* What of the list is seen, when there is more. */
static void
draw_place(const struct draw *d, int y)
{
	struct rect b = d->at.body;
	size_t top = d->v->top, n = d->v->n_list, a_page, row = view_row(d->v);
	struct text t = {0};
	struct shape s;

	if (d->kind == VIEW_GROUPS)
		draw_groups_place(d, y);
	if (d->kind == VIEW_ZOOM && d->v->zoom.search[0] != '\0')
		draw_search(d, y);
	if (d->kind == VIEW_LIST && row < n) {
		text_addf(&t, "row %zu of %zu", row + 1, n);
		cells_right(d->c, d->c->w - 1, y, 24, text_str(&t), DRAW_DIM);
	}
	if (d->kind != VIEW_GRID && d->kind != VIEW_TILES) {
		text_clear(&t);
		return;
	}
	s = d->kind == VIEW_GRID
		? shape_grid(n, b.w, b.h, d->v->grid_cols, d->v->grid_rows)
		: shape_tiles(n, b.w, b.h);
	a_page = (size_t)s.cols * s.rows;
	if (a_page > 0 && n > a_page) {
		text_addf(&t, "%zu-%zu of %zu", top + 1,
		    top + a_page < n ? top + a_page : n, n);
		add_trouble_pages(d, &t, a_page);
		text_adds(&t, "   PgDn more");
		cells_puts(d->c, 1, y, d->c->w - 2, text_str(&t), DRAW_PLAIN);
	}
	text_clear(&t);
}

void
draw_message(const struct draw *d)
{
	int y = d->at.message_y, w = d->c->w;

	if (d->v->prompt.kind == '\0' && d->v->message == NULL) {
		if (d->at.footer_y >= 0)
			draw_place(d, y);
		return;
	}
	cells_blank(d->c, (struct rect){0, y, w, 1});
	if (d->v->prompt.kind != '\0')
		draw_prompt(d, y);
	else
		cells_puts(d->c, 1, y, w - 2, d->v->message, DRAW_PLAIN);
}

/* Keys worth knowing, the most wanted first; what does not fit is left out
 * a whole key at a time. */
static const char *const footers[VIEW_N] = {
    [VIEW_GRID] = "Tab next  Enter zoom  1-6 view  f trouble  : command  "
		  "/ filter  space mark",
    [VIEW_TILES] = "Enter zoom  space mark  f trouble  4 groups  R retry  "
		   ": command  / filter",
    [VIEW_LIST] = "Enter zoom  space mark  R retry  4 groups  5 map  "
		  ": command  / filter  p pause  K kill  i send a line",
    [VIEW_GROUPS] = "Enter hosts of group  d diff with ref  M mask  "
		    "space mark  D diff two marked  R retry  : command",
    [VIEW_MAP] = "Enter zoom  3 list  4 groups  f trouble  / filter  "
		 ": command",
    [VIEW_ROLLOUT] = "p pause  P promote next wave  X stop  "
		     "Enter hosts of the wave  R retry  4 groups  : command",
    [VIEW_DIFF] = "n N change  u unified  x swap  z unfold  M mask  "
		  "[ ] next pair  Enter zoom  Esc back",
    [VIEW_ZOOM] = "Esc back  / search  F follow  w wrap  t times  e stderr  "
		  "[ ] host  { } trouble  v copy  i send a line  space mark",
    [VIEW_HELP] = "Esc back  / search",
    [VIEW_INFO] = "Esc back",
    [VIEW_MESSAGES] = "Esc back",
};

void
draw_footer(const struct draw *d)
{
	const char *keys = footers[d->kind];
	int w = d->c->w, y = d->at.footer_y, x = 1;
	int room = w - 8;

	cells_right(d->c, w - 1, y, 6, "? help", DRAW_BOLD);
	while (keys != NULL && *keys != '\0') {
		const char *end = strstr(keys, "  ");
		int n = end != NULL ? (int)(end - keys) : (int)strlen(keys);

		if (x + n > room)
			break;
		x += cells_put(d->c, (struct rect){x, y, n, 1}, keys, (size_t)n,
			 DRAW_PLAIN) +
		     2;
		keys = end != NULL ? end + 2 : NULL;
	}
}
