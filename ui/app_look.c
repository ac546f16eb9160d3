/*
 * app_look.c -- asks the engine for what the screen is about to show, and
 * takes the answers.
 *
 * Room: ui.  May touch: app.h.
 * One question a host is under way at a time; an answer goes where it was
 * asked for.
 */
#include "config.h"

#include "ui/app.h"
#include "ui/draw.h"

#include <string.h>

#define WANTED_MAX 512
#define GROUPS_US 500000 /* between two looks at groups */
#define WAITS_US 2000000 /* of silence, before a last line is a question */
#define BIG 1000         /* lines: a question for more is not repeated soon */
#define BIG_US 500000

static bool
is_too_soon(
    const struct model_host *h, const struct view_wanted *w, int64_t now_us)
{
	return w->what == WANT_LINES && w->n > BIG && h->has.n > BIG &&
	       h->has.from == w->from && now_us - h->asked_us < BIG_US;
}

static void
ask(struct ui *ui, const struct view_wanted *w, int64_t now_us)
{
	struct model_host *h = &ui->model->hosts[w->host];
	struct muster_look look = {.from = w->from,
	    .n = w->n,
	    .needle = w->needle,
	    .only_matches = w->only_matches};

	if (w->from != UINT64_MAX && w->needle == NULL) {
		look.from -= look.from < w->margin ? look.from : w->margin;
		look.n += 2 * w->margin;
	}
	h->is_asked = muster_ask_look(ui->m, w->host, &look);
	h->asked = (struct model_asked){.what = w->what,
	    .from = look.from,
	    .n = look.n,
	    .needle_no = w->needle_no,
	    .version = h->version};
	h->asked_us = now_us;
}

void
look_ask(struct ui *ui, bool urgent, int64_t now_us)
{
	struct view_wanted wanted[WANTED_MAX];
	size_t n = view_wanted(&ui->view, ui->model, ui->screen.w, ui->screen.h,
	    wanted, WANTED_MAX);

	ui->is_answering = urgent;
	for (size_t i = 0; i < n; i++) {
		const struct model_host *h = &ui->model->hosts[wanted[i].host];

		if (!h->is_asked && !view_has(ui->model, &wanted[i]) &&
		    !is_too_soon(h, &wanted[i], now_us))
			ask(ui, &wanted[i], now_us);
	}
}

bool
look_ask_copy(struct ui *ui, size_t host, uint64_t from, size_t n)
{
	struct view_wanted w = {
	    .host = host, .what = WANT_COPY, .from = from, .n = n};

	if (ui->model->hosts[host].is_asked)
		return false;
	ask(ui, &w, tty_now_us());
	return ui->model->hosts[host].is_asked;
}

/* ---- searching ---- */

/* The next host of the list, round its end. */
static void
hop(struct ui *ui)
{
	struct view *v = &ui->view;
	size_t n = v->n_list, at = 0, hops = v->zoom.hops - 1;
	int step = v->zoom.jump;

	if (n == 0)
		return;
	while (at < n && v->list[at] != v->zoom.host)
		at++;
	at = at < n ? (at + n + (size_t)(long)step) % n : 0;
	zoom_set_host(&v->zoom, v->list[at]);
	v->cursor = v->list[at];
	v->zoom.jump = step;
	v->zoom.hops = hops;
}

static void
take_found(struct ui *ui, enum zoom_found found, int step)
{
	struct view_zoom *z = &ui->view.zoom;

	if (found == ZOOM_FOUND || found == ZOOM_WRAPPED) {
		z->hops = 0;
		if (found == ZOOM_WRAPPED)
			app_say(ui, "searched on from the other end");
		return;
	}
	if (z->hops > 1) {
		z->jump = step;
		hop(ui);
	} else if (z->hops == 1) {
		z->hops = 0;
		app_say(ui, "'%s' is in no other host's output", z->search);
	} else {
		app_say(ui,
		    "'%s' is not in this host's output; n again "
		    "searches the others",
		    z->search);
	}
}

static int
zoom_rows(const struct ui *ui)
{
	return draw_zoom_rows(ui->screen.w, ui->screen.h);
}

