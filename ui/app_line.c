/*
 * app_line.c -- the line at the foot: a command, a filter, a search, a line
 * for a host.
 *
 * Room: ui.  May touch: app.h, steer.h.
 * What is sent to a host is not remembered: it may be a secret.
 */
#include "config.h"

#include "ui/app.h"
#include "ui/steer.h"

#include <stdio.h>
#include <string.h>

void
line_open(struct ui *ui, char kind)
{
	const char *text = "";

	if (kind == '/' && !app_is_zoomed(ui) && ui->view.kind != VIEW_HELP &&
	    ui->view.filter_text != NULL)
		text = ui->view.filter_text;
	edit_set(&ui->line, text);
	ui->line_kind = kind;
	ui->line_label[0] = '\0';
	if (kind == ':')
		command_list(ui, "");
}

static void
close_line(struct ui *ui)
{
	if (ui->line_kind == '>')
		edit_wipe(&ui->line);
	ui->line_kind = 0;
	ui->list.n = 0;
}

/* Says what is wrong with a filter, with a mark below the place. */
static void
say_refused(struct ui *ui, const char *text, const struct muster_error *err)
{
	size_t at = err->at <= strlen(text) ? err->at : 0;

	app_say(ui, "%s", err->text);
	sheet_reset(&ui->list);
	sheet_add(&ui->list, "/%s", text);
	sheet_add(&ui->list, "%*s^", (int)at + 1, "");
	sheet_add(&ui->list, "%s", err->text);
	ui->is_refused = true;
}

static void
apply_search(struct ui *ui, bool is_final)
{
	const char *text = ui->line.text;
	struct muster_error err;

	if (app_is_zoomed(ui)) {
		zoom_set_search(&ui->view.zoom, text);
		if (is_final && text[0] != '\0')
			look_jump(ui, 1);
		return;
	}
	if (view_filter(&ui->view, text, &err) < 0 && is_final)
		say_refused(ui, text, &err);
}

/* ---- a line for one host ---- */

void
line_open_send(struct ui *ui)
{
	size_t here = app_here(ui);

	if (here >= ui->model->n_hosts)
		return;
	if (!steer_can_send(ui, here))
		return;
	line_open(ui, '>');
	ui->line_host = here;
	(void)snprintf(ui->line_label, sizeof(ui->line_label), "to %.40s> ",
	    ui->model->hosts[here].name);
}

static void
end_line(struct ui *ui)
{
	char kind = ui->line_kind;

	if (kind == '>') {
		steer_send(ui, ui->line_host, ui->line.text);
		close_line(ui);
		return;
	}
	close_line(ui);
	edit_remember(&ui->line);
	if (kind == ':')
		command_do(ui, ui->line.text);
	else
		apply_search(ui, true);
}

static void
leave_line(struct ui *ui)
{
	if (ui->line_kind == '/' && app_is_zoomed(ui))
		zoom_set_search(&ui->view.zoom, "");
	else if (ui->line_kind == '/')
		(void)view_filter(&ui->view, NULL, NULL);
	close_line(ui);
}

static void
take_change(struct ui *ui)
{
	if (ui->line_kind == '/')
		apply_search(ui, false);
	else if (ui->line_kind == ':')
		command_list(ui, ui->line.text);
}

void
line_take(struct ui *ui, const struct input_event *event)
{
	switch (edit_take(&ui->line, event)) {
	case EDIT_DONE:
		end_line(ui);
		break;
	case EDIT_LEFT:
		leave_line(ui);
		break;
	case EDIT_EDITED:
		take_change(ui);
		break;
	case EDIT_NOTHING:
		if (ui->line_kind == ':' && event->type == INPUT_KEY &&
		    event->code == INPUT_TAB)
			command_complete(ui);
		break;
	case EDIT_MOVED:
		break;
	}
}
