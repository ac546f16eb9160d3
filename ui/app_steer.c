/*
 * app_steer.c -- what starts and stops work: asked first, then done.
 *
 * Room: ui.  May touch: app.h, steer.h, waves.h, src/heap.h.
 * The hosts that are acted on are those that the dialog showed; the ones that
 * began or ended meanwhile are left out when it is answered.
 */
#include "config.h"

#include "ui/app.h"
#include "ui/steer.h"
#include "ui/waves.h"
#include "src/heap.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FOLD_MAX 56 /* columns of hosts in a dialog */

bool
steer_is_failed(const struct model_host *host)
{
	enum muster_family family = muster_outcome_family(host->outcome);

	return (family == MUSTER_FAMILY_RAN && host->badge != BADGE_OK) ||
	       family == MUSTER_FAMILY_NOT_RUN;
}

static bool
is_busy(const struct model_host *host)
{
	return app_host_is_busy(host);
}

static bool
is_waiting(const struct model_host *host)
{
	return host->outcome == MUSTER_PENDING && host->started_us == 0;
}

static bool
is_idle(const struct model_host *host)
{
	return !app_host_is_busy(host);
}

void
steer_fold(
    const struct ui *ui, const size_t *hosts, size_t n, char *out, size_t size)
{
	const char **names = heap_array(n > 0 ? n : 1, sizeof(*names));
	struct muster_error err;
	char *text;

	for (size_t i = 0; i < n; i++)
		names[i] = ui->model->hosts[hosts[i]].name;
	text = muster_fold(names, n, NULL, &err);
	(void)muster_clean_text(out, size, text != NULL ? text : "",
	    text != NULL ? strlen(text) : 0);
	muster_string_free(text);
	free(names);
}

/* ---- which hosts ---- */

static size_t
n_marked(const struct ui *ui)
{
	size_t n = 0;

	for (size_t i = 0; i < ui->model->n_hosts; i++)
		n += ui->model->hosts[i].is_marked;
	return n;
}

static enum target
resolve(const struct ui *ui, enum target target)
{
	if (target != TARGET_DEFAULT)
		return target;
	return n_marked(ui) > 0 ? TARGET_MARKED : TARGET_FILTER;
}

static void
add(struct pending *p, const struct ui *ui, size_t host,
    bool (*only)(const struct model_host *))
{
	if (only == NULL || only(&ui->model->hosts[host]))
		p->hosts[p->n++] = host;
}

/* Fills p->hosts with those of a target that `only` lets pass. */
static void
pick(struct ui *ui, enum target target, bool (*only)(const struct model_host *))
{
	struct pending *p = &ui->pending;
	size_t n = ui->model->n_hosts;

	free(p->hosts);
	free(p->command);
	*p = (struct pending){.hosts = heap_array(n + 1, sizeof(*p->hosts))};
	switch (resolve(ui, target)) {
	case TARGET_CURSOR:
		if (app_here(ui) < n)
			add(p, ui, app_here(ui), only);
		break;
	case TARGET_MARKED:
		for (size_t i = 0; i < n; i++) {
			if (ui->model->hosts[i].is_marked)
				add(p, ui, i, only);
		}
		break;
	case TARGET_FILTER:
		for (size_t i = 0; i < ui->view.n_list; i++)
			add(p, ui, ui->view.list[i], only);
		break;
	case TARGET_ALL:
	case TARGET_DEFAULT:
		for (size_t i = 0; i < n; i++)
			add(p, ui, i, only);
		break;
	}
}

static const char *
target_word(const struct ui *ui, enum target target)
{
	switch (resolve(ui, target)) {
	case TARGET_CURSOR:
		return "this host";
	case TARGET_MARKED:
		return "marked hosts";
	case TARGET_FILTER:
		return "hosts that are listed";
	default:
		return "all hosts";
	}
}

/* ---- asking ---- */

