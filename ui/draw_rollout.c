/*
 * draw_rollout.c -- a change that goes through a fleet: its waves, what may
 * fail, who is at it, and what comes next.
 *
 * Room: ui.  May touch: draw.h, src/heap.h, src/text.h.
 */
#include "config.h"

#include "ui/draw.h"
#include "src/heap.h"
#include "src/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NAMES_W 24 /* of hosts in flight, at most */

/* ---- waves ---- */

/* Of how far a wave is; 0: there is no room for it. */
static int
bar_width(const struct draw *d)
{
	return d->c->w >= 100 ? 24 : d->c->w >= 72 ? 10 : 0;
}

static void
write_name(char out[DRAW_WORD], const struct model *m, size_t wave)
{
	const struct model_rollout *r = &m->rollout;

	if (r->has_canary && wave == 0)
		(void)snprintf(out, DRAW_WORD, "canary");
	else
		(void)snprintf(out, DRAW_WORD, "%zu %3zu%%", wave + 1,
		    r->view->waves[wave].n_hosts * 100 / r->view->n_hosts);
}

static const char *
name_state(const struct muster_rollout_view *v, size_t wave)
{
	if (wave > v->wave)
		return v->reason == MUSTER_ROLLOUT_NOT_STOPPED ? "held"
							       : "skipped";
	if (wave < v->wave)
		return "done";
	switch (v->phase) {
	case MUSTER_ROLLOUT_READY:
		return "held";
	case MUSTER_ROLLOUT_RUNNING:
		if (!v->is_paused)
			return "running";
		return v->n_in_flight > 0 ? "draining" : "paused";
	case MUSTER_ROLLOUT_SOAKING:
		return "soaking";
	case MUSTER_ROLLOUT_GATE:
		return "gate";
	case MUSTER_ROLLOUT_STOPPING:
		return "draining";
	case MUSTER_ROLLOUT_OVER:
		break;
	}
	return v->reason == MUSTER_ROLLOUT_NOT_STOPPED ? "done" : "stopped";
}

/* How long a wave took, or takes. */
static void
write_wave_time(char out[DRAW_TIME], const struct model *m,
    const struct muster_rollout_wave *w)
{
	int64_t until = w->ended_us > 0 ? w->ended_us : m->now_us;

	draw_time(out, w->begun_us > 0 ? until - w->begun_us : -1, false);
}

static void
draw_wave(const struct draw *d, int y, size_t i)
{
	const struct muster_rollout_wave *w = &d->m->rollout.view->waves[i];
	const size_t parts[4] = {w->n_good, w->n_bad, w->n_in_flight,
	    w->n_hosts - w->n_good - w->n_bad - w->n_in_flight};
	int bar = bar_width(d), x;
	struct look look = i == d->v->wave ? DRAW_BOLD : DRAW_PLAIN;
	char name[DRAW_WORD], time[DRAW_TIME];
	struct text t = {0};

	write_name(name, d->m, i);
	write_wave_time(time, d->m, w);
	text_addf(&t, "%s%-9s %6zu  %-9s", i == d->v->wave ? ">" : " ", name,
	    w->n_hosts, name_state(d->m->rollout.view, i));
	x = cells_puts(d->c, 0, y, d->c->w, text_str(&t), look) + 1;
	if (bar > 0)
		x = draw_bar(d, x, y, parts, w->n_hosts, bar);
	text_clear(&t);
	text_addf(
	    &t, " %6zu %4zu %6zu  %s", w->n_good, w->n_bad, w->n_left, time);
	cells_puts(d->c, x, y, d->c->w - x, text_str(&t), look);
	text_clear(&t);
}

/* The waves around the chosen one. */
static int
draw_waves(const struct draw *d, int y, int rows)
{
	const struct muster_rollout_view *v = d->m->rollout.view;
	int bar = bar_width(d), x = 27;
	size_t n = v->n_waves, first;
	char place[48] = "";
	struct text t = {0};

	first = d->v->wave >= (size_t)rows ? d->v->wave - (size_t)rows + 1 : 0;
	if (n > (size_t)rows)
		(void)snprintf(place, sizeof(place), "%zu-%zu of %zu",
		    first + 1, first + (size_t)rows, n);
	draw_rule(d, y, "waves", place[0] != '\0' ? place : NULL);
	text_addf(&t, " WAVE       HOSTS  STATE     %-*s %6s %4s %6s  TIME",
	    bar > 0 ? bar + 2 : 0, bar > 0 ? " PROGRESS" : "", "", "", "SKIP");
	cells_puts(d->c, 0, y + 1, d->c->w, text_str(&t), DRAW_DIM);
	text_clear(&t);
	x += bar > 0 ? bar + 3 : 1;
	cells_puts(d->c, x + 7, y + 1, 1, badge_sign(BADGE_OK, d->ascii),
	    DRAW_CLASS(CELL_OK));
	cells_puts(d->c, x + 12, y + 1, 1, badge_sign(BADGE_FAILED, d->ascii),
	    DRAW_CLASS(CELL_BAD));
	for (int row = 0; row < rows && first + (size_t)row < n; row++)
		draw_wave(d, y + 2 + row, first + (size_t)row);
	return y + 2 + rows;
}

