/*
 * batch.c -- one command on many hosts, from start to report.
 *
 * Room: src.  May touch: muster.h, args.h, complain.h, control.h,
 * ending.h, heap.h, launch.h and what it brings, onscreen.h, output.h,
 * progress.h, recording.h, ticker.h, writers.h.
 *
 *	muster_next() -> writers -> output -> write(2)
 *	                 signals, keys -> control -> muster_cancel()
 *
 * While the screen is shown it takes the events and hands them on; output to
 * the terminal is mute then. One thread, one poll(2). Nothing is waited for
 *without listening to signals, and after an abort nothing is waited for longer
 *than ABORT_MS.
 */
#include "config.h"

#include "src/batch.h"

#include "src/complain.h"
#include "src/control.h"
#include "src/ending.h"
#include "src/heap.h"
#include "src/launch.h"
#include "src/onscreen.h"
#include "src/output.h"
#include "src/recording.h"
#include "src/ticker.h"
#include "src/writers.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ABORT_MS 8000     /* from the abort to dropping everything */
#define HARD_MS 500       /* from there to leaving */
#define TRANSFER_MS 500   /* between words on how far a copy is */
#define FLUSH_BYTES 65536 /* waiting output that is not added to */

struct batch {
	struct muster *m;        /* borrowed */
	const struct args *args; /* borrowed */
	struct output out;
	struct output err;
	struct writer_run run;
	struct writers writers;
	struct muster_error failure; /* of a writer */
	struct progress *progress;   /* owned */
	struct control control;
	struct ticker ticker;
	struct ui *ui;       /* owned; NULL: there can be no screen */
	bool is_up;          /* the screen shall be shown */
	bool was_shown;      /* it has been */
	int64_t limit_ms;    /* when patience ends; 0: it does not */
	bool *stopped;       /* owned; hosts that wrote what nobody can see */
	bool hard;           /* connections were dropped */
	bool no_more;        /* ^Z after ^C: begin no more */
	bool policy;         /* too many failed, or the time is over */
	int64_t deadline_ms; /* of the whole run; 0: none, or over */
	struct budget budget;
	struct feeder feeder;
	bool closed; /* the reader of the output went away */
	bool failed; /* output could not be written */
	bool gone;   /* leave at once */
};

static void
say_status(struct batch *b, const char *more)
{
	struct text line = {0};

	text_adds(&line, "muster: ");
	progress_write(b->progress, &line);
	text_addf(&line, "%s\n", more);
	output_text(&b->err, line.mem, line.len);
	text_clear(&line);
}

static void
drop_everything(struct batch *b, int64_t now_ms)
{
	if (b->hard)
		b->gone = true;
	b->hard = true;
	b->limit_ms = now_ms + HARD_MS;
	muster_cancel(b->m, NULL, 0, MUSTER_CANCEL_NOW);
}

static void
obey(struct batch *b, enum control_action action, int64_t now_ms)
{
	switch (action) {
	case CONTROL_NONE:
		break;
	case CONTROL_STATUS:
		say_status(b, "");
		break;
	case CONTROL_WARN:
		say_status(b, "; ^C again within 2 s stops them, "
			      "^Z lets them end but begins no more");
		break;
	case CONTROL_NO_MORE:
		b->no_more = true;
		muster_cancel(b->m, NULL, 0, MUSTER_CANCEL_PENDING);
		say_status(b, "; beginning no more");
		break;
	case CONTROL_ABORT:
		b->limit_ms = now_ms + ABORT_MS;
		muster_cancel(b->m, NULL, 0, MUSTER_CANCEL_TERM);
		break;
	case CONTROL_HARD:
		drop_everything(b, now_ms);
		break;
	case CONTROL_SUSPEND:
		control_suspend();
		break;
	}
}

static void
take_signals(struct batch *b)
{
	int signo;

	while ((signo = control_take(&b->control)) != 0) {
		int64_t now_ms = control_now_ms();

		obey(b, control_decide(&b->control, signo, now_ms), now_ms);
	}
}

/* Milliseconds until patience ends, as poll(2) wants them. At the end of an
 * abort's everything is dropped; at the end of that, the run is left. */
