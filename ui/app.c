/*
 * app.c -- the screen's loop: events of the run in, keys in, frames out.
 *
 * Room: ui.  May touch: app.h, src/heap.h.
 * One poll(2) over the terminal, the run and the signals. Nothing here waits
 * for any of them.
 */
#include "config.h"

#include "ui/app.h"
#include "src/heap.h"
#include "ui/screen_modes.h"

#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TAKE_US 20000     /* between two looks at a busy run's events */
#define TAKE_MAX 4000     /* events at once */
#define TICK_US 1000000   /* clocks */
#define SETTLE_US 1500000 /* nothing is sorted so soon after a key */
#define MESSAGE_US 8000000

/* A line for each key, with those that do the same. */
static void
make_help(struct ui *ui)
{
	size_t n;
	const struct keymap_row *rows = keymap_all(&n);
	struct view *v = &ui->view;

	ui->help = heap_array(n, sizeof(*ui->help));
	ui->help_lines = heap_array(n, sizeof(*ui->help_lines));
	for (size_t i = 0; i < n; i++) {
		char *line = ui->help[v->n_help];

		if (rows[i].help == NULL)
			continue;
		(void)snprintf(line, sizeof(ui->help[0]), "  %-10s %s",
		    rows[i].key, rows[i].help);
		ui->help_lines[v->n_help++] = line;
	}
	v->help = ui->help_lines;
}

struct ui *
ui_new(struct muster *m, const struct ui_options *options)
{
	struct ui *ui = heap_array(1, sizeof(*ui));
	struct model_run run = {.verb = options->verb,
	    .arg = options->arg,
	    .target = options->target,
	    .login = options->login};

	ui->m = m;
	ui->options = *options;
	ui->command = heap_strdup(options->command);
	ui->fanout = options->fanout;
	ui->can_send = options->can_send;
	ui->model = model_new(m, &run);
	ui->screen.tty.fd = -1;
	view_init(&ui->view);
	make_help(ui);
	return ui;
}

void
ui_free(struct ui *ui)
{
	if (ui == NULL)
		return;
	model_free(ui->model);
	view_clear(&ui->view);
	cells_clear(&ui->cells);
	edit_clear(&ui->line);
	ask_close(ui);
	questions_clear(&ui->asking.questions);
	free(ui->pending.hosts);
	free(ui->pending.command);
	free(ui->command);
	free(ui->help);
	free(ui->help_lines);
	free(ui);
}

int
ui_check(struct muster_error *err)
{
	return screen_check(err);
}

int
ui_signal(const struct ui *ui)
{
	return ui->signal;
}

const char *
ui_command(const struct ui *ui)
{
	return ui->command;
}

const char *
ui_reset_string(void)
{
	return modes_reset_string();
}

const struct muster_prompt *
ui_next_question(struct ui *ui)
{
	return questions_pop(&ui->asking.questions);
}

void
ui_end_input(struct ui *ui)
{
	ui->can_send = false;
}

void
ui_started(struct ui *ui)
{
	int64_t now_us =
	    ui->options.is_replay ? muster_play_now_us(ui->m) : tty_now_us();

	for (size_t i = 0; i < ui->model->n_hosts; i++)
		model_start(ui->model, i, now_us);
}

void
ui_event(struct ui *ui, const struct muster_event *event)
{
	model_event(ui->model, event);
	if (event->type != MUSTER_EVENT_NOTE || event->host != MUSTER_NOWHERE)
		return;
	(void)muster_clean_text(
	    ui->message, sizeof(ui->message), event->text, strlen(event->text));
	ui->message_us = tty_now_us();
}

void
app_say(struct ui *ui, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	(void)vsnprintf(ui->message, sizeof(ui->message), fmt, args);
	va_end(args);
	ui->message_us = tty_now_us();
	model_say(ui->model, ui->message);
}

void
app_end(struct ui *ui, enum ui_end end)
{
	ui->is_done = true;
	ui->end = end;
}

bool
app_host_is_busy(const struct model_host *host)
{
	return host->outcome == MUSTER_PENDING;
}

bool
app_is_busy(const struct ui *ui)
{
	return ui->model->n_finished < ui->model->n_hosts;
}

/* ---- what happened ---- */