/* ---- the failure budget ---- */

static int
draw_budget(const struct draw *d, int y)
{
	const struct model_rollout *r = &d->m->rollout;
	const struct muster_rollout_view *v = r->view;
	const size_t used = v->n_bad < v->max_fail ? v->n_bad : v->max_fail;
	const size_t parts[4] = {0, used, 0, v->max_fail - used};
	struct text t = {0};
	int x = 1;

	draw_rule(d, y, "failure budget", NULL);
	if (r->has_max_fail)
		text_addf(&t, "%zu of %zu used  ", v->n_bad, v->max_fail);
	else
		text_addf(&t, "%zu failed, no limit", v->n_bad);
	x += cells_puts(d->c, x, y + 1, d->c->w - x, text_str(&t), DRAW_BOLD);
	if (r->has_max_fail && v->max_fail > 0 && d->c->w >= 60)
		x = draw_bar(d, x, y + 1, parts, v->max_fail, 20);
	text_clear(&t);
	if (v->max_unavailable > 0)
		text_addf(&t, "   unavailable: %zu of %zu",
		    v->n_bad + v->n_in_flight, v->max_unavailable);
	text_addf(&t, "   at once: %zu", v->parallel);
	if (r->has_canary && v->wave == 0 && v->phase == MUSTER_ROLLOUT_RUNNING)
		text_adds(&t, "   none of the canary may fail");
	cells_puts(d->c, x, y + 1, d->c->w - x, text_str(&t), DRAW_PLAIN);
	text_clear(&t);
	draw_reasons(d, y + 2);
	return y + 3;
}

/* ---- the timeline ---- */

struct columns {
	size_t *good, *bad; /* owned; how many hosts ended in each */
	int n;
	int64_t begun_us, step_us;
};

/* As few seconds a column as there is room for. */
static int64_t
choose_step(int64_t total_us, int columns)
{
	static const int seconds[] = {1, 2, 5, 10, 15, 30, 60, 120, 300, 600,
	    900, 1800, 3600, 7200, 14400, 43200, 86400};
	size_t n = sizeof(seconds) / sizeof(seconds[0]), i = 0;

	while (i + 1 < n && total_us / 1000000 / seconds[i] >= columns)
		i++;
	return (int64_t)seconds[i] * 1000000;
}

/* The column of a moment; -1: not in any. */
static int
find_column(const struct columns *c, int64_t at_us)
{
	int64_t i = (at_us - c->begun_us) / c->step_us;

	return at_us < c->begun_us || i >= c->n ? -1 : (int)i;
}

static void
count_ends(const struct draw *d, struct columns *c)
{
	c->begun_us = d->m->rollout.view->waves[0].begun_us;
	c->step_us = choose_step(d->m->now_us - c->begun_us, c->n);
	c->good = heap_array((size_t)c->n, sizeof(*c->good));
	c->bad = heap_array((size_t)c->n, sizeof(*c->bad));
	for (size_t i = 0; i < d->m->n_hosts; i++) {
		const struct model_host *h = &d->m->hosts[i];
		int at = h->ended_us > 0 ? find_column(c, h->ended_us) : -1;

		if (at >= 0 && h->badge == BADGE_OK)
			c->good[at]++;
		else if (at >= 0 && model_is_trouble(h))
			c->bad[at]++;
	}
}

static const char *
bar_sign(size_t n, size_t most, bool ascii)
{
	static const char *const signs[] = {" ", "\xe2\x96\x81", "\xe2\x96\x82",
	    "\xe2\x96\x83", "\xe2\x96\x84", "\xe2\x96\x85", "\xe2\x96\x86",
	    "\xe2\x96\x87", "\xe2\x96\x88"};
	static const char *const plain[] = {
	    " ", ".", ".", ":", ":", "+", "+", "#", "#"};
	size_t level = n == 0 ? 0 : 1 + n * 7 / (most > 0 ? most : 1);

	level = level < 9 ? level : 8;
	return ascii ? plain[level] : signs[level];
}