static int
check_limit(struct batch *b)
{
	int64_t now_ms = control_now_ms();

	if (b->limit_ms == 0)
		return -1;
	if (now_ms >= b->limit_ms)
		drop_everything(b, now_ms);
	return (int)(b->limit_ms - now_ms);
}

/* errno of the output that failed, or 0. Who closed standard error before
 * the start does not want it. */
static int
failed_output(const struct batch *b)
{
	if (b->out.error != 0)
		return b->out.error;
	return b->err.error != EBADF ? b->err.error : 0;
}

/* The output has no reader, or no room: no more hosts are begun. */
static void
check_failure(struct batch *b)
{
	int error = failed_output(b);
	bool failed = b->failure.code != MUSTER_ERR_NONE;

	if (b->closed || b->failed || (error == 0 && !failed) ||
	    (!failed && error == EPIPE && b->args->on_epipe == EPIPE_CONTINUE))
		return;
	ticker_hide(&b->ticker);
	b->closed = !failed && error == EPIPE;
	b->failed = !b->closed;
	if (failed)
		complain("%s", b->failure.text);
	else if (b->failed)
		complain("cannot write output: %s", strerror(error));
	muster_cancel(b->m, NULL, 0, MUSTER_CANCEL_PENDING);
}

/* As a pipe would, stops a host that writes on where nothing can be written
 * any more, so that it does not do so for ever. */
static void
check_reader(struct batch *b, const struct muster_event *event)
{
	bool to_out = event->stream == MUSTER_STDOUT || b->args->json;
	bool lost = (to_out ? &b->out : &b->err)->error != 0;

	if (!(b->closed || b->failed) || !(lost || b->args->quiet) ||
	    b->args->on_epipe != EPIPE_STOP || b->stopped[event->host])
		return;
	b->stopped[event->host] = true;
	muster_cancel(b->m, &event->host, 1, MUSTER_CANCEL_TERM);
}

static void
flush(struct batch *b, struct output *o)
{
	if (output_waiting(o) > 0 && (o == &b->err || o->clean))
		ticker_hide(&b->ticker);
	while (!b->gone) {
		int timeout_ms = check_limit(b);

		if (output_flush(o, b->control.fd, timeout_ms) == OUTPUT_DONE)
			break;
		take_signals(b);
		/* what a signal made us say must not wait for `out` */
		if (o != &b->err)
			(void)output_flush(&b->err, -1, 0);
	}
	check_failure(b);
}

/* The streams keep their order. */
static void
take_output(struct batch *b, const struct muster_event *event)
{
	struct output *other =
	    event->stream == MUSTER_STDOUT ? &b->err : &b->out;

	if (output_waiting(other) > 0)
		flush(b, other);
}

static void
say_note(struct batch *b, const struct muster_event *event)
{
	struct text line = {0};

	text_addf(&line, "%s: %s\n",
	    event->host == MUSTER_NOWHERE ? "muster"
					  : muster_host_name(b->m, event->host),
	    event->text);
	output_text(&b->err, line.mem, line.len);
	text_clear(&line);
}

/* Sends off what the writers have ready, piece by piece. */
static void
pump(struct batch *b)
{
	while (!b->gone && writers_pump(&b->writers)) {
		if (output_waiting(&b->out) >= FLUSH_BYTES)
			flush(b, &b->out);
	}
}

/* Everything waits meanwhile; the servers do, too. */
static void
put_prompt(struct batch *b, const struct muster_prompt *prompt)
{
	ticker_hide(&b->ticker);
	flush(b, &b->out);
	flush(b, &b->err);
	if (!prompts_put(b->m, prompt, b->control.fd))
		(void)raise(SIGINT);
	take_signals(b);
}

/* Says a line of our own. */
static void
say(struct batch *b, const char *fmt, ...)
{
	struct text line = {0};
	char text[256];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	text_addf(&line, "muster: %s\n", text);
	output_text(&b->err, line.mem, line.len);
	text_clear(&line);
}