static void
take_event(struct ui *ui, const struct muster_event *event)
{
	bool answers = event->type == MUSTER_EVENT_SNAPSHOT && ui->is_answering;

	ui_event(ui, event);
	if (event->type == MUSTER_EVENT_SNAPSHOT)
		look_take(ui, event);
	else if (event->type == MUSTER_EVENT_PROMPT)
		ask_take(ui, event->prompt);
	else if (event->type == MUSTER_EVENT_RESULT)
		ui->groups_due = true;
	if (ui->options.on_event != NULL)
		ui->options.on_event(ui->options.owner, event);
	screen_mark(&ui->screen, answers);
}

/* Takes what waits; a busy run's events not too often. */
static void
take_events(struct ui *ui, int64_t now_us)
{
	struct muster_event event;
	size_t n = 0;

	if (now_us < ui->taken_us + TAKE_US)
		return;
	while (n < TAKE_MAX && muster_next(ui->m, 0, &event) > 0) {
		take_event(ui, &event);
		n++;
	}
	ui->taken_us = n > 0 ? now_us : 0;
}

static void
take_signals(struct ui *ui)
{
	int signo;

	while (!ui->is_done &&
	       (signo = ui->options.take_signal(ui->options.owner)) != 0) {
		switch (signo) {
		case SIGWINCH:
			screen_note_size(&ui->screen, tty_now_us());
			break;
		case SIGCONT:
			screen_leave(&ui->screen);
			screen_enter(&ui->screen);
			break;
		case SIGTSTP:
			screen_leave(&ui->screen);
			(void)raise(SIGSTOP);
			screen_enter(&ui->screen);
			break;
		case SIGHUP:
			app_end(ui, UI_LOST);
			break;
		case SIGINT:
		case SIGTERM:
		case SIGQUIT:
			ui->signal = signo;
			app_end(ui, UI_SIGNAL);
			break;
		default:
			break;
		}
	}
}

static void
take_input(struct ui *ui, int64_t now_us)
{
	struct input_event event;

	while (!ui->is_done && screen_event(&ui->screen, &event)) {
		if (event.type == INPUT_FOCUS)
			continue;
		ui->typed_us = now_us;
		app_input(ui, &event);
		screen_mark(&ui->screen, true);
	}
}

/* ---- a frame ---- */

/* Rows that go out first on a slow line: the head, the foot, what asks. */
static void
choose_rows(const struct ui *ui, bool *is_first)
{
	int h = ui->cells.h, middle = h / 2;

	for (int y = 0; y < h; y++)
		is_first[y] = y < 2 || y >= h - 3 ||
			      (ui->view.box != NULL && y >= middle - 8 &&
				  y <= middle + 8);
}

/* What lies over the view. */
static const struct view_box *
choose_box(struct ui *ui)
{
	const struct view_box *questions;

	if (ui->dialog.is_open)
		return dialog_box(&ui->dialog);
	if ((questions = ask_box(ui)) != NULL)
		return questions;
	if (!ui->is_refused && (ui->line_kind != ':' || ui->list.n == 0))
		return NULL;
	ui->list_box =
	    sheet_box(&ui->list, ui->is_refused ? "not understood" : "command");
	ui->list_box.is_at_bottom = true;
	return &ui->list_box;
}

static void
set_view(struct ui *ui, int64_t now_us)
{
	struct view *v = &ui->view;

	v->stays_put = now_us - ui->typed_us < SETTLE_US;
	v->box = choose_box(ui);
	v->prompt = (struct view_prompt){.kind = ui->line_kind,
	    .label = ui->line_label[0] != '\0' ? ui->line_label : NULL,
	    .text = ui->line.text,
	    .cursor = ui->line.cursor};
	if (now_us - ui->message_us > MESSAGE_US)
		ui->message[0] = '\0';
	v->message = ui->message[0] != '\0' ? ui->message : NULL;
}

static void
set_title(struct ui *ui)
{
	struct model_sums sums = model_sums(ui->model);
	char title[128];

	(void)snprintf(title, sizeof(title), "muster %u%% x%zu %.80s",
	    model_percent(ui->model), sums.n_failed + sums.n_trouble,
	    ui->model->target != NULL ? ui->model->target : "");
	if (strcmp(title, ui->title) == 0)
		return;
	(void)snprintf(ui->title, sizeof(ui->title), "%s", title);
	screen_title(&ui->screen, title);
}

