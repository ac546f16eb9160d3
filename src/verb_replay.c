/*
 * verb_replay.c -- muster replay and muster export: what a run printed, again.
 *
 * Room: src.  May touch: muster.h, args.h, complain.h, control.h, exitcode.h,
 * ending.h, number.h, onscreen.h, output.h, past.h, text.h, verbs.h, writers.h.
 * The run is played to the writers that show any run: in the time that it
 * took, or at once.
 */
#include "config.h"

#include "src/args.h"
#include "src/complain.h"
#include "src/control.h"
#include "src/ending.h"
#include "src/number.h"
#include "src/onscreen.h"
#include "src/output.h"
#include "src/past.h"
#include "src/verbs.h"
#include "src/writers.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define FLUSH_BYTES 65536
#define PERCENT_OF_MOST 1000000

struct player {
	struct past past;
	struct muster *m; /* owned */
	const struct args *args;
	struct output out, err;
	struct writer_run run;
	struct writers writers;
	struct muster_error failure;
	bool on_screen;
	struct control control; /* on the screen */
};

static bool
is_broken(const struct player *p)
{
	return p->out.error != 0 || p->failure.code != MUSTER_ERR_NONE;
}

static void
flush(struct player *p)
{
	(void)output_flush(&p->out, -1, -1);
	(void)output_flush(&p->err, -1, -1);
}

static void
pump(struct player *p)
{
	while (!is_broken(p) && writers_pump(&p->writers))
		if (output_waiting(&p->out) >= FLUSH_BYTES)
			flush(p);
}

static void
say_note(struct player *p, const struct muster_event *event)
{
	struct text line = {0};

	text_addf(&line, "%s: %s\n",
	    event->host == MUSTER_NOWHERE ? "muster"
					  : muster_host_name(p->m, event->host),
	    event->text);
	output_text(&p->err, line.mem, line.len);
	text_clear(&line);
}

/* Both streams keep their order. */
static void
play(struct player *p)
{
	struct muster_event event;
	int r;

	while (!is_broken(p) && (r = muster_next(p->m, 0, &event)) >= 0) {
		if (r == 0) {
			flush(p);
			r = muster_next(p->m, MUSTER_FOREVER, &event);
		}
		if (r <= 0)
			continue;
		if (event.type == MUSTER_EVENT_OUTPUT &&
		    output_waiting(
			event.stream == MUSTER_STDOUT ? &p->err : &p->out) > 0)
			flush(p);
		if (event.type == MUSTER_EVENT_NOTE && !p->args->json)
			say_note(p, &event);
		writers_take(&p->writers, &event);
		pump(p);
		if (output_waiting(&p->out) >= FLUSH_BYTES)
			flush(p);
	}
}

/* ---- on the screen ---- */

static void
take(void *owner, const struct muster_event *event)
{
	struct player *p = owner;

	writers_take(&p->writers, event);
	pump(p);
}

static int
take_signal(void *owner)
{
	struct player *p = owner;

	return control_take(&p->control);
}

/* Shows it until it is left; the report is of the whole run then. */
static int
play_on_screen(struct player *p, unsigned percent)
{
	struct ui_options hooks = {.command = p->run.command,
	    .is_replay = true,
	    .percent = percent,
	    .take_signal = take_signal,
	    .on_event = take,
	    .owner = p};
	struct muster_error err;
	struct ui *ui;
	enum ui_end end;

	if (control_open(&p->control, true) != 0) {
		complain("cannot catch signals: %s", strerror(errno));
		return -1;
	}
	hooks.signal_fd = p->control.fd;
	ui = onscreen_new(p->m, p->args, &hooks);
	ui_started(ui);
	muster_play_pace(p->m, percent, false);
	end = ui_run(ui, &err);
	ui_free(ui);
	control_close(&p->control);
	if (end == UI_FAILED) {
		complain("%s", err.text);
		return -1;
	}
	muster_play_pace(p->m, 0, false);
	play(p);
	return 0;
}