static void
take_matches(
    struct ui *ui, const struct model_host *h, const struct muster_snapshot *s)
{
	struct view_zoom *z = &ui->view.zoom;
	int step = z->jump;
	enum zoom_found found;

	if (h != &ui->model->hosts[z->host])
		return;
	found = zoom_take_matches(z, ui->model, s, zoom_rows(ui));
	if (found != ZOOM_NOTHING)
		take_found(ui, found, step);
}

/* Past the last match of a host are those of the others. */
void
look_jump(struct ui *ui, int step)
{
	struct view_zoom *z = &ui->view.zoom;
	enum zoom_found found;

	if (z->search[0] == '\0') {
		app_say(ui, "nothing is searched: / in a host's lines");
		return;
	}
	if (zoom_wants_matches(z, ui->model) || ui->model->n_hosts == 0) {
		z->jump = step;
		return;
	}
	if (z->n_matches == 0 && ui->view.n_list > 1)
		z->hops = ui->view.n_list;
	found = zoom_jump(z, ui->model, step, zoom_rows(ui));
	take_found(ui, found, step);
}

/* ---- answers ---- */

void
look_take(struct ui *ui, const struct muster_event *event)
{
	const struct model_host *h = &ui->model->hosts[event->host];

	switch (h->asked.what) {
	case WANT_LINES:
		break;
	case WANT_BRANCH:
		alike_set_text(
		    &ui->model->groups, event->host, event->snapshot);
		break;
	case WANT_MATCHES:
		take_matches(ui, h, event->snapshot);
		break;
	case WANT_COPY:
		copy_take(ui, event->snapshot);
		break;
	}
}

/* ---- groups ---- */

static bool
shows_groups(const struct ui *ui)
{
	const struct view *v = &ui->view;

	return v->kind == VIEW_GROUPS || v->kind == VIEW_DIFF ||
	       (v->filter_text != NULL &&
		   strstr(v->filter_text, "grp") != NULL);
}

void
look_at_groups(struct ui *ui, bool masked)
{
	struct model *m = ui->model;
	struct muster_branch branches[ALIKE_BRANCHES];
	struct muster_groups groups;
	size_t n_common, n;

	muster_group_hosts(ui->m, masked, &groups);
	alike_set(&m->groups, m, &groups, masked);
	muster_groups_clear(&groups);
	n = muster_branches(ui->m, masked, &n_common, branches, ALIKE_BRANCHES);
	alike_set_branches(&m->groups, n_common, branches, n);
	m->groups.at_us = tty_now_us();
	if (ui->view.filter != NULL)
		ui->view.is_list_stale = true;
}

/* While hosts print, and while not all of them are masked. */
bool
look_wants_groups(const struct ui *ui)
{
	const struct alike *g = &ui->model->groups;
	size_t n_begun = 0;

	if (!shows_groups(ui))
		return false;
	for (size_t i = 0; i < ui->model->n_hosts; i++)
		n_begun += ui->model->hosts[i].begun_us != 0;
	return app_is_busy(ui) || g->at_us == 0 || ui->groups_due ||
	       (g->is_masked && g->n_grouped < n_begun);
}

void
look_refresh(struct ui *ui, int64_t now_us)
{
	const struct alike *g = &ui->model->groups;

	if (!look_wants_groups(ui) || now_us - g->at_us < GROUPS_US)
		return;
	ui->groups_due = app_is_busy(ui);
	look_at_groups(ui, g->is_masked);
}

/* Hosts whose last line asks something. */
void
look_for_questions(struct ui *ui, int64_t now_us)
{
	struct muster_meter meter;

	for (size_t i = 0; i < ui->model->n_hosts; i++) {
		const struct model_host *h = &ui->model->hosts[i];

		if ((h->badge != BADGE_RUNNING && h->badge != BADGE_QUIET) ||
		    now_us - h->last_us < WAITS_US)
			continue;
		muster_host_meter(ui->m, i, &meter);
		if (meter.waits)
			model_waits(ui->model, i);
	}
}
