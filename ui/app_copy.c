/*
 * app_copy.c -- what is copied: lines, whole outputs, names of hosts.
 *
 * Room: ui.  May touch: app.h, steer.h, src/heap.h, src/text.h.
 */
#include "config.h"

#include "ui/app.h"
#include "ui/steer.h"
#include "src/heap.h"
#include "src/text.h"

#include <stdlib.h>
#include <string.h>

#define FOLDED_BYTES 4096
#define LINES_ALL 65536

static void
copy(struct ui *ui, const char *text, size_t len)
{
	if (screen_copy(&ui->screen, text, len))
		app_say(ui, "%zu bytes copied (OSC 52)", len);
	else
		app_say(ui, "this terminal is not known to take a copy");
}

void
copy_take(struct ui *ui, const struct muster_snapshot *snapshot)
{
	struct text all = {0};

	for (size_t i = 0; i < snapshot->n_lines; i++) {
		const struct muster_line *line = &snapshot->lines[i].line;

		text_add(&all, line->text, line->len);
		text_add(&all, "\n", 1);
	}
	copy(ui, text_str(&all), all.len);
	text_clear(&all);
}

static void
ask(struct ui *ui, size_t host, uint64_t from, size_t n)
{
	if (!look_ask_copy(ui, host, from, n))
		app_say(ui, "not just now; once more, please");
}

/* The lines that were chosen, or the one on top of the screen. */
static void
copy_lines(struct ui *ui)
{
	struct view_zoom *z = &ui->view.zoom;
	uint64_t a = z->copy_from, b = z->copy_to;

	if (a == UINT64_MAX)
		a = b = z->match != UINT64_MAX ? z->match : UINT64_MAX;
	if (a == UINT64_MAX) {
		ask(ui, z->host, UINT64_MAX, 1);
		return;
	}
	if (a > b) {
		uint64_t t = a;

		a = b;
		b = t;
	}
	ask(ui, z->host, a, (size_t)(b - a) + 1);
	z->copy_from = z->copy_to = UINT64_MAX;
}

/* Those marked; in a view of groups those of the group; or one. */
static size_t
choose_hosts(const struct ui *ui, size_t here, size_t *out)
{
	const struct alike *g = &ui->model->groups;
	size_t n = 0, at = alike_find(g, ui->model, here);

	for (size_t i = 0; i < ui->model->n_hosts; i++)
		if (ui->model->hosts[i].is_marked)
			out[n++] = i;
	if (n == 0 && ui->view.kind == VIEW_GROUPS && at < g->n)
		for (size_t i = 0; i < g->items[at].n_hosts; i++)
			out[n++] = g->items[at].hosts[i];
	if (n == 0)
		out[n++] = here;
	return n;
}

void
copy_some(struct ui *ui)
{
	size_t here = app_here(ui), n;
	char folded[FOLDED_BYTES];
	size_t *hosts;

	if (app_is_zoomed(ui)) {
		copy_lines(ui);
		return;
	}
	if (here >= ui->model->n_hosts)
		return;
	hosts = heap_array(ui->model->n_hosts + 1, sizeof(*hosts));
	n = choose_hosts(ui, here, hosts);
	steer_fold(ui, hosts, n, folded, sizeof(folded));
	copy(ui, folded, strlen(folded));
	free(hosts);
}

void
copy_all(struct ui *ui)
{
	size_t here = app_here(ui);

	if (here < ui->model->n_hosts)
		ask(ui, here, 0, LINES_ALL);
}

void
copy_choose(struct ui *ui)
{
	struct view_zoom *z = &ui->view.zoom;
	const struct model_host *h = &ui->model->hosts[z->host];

	if (z->copy_from != UINT64_MAX) {
		z->copy_from = z->copy_to = UINT64_MAX;
		return;
	}
	if (h->shown.n_ever == 0) {
		app_say(ui, "there is no line to choose");
		return;
	}
	z->copy_from = z->is_following ? h->shown.n_ever - 1 : z->top;
	if (z->match != UINT64_MAX)
		z->copy_from = z->match;
	z->copy_to = z->copy_from;
}