static int
finish(struct player *p, bool report)
{
	struct exitcode_facts facts = {0};
	struct writer_summary summary;
	struct text lines = {0};

	ending_add_results(&facts, &p->run);
	summary = ending_sum_up(&p->run, &facts);
	summary.exitcode = past_exitcode(&p->past);
	writers_end(&p->writers, &summary);
	pump(p);
	if (report)
		ending_report(&p->run, p->args->verbose, &lines);
	output_text(&p->err, lines.mem, lines.len);
	text_clear(&lines);
	flush(p);
	if (!is_broken(p))
		return EXITCODE_OK;
	if (p->failure.code != MUSTER_ERR_NONE)
		complain("%s", p->failure.text);
	else
		complain("cannot write output: %s", strerror(p->out.error));
	return EXITCODE_LOCAL;
}

static int
open_player(struct player *p, const char *name, struct muster_error *err)
{
	const char *command;

	if (past_open(&p->past, name, err) < 0)
		return -1;
	if (p->past.about->n_hosts == 0) {
		err->code = MUSTER_ERR_EMPTY;
		(void)args_error(
		    err, "run '%s' came to no host", p->past.about->id);
		return -1;
	}
	p->m = muster_play(p->past.run, p->on_screen, err);
	if (p->m == NULL)
		return -1;
	command = p->past.about->n_orders > 0
		      ? muster_run_command(p->past.run, 0)
		      : "";
	output_init(&p->out, STDOUT_FILENO, p->args->raw);
	output_init(&p->err, STDERR_FILENO, p->args->raw);
	p->run = (struct writer_run){.m = p->m,
	    .args = p->args,
	    .command = command,
	    .wall_us = p->past.about->wall_us,
	    .out = &p->out,
	    .err = &p->err,
	    .failure = &p->failure};
	muster_want_states(p->m, true);
	return writers_open(&p->writers, &p->run, err);
}

static void
close_player(struct player *p)
{
	writers_close(&p->writers);
	output_clear(&p->out);
	output_clear(&p->err);
	muster_free(p->m);
	past_close(&p->past);
}

static int
show(const struct args *args, unsigned percent, bool report, bool on_screen)
{
	struct player p = {.args = args, .on_screen = on_screen};
	struct muster_error err;
	int rc;

	if (args->n_rest != 1) {
		complain(args->n_rest == 0
			     ? "which run? 'muster runs' lists them, 'last' "
			       "is the last one"
			     : "one run at a time");
		return EXITCODE_USAGE;
	}
	if (open_player(&p, args->rest[0], &err) == 0) {
		if (p.past.about->damage != NULL)
			complain("run '%s' is damaged: %s", p.past.about->id,
			    p.past.about->damage);
		muster_play_pace(p.m, percent, false);
		if (!p.on_screen)
			play(&p);
		if (p.on_screen && play_on_screen(&p, percent) < 0)
			rc = EXITCODE_LOCAL;
		else
			rc = finish(&p, report);
	} else {
		complain("%s", err.text);
		rc = complain_exitcode(&err);
	}
	close_player(&p);
	return rc;
}

/* "2", "0.5", or "max" as a percentage; 0: at once. */
static bool
read_speed(const char *text, unsigned *percent)
{
	uint32_t ms;

	*percent = 0;
	if (text != NULL && strcmp(text, "max") == 0)
		return true;
	if (text == NULL)
		text = "1";
	/* a time in seconds has the form of a factor */
	if (text[strspn(text, "0123456789.")] != '\0' ||
	    !number_time_ms(text, &ms) || ms < 10 || ms > PERCENT_OF_MOST)
		return false;
	*percent = ms / 10;
	return true;
}

int
verb_replay(const struct args *args)
{
	unsigned percent;

	struct args on_screen = *args;

	on_screen.quiet = true; /* but for the report */
	if (read_speed(args->speed, &percent))
		return onscreen_is_wanted(args)
			   ? show(&on_screen, percent, true, true)
			   : show(args, percent, true, false);
	complain("option '--speed' wants a factor from 0.01 to 1000, or "
		 "'max', not '%s'",
	    args->speed);
	return EXITCODE_USAGE;
}

/* To files, or as JSON. */
int
verb_export(const struct args *args)
{
	struct args forms = *args;

	forms.quiet = args->outdir != NULL || args->errdir != NULL;
	forms.json = !forms.quiet;
	forms.raw = true;
	return show(&forms, 0, false, false);
}
