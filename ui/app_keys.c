/*
 * app_keys.c -- does what keys say.
 *
 * Room: ui.  May touch: app.h, steer.h, waves.h.
 */
#include "config.h"

#include "ui/app.h"
#include "ui/steer.h"
#include "ui/waves.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define AGAIN_US 2000000 /* for the second ^C */
#define FANOUT_STEP 4    /* a key changes it by a quarter */

void
app_move(struct ui *ui, enum view_move how)
{
	view_move(&ui->view, ui->model, how, ui->screen.w, ui->screen.h);
}

bool
app_is_zoomed(const struct ui *ui)
{
	return view_effective(&ui->view, ui->model, ui->screen.w,
		   ui->screen.h) == VIEW_ZOOM;
}

size_t
app_here(const struct ui *ui)
{
	size_t at = app_is_zoomed(ui) ? ui->view.zoom.host : ui->view.cursor;

	return at < ui->model->n_hosts ? at : ui->model->n_hosts;
}

/* ---- looking ---- */

/* One of the main views: Esc does not lead out of it. */
static void
choose(struct view *v, enum view_kind kind)
{
	view_go(v, kind);
	v->n_back = 0;
}

/* The hosts of the group under the cursor, as a list. */
static void
open_group(struct ui *ui)
{
	const struct alike *g = &ui->model->groups;
	size_t at = alike_find(g, ui->model, ui->view.cursor);
	char filter[32];

	if (at >= g->n)
		return;
	(void)snprintf(filter, sizeof(filter), "grp=%zu", at + 1);
	(void)view_filter(&ui->view, filter, NULL);
	view_go(&ui->view, VIEW_LIST);
}

static void
enter(struct ui *ui, enum action action)
{
	struct view *v = &ui->view;
	size_t host = v->kind == VIEW_DIFF ? v->diff.b : v->cursor;

	(void)action;
	if (v->kind == VIEW_GROUPS) {
		open_group(ui);
	} else if (v->kind == VIEW_ROLLOUT && waves_are_here(ui)) {
		waves_open(ui);
	} else if (!app_is_zoomed(ui) && host < ui->model->n_hosts) {
		view_zoom(v, ui->model, host);
		model_seen(ui->model, host);
	}
}

static void
back(struct ui *ui, enum action action)
{
	struct view *v = &ui->view;

	(void)action;
	if (app_is_zoomed(ui) && v->zoom.copy_from != UINT64_MAX)
		copy_choose(ui);
	else if (v->range != MUSTER_NOWHERE)
		v->range = MUSTER_NOWHERE;
	else
		(void)view_back(v);
}

static void
sort_by(struct ui *ui, enum action action)
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
	int step = action == ACTION_SORT_PREVIOUS ? -1 : 1;

	v->sort = (enum view_sort)(((int)v->sort + step + SORT_N) % SORT_N);
	v->is_list_stale = true;
	app_say(ui, "sorted by %s", words[v->sort]);
}

/* The order of the cells of a map. */
static void
order_map(struct ui *ui, enum action action)
{
	struct view *v = &ui->view;

	(void)action;
	v->map_sort = v->map_sort == SORT_NAME       ? SORT_SEVERITY
		      : v->map_sort == SORT_SEVERITY ? SORT_HOST
						     : SORT_NAME;
	v->is_list_stale = true;
	app_say(ui, "map in order of %s",
	    v->map_sort == SORT_NAME       ? "names"
	    : v->map_sort == SORT_SEVERITY ? "state"
					   : "the command line");
}

static void
next_quick(struct ui *ui, enum action action)
{
	static const char *const words[QUICK_N] = {
	    [QUICK_ALL] = "all hosts",
	    [QUICK_TROUBLE] = "hosts in trouble",
	    [QUICK_RUNNING] = "hosts at work",
	    [QUICK_ATTENTION] = "hosts that want attention",
	    [QUICK_NEW] = "hosts that are new in trouble",
	};
	struct view *v = &ui->view;

	(void)action;
	v->quick = (enum view_quick)((v->quick + 1) % QUICK_N);
	v->is_list_stale = true;
	app_say(ui, "%s", words[v->quick]);
}

/* ---- leaving ---- */

static void
quit(struct ui *ui, enum action action)
{
	(void)action;
	if (view_back(&ui->view))
		return;
	if (app_is_busy(ui) && !ui->options.is_replay)
		steer_ask_leave(ui);
	else
		app_end(ui, UI_LEFT);
}

