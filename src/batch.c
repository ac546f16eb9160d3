/*
 * batch.c -- one command on many hosts, from start to report.
 *
 * Room: src.  May touch: batch_inner.h and what it brings, complain.h,
 * ending.h, heap.h, precaution.h, recording.h, rollout.h,
 * runlock.h.
 *
 *	muster_next() -> writers -> output -> write(2)
 *	                 signals, keys -> control -> muster_cancel()
 *
 * One thread, one poll(2). Nothing is waited for without listening to
 * signals.
 */
#include "config.h"

#include "src/batch_inner.h"
#include "src/complain.h"
#include "src/ending.h"
#include "src/heap.h"
#include "src/precaution.h"
#include "src/recording.h"
#include "src/rollout.h"
#include "src/runlock.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TRANSFER_MS 500 /* between words on how far a copy is */

/* Whether a line has begun that is for the next prompt. */
static bool
is_typing(const struct batch_typed *t)
{
	return t->lines.len > 0 && t->lines.mem[t->lines.len - 1] != '\n';
}

/* ENTER, or another line: how far is it? "u": the screen. Where a prompt
 * follows, other lines are for that. At its end, stdin is left alone. */
static void
take_keys(struct batch *b, bool *listen)
{
	struct batch_typed *ahead = b->hosts != NULL ? b->hosts->typed : NULL;
	char line[256];
	ssize_t n = read(STDIN_FILENO, line, sizeof(line));

	if (n == 0 || (n < 0 && errno != EINTR))
		*listen = false;
	if (n == 0 && ahead != NULL)
		ahead->end = true;
	if (n <= 0)
		return;
	if (line[0] == 'u' && b->ui != NULL)
		b->is_up = true;
	else if (ahead != NULL && (line[0] != '\n' || is_typing(ahead)))
		text_add(&ahead->lines, line, (size_t)n);
	else
		batch_say_status(b, "");
}

/* Waits for whatever comes first, and sees to it. */
static void
wait_for_more(struct batch *b, bool *listen)
{
	bool asks = b->rollout != NULL && rollout_is_asking(b->rollout);
	bool has_keys = *listen && !asks && control_has_keys();
	struct pollfd fds[4 + ROLLOUT_FDS] = {
	    {.fd = muster_fd(b->m), .events = POLLIN},
	    {.fd = b->control.fd, .events = POLLIN},
	    {.fd = has_keys ? STDIN_FILENO : -1, .events = POLLIN},
	    {.fd = feeder_fd(&b->feeder), .events = POLLIN},
	};
	int timeout_ms = batch_next_timeout(b);
	nfds_t n = 4;

	if (!asks)
		batch_draw(b);
	if (b->rollout != NULL) {
		rollout_poll(b->rollout, fds + n);
		n += ROLLOUT_FDS;
		timeout_ms = rollout_timeout_ms(b->rollout, timeout_ms);
	}
	if (poll(fds, n, timeout_ms) < 0)
		return;
	batch_take_signals(b);
	(void)batch_check_times(b);
	if (fds[3].revents != 0)
		batch_take_input(b);
	if (fds[2].revents != 0)
		take_keys(b, listen);
	if (b->rollout != NULL)
		rollout_serve(b->rollout, fds + 4);
}

static void
run_loop(struct batch *b)
{
	bool listen = !b->args->no_stdin;

	while (b->is_up || batch_take_events(b) || batch_is_rolling(b)) {
		if (b->is_up)
			batch_show_screen(b);
		else
			wait_for_more(b, &listen);
	}
}

/* What is known of the run at its end, or so far. */
static struct exitcode_facts
sum_up(const struct batch *b)
{
	/* What is known to be cut is no failure of the run as a whole. */
	bool is_cut = b->full && b->losses.any;
	struct exitcode_facts facts = {
	    .signal = b->closed ? SIGPIPE : 0,
	    .local_error =
		(b->failed && !is_cut) || muster_record_failure(b->m) != NULL,
	    .policy = batch_was_stopped(b),
	    .no_more = b->no_more,
	};

	if (b->control.signal != 0)
		facts.signal = b->control.signal;
	ending_add_results(&facts, &b->run);
	return facts;
}

/* Lets the writers end, prints the report and finds the exit code. */
static int
finish(struct batch *b)
{
	struct exitcode_facts facts;
	struct writer_summary summary;
	struct text lines = {0};

	if (b->gone)
		batch_leave_output(b);
	facts = sum_up(b);
	summary = ending_sum_up(&b->run, &facts);
	ticker_hide(&b->ticker);
	b->ticker.on = false;
	batch_set_mute(b, false);
	batch_be_patient(b, b->gone ? BATCH_HARD_MS : BATCH_ABORT_MS);
	writers_end(&b->writers, &summary);
	batch_pump(b);
	batch_flush(b, &b->out);
	batch_tell_rest(b);
	ending_report(&b->run, b->was_shown, &lines);
	output_text(&b->err, lines.mem, lines.len);
	batch_be_patient(b, BATCH_HARD_MS);
	batch_flush(b, &b->err);
	text_clear(&lines);
	facts = sum_up(b);
	return recording_end(b->m, exitcode_choose(&facts, b->args->maxrc));
}

