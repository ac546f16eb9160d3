/*
 * app_marks.c -- hosts chosen together: marks, groups, two to be compared.
 *
 * Room: ui.  May touch: app.h.
 */
#include "config.h"

#include "ui/app.h"

#include <string.h>

static struct model_host *
here(struct ui *ui)
{
	size_t at = app_here(ui);

	return at < ui->model->n_hosts ? &ui->model->hosts[at] : NULL;
}

static void
mark_group(struct ui *ui, const struct group *g)
{
	bool all = true;

	for (size_t i = 0; i < g->n_hosts; i++)
		all = all && ui->model->hosts[g->hosts[i]].is_marked;
	for (size_t i = 0; i < g->n_hosts; i++)
		model_mark(ui->model, g->hosts[i], !all);
}

void
marks_mark(struct ui *ui, enum action action)
{
	const struct alike *g = &ui->model->groups;
	struct model_host *host = here(ui);
	size_t at = alike_find(g, ui->model, ui->view.cursor);

	(void)action;
	if (host == NULL)
		return;
	if (ui->view.kind == VIEW_GROUPS && at < g->n)
		mark_group(ui, &g->items[at]);
	else
		model_mark(ui->model, app_here(ui), !host->is_marked);
	if (!app_is_zoomed(ui))
		app_move(ui, MOVE_DOWN);
}

/* Marks all from where a range began to the cursor. */
static void
mark_range(struct ui *ui)
{
	struct view *v = &ui->view;
	bool is_map = v->kind == VIEW_MAP;
	const uint32_t *list = is_map ? v->map : v->list;
	size_t n = is_map ? v->n_map : v->n_list, marked = 0;
	bool inside = false;

	for (size_t i = 0; i < n; i++) {
		bool edge = list[i] == v->range || list[i] == v->cursor;

		if (edge || inside) {
			model_mark(ui->model, list[i], true);
			marked++;
		}
		if (edge && v->range != v->cursor)
			inside = !inside;
	}
	v->range = MUSTER_NOWHERE;
	app_say(ui, "%zu hosts marked", marked);
}

void
marks_range(struct ui *ui, enum action action)
{
	struct view *v = &ui->view;

	(void)action;
	if (app_is_zoomed(ui)) {
		copy_choose(ui);
	} else if (v->range != MUSTER_NOWHERE) {
		mark_range(ui);
	} else if (v->cursor < ui->model->n_hosts) {
		v->range = v->cursor;
		app_say(ui, "a range begins here; v again marks it");
	}
}

void
marks_like(struct ui *ui, enum action action)
{
	const struct model_host *like = here(ui);
	size_t n = 0;

	(void)action;
	if (like == NULL)
		return;
	for (size_t i = 0; i < ui->model->n_hosts; i++) {
		const struct model_host *h = &ui->model->hosts[i];

		if (h->badge != like->badge || h->outcome != like->outcome ||
		    h->code != like->code ||
		    strcmp(h->signal, like->signal) != 0)
			continue;
		model_mark(ui->model, i, true);
		n++;
	}
	app_say(ui, "%zu hosts marked", n);
}

void
marks_drop(struct ui *ui, enum action action)
{
	(void)action;
	for (size_t i = 0; i < ui->model->n_hosts; i++)
		model_mark(ui->model, i, false);
}

/* ---- differences and groups ---- */

static void
compare_marked(struct ui *ui)
{
	size_t found[2], n = 0;

	for (size_t i = 0; i < ui->model->n_hosts; i++) {
		if (!ui->model->hosts[i].is_marked)
			continue;
		if (n < 2)
			found[n] = i;
		n++;
	}
	if (n == 2)
		view_compare(&ui->view, found[0], found[1], false);
	else
		app_say(ui, "mark two hosts to compare them, not %zu", n);
}

/* The host under the cursor, or its group, with the largest group. */
static void
compare_with_most(struct ui *ui)
{
	const struct alike *g = &ui->model->groups;
	size_t host = app_here(ui), at;

	look_at_groups(ui, g->is_masked);
	at = alike_find(g, ui->model, host);
	if (host >= ui->model->n_hosts || g->n == 0)
		app_say(ui, "there is no output to compare yet");
	else if (at != 0)
		view_compare(&ui->view, g->items[0].hosts[0], host, true);
	else if (g->n > 1)
		view_compare(&ui->view, g->items[0].hosts[0],
		    g->items[1].hosts[0], true);
	else
		app_say(ui, "all hosts printed the same");
}

void
marks_compare(struct ui *ui, enum action action)
{
	if (action == ACTION_DIFF_MARKED)
		compare_marked(ui);
	else
		compare_with_most(ui);
}

void
marks_mask(struct ui *ui, enum action action)
{
	(void)action;
	look_at_groups(ui, !ui->model->groups.is_masked);
	app_say(ui, "mask: %s",
	    ui->model->groups.is_masked
		? "on: numbers and names of hosts make no difference"
		: "off");
}
