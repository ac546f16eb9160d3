/*
 * app_command.c -- what is typed after a colon.
 *
 * Room: ui.  May touch: app.h, steer.h, filter.h, save.h, waves.h.
 * Everything that a key does is a command as well. A command that is not
 * known, or makes no sense now, does nothing; a mark stands below the place.
 */
#include "config.h"

#include "ui/app.h"
#include "ui/filter.h"
#include "ui/save.h"
#include "ui/steer.h"
#include "ui/waves.h"

#include <stdio.h>
#include <string.h>

#define LISTED 8

/* What a command is handed: the words behind its name, and its target. */
struct call {
	struct ui *ui;
	const char *text; /* the whole line */
	const char *rest; /* after the name and the target; "" for none */
	enum target target;
};

struct command {
	const char *name;
	const char *args;
	const char *help;
	void (*run)(const struct call *call);
	enum action action; /* in place of run */
};

/* Shows the line again with a mark below the byte at fault. */
static void
refuse(const struct call *call, const char *at, const char *why)
{
	struct ui *ui = call->ui;
	int column = (int)(at - call->text);

	app_say(ui, ":%s", call->text);
	sheet_reset(&ui->list);
	sheet_add(&ui->list, ":%s", call->text);
	sheet_add(&ui->list, "%*s^", column + 1, "");
	sheet_add(&ui->list, "%s", why);
	ui->is_refused = true;
}

static bool
read_number(const char *text, unsigned max, unsigned *out)
{
	unsigned n = 0;

	if (*text == '\0')
		return false;
	for (; *text != '\0'; text++) {
		if (*text < '0' || *text > '9' || n > max)
			return false;
		n = n * 10 + (unsigned)(*text - '0');
	}
	*out = n;
	return n > 0 && n <= max;
}

/* ---- the commands ---- */

static void
run_run(const struct call *call)
{
	if (*call->rest == '\0')
		refuse(call, call->rest, "run what? :run COMMAND");
	else
		steer_ask_start(call->ui, call->target, call->rest, NULL, "");
}

static bool
is_unreached(const struct model_host *host)
{
	return muster_outcome_family(host->outcome) == MUSTER_FAMILY_NOT_RUN;
}

static bool
is_lost(const struct model_host *host)
{
	return muster_outcome_family(host->outcome) == MUSTER_FAMILY_UNKNOWN;
}

static bool
is_over(const struct model_host *host)
{
	return host->outcome != MUSTER_PENDING;
}

static void
run_retry(const struct call *call)
{
	static const struct {
		const char *word;
		bool (*only)(const struct model_host *);
	} words[] = {
	    {"failed", steer_is_failed},
	    {"unreachable", is_unreached},
	    {"lost", is_lost},
	    {"all", is_over},
	};
	const char *word = *call->rest != '\0' ? call->rest : "failed";

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		char which[32];

		if (strcmp(words[i].word, word) != 0)
			continue;
		(void)snprintf(which, sizeof(which), "%s, of ", word);
		steer_ask_start(
		    call->ui, call->target, NULL, words[i].only, which);
		return;
	}
	refuse(call, call->rest, "retry failed, unreachable, lost or all");
}

static void
run_kill(const struct call *call)
{
	steer_ask_kill(call->ui, call->target);
}

static void
run_send(const struct call *call)
{
	if (*call->rest == '\0')
		refuse(call, call->rest, "send what? :send TEXT");
	else
		steer_ask_send(call->ui, call->target, call->rest);
}

static void
run_eof(const struct call *call)
{
	steer_ask_eof(call->ui, call->target);
}

static void
run_pause(const struct call *call)
{
	steer_pause(call->ui, true);
}

static void
run_resume(const struct call *call)
{
	steer_pause(call->ui, false);
}

static void
run_limit(const struct call *call)
{
	unsigned n;

	if (steer_is_replay(call->ui))
		return;
	if (read_number(call->rest, 100000, &n))
		steer_fanout(call->ui, n);
	else
		refuse(call, call->rest, "a number of hosts, 1 to 100000");
}