static void
draw(struct ui *ui, int64_t now_us)
{
	struct view_caps caps = {.ascii = ui->screen.options.is_ascii};
	bool urgent = ui->screen.frames.is_urgent;
	bool *is_first;

	if (ui->rollout.view != NULL &&
	    ui->rollout.view->is_paused != ui->model->is_paused)
		model_pause(ui->model, ui->rollout.view->is_paused);
	model_tick(ui->model,
	    ui->options.is_replay ? muster_play_now_us(ui->m) : now_us);
	set_view(ui, now_us);
	view_update(&ui->view, ui->model, ui->screen.w, ui->screen.h);
	look_refresh(ui, now_us);
	look_ask(ui, urgent, now_us);
	cells_reset(&ui->cells, ui->screen.w, ui->screen.h);
	view_draw(&ui->view, ui->model, &caps, &ui->cells);
	is_first = heap_array((size_t)ui->cells.h, sizeof(*is_first));
	choose_rows(ui, is_first);
	screen_show(&ui->screen, &ui->cells, is_first, now_us);
	set_title(ui);
	free(is_first);
}

/* ---- the loop ---- */

/* Clocks go on while hosts are at work, and messages go away. */
static int
tick(struct ui *ui, int64_t now_us)
{
	if (!app_is_busy(ui) && ui->message[0] == '\0' &&
	    !look_wants_groups(ui))
		return -1;
	if (now_us >= ui->tick_us) {
		look_for_questions(ui, now_us);
		screen_mark(&ui->screen, false);
		ui->tick_us = now_us + TICK_US;
	}
	return (int)((ui->tick_us - now_us + 999) / 1000);
}

static int
sooner(int a, int b)
{
	return b < 0 || (a >= 0 && a < b) ? a : b;
}

static void
wait_for_more(struct ui *ui, int64_t now_us)
{
	int64_t rest = ui->taken_us + TAKE_US - now_us;
	struct pollfd fds[] = {
	    {.fd = ui->screen.tty.fd,
		.events = screen_poll_events(&ui->screen)},
	    {.fd = ui->options.signal_fd, .events = POLLIN},
	    {.fd = rest > 0 ? -1 : muster_fd(ui->m), .events = POLLIN},
	    {.fd = -1},
	    {.fd = -1},
	};
	struct ui_rollout *r = &ui->rollout;
	int ms =
	    sooner(tick(ui, now_us), screen_timeout_ms(&ui->screen, now_us));

	if (ui->options.is_replay)
		ms = sooner(ms, muster_play_wait_ms(ui->m));
	if (rest > 0)
		ms = sooner(ms, (int)((rest + 999) / 1000));
	if (r->view != NULL) {
		r->poll(r->owner, fds + 3);
		ms = r->timeout_ms(r->owner, ms);
	}
	if (poll(fds, 3 + UI_ROLLOUT_FDS, ms) >= 0 && r->view != NULL)
		r->serve(r->owner, fds + 3);
}

static void
run(struct ui *ui)
{
	int64_t now_us = tty_now_us();

	while (!ui->is_done) {
		if (screen_is_due(&ui->screen, now_us))
			draw(ui, now_us);
		wait_for_more(ui, tty_now_us());
		now_us = tty_now_us();
		if (!screen_work(&ui->screen, now_us)) {
			app_end(ui, UI_LOST);
			break;
		}
		take_signals(ui);
		take_input(ui, now_us);
		take_events(ui, now_us);
		if (screen_resize(&ui->screen, now_us))
			ui->view.is_list_stale = true;
	}
}

enum ui_end
ui_run(struct ui *ui, struct muster_error *err)
{
	struct screen_options options = {.fps = ui->options.fps,
	    .is_mono = ui->options.is_mono,
	    .is_ascii = ui->options.is_ascii,
	    .has_title = true,
	    .record = ui->options.record};

	if (screen_open(&ui->screen, &options, err) < 0)
		return UI_FAILED;
	ui->is_done = false;
	ui->signal = 0;
	ui->title[0] = '\0';
	ask_update(ui);
	run(ui);
	ask_close(ui);
	screen_close(&ui->screen);
	return ui->end;
}