static void
draw_columns(const struct draw *d, int x, int y, const struct columns *c)
{
	size_t most = 0;

	for (int i = 0; i < c->n; i++)
		most = c->good[i] > most ? c->good[i] : most;
	for (int i = 0; i < c->n; i++) {
		cells_puts(d->c, x + i, y, 1,
		    bar_sign(c->good[i], most, d->ascii), DRAW_CLASS(CELL_OK));
		if (c->bad[i] > 0)
			cells_puts(d->c, x + i, y + 1, 1,
			    badge_sign(BADGE_FAILED, d->ascii),
			    DRAW_CLASS(CELL_BAD));
	}
}

static int
draw_timeline(const struct draw *d, int y)
{
	const struct muster_rollout_view *v = d->m->rollout.view;
	struct columns c = {.n = d->c->w - 12};
	char title[48], name[DRAW_WORD], step[DRAW_TIME];

	count_ends(d, &c);
	draw_time(step, c.step_us, true);
	(void)snprintf(
	    title, sizeof(title), "timeline (one column = %s)", step);
	draw_rule(d, y, title, NULL);
	cells_puts(d->c, 1, y + 1, 10, "ok", DRAW_PLAIN);
	cells_puts(d->c, 1, y + 2, 10, "failed", DRAW_PLAIN);
	cells_puts(d->c, 1, y + 3, 10, "waves", DRAW_PLAIN);
	draw_columns(d, 10, y + 1, &c);
	for (size_t i = 0; i < v->n_waves && v->waves[i].begun_us > 0; i++) {
		int at = find_column(&c, v->waves[i].begun_us), end = c.n;

		if (i + 1 < v->n_waves && v->waves[i + 1].begun_us > 0)
			end = find_column(&c, v->waves[i + 1].begun_us);
		write_name(name, d->m, i);
		name[strcspn(name, " ")] = '\0';
		if (at < 0 || end <= at)
			continue;
		cells_puts(d->c, 10 + at, y + 3, 1, "|", DRAW_DIM);
		cells_puts(
		    d->c, 11 + at, y + 3, end - at - 1, name, DRAW_PLAIN);
	}
	free(c.good);
	free(c.bad);
	return y + 4;
}

/* ---- hosts in flight ---- */

static int
compare_age(const void *a, const void *b)
{
	const struct model_host *x = *(const struct model_host *const *)a;
	const struct model_host *y = *(const struct model_host *const *)b;

	return x->begun_us < y->begun_us ? -1 : x->begun_us > y->begun_us;
}

static void
draw_flyer(const struct draw *d, int y, const struct model_host *h, int name_w)
{
	char word[DRAW_WORD], age[DRAW_TIME];
	int w = d->c->w, x = 3;

	draw_word(word, d->m, h);
	draw_time(age, model_age_us(d->m, h), false);
	draw_badge(d, 1, y, h);
	cells_puts(d->c, x, y, name_w, h->name, DRAW_BOLD);
	x += name_w + 2;
	cells_puts(d->c, x, y, w - x, word, DRAW_PLAIN);
	x += 14;
	if (x + 9 < w)
		cells_right(d->c, x + 8, y, 8, age, DRAW_PLAIN);
	x += 11;
	if (x < w)
		draw_last(d, x, y, w - x - 1, h);
}

/* The oldest first. */
static void
draw_flight(const struct draw *d, int y, int rows)
{
	const struct model_host **list =
	    heap_array(d->m->n_hosts + 1, sizeof(*list));
	size_t n = 0, shown;
	int name_w = 8;
	char text[48];

	for (size_t i = 0; i < d->m->n_hosts; i++) {
		const struct model_host *h = &d->m->hosts[i];

		if (h->outcome == MUSTER_PENDING && h->begun_us > 0)
			list[n++] = h;
	}
	qsort(list, n, sizeof(*list), compare_age);
	(void)snprintf(text, sizeof(text), "in flight (%zu)", n);
	draw_rule(d, y, text, NULL);
	shown = n > (size_t)rows ? (size_t)(rows - 1) : n;
	for (size_t i = 0; i < shown; i++) {
		int len = cells_width(list[i]->name, strlen(list[i]->name));

		name_w = len > name_w ? len : name_w;
	}
	name_w = name_w < NAMES_W ? name_w : NAMES_W;
	for (size_t i = 0; i < shown; i++)
		draw_flyer(d, y + 1 + (int)i, list[i], name_w);
	if (shown < n && rows > 0) {
		(void)snprintf(text, sizeof(text), "... %zu more", n - shown);
		cells_puts(d->c, 1, y + rows, d->c->w - 2, text, DRAW_DIM);
	}
	free(list);
}

/* ---- the gate ---- */