static void
run_budget(const struct call *call)
{
	unsigned n = 0;

	if (!waves_are_here(call->ui))
		refuse(call, call->text, "this run is no rollout");
	else if (strcmp(call->rest, "0") != 0 &&
		 !read_number(call->rest, 100000, &n))
		refuse(call, call->rest, "a number of hosts that may fail");
	else
		waves_decide(call->ui, MUSTER_ROLLOUT_MAX_FAIL, n);
}

static void
run_skip(const struct call *call)
{
	steer_ask_skip(call->ui, call->target);
}

static void
run_filter(const struct call *call)
{
	struct muster_error err;
	const char *at = call->rest;

	if (view_filter(&call->ui->view, call->rest, &err) == 0)
		return;
	if (err.at != MUSTER_NOWHERE && err.at <= strlen(call->rest))
		at += err.at;
	refuse(call, at, err.text);
}

static void
run_unmark(const struct call *call)
{
	app_do(call->ui, ACTION_UNMARK);
}

static void
run_invert(const struct call *call)
{
	struct model *model = call->ui->model;

	for (size_t i = 0; i < model->n_hosts; i++)
		model_mark(model, i, !model->hosts[i].is_marked);
}

static void
run_mark(const struct call *call)
{
	struct ui *ui = call->ui;
	struct muster_error err;
	struct filter *f = NULL;
	const char *at = call->rest;
	size_t n = 0;

	if (*call->rest != '\0')
		f = filter_new(call->rest, &err);
	if (*call->rest != '\0' && f == NULL) {
		if (err.at != MUSTER_NOWHERE && err.at <= strlen(call->rest))
			at += err.at;
		refuse(call, at, err.text);
		return;
	}
	for (size_t i = 0; i < ui->model->n_hosts; i++) {
		if (f != NULL && !filter_match(f, ui->model, i))
			continue;
		model_mark(ui->model, i, true);
		n++;
	}
	filter_free(f);
	app_say(ui, "%zu hosts marked", n);
}

static void
run_sort(const struct call *call)
{
	static const char *const words[SORT_N] = {
	    [SORT_SEVERITY] = "sev",
	    [SORT_NAME] = "name",
	    [SORT_TIME] = "time",
	    [SORT_EXIT] = "exit",
	    [SORT_LINES] = "lines",
	    [SORT_HOST] = "host",
	};

	for (int i = 0; i < SORT_N; i++) {
		if (strcmp(words[i], call->rest) != 0)
			continue;
		call->ui->view.sort = (enum view_sort)i;
		call->ui->view.is_list_stale = true;
		return;
	}
	refuse(call, call->rest, "sort by sev, name, time, exit, lines, host");
}

static void
save_to(const struct call *call, bool may_replace)
{
	struct ui *ui = call->ui;
	struct muster_error err;
	size_t n;

	if (*call->rest == '\0') {
		refuse(call, call->rest, "write to which file? :w FILE");
		return;
	}
	if (save_lines(ui, call->rest, may_replace, &n, &err) < 0)
		app_say(ui, "%s", err.text);
	else
		app_say(ui, "%zu lines written to %s", n, call->rest);
}

static void
run_write(const struct call *call)
{
	struct ui *ui = call->ui;
	struct muster_error err;

	if (strncmp(call->rest, "hosts ", 6) != 0) {
		save_to(call, false);
		return;
	}
	if (save_hosts(ui, call->rest + 6, false, &err) < 0)
		app_say(ui, "%s", err.text);
	else
		app_say(ui, "hosts written to %s", call->rest + 6);
}

static void
run_write_over(const struct call *call)
{
	save_to(call, true);
}

static void
run_messages(const struct call *call)
{
	view_go(&call->ui->view, VIEW_MESSAGES);
}

static void
run_info(const struct call *call)
{
	view_go(&call->ui->view, VIEW_INFO);
}

static void
set_asks(struct ui *ui, const char *value)
{
	ui->screen.options.asks =
	    *value == 'n' ? SCREEN_ASK_ON : SCREEN_ASK_OFF;
	ui->screen.frames.asks = *value == 'n' && ui->screen.is_xterm;
}

static void
set_mouse(struct ui *ui, const char *value)
{
	screen_set_mouse(&ui->screen, *value == 'n');
}

static void
set_ascii(struct ui *ui, const char *value)
{
	ui->screen.options.is_ascii = *value == 'n';
	screen_redraw(&ui->screen);
}