static int
open_batch(struct batch *b, const char *command, struct muster_error *err)
{
	size_t n = muster_n_hosts(b->m);

	losses_init(&b->losses, n);
	output_init(&b->out, STDOUT_FILENO, b->args->raw);
	output_init(&b->err, STDERR_FILENO, b->args->raw);
	b->run = (struct writer_run){
	    .m = b->m,
	    .args = b->args,
	    .left_out = b->hosts != NULL ? b->hosts->left_out : NULL,
	    .command = command,
	    .out = &b->out,
	    .err = &b->err,
	    .failure = &b->failure,
	    .lost = b->losses.lost,
	};
	b->progress = progress_new(b->m, n);
	for (size_t i = 0; i < n; i++)
		if (!writer_has(&b->run, i))
			progress_leave_out(b->progress, i);
	b->stopped = heap_array(n, sizeof(*b->stopped));
	ticker_init(
	    &b->ticker, STDERR_FILENO, batch_wants_ticker(b), control_now_ms());
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
	if (budget_open(&b->budget, b->args,
		b->hosts != NULL ? b->hosts->n : muster_n_hosts(b->m), err) < 0)
		return -1;
	if (batch_open_rollout(b, err) < 0)
		return -1;
	muster_limit_failures(
	    b->m, b->budget.limited ? b->budget.n_allowed : SIZE_MAX);
	return 0;
}

static void
close_batch(struct batch *b)
{
	ui_free(b->ui);
	rollout_free(b->rollout);
	control_close(&b->control);
	writers_close(&b->writers);
	progress_free(b->progress);
	free(b->stopped);
	losses_clear(&b->losses);
	output_clear(&b->out);
	output_clear(&b->err);
}

/* Begins the work, and sees it to its end. */
static int
see_through(struct batch *b, const struct batch_work *work)
{
	struct muster_error err;

	if (open_batch(b, work->what, &err) < 0 ||
	    batch_begin(b, work, &err) < 0) {
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
	if (control_open(
		&b->control, isatty(STDERR_FILENO) && !b->args->keep) == 0)
		return 0;
	complain("cannot catch signals: %s", strerror(errno));
	return -1;
}

static int
carry_out(struct batch *b, const struct batch_work *work)
{
	struct muster_error err;
	int rc;

	feeder_init(&b->feeder, b->m, b->args, false);
	if (set_limits(b, &err) == 0) {
		rc = see_through(b, work);
	} else {
		complain("%s", err.text);
		rc = complain_exitcode(&err);
	}
	close_batch(b);
	return rc;
}

int
batch_carry_out(
    struct muster *m, const struct args *args, const struct batch_work *work)
{
	struct batch b = {.m = m, .args = args};
	int lock, rc = precaution_take(m, args, work->what, &lock);

	if (rc == EXITCODE_OK && catch_signals(&b) < 0)
		rc = EXITCODE_LOCAL;
	if (rc == EXITCODE_OK)
		rc = carry_out(&b, work);
	runlock_drop(lock);
	return rc;
}

static int
start_commands(struct muster *m, const void *arg, struct muster_error *err)
{
	const struct batch *b = arg;

	(void)m;
	if (b->hosts == NULL)
		return launch_go(b->launch, NULL, 0, err);
	return launch_go(b->launch, b->hosts->items, b->hosts->n, err);
}

static int
run_batch(struct batch *b, const struct commands *commands)
{
	const struct batch_work work = {commands->shown, start_commands, b};
	struct muster_error err;
	int rc;

	feeder_init(&b->feeder, b->m, b->args,
	    commands->input == NULL && !b->args->keep);
	batch_open_screen(b, commands->shown,
	    !b->feeder.on && !b->args->no_stdin && commands->input == NULL &&
		b->args->stdin_dir == NULL);
	if (set_limits(b, &err) == 0)
		b->launch = launch_new(
		    b->m, b->args, commands, b->feeder.on || b->sends, &err);
	if (b->launch != NULL) {
		rc = see_through(b, &work);
	} else {
		complain("%s", err.text);
		rc = complain_exitcode(&err);
	}
	if (b->hosts != NULL)
		*b->hosts->signal = b->closed ? SIGPIPE : b->control.signal;
	close_batch(b);
	launch_free(b->launch);
	return rc;
}

int
batch_run(struct muster *m, const struct args *args,
    const struct commands *commands, const struct batch_hosts *hosts)
{
	struct batch b = {.m = m, .args = args, .hosts = hosts};
	int lock, rc;

	if (args->dry_run)
		return precaution_tell(m, args, commands);
	rc = precaution_take(m, args, commands->shown, &lock);
	if (rc == EXITCODE_OK && catch_signals(&b) < 0)
		rc = EXITCODE_LOCAL;
	if (rc == EXITCODE_OK)
		rc = run_batch(&b, commands);
	runlock_drop(lock);
	return rc;
}
