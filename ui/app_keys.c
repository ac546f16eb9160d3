/*
 * app_keys.c -- does what keys say.
 *
 * Room: ui.  May touch: app.h, src/heap.h, src/text.h.
 */
#include "config.h"

#include "ui/app.h"
#include "src/heap.h"
#include "src/text.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define AGAIN_US 2000000 /* for the second ^C */
#define FANOUT_STEP 4    /* a key changes it by a quarter */

static void
move(struct ui *ui, enum view_move how)
{
	view_move(&ui->view, ui->model, how, ui->screen.w, ui->screen.h);
}

static bool
is_zoomed(const struct ui *ui)
{
	return view_effective(&ui->view, ui->model, ui->screen.w,
		   ui->screen.h) == VIEW_ZOOM;
}

static struct model_host *
here(struct ui *ui)
{
	size_t at = is_zoomed(ui) ? ui->view.zoom.host : ui->view.cursor;

	return at < ui->model->n_hosts ? &ui->model->hosts[at] : NULL;
}

/* ---- the line: a command, a filter, a search ---- */

static void
open_line(struct ui *ui, char kind)
{
	const char *text = "";

	if (kind == '/' && is_zoomed(ui))
		text = "";
	else if (kind == '/' && ui->view.filter_text != NULL)
		text = ui->view.filter_text;
	edit_set(&ui->line, text);
	ui->line_kind = kind;
	if (kind == ':')
		command_list(ui, "");
}

static void
close_line(struct ui *ui)
{
	ui->line_kind = 0;
	ui->list.n = 0;
}

/* Says what is wrong with a filter, and where. */
static void
say_refused(struct ui *ui, const char *text, const struct muster_error *err)
{
	if (err->at == MUSTER_NOWHERE || err->at > strlen(text))
		app_say(ui, "%s", err->text);
	else
		app_say(ui, "%.*s<here>%s: %s", (int)err->at, text,
		    text + err->at, err->text);
}

static void
apply_search(struct ui *ui, bool is_final)
{
	const char *text = ui->line.text;
	struct muster_error err;

	if (is_zoomed(ui)) {
		(void)snprintf(ui->view.zoom.search,
		    sizeof(ui->view.zoom.search), "%.*s",
		    (int)sizeof(ui->view.zoom.search) - 1, text);
		return;
	}
	if (view_filter(&ui->view, text, &err) < 0 && is_final)
		say_refused(ui, text, &err);
}

static void
end_line(struct ui *ui)
{
	char kind = ui->line_kind;

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
	if (ui->line_kind == '/' && !is_zoomed(ui))
		(void)view_filter(&ui->view, NULL, NULL);
	close_line(ui);
}