static void
set_palette(struct ui *ui, const char *value)
{
	ui->screen.paint.theme.palette =
	    *value == 'n' ? THEME_CLASSIC : THEME_DEFAULT;
	screen_redraw(&ui->screen);
}

/* :set KEY=on or KEY=off. */
static void
run_set(const struct call *call)
{
	static const struct {
		const char *key;
		void (*set)(struct ui *ui, const char *value);
	} keys[] = {
	    {"ack", set_asks},
	    {"mouse", set_mouse},
	    {"ascii", set_ascii},
	    {"classic", set_palette},
	};
	const char *value = strchr(call->rest, '=');
	size_t len = value != NULL ? (size_t)(value - call->rest) : 0;
	unsigned n;

	if (value == NULL) {
		refuse(call, call->rest,
		    "set ack, mouse, ascii or classic to on or off; fps=N");
		return;
	}
	value++;
	if (len == 3 && strncmp(call->rest, "fps", 3) == 0 &&
	    read_number(value, 60, &n)) {
		call->ui->screen.frames.fps = n;
		return;
	}
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		if (strlen(keys[i].key) != len ||
		    strncmp(keys[i].key, call->rest, len) != 0)
			continue;
		if (strcmp(value, "on") != 0 && strcmp(value, "off") != 0) {
			refuse(call, value, "on or off");
			return;
		}
		keys[i].set(call->ui, value + 1);
		return;
	}
	refuse(call, call->rest, "unknown setting");
}

/* clang-format off */
static const struct command commands[] = {
	{"run", "COMMAND", "run a command on hosts that are done", run_run, 0},
	{"retry", "failed|unreachable|lost|all", "run the last one again",
	 run_retry, 0},
	{"kill", "", "stop commands that run", run_kill, 0},
	{"send", "TEXT", "a line for commands that run", run_send, 0},
	{"eof", "", "commands that run read no more", run_eof, 0},
	{"abort", "", "skip all that has not begun", NULL, ACTION_ABORT},
	{"skip", "", "skip hosts that have not begun", run_skip, 0},
	{"promote", "", "begin the next wave now", NULL, ACTION_PROMOTE},
	{"budget", "N", "let N hosts of a rollout fail", run_budget, 0},
	{"pause", "", "begin no more hosts", run_pause, 0},
	{"resume", "", "begin hosts again", run_resume, 0},
	{"limit", "N", "work on at most N hosts at once", run_limit, 0},
	{"filter", "EXPR", "show the hosts that match", run_filter, 0},
	{"nofilter", "", "show all hosts", NULL, ACTION_UNFILTER},
	{"mark", "EXPR", "mark the hosts that match", run_mark, 0},
	{"unmark", "", "take all marks away", run_unmark, 0},
	{"invert", "", "mark the others", run_invert, 0},
	{"sort", "KEY", "sev, name, time, exit, lines or host", run_sort, 0},
	{"w", "FILE", "write output of hosts to a new file", run_write, 0},
	{"w!", "FILE", "the same over an old file", run_write_over, 0},
	{"set", "KEY=VALUE", "ack, mouse, ascii, classic, fps", run_set, 0},
	{"messages", "", "what was said so far", run_messages, 0},
	{"info", "", "what is known of the run and the screen", run_info, 0},
	{"help", "", "the keys", NULL, ACTION_HELP},
	{"auto", "", "the view that fits", NULL, ACTION_AUTO},
	{"grid", "", "panes", NULL, ACTION_GRID},
	{"tiles", "", "two lines a host", NULL, ACTION_TILES},
	{"list", "", "a line a host", NULL, ACTION_LIST},
	{"groups", "", "equal outputs", NULL, ACTION_GROUPS},
	{"map", "", "a cell a host", NULL, ACTION_MAP},
	{"diff", "", "a host and the largest group", NULL, ACTION_DIFF},
	{"rollout", "", "its waves", NULL, ACTION_ROLLOUT},
	{"mask", "", "numbers make no difference, or do", NULL, ACTION_MASK},
	{"answer", "", "questions that were put off", NULL, ACTION_ANSWER},
	{"refresh", "", "draw all anew", NULL, ACTION_REDRAW},
	{"sh", "", "a shell on the normal screen", NULL, ACTION_SHELL_OUT},
	{"q", "", "leave", NULL, ACTION_QUIT},
};
/* clang-format on */