static void
say_stopped(const struct model *m, struct text *t)
{
	static const char *const why[] = {
	    [MUSTER_ROLLOUT_NOT_STOPPED] = "all hosts had their turn",
	    [MUSTER_ROLLOUT_BY_CANARY] = "STOPPED: the canary failed",
	    [MUSTER_ROLLOUT_BY_FAILURES] = "STOPPED: too many failed",
	    [MUSTER_ROLLOUT_BY_UNAVAILABLE] = "STOPPED: too many unavailable",
	    [MUSTER_ROLLOUT_BY_CHECK] = "STOPPED: the check did not succeed",
	    [MUSTER_ROLLOUT_BY_STALL] = "STOPPED: no host succeeds any more",
	    [MUSTER_ROLLOUT_BY_PERSON] = "STOPPED by hand",
	};
	const struct muster_rollout_view *v = m->rollout.view;

	text_adds(t, why[v->reason]);
	if (v->n_in_flight > 0)
		text_addf(t, "; %zu in flight finish", v->n_in_flight);
}

static void
say_gate(const struct model *m, struct text *t)
{
	const struct model_rollout *r = &m->rollout;
	const struct muster_rollout_wave *w = &r->view->waves[r->view->wave];
	char left[DRAW_TIME];

	text_addf(t, "wave %zu is through: %zu ok, %zu failed.  ",
	    r->view->wave + 1, w->n_good, w->n_bad);
	if (r->gate != MUSTER_ROLLOUT_WAIT) {
		text_adds(t, "P begins the next one   X stops the rollout");
		return;
	}
	draw_time(left,
	    w->ended_us + r->gate_us > m->now_us
		? w->ended_us + r->gate_us - m->now_us
		: 0,
	    true);
	text_addf(t, "The next one begins in %s   P at once   p pause", left);
}

static void
say_now(const struct model *m, struct text *t)
{
	const struct muster_rollout_view *v = m->rollout.view;
	size_t untouched = v->n_hosts - v->n_good - v->n_left - v->n_in_flight;

	untouched -= v->n_bad < untouched ? v->n_bad : untouched;
	if (v->phase == MUSTER_ROLLOUT_STOPPING ||
	    v->phase == MUSTER_ROLLOUT_OVER)
		say_stopped(m, t);
	else if (v->is_paused)
		text_addf(t,
		    "PAUSED. %zu in flight finish, %zu not touched.   "
		    "p resume   X stops the rollout",
		    v->n_in_flight, untouched);
	else if (v->phase == MUSTER_ROLLOUT_GATE)
		say_gate(m, t);
	else if (v->phase == MUSTER_ROLLOUT_SOAKING)
		text_addf(t, "wave %zu is through; is it well?   P goes on",
		    v->wave + 1);
	else
		text_adds(t, "p pause   X stops the rollout");
}

static void
draw_gate(const struct draw *d, int y, bool has_rule)
{
	const struct muster_rollout_view *v = d->m->rollout.view;
	bool waits = v->phase == MUSTER_ROLLOUT_GATE || v->is_paused;
	struct text t = {0};

	if (has_rule)
		draw_rule(d, y++, "gate", NULL);
	say_now(d->m, &t);
	cells_puts(d->c, 1, y, d->c->w - 2, text_str(&t),
	    waits || v->reason != MUSTER_ROLLOUT_NOT_STOPPED ? DRAW_BOLD
							     : DRAW_PLAIN);
	text_clear(&t);
	if (!has_rule || v->phase >= MUSTER_ROLLOUT_STOPPING)
		return;
	if (v->wave + 1 < v->n_waves)
		text_addf(&t, "next wave: %zu, %zu hosts", v->wave + 2,
		    v->waves[v->wave + 1].n_hosts);
	else
		text_adds(&t, "this is the last wave");
	cells_puts(d->c, 1, y + 1, d->c->w - 2, text_str(&t), DRAW_PLAIN);
	text_clear(&t);
}

void
draw_rollout(const struct draw *d)
{
	const struct muster_rollout_view *v = d->m->rollout.view;
	struct rect b = d->at.body;
	struct shape_rollout s;
	int y = b.y;

	if (v == NULL) {
		cells_puts(d->c, 1, y, b.w - 2,
		    "this run has no waves: --canary and --serial make them",
		    DRAW_PLAIN);
		return;
	}
	s = shape_rollout(v->n_waves, b.h);
	y = draw_waves(d, y, s.wave_rows);
	if (s.has_budget)
		y = draw_budget(d, y);
	if (s.has_timeline && v->waves[0].begun_us > 0 && d->c->w >= 40)
		y = draw_timeline(d, y);
	if (s.flight_rows > 0)
		draw_flight(d, y, s.flight_rows);
	draw_gate(d, b.y + b.h - (s.has_gate ? 3 : 1), s.has_gate);
}