/* The second ^C within two seconds stops all that runs. */
static void
stop(struct ui *ui, enum action action)
{
	int64_t now_us = tty_now_us();

	(void)action;
	if (!app_is_busy(ui) || ui->options.is_replay) {
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
shell_out(struct ui *ui, enum action action)
{
	const char *shell = getenv("SHELL");
	pid_t pid;

	(void)action;
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

/* ---- differences and groups ---- */

/* The keys of a difference. */
static void
change_diff(struct ui *ui, enum action action)
{
	struct view *v = &ui->view;
	struct view_diff *d = &v->diff;

	if (v->kind != VIEW_DIFF) {
		app_say(ui, "that is for differences: d");
	} else if (action == ACTION_UNIFIED) {
		d->is_unified = !d->is_unified;
	} else if (action == ACTION_UNFOLD) {
		d->is_unfolded = !d->is_unfolded;
	} else {
		size_t a = d->a;

		d->a = d->b;
		d->b = a;
	}
	v->text_top = 0;
}

static void
next_match(struct ui *ui, enum action action)
{
	struct view *v = &ui->view;
	int step = action == ACTION_MATCH_NEXT ? 1 : -1;
	size_t row;

	if (v->kind != VIEW_DIFF) {
		if (!app_is_zoomed(ui) && v->cursor < ui->model->n_hosts &&
		    v->zoom.search[0] != '\0') {
			view_zoom(v, ui->model, v->cursor);
			v->zoom.hops = v->n_list;
		}
		look_jump(ui, step);
		return;
	}
	row = compare_seek(&v->diff.rows, v->text_top, step);
	if (row < v->diff.rows.n)
		v->text_top = row;
	else
		app_say(ui, "there is no other change");
}

/* ---- the table ---- */

static void
toggle(struct ui *ui, bool *flag, const char *word)
{
	*flag = !*flag;
	ui->view.is_list_stale = true;
	app_say(ui, "%s: %s", word, *flag ? "on" : "off");
}

static void
do_toggle(struct ui *ui, enum action action)
{
	struct view *v = &ui->view;

	switch (action) {
	case ACTION_WRAP:
		toggle(
		    ui, app_is_zoomed(ui) ? &v->zoom.wraps : &v->wraps, "wrap");
		break;
	case ACTION_TIMES:
		toggle(ui, &v->zoom.has_times, "times");
		break;
	case ACTION_STDERR:
		toggle(ui, &v->zoom.only_stderr, "standard error only");
		break;
	case ACTION_FOLLOW_TROUBLE:
		toggle(ui, &v->follows_trouble, "new trouble to the front");
		break;
	case ACTION_COLLAPSE:
		toggle(ui, &v->collapses_ok, "fold panes that ended well");
		break;
	default: /* ACTION_ONLY_MATCHES */
		if (v->zoom.search[0] == '\0')
			app_say(ui, "search first: /");
		else
			toggle(
			    ui, &v->zoom.only_matches, "only matching lines");
		break;
	}
}

static void
do_move(struct ui *ui, enum action action)
{
	static const uint8_t moves[ACTION_N] = {
	    [ACTION_UP] = MOVE_UP,
	    [ACTION_DOWN] = MOVE_DOWN,
	    [ACTION_LEFT] = MOVE_LEFT,
	    [ACTION_RIGHT] = MOVE_RIGHT,
	    [ACTION_PAGE_UP] = MOVE_PAGE_UP,
	    [ACTION_PAGE_DOWN] = MOVE_PAGE_DOWN,
	    [ACTION_HALF_UP] = MOVE_HALF_UP,
	    [ACTION_HALF_DOWN] = MOVE_HALF_DOWN,
	    [ACTION_FIRST] = MOVE_FIRST,
	    [ACTION_LAST] = MOVE_LAST,
	    [ACTION_NEXT] = MOVE_NEXT,
	    [ACTION_PREVIOUS] = MOVE_PREVIOUS,
	    [ACTION_NEXT_HOST] = MOVE_NEXT,
	    [ACTION_PREVIOUS_HOST] = MOVE_PREVIOUS,
	    [ACTION_NEXT_TROUBLE] = MOVE_NEXT_TROUBLE,
	    [ACTION_PREVIOUS_TROUBLE] = MOVE_PREVIOUS_TROUBLE,
	};

	app_move(ui, (enum view_move)moves[action]);
}

/* Alt-1 to Alt-9: a pane, or a row, of those on the screen. */
static void
go_to_pane(struct ui *ui, enum action action)
{
	struct view *v = &ui->view;
	size_t at = v->top + (size_t)(action - ACTION_PANE_1);

	if (at < v->n_list && !app_is_zoomed(ui))
		v->cursor = v->list[at];
}

static void
do_view(struct ui *ui, enum action action)
{
	enum view_kind kind =
	    (enum view_kind)(VIEW_AUTO + (int)(action - ACTION_AUTO));

	choose(&ui->view, kind);
	if (kind == VIEW_GROUPS || kind == VIEW_DIFF)
		look_at_groups(ui, ui->model->groups.is_masked);
	if (kind == VIEW_DIFF && ui->view.diff.a == MUSTER_NOWHERE) {
		ui->view.kind = VIEW_AUTO;
		marks_compare(ui, ACTION_DIFF);
	}
}

static void
do_look(struct ui *ui, enum action action)
{
	struct view *v = &ui->view;

	switch (action) {
	case ACTION_HELP:
		view_go(v, VIEW_HELP);
		break;
	case ACTION_UNFILTER:
		v->quick = QUICK_ALL;
		v->is_list_stale = true;
		(void)view_filter(v, NULL, NULL);
		break;
	case ACTION_FOLLOW:
		v->zoom.is_following = true;
		break;
	case ACTION_SEARCH:
		line_open(ui, '/');
		break;
	case ACTION_COMMAND:
		line_open(ui, ':');
		break;
	case ACTION_COPY:
		copy_some(ui);
		break;
	case ACTION_COPY_ALL:
		copy_all(ui);
		break;
	default: /* ACTION_REDRAW */
		screen_redraw(&ui->screen);
		break;
	}
}

static void
do_steer(struct ui *ui, enum action action)
{
	unsigned step = ui->fanout / FANOUT_STEP + 1;

	if (ui->options.is_replay &&
	    (action == ACTION_FANOUT_UP || action == ACTION_FANOUT_DOWN)) {
		steer_speed(ui, action == ACTION_FANOUT_UP);
		return;
	}
	switch (action) {
	case ACTION_SEND:
		line_open_send(ui);
		break;
	case ACTION_ANSWER:
		ask_again(ui);
		break;
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
	default: /* ACTION_ABORT */
		steer_ask_abort(ui);
		break;
	}
}

/* Who does it, for ranges of actions; NULL: nobody. */
static void (*find(enum action action))(struct ui *, enum action)
{
	static const struct {
		uint8_t first, last;
		void (*does)(struct ui *ui, enum action action);
	} rows[] = {
	    {ACTION_UP, ACTION_PREVIOUS_TROUBLE, do_move},
	    {ACTION_PANE_1, ACTION_PANE_9, go_to_pane},
	    {ACTION_ENTER, ACTION_ENTER, enter},
	    {ACTION_BACK, ACTION_BACK, back},
	    {ACTION_AUTO, ACTION_ROLLOUT, do_view},
	    {ACTION_MATCH_NEXT, ACTION_MATCH_PREVIOUS, next_match},
	    {ACTION_QUICK, ACTION_QUICK, next_quick},
	    {ACTION_MARK, ACTION_MARK, marks_mark},
	    {ACTION_MARK_LIKE, ACTION_MARK_LIKE, marks_like},
	    {ACTION_RANGE, ACTION_RANGE, marks_range},
	    {ACTION_UNMARK, ACTION_UNMARK, marks_drop},
	    {ACTION_SORT, ACTION_SORT_NEXT, sort_by},
	    {ACTION_ORDER, ACTION_ORDER, order_map},
	    {ACTION_WRAP, ACTION_ONLY_MATCHES, do_toggle},
	    {ACTION_DIFF, ACTION_DIFF_MARKED, marks_compare},
	    {ACTION_UNIFIED, ACTION_SWAP, change_diff},
	    {ACTION_MASK, ACTION_MASK, marks_mask},
	    {ACTION_HELP, ACTION_REDRAW, do_look},
	    {ACTION_SHELL_OUT, ACTION_SHELL_OUT, shell_out},
	    {ACTION_PROMOTE, ACTION_PROMOTE, waves_promote},
	    {ACTION_SEND, ACTION_ABORT, do_steer},
	    {ACTION_STOP, ACTION_STOP, stop},
	    {ACTION_QUIT, ACTION_QUIT, quit},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (action >= rows[i].first && action <= rows[i].last)
			return rows[i].does;
	return NULL;
}

bool
app_knows(enum action action)
{
	return find(action) != NULL;
}

void
app_do(struct ui *ui, enum action action)
{
	void (*does)(struct ui *, enum action) = find(action);

	if (does != NULL)
		does(ui, action);
}

static void
take_dialog(struct ui *ui, const struct input_event *event)
{
	int answer;

	if (ui->pending.what == STEER_LEAVE &&
	    keymap_find(event) == ACTION_STOP) {
		stop(ui, ACTION_STOP);
		return;
	}
	answer = dialog_take(&ui->dialog, event);
	if (answer != 0)
		steer_answer(ui, answer);
}

void
app_input(struct ui *ui, const struct input_event *event)
{
	ui->is_refused = false;
	if (ui->dialog.is_open)
		take_dialog(ui, event);
	else if (ui->asking.is_open)
		ask_key(ui, event);
	else if (ui->line_kind != 0)
		line_take(ui, event);
	else
		app_do(ui, keymap_find(event));
	ask_update(ui);
}