bool
steer_is_replay(struct ui *ui)
{
	if (ui->options.is_replay)
		app_say(ui, "this is a replay: nothing is at work");
	return ui->options.is_replay;
}

static void
show_hosts(struct ui *ui)
{
	char folded[FOLD_MAX * 2];

	steer_fold(
	    ui, ui->pending.hosts, ui->pending.n, folded, sizeof(folded));
	sheet_add(&ui->dialog.sheet, "  %s", folded);
	sheet_add(&ui->dialog.sheet, "  Filter: %.40s   Marked: %zu",
	    ui->view.filter_text != NULL ? ui->view.filter_text : "none",
	    n_marked(ui));
}

static bool
has_hosts(struct ui *ui, const char *what)
{
	if (ui->pending.n > 0)
		return true;
	app_say(ui, "%s: no host for it", what);
	return false;
}

void
steer_ask_start(struct ui *ui, enum target target, const char *command,
    bool (*only)(const struct model_host *), const char *which)
{
	struct pending *p = &ui->pending;
	char shown[SHEET_TEXT / 2];

	if (steer_is_replay(ui))
		return;
	pick(ui, target, only != NULL ? only : is_idle);
	if (!has_hosts(ui, command != NULL ? "run" : "retry"))
		return;
	p->what = STEER_START;
	p->is_again = command == NULL;
	p->command = heap_strdup(command != NULL ? command : ui->command);
	(void)muster_clean_text(
	    shown, sizeof(shown), p->command, strlen(p->command));
	dialog_open(&ui->dialog, p->is_again ? "retry" : "run");
	sheet_add(&ui->dialog.sheet, "%s on %zu of %zu hosts (%s%s)",
	    p->is_again ? "Run again" : "Run", p->n, ui->model->n_hosts, which,
	    target_word(ui, target));
	sheet_add(&ui->dialog.sheet, "  %s", shown);
	show_hosts(ui);
	sheet_add(&ui->dialog.sheet, "Hosts that are at work are left out.");
	dialog_ask_hosts(&ui->dialog, p->n);
}

void
steer_ask_kill(struct ui *ui, enum target target)
{
	if (steer_is_replay(ui))
		return;
	pick(ui, target, is_busy);
	if (!has_hosts(ui, "kill"))
		return;
	ui->pending.what = STEER_KILL;
	dialog_open(&ui->dialog, "kill");
	sheet_add(&ui->dialog.sheet,
	    "Stop the command on %zu of %zu hosts (%s)", ui->pending.n,
	    ui->model->n_hosts, target_word(ui, target));
	show_hosts(ui);
	sheet_add(&ui->dialog.sheet,
	    "TERM, soon after KILL. What was done stays done.");
	dialog_ask_hosts(&ui->dialog, ui->pending.n);
}

void
steer_ask_abort(struct ui *ui)
{
	if (waves_are_here(ui))
		waves_ask_stop(ui);
	else
		steer_ask_skip(ui, TARGET_ALL);
}

void
steer_ask_skip(struct ui *ui, enum target target)
{
	if (steer_is_replay(ui))
		return;
	pick(ui, target, is_waiting);
	if (!has_hosts(ui, "skip"))
		return;
	ui->pending.what = STEER_ABORT;
	dialog_open(&ui->dialog, "skip");
	sheet_add(&ui->dialog.sheet,
	    "Skip %zu of %zu hosts, which have not "
	    "begun",
	    ui->pending.n, ui->model->n_hosts);
	show_hosts(ui);
	sheet_add(&ui->dialog.sheet, "What runs goes on to its end.");
	dialog_ask_hosts(&ui->dialog, ui->pending.n);
}

/* ---- lines for commands ---- */

static bool
reads(const struct model_host *host)
{
	return host->outcome == MUSTER_PENDING && host->started_us != 0;
}