static void
take_line(struct ui *ui, const struct input_event *event)
{
	switch (edit_take(&ui->line, event)) {
	case EDIT_DONE:
		end_line(ui);
		break;
	case EDIT_LEFT:
		leave_line(ui);
		break;
	case EDIT_EDITED:
		if (ui->line_kind == '/')
			apply_search(ui, false);
		else
			command_list(ui, ui->line.text);
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

/* ---- looking ---- */

static void
zoom(struct ui *ui)
{
	struct view *v = &ui->view;

	if (is_zoomed(ui) || v->cursor >= ui->model->n_hosts)
		return;
	view_zoom(v, ui->model, v->cursor);
	model_seen(ui->model, v->cursor);
}

static void
show_help(struct ui *ui)
{
	view_go(&ui->view, VIEW_HELP);
}

static void
mark(struct ui *ui)
{
	struct model_host *host = here(ui);

	if (host == NULL)
		return;
	model_mark(
	    ui->model, (size_t)(host - ui->model->hosts), !host->is_marked);
	if (!is_zoomed(ui))
		move(ui, MOVE_DOWN);
}

static void
mark_like(struct ui *ui)
{
	const struct model_host *like = here(ui);
	size_t n = 0;

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

static void
unmark(struct ui *ui)
{
	for (size_t i = 0; i < ui->model->n_hosts; i++)
		model_mark(ui->model, i, false);
}

static void
sort_by(struct ui *ui, int step)
{
	static const char *const words[SORT_N] = {
	    [SORT_SEVERITY] = "the worst first",
	    [SORT_NAME] = "name",
	    [SORT_TIME] = "time",
	    [SORT_EXIT] = "exit code",
	    [SORT_LINES] = "lines",
	    [SORT_HOST] = "the order given",
	};
	struct view *v = &ui->view;

	v->sort = (enum view_sort)(((int)v->sort + step + SORT_N) % SORT_N);
	v->is_list_stale = true;
	app_say(ui, "sorted by %s", words[v->sort]);
}

static void
next_quick(struct ui *ui)
{
	static const char *const words[QUICK_N] = {
	    [QUICK_ALL] = "all hosts",
	    [QUICK_TROUBLE] = "hosts in trouble",
	    [QUICK_RUNNING] = "hosts at work",
	    [QUICK_ATTENTION] = "hosts that want attention",
	    [QUICK_NEW] = "hosts that are new in trouble",
	};
	struct view *v = &ui->view;

	v->quick = (enum view_quick)((v->quick + 1) % QUICK_N);
	v->is_list_stale = true;
	app_say(ui, "%s", words[v->quick]);
}

/* ---- copying ---- */

static void
copy(struct ui *ui, const char *text, size_t len)
{
	if (screen_copy(&ui->screen, text, len))
		app_say(ui, "%zu bytes copied (OSC 52)", len);
	else
		app_say(ui, "this terminal is not known to take a copy");
}

/* The names of the hosts that are meant, folded; in zoom the last line. */
static void
copy_some(struct ui *ui)
{
	struct model_host *host = here(ui);
	char folded[4096];
	size_t *marked, n = 0;

	if (host == NULL)
		return;
	if (is_zoomed(ui) && host->shown.n_lines > 0) {
		const struct muster_line *line =
		    &host->shown.lines[host->shown.n_lines - 1].line;

		copy(ui, line->text, line->len);
		return;
	}
	marked = heap_array(ui->model->n_hosts, sizeof(*marked));
	for (size_t i = 0; i < ui->model->n_hosts; i++) {
		if (ui->model->hosts[i].is_marked)
			marked[n++] = i;
	}
	if (n == 0)
		marked[n++] = (size_t)(host - ui->model->hosts);
	steer_fold(ui, marked, n, folded, sizeof(folded));
	copy(ui, folded, strlen(folded));
	free(marked);
}

static void
copy_all(struct ui *ui)
{
	struct model_host *host = here(ui);
	struct text all = {0};

	if (host == NULL)
		return;
	for (size_t i = 0; i < host->shown.n_lines; i++) {
		const struct muster_line *line = &host->shown.lines[i].line;

		text_add(&all, line->text, line->len);
		text_add(&all, "\n", 1);
	}
	copy(ui, text_str(&all), all.len);
	text_clear(&all);
}

/* ---- leaving ---- */

static void
quit(struct ui *ui)
{
	if (view_back(&ui->view))
		return;
	if (app_is_busy(ui))
		steer_ask_leave(ui);
	else
		app_end(ui, UI_LEFT);
}

/* The second ^C within two seconds stops all that runs. */
static void
stop(struct ui *ui)
{
	int64_t now_us = tty_now_us();

	if (!app_is_busy(ui)) {
		app_end(ui, UI_LEFT);
		return;
	}
	if (ui->stopped_us != 0 && now_us - ui->stopped_us < AGAIN_US) {
		dialog_close(&ui->dialog);
		app_end(ui, UI_STOP);
		return;
	}
	ui->stopped_us = now_us;
	steer_ask_leave(ui);
	app_say(ui, "^C again within 2 s stops the hosts at work");
}

/* A shell on the normal screen; the engine's own threads go on. */
static void
shell_out(struct ui *ui)
{
	const char *shell = getenv("SHELL");
	pid_t pid;

	screen_leave(&ui->screen);
	(void)printf("muster: the run goes on; exit comes back to it\n");
	(void)fflush(stdout);
	pid = fork();
	if (pid == 0) {
		(void)signal(SIGINT, SIG_DFL);
		(void)signal(SIGTSTP, SIG_DFL);
		(void)execl(shell != NULL ? shell : "/bin/sh",
		    shell != NULL ? shell : "/bin/sh", (char *)NULL);
		_exit(127);
	}
	while (pid > 0 && waitpid(pid, NULL, 0) < 0)
		;
	screen_enter(&ui->screen);
	if (pid < 0)
		app_say(ui, "cannot start a shell");
}

/* ---- the table ---- */

static void
toggle(struct ui *ui, bool *flag, const char *word)
{
	*flag = !*flag;
	ui->view.is_list_stale = true;
	app_say(ui, "%s: %s", word, *flag ? "on" : "off");
}

static const struct {
	uint8_t action, move;
} moves[] = {
    {ACTION_UP, MOVE_UP},
    {ACTION_DOWN, MOVE_DOWN},
    {ACTION_LEFT, MOVE_LEFT},
    {ACTION_RIGHT, MOVE_RIGHT},
    {ACTION_PAGE_UP, MOVE_PAGE_UP},
    {ACTION_PAGE_DOWN, MOVE_PAGE_DOWN},
    {ACTION_HALF_UP, MOVE_HALF_UP},
    {ACTION_HALF_DOWN, MOVE_HALF_DOWN},
    {ACTION_FIRST, MOVE_FIRST},
    {ACTION_LAST, MOVE_LAST},
    {ACTION_NEXT, MOVE_NEXT},
    {ACTION_PREVIOUS, MOVE_PREVIOUS},
    {ACTION_NEXT_HOST, MOVE_NEXT},
    {ACTION_PREVIOUS_HOST, MOVE_PREVIOUS},
    {ACTION_NEXT_TROUBLE, MOVE_NEXT_TROUBLE},
    {ACTION_PREVIOUS_TROUBLE, MOVE_PREVIOUS_TROUBLE},
};

static bool
do_move(struct ui *ui, enum action action)
{
	for (size_t i = 0; i < sizeof(moves) / sizeof(moves[0]); i++) {
		if (moves[i].action != action)
			continue;
		move(ui, (enum view_move)moves[i].move);
		return true;
	}
	return false;
}

/* One of the main views: Esc does not lead out of it. */
static void
choose(struct view *v, enum view_kind kind)
{
	view_go(v, kind);
	v->n_back = 0;
}

/* What changes how things are shown. */
static bool
do_look(struct ui *ui, enum action action)
{
	struct view *v = &ui->view;

	if (action >= ACTION_AUTO && action <= ACTION_ROLLOUT) {
		choose(v,
		    (enum view_kind)(VIEW_AUTO + (int)(action - ACTION_AUTO)));
		return true;
	}
	switch (action) {
	case ACTION_ENTER:
		zoom(ui);
		return true;
	case ACTION_BACK:
		(void)view_back(v);
		return true;
	case ACTION_HELP:
		show_help(ui);
		return true;
	case ACTION_QUICK:
		next_quick(ui);
		return true;
	case ACTION_UNFILTER:
		v->quick = QUICK_ALL;
		v->is_list_stale = true;
		(void)view_filter(v, NULL, NULL);
		return true;
	case ACTION_SORT:
	case ACTION_SORT_NEXT:
		sort_by(ui, 1);
		return true;
	case ACTION_SORT_PREVIOUS:
		sort_by(ui, -1);
		return true;
	case ACTION_FOLLOW:
		v->zoom.is_following = true;
		return true;
	case ACTION_WRAP:
		toggle(ui, is_zoomed(ui) ? &v->zoom.wraps : &v->wraps, "wrap");
		return true;
	case ACTION_TIMES:
		toggle(ui, &v->zoom.has_times, "times");
		return true;
	case ACTION_STDERR:
		toggle(ui, &v->zoom.only_stderr, "standard error only");
		return true;
	case ACTION_ONLY_MATCHES:
		toggle(ui, &v->zoom.only_matches, "only matching lines");
		return true;
	case ACTION_FOLLOW_TROUBLE:
		toggle(ui, &v->follows_trouble, "new trouble to the front");
		return true;
	case ACTION_COLLAPSE:
		toggle(ui, &v->collapses_ok, "fold panes that ended well");
		return true;
	case ACTION_REDRAW:
		screen_redraw(&ui->screen);
		return true;
	default:
		return false;
	}
}

/* Marks, copies, lines. */
static bool
do_more(struct ui *ui, enum action action)
{
	switch (action) {
	case ACTION_SEARCH:
		open_line(ui, '/');
		return true;
	case ACTION_COMMAND:
		open_line(ui, ':');
		return true;
	case ACTION_MARK:
		mark(ui);
		return true;
	case ACTION_MARK_LIKE:
		mark_like(ui);
		return true;
	case ACTION_UNMARK:
		unmark(ui);
		return true;
	case ACTION_COPY:
		copy_some(ui);
		return true;
	case ACTION_COPY_ALL:
		copy_all(ui);
		return true;
	case ACTION_SHELL_OUT:
		shell_out(ui);
		return true;
	default:
		return false;
	}
}

static void
do_steer(struct ui *ui, enum action action)
{
	unsigned step = ui->fanout / FANOUT_STEP + 1;

	switch (action) {
	case ACTION_PAUSE:
		steer_pause(ui, !ui->model->is_paused);
		break;
	case ACTION_FANOUT_UP:
		steer_fanout(ui, ui->fanout + step);
		break;
	case ACTION_FANOUT_DOWN:
		steer_fanout(ui, ui->fanout > step ? ui->fanout - step : 1);
		break;
	case ACTION_RETRY:
		steer_ask_start(
		    ui, TARGET_DEFAULT, NULL, steer_is_failed, "failed, of ");
		break;
	case ACTION_KILL:
		steer_ask_kill(ui, TARGET_DEFAULT);
		break;
	case ACTION_ABORT:
		steer_ask_abort(ui);
		break;
	case ACTION_STOP:
		stop(ui);
		break;
	case ACTION_QUIT:
		quit(ui);
		break;
	default:
		break;
	}
}

static void
take_dialog(struct ui *ui, const struct input_event *event)
{
	int answer;

	if (ui->pending.what == STEER_LEAVE &&
	    keymap_find(event) == ACTION_STOP) {
		stop(ui);
		return;
	}
	answer = dialog_take(&ui->dialog, event);
	if (answer != 0)
		steer_answer(ui, answer);
}

void
app_do(struct ui *ui, enum action action)
{
	if (!do_move(ui, action) && !do_look(ui, action) &&
	    !do_more(ui, action))
		do_steer(ui, action);
}

void
app_input(struct ui *ui, const struct input_event *event)
{
	ui->is_refused = false;
	if (ui->dialog.is_open)
		take_dialog(ui, event);
	else if (ui->line_kind != 0)
		take_line(ui, event);
	else
		app_do(ui, keymap_find(event));
}