/* One failure too many: what has not begun will not. */
static void
check_budget(struct batch *b, const struct muster_result *result)
{
	if (!budget_add(&b->budget, result) || b->control.signal != 0)
		return;
	b->policy = true;
	muster_cancel(b->m, NULL, 0, MUSTER_CANCEL_PENDING);
	if (b->args->max_fail == NULL)
		say(b, "a host failed: beginning no more (--fail-fast)");
	else
		say(b,
		    "%zu of %zu hosts failed, more than the %zu of "
		    "--max-fail %s: beginning no more",
		    b->budget.n_failed, b->budget.n_hosts, b->budget.n_allowed,
		    b->args->max_fail);
}

static void
check_deadline(struct batch *b)
{
	if (b->deadline_ms == 0 || control_now_ms() < b->deadline_ms)
		return;
	b->deadline_ms = 0;
	b->policy = true;
	say(b, "the time for the whole run, %g s, is over: stopping",
	    (double)b->args->deadline_ms / 1000.0);
	muster_cancel(b->m, NULL, 0, MUSTER_CANCEL_DEADLINE);
}

/* Commands that did not get all of the input must not end as if they had. */
static void
take_input(struct batch *b)
{
	struct muster_error err;

	if (feeder_take(&b->feeder, &err) == 0)
		return;
	b->failed = true;
	say(b, "%s", err.text);
	muster_cancel(b->m, NULL, 0, MUSTER_CANCEL_TERM);
}

static void
take_event(void *owner, const struct muster_event *event)
{
	struct batch *b = owner;

	switch (event->type) {
	case MUSTER_EVENT_STATE:
		progress_state(b->progress, event->host, event->state);
		break;
	case MUSTER_EVENT_OUTPUT:
		check_reader(b, event);
		take_output(b, event);
		break;
	case MUSTER_EVENT_RESULT:
		progress_result(b->progress, event->host, event->result);
		check_budget(b, event->result);
		break;
	case MUSTER_EVENT_NOTE:
		say_note(b, event);
		break;
	case MUSTER_EVENT_INPUT:
		feeder_go_on(&b->feeder);
		break;
	case MUSTER_EVENT_PROMPT:
		put_prompt(b, event->prompt);
		break;
	case MUSTER_EVENT_TRANSFER:
		progress_transfer(b->progress, event->host, event->transfer);
		break;
	case MUSTER_EVENT_SNAPSHOT: /* not asked for here */
		break;
	}
	writers_take(&b->writers, event);
	pump(b);
}

/* Takes what has happened. Returns false when nothing more will. */
static bool
take_events(struct batch *b)
{
	struct muster_event event;
	int r;

	while ((r = muster_next(b->m, 0, &event)) > 0) {
		if (b->ui != NULL)
			ui_event(b->ui, &event);
		take_event(b, &event);
		if (output_waiting(&b->out) >= FLUSH_BYTES)
			flush(b, &b->out);
		if (output_waiting(&b->err) >= FLUSH_BYTES)
			flush(b, &b->err);
		if (b->gone)
			return false;
	}
	flush(b, &b->out);
	flush(b, &b->err);
	return r == 0 && !b->gone;
}

/* ENTER, or another line: how far is it? "u": the screen. At its end, stdin is
 * left alone. */
static void
take_keys(struct batch *b, bool *listen)
{
	char line[256];
	ssize_t n = read(STDIN_FILENO, line, sizeof(line));

	if (n > 0 && line[0] == 'u' && b->ui != NULL)
		b->is_up = true;
	else if (n > 0)
		say_status(b, "");
	else if (n == 0 || errno != EINTR)
		*listen = false;
}

/* Until patience ends, or the ticker is to be drawn. */
static int
next_timeout(struct batch *b)
{
	int limit_ms = check_limit(b);
	int ticker_ms = ticker_timeout_ms(&b->ticker, control_now_ms());

	if (b->deadline_ms != 0) {
		int64_t left = b->deadline_ms - control_now_ms();
		int ms = left < 0 ? 0 : left > INT_MAX ? INT_MAX : (int)left;

		limit_ms = limit_ms < 0 || ms < limit_ms ? ms : limit_ms;
	}
	if (limit_ms < 0 || (ticker_ms >= 0 && ticker_ms < limit_ms))
		return ticker_ms;
	return limit_ms;
}