bool
steer_can_send(struct ui *ui, size_t host)
{
	const struct model_host *h = &ui->model->hosts[host];

	if (!ui->can_send)
		app_say(ui, "the commands of this run read nothing from here");
	else if (!reads(h))
		app_say(ui, "%s: no command runs there now", h->name);
	else
		return true;
	return false;
}

static void
send(struct ui *ui, const size_t *hosts, size_t n, const char *text)
{
	char line[EDIT_MAX_BYTES + 1];
	struct muster_input input = {.data = line, .end = text == NULL};
	struct muster_error err;

	if (text != NULL)
		input.len = (size_t)snprintf(line, sizeof(line), "%s\n", text);
	if (muster_send(ui->m, hosts, n, &input, &err) < 0)
		app_say(ui, "%s", err.text);
	else if (text == NULL)
		app_say(ui, "%zu commands will read no more", n);
	else
		app_say(
		    ui, "a line was sent to %zu host%s", n, n == 1 ? "" : "s");
	explicit_bzero(line, sizeof(line));
}

void
steer_send(struct ui *ui, size_t host, const char *text)
{
	if (steer_can_send(ui, host))
		send(ui, &host, 1, text);
}

static bool
has_readers(struct ui *ui, enum target target, const char *what)
{
	if (!ui->can_send) {
		app_say(ui, "the commands of this run read nothing from here");
		return false;
	}
	pick(ui, target, reads);
	return has_hosts(ui, what);
}

void
steer_ask_send(struct ui *ui, enum target target, const char *text)
{
	if (!has_readers(ui, target, "send"))
		return;
	ui->pending.what = STEER_SEND;
	ui->pending.command = heap_strdup(text);
	dialog_open(&ui->dialog, "send");
	sheet_add(&ui->dialog.sheet,
	    "Send this line to the command on %zu of %zu hosts (%s)",
	    ui->pending.n, ui->model->n_hosts, target_word(ui, target));
	sheet_add(&ui->dialog.sheet, "  %s", text);
	show_hosts(ui);
	dialog_ask_hosts(&ui->dialog, ui->pending.n);
}

void
steer_ask_eof(struct ui *ui, enum target target)
{
	if (!has_readers(ui, target, "eof"))
		return;
	ui->pending.what = STEER_EOF;
	dialog_open(&ui->dialog, "end of input");
	sheet_add(&ui->dialog.sheet,
	    "Commands on %zu of %zu hosts read no more (%s)", ui->pending.n,
	    ui->model->n_hosts, target_word(ui, target));
	show_hosts(ui);
	dialog_ask_hosts(&ui->dialog, ui->pending.n);
}

void
steer_ask_leave(struct ui *ui)
{
	pick(ui, TARGET_ALL, is_busy);
	ui->pending.what = STEER_LEAVE;
	dialog_open(&ui->dialog, "leave");
	sheet_add(&ui->dialog.sheet, "%zu of %zu hosts are still at work.",
	    ui->pending.n, ui->model->n_hosts);
	show_hosts(ui);
	dialog_ask_keys(&ui->dialog, "bs",
	    "b: back to plain output   s: stop them and leave   Esc: stay");
}

/* ---- doing ---- */

static void
start(struct ui *ui)
{
	struct pending *p = &ui->pending;
	struct muster_error err;
	int64_t now_us = tty_now_us();
	bool is_typed = !p->is_again || ui->is_typed;

	if (ui->options.start(ui->options.owner, p->hosts, p->n,
		is_typed ? p->command : NULL, &err) < 0) {
		app_say(ui, "%s", err.text);
		return;
	}
	ui->is_typed = is_typed;
	free(ui->command);
	ui->command = heap_strdup(p->command);
	for (size_t i = 0; i < p->n; i++)
		model_start(ui->model, p->hosts[i], now_us);
	app_say(ui, "started on %zu hosts", p->n);
}