#define N_COMMANDS (sizeof(commands) / sizeof(commands[0]))

static const char *
skip_blanks(const char *p)
{
	while (*p == ' ')
		p++;
	return p;
}

static size_t
word_len(const char *p)
{
	return strcspn(p, " ");
}

static const struct {
	const char *word;
	enum target target;
} targets[] = {
    {"@this", TARGET_CURSOR},
    {"@marked", TARGET_MARKED},
    {"@filter", TARGET_FILTER},
    {"@all", TARGET_ALL},
};

#define N_TARGETS (sizeof(targets) / sizeof(targets[0]))

/* Reads a target at the front of call->rest; *known is false for one that
 * there is not. */
static void
take_target(struct call *call, bool *known)
{
	size_t n = word_len(call->rest);

	*known = true;
	if (*call->rest != '@')
		return;
	for (size_t i = 0; i < N_TARGETS; i++) {
		if (strlen(targets[i].word) != n ||
		    strncmp(call->rest, targets[i].word, n) != 0)
			continue;
		call->target = targets[i].target;
		call->rest = skip_blanks(call->rest + n);
		return;
	}
	*known = false;
}

static const struct command *
find(const char *name, size_t n)
{
	for (size_t i = 0; i < N_COMMANDS; i++) {
		if (strlen(commands[i].name) == n &&
		    strncmp(commands[i].name, name, n) == 0)
			return &commands[i];
	}
	return NULL;
}

void
command_do(struct ui *ui, const char *text)
{
	struct call call = {.ui = ui, .text = text, .target = TARGET_DEFAULT};
	const char *name = skip_blanks(text);
	size_t n = word_len(name);
	const struct command *command = find(name, n);
	bool known;

	if (n == 0)
		return;
	if (command == NULL) {
		refuse(&call, name, "there is no such command; ? has the keys");
		return;
	}
	call.rest = skip_blanks(name + n);
	take_target(&call, &known);
	if (!known)
		refuse(&call, call.rest, "@this, @marked, @filter or @all");
	else if (command->run == NULL)
		app_do(ui, command->action);
	else
		command->run(&call);
}

/* ---- while one is typed ---- */

static bool
could_be(const struct command *c, const char *name, size_t n, bool is_whole)
{
	if (is_whole)
		return strlen(c->name) == n && strncmp(c->name, name, n) == 0;
	return strncmp(c->name, name, n) == 0;
}

void
command_list(struct ui *ui, const char *text)
{
	const char *name = skip_blanks(text);
	size_t n = word_len(name), n_more = 0;
	bool is_whole = name[n] == ' ';

	ui->is_refused = false;
	sheet_reset(&ui->list);
	for (size_t i = 0; i < N_COMMANDS; i++) {
		if (!could_be(&commands[i], name, n, is_whole))
			continue;
		if (ui->list.n < LISTED)
			sheet_add(&ui->list, ":%-9s %-28s %s", commands[i].name,
			    commands[i].args, commands[i].help);
		else
			n_more++;
	}
	if (ui->list.n == 0)
		sheet_add(&ui->list, "there is no such command");
	if (n_more > 0)
		sheet_add(&ui->list, "and %zu more", n_more);
}

void
command_complete(struct ui *ui)
{
	const char *name = skip_blanks(ui->line.text);
	size_t n = word_len(name), common = 0;
	const struct command *first = NULL;
	char whole[32];

	if (name[n] != '\0')
		return;
	for (size_t i = 0; i < N_COMMANDS; i++) {
		const struct command *c = &commands[i];
		size_t same = 0;

		if (!could_be(c, name, n, false))
			continue;
		if (first == NULL) {
			first = c;
			common = strlen(c->name);
			continue;
		}
		while (same < common && c->name[same] == first->name[same])
			same++;
		common = same;
	}
	if (first == NULL)
		return;
	(void)snprintf(whole, sizeof(whole), "%.*s%s", (int)common, first->name,
	    common == strlen(first->name) && *first->args != '\0' ? " " : "");
	edit_set(&ui->line, whole);
	command_list(ui, whole);
}