/* Nothing but the screen writes to the terminal while it is shown, nor after
 * a stop. */
static void
set_mute(struct batch *b, bool is_mute)
{
	b->out.is_mute = is_mute && isatty(STDOUT_FILENO);
	b->err.is_mute = is_mute && isatty(STDERR_FILENO);
}

/* The screen, until it is left: for good, or back to lines. */
static void
show_screen(struct batch *b)
{
	struct muster_error err;
	enum ui_end end;
	int64_t now_ms;

	ticker_hide(&b->ticker);
	flush(b, &b->out);
	flush(b, &b->err);
	set_mute(b, true);
	b->is_up = false;
	end = ui_run(b->ui, &err);
	b->was_shown |= end != UI_FAILED;
	now_ms = control_now_ms();
	switch (end) {
	case UI_FAILED:
		complain("%s", err.text);
		set_mute(b, false);
		break;
	case UI_LEFT:
		break;
	case UI_BACK:
		set_mute(b, false);
		say_status(b, "; u and ENTER shows the screen again");
		break;
	case UI_STOP:
		b->control.signal = SIGINT;
		obey(b, CONTROL_ABORT, now_ms);
		break;
	case UI_SIGNAL:
		b->control.interactive = false;
		obey(b, control_decide(&b->control, ui_signal(b->ui), now_ms),
		    now_ms);
		break;
	case UI_LOST:
		obey(b, CONTROL_NO_MORE, now_ms);
		break;
	}
}

static void
run_loop(struct batch *b)
{
	bool listen = !b->args->no_stdin;

	while (b->is_up || take_events(b)) {
		if (b->is_up) {
			show_screen(b);
			continue;
		}
		struct pollfd fds[] = {
		    {.fd = muster_fd(b->m), .events = POLLIN},
		    {.fd = b->control.fd, .events = POLLIN},
		    {.fd = listen && control_has_keys() ? STDIN_FILENO : -1,
			.events = POLLIN},
		    {.fd = feeder_fd(&b->feeder), .events = POLLIN},
		};

		ticker_draw(&b->ticker, b->progress, control_now_ms());
		if (poll(fds, 4, next_timeout(b)) < 0)
			continue;
		take_signals(b);
		check_deadline(b);
		if (fds[3].revents != 0)
			take_input(b);
		if (fds[2].revents != 0)
			take_keys(b, &listen);
	}
}

/* What is known of the run at its end, or so far. */
static struct exitcode_facts
sum_up(const struct batch *b)
{
	struct exitcode_facts facts = {
	    .signal = b->closed ? SIGPIPE : 0,
	    .local_error = b->failed || muster_record_failure(b->m) != NULL,
	    .policy = b->policy,
	    .no_more = b->no_more,
	};

	if (b->control.signal != 0)
		facts.signal = b->control.signal;
	ending_add_results(&facts, b->m);
	return facts;
}

/* What must be written yet is given `ms` when the run was aborted. */
static void
be_patient(struct batch *b, int64_t ms)
{
	b->limit_ms = b->limit_ms != 0 ? control_now_ms() + ms : 0;
	b->gone = false;
}

/* Lets the writers end, prints the report and finds the exit code. */
static int
finish(struct batch *b)
{
	struct exitcode_facts facts = sum_up(b);
	struct writer_summary summary = ending_sum_up(b->m, &facts, b->args);
	struct text lines = {0};

	ticker_hide(&b->ticker);
	b->ticker.on = false;
	set_mute(b, false);
	be_patient(b, ABORT_MS);
	writers_end(&b->writers, &summary);
	pump(b);
	flush(b, &b->out);
	ending_report(b->m, b->args, b->was_shown, &lines);
	output_text(&b->err, lines.mem, lines.len);
	be_patient(b, HARD_MS);
	flush(b, &b->err);
	text_clear(&lines);
	facts = sum_up(b);
	return recording_end(b->m, exitcode_choose(&facts, b->args->maxrc));
}

