/*
 * app_waves.c -- what a person decides of a rollout.
 *
 * Room: ui.  May touch: app.h, waves.h.
 * The judge is the engine's; whoever started the rollout tells it, and writes
 * down who decided what.
 */
#include "config.h"

#include "ui/waves.h"
#include "ui/app.h"

#include <stdio.h>

bool
waves_are_here(const struct ui *ui)
{
	return ui->rollout.view != NULL;
}

void
ui_set_rollout(struct ui *ui, const struct ui_rollout *rollout)
{
	const struct model_rollout shown = {.view = rollout->view,
	    .order = rollout->order,
	    .has_canary = rollout->has_canary,
	    .has_max_fail = rollout->has_max_fail,
	    .gate = rollout->gate,
	    .gate_us = rollout->gate_us};

	ui->rollout = *rollout;
	model_set_rollout(ui->model, &shown);
	ui->view.kind = VIEW_ROLLOUT;
}

static bool
is_live(const struct ui *ui)
{
	return ui->rollout.view->phase != MUSTER_ROLLOUT_STOPPING &&
	       ui->rollout.view->phase != MUSTER_ROLLOUT_OVER;
}

void
waves_decide(struct ui *ui, enum muster_rollout_event_type what, size_t number)
{
	const struct muster_rollout_view *v = ui->rollout.view;

	if (!is_live(ui)) {
		app_say(ui, "the rollout is over");
		return;
	}
	ui->rollout.decide(ui->rollout.owner, what, number);
	if (what == MUSTER_ROLLOUT_MAX_FAIL)
		ui->model->rollout.has_max_fail = true;
	model_pause(ui->model, v->is_paused);
}

void
waves_promote(struct ui *ui, enum action action)
{
	const struct muster_rollout_view *v = ui->rollout.view;

	(void)action;
	if (v == NULL)
		app_say(ui, "this run has no waves");
	else if (v->is_paused || v->phase == MUSTER_ROLLOUT_GATE ||
		 v->phase == MUSTER_ROLLOUT_SOAKING)
		waves_decide(ui, MUSTER_ROLLOUT_PROMOTE, 0);
	else
		app_say(ui, "no wave waits to begin");
}

void
waves_ask_stop(struct ui *ui)
{
	const struct muster_rollout_view *v = ui->rollout.view;

	if (!is_live(ui)) {
		app_say(ui, "the rollout is over");
		return;
	}
	ui->pending.what = STEER_STOP;
	dialog_open(&ui->dialog, "stop the rollout");
	sheet_add(&ui->dialog.sheet,
	    "No host begins any more. %zu of %zu have had their turn,",
	    v->n_good + v->n_bad + v->n_left, v->n_hosts);
	sheet_add(&ui->dialog.sheet, "%zu at work go on to their end.",
	    v->n_in_flight);
	sheet_add(&ui->dialog.sheet, "muster rerun goes on with the rest.");
	dialog_ask_keys(&ui->dialog, "y", "y: stop it   Esc: let it go on");
}

void
waves_open(struct ui *ui)
{
	char filter[32];

	(void)snprintf(filter, sizeof(filter), "wave=%zu", ui->view.wave + 1);
	(void)view_filter(&ui->view, filter, NULL);
	view_go(&ui->view, VIEW_LIST);
}