/* Leaves out what has changed since the dialog showed it. */
static void
keep_only(struct ui *ui, bool (*only)(const struct model_host *))
{
	struct pending *p = &ui->pending;
	size_t n = 0;

	for (size_t i = 0; i < p->n; i++) {
		if (only(&ui->model->hosts[p->hosts[i]]))
			p->hosts[n++] = p->hosts[i];
	}
	p->n = n;
}

static void
cancel(struct ui *ui, enum muster_cancel how, const char *word)
{
	struct pending *p = &ui->pending;

	if (p->n == 0) {
		app_say(ui, "they have ended meanwhile");
		return;
	}
	muster_cancel(ui->m, p->hosts, p->n, how);
	app_say(ui, "%s on %zu hosts", word, p->n);
}

static void
leave(struct ui *ui, int answer)
{
	if (answer == 's')
		app_end(ui, app_is_busy(ui) ? UI_STOP : UI_LEFT);
	else if (answer == 'b')
		app_end(ui, UI_BACK);
}

void
steer_answer(struct ui *ui, int answer)
{
	enum steer what = ui->pending.what;

	ui->pending.what = STEER_NONE;
	if (answer < 0) {
		app_say(ui, "nothing was done");
		return;
	}
	switch (what) {
	case STEER_NONE:
		break;
	case STEER_START:
		keep_only(ui, is_idle);
		if (has_hosts(ui, "run"))
			start(ui);
		break;
	case STEER_KILL:
		keep_only(ui, is_busy);
		cancel(ui, MUSTER_CANCEL_TERM, "stopping");
		break;
	case STEER_ABORT:
		keep_only(ui, is_waiting);
		cancel(ui, MUSTER_CANCEL_PENDING, "skipping");
		break;
	case STEER_SEND:
	case STEER_EOF:
		keep_only(ui, reads);
		if (has_hosts(ui, "send"))
			send(ui, ui->pending.hosts, ui->pending.n,
			    what == STEER_SEND ? ui->pending.command : NULL);
		break;
	case STEER_STOP:
		waves_decide(ui, MUSTER_ROLLOUT_STOP, 0);
		break;
	case STEER_LEAVE:
		leave(ui, answer);
		break;
	}
}

/* How fast a replay is, and whether it stands still. */
static void
pace(struct ui *ui, unsigned percent, bool paused)
{
	char note[48];

	ui->options.percent = percent;
	muster_play_pace(ui->m, percent, paused);
	model_pause(ui->model, paused);
	if (percent == 0)
		(void)snprintf(note, sizeof(note), "replay, at once");
	else
		(void)snprintf(note, sizeof(note), "replay, %g times as fast",
		    percent / 100.0);
	model_note(ui->model, note);
	app_say(ui, "%s%s", note, paused ? ", paused" : "");
}

void
steer_speed(struct ui *ui, bool faster)
{
	unsigned percent = ui->options.percent;

	if (faster && percent > 0 && percent <= 50000)
		percent *= 2;
	else if (!faster && percent >= 2)
		percent /= 2;
	pace(ui, percent, ui->model->is_paused);
}

void
steer_pause(struct ui *ui, bool paused)
{
	if (ui->options.is_replay) {
		pace(ui, ui->options.percent, paused);
		return;
	}
	if (waves_are_here(ui)) {
		waves_decide(ui,
		    paused ? MUSTER_ROLLOUT_PAUSE : MUSTER_ROLLOUT_RESUME, 0);
		return;
	}
	muster_pause(ui->m, paused);
	model_pause(ui->model, paused);
	model_note(ui->model, paused ? "PAUSED  [p] goes on" : NULL);
	app_say(ui, paused ? "paused: no more hosts begin" : "going on");
}

void
steer_fanout(struct ui *ui, unsigned fanout)
{
	ui->fanout = fanout > 0 ? fanout : 1;
	muster_set_fanout(ui->m, ui->fanout);
	if (waves_are_here(ui))
		waves_decide(ui, MUSTER_ROLLOUT_PARALLEL, ui->fanout);
	app_say(ui, "at most %u hosts at once", ui->fanout);
}