static int
open_batch(struct batch *b, const char *command, struct muster_error *err)
{
	size_t n = muster_n_hosts(b->m);

	output_init(&b->out, STDOUT_FILENO, b->args->raw);
	output_init(&b->err, STDERR_FILENO, b->args->raw);
	b->run = (struct writer_run){
	    .m = b->m,
	    .args = b->args,
	    .command = command,
	    .out = &b->out,
	    .err = &b->err,
	    .failure = &b->failure,
	};
	b->progress = progress_new(b->m, n);
	b->stopped = heap_array(n, sizeof(*b->stopped));
	ticker_init(
	    &b->ticker, STDERR_FILENO, b->args->progress, control_now_ms());
	b->ticker.on &= !b->args->quiet || b->args->progress;
	muster_want_states(b->m, true);
	muster_want_transfers(b->m, TRANSFER_MS);
	return writers_open(&b->writers, &b->run, err);
}

static int
set_limits(struct batch *b, struct muster_error *err)
{
	if (b->args->deadline_ms > 0)
		b->deadline_ms = control_now_ms() + b->args->deadline_ms;
	return budget_open(&b->budget, b->args, muster_n_hosts(b->m), err);
}

static void
close_batch(struct batch *b)
{
	ui_free(b->ui);
	control_close(&b->control);
	writers_close(&b->writers);
	progress_free(b->progress);
	free(b->stopped);
	output_clear(&b->out);
	output_clear(&b->err);
}

static int
take_signal(void *owner)
{
	struct batch *b = owner;

	return control_take(&b->control);
}

static void
open_screen(struct batch *b, const char *command)
{
	struct ui_options hooks = {
	    .command = {.command = command, .pty = b->args->tty},
	    .signal_fd = b->control.fd,
	    .take_signal = take_signal,
	    .on_event = take_event,
	    .owner = b};

	if (!onscreen_is_possible(b->args))
		return;
	b->is_up = onscreen_is_wanted(b->args);
	b->ui = onscreen_new(b->m, b->args, &hooks);
}

/* Begins the work, and sees it to its end. */
static int
see_through(struct batch *b, const struct batch_work *work)
{
	struct muster_error err;

	if (open_batch(b, work->what, &err) < 0 ||
	    work->start(b->m, work->arg, &err) < 0) {
		complain("%s", err.text);
		return complain_exitcode(&err);
	}
	if (b->ui != NULL)
		ui_started(b->ui);
	run_loop(b);
	return finish(b);
}

static int
catch_signals(struct batch *b)
{
	if (control_open(&b->control, isatty(STDERR_FILENO)) == 0)
		return 0;
	complain("cannot catch signals: %s", strerror(errno));
	return -1;
}

int
batch_carry_out(
    struct muster *m, const struct args *args, const struct batch_work *work)
{
	struct batch b = {.m = m, .args = args};
	struct muster_error err;
	int rc;

	if (catch_signals(&b) < 0)
		return EXITCODE_LOCAL;
	feeder_init(&b.feeder, m, args, false);
	if (set_limits(&b, &err) == 0) {
		rc = see_through(&b, work);
	} else {
		complain("%s", err.text);
		rc = complain_exitcode(&err);
	}
	close_batch(&b);
	return rc;
}

struct starting {
	struct launch *launch; /* owned */
};

static int
start_commands(struct muster *m, const void *arg, struct muster_error *err)
{
	const struct starting *s = arg;

	(void)m;
	return launch_go(s->launch, err);
}

int
batch_run(
    struct muster *m, const struct args *args, const struct commands *commands)
{
	struct batch b = {.m = m, .args = args};
	struct starting s = {NULL};
	const struct batch_work work = {commands->shown, start_commands, &s};
	struct muster_error err;
	int rc;

	if (catch_signals(&b) < 0)
		return EXITCODE_LOCAL;
	feeder_init(&b.feeder, m, args, commands->input == NULL);
	open_screen(&b, commands->shown);
	if (set_limits(&b, &err) == 0)
		s.launch = launch_new(m, args, commands, b.feeder.on, &err);
	if (s.launch != NULL) {
		rc = see_through(&b, &work);
	} else {
		complain("%s", err.text);
		rc = complain_exitcode(&err);
	}
	launch_free(s.launch);
	close_batch(&b);
	return rc;
}
