/*
 * batch_output.c -- what a batch writes, and what it does when it cannot.
 *
 * Room: src.  May touch: batch_inner.h and what it brings, complain.h.
 */
#include "config.h"

#include "src/batch_inner.h"
#include "src/complain.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

void
batch_say_status(struct batch *b, const char *more)
{
	struct text line = {0};

	text_adds(&line, "muster: ");
	progress_write(b->progress, &line);
	text_addf(&line, "%s\n", more);
	output_text(&b->err, line.mem, line.len);
	text_clear(&line);
}

/* Says a line of our own. */
void
batch_say(struct batch *b, const char *fmt, ...)
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

bool
batch_wants_ticker(const struct batch *b)
{
	const struct args *a = b->args;
	bool gathers = a->gather || a->gather_all || a->diff || a->similar != 0;

	return a->progress || (gathers && isatty(STDERR_FILENO) == 1);
}

void
batch_draw(struct batch *b)
{
	int64_t now_ms = control_now_ms();
	unsigned room = ticker_room(&b->ticker, now_ms);
	struct text above = {0};

	if (room > 0)
		writers_glance(&b->writers, room, &above);
	ticker_draw(&b->ticker, b->progress, &above, now_ms);
	text_clear(&above);
}

void
batch_say_note(struct batch *b, const struct muster_event *event)
{
	struct text line = {0};

	text_addf(&line, "%s: %s\n",
	    event->host == MUSTER_NOWHERE ? "muster"
					  : muster_host_name(b->m, event->host),
	    event->text);
	output_text(&b->err, line.mem, line.len);
	text_clear(&line);
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

/* Whether what hosts print is written as it comes. */
static bool
is_stream(const struct args *args)
{
	return !args->gather && !args->gather_all && !args->diff &&
	       args->similar == 0 && !args->lines && !args->table && !args->tsv;
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
	b->full = failed ? b->failure.code == MUSTER_ERR_LIMIT
			 : output_is_full(error);
	if (b->failed)
		losses_fail(&b->losses);
	if (failed)
		complain("%s", b->failure.text);
	else if (b->failed)
		complain("cannot write output: %s", strerror(error));
	muster_cancel(b->m, NULL, 0, MUSTER_CANCEL_PENDING);
}

/* As a pipe would, stops a host that writes on where nothing can be written
 * any more, so that it does not do so for ever. */
void
batch_check_reader(struct batch *b, const struct muster_event *event)
{
	bool to_out = event->stream == MUSTER_STDOUT || b->args->json;
	bool lost = (to_out ? &b->out : &b->err)->error != 0;

	if (!(b->closed || b->failed) || !(lost || b->args->quiet) ||
	    b->args->on_epipe != EPIPE_STOP || b->stopped[event->host])
		return;
	b->stopped[event->host] = true;
	muster_cancel(b->m, &event->host, 1, MUSTER_CANCEL_TERM);
}

void
batch_flush(struct batch *b, struct output *o)
{
	if (output_waiting(o) > 0 && (o == &b->err || o->clean))
		ticker_hide(&b->ticker);
	while (!b->gone) {
		int timeout_ms = batch_check_times(b);

		if (output_flush(o, b->control.fd, timeout_ms) == OUTPUT_DONE)
			break;
		batch_take_signals(b);
		/* what a signal made us say must not wait for `out` */
		if (o != &b->err)
			(void)output_flush(&b->err, -1, 0);
	}
	check_failure(b);
	if (!b->failed && is_stream(b->args) && output_waiting(&b->out) == 0 &&
	    output_waiting(&b->err) == 0)
		losses_settle(&b->losses);
}

void
batch_leave_output(struct batch *b)
{
	const int64_t until_ms = control_now_ms() + BATCH_HARD_MS;
	struct muster_event event;
	int64_t left_ms;

	while ((left_ms = until_ms - control_now_ms()) > 0 &&
	       muster_next(b->m, (uint32_t)left_ms, &event) > 0) {
		if (event.type != MUSTER_EVENT_OUTPUT)
			continue;
		losses_add(&b->losses, event.host);
		b->is_cut = true;
	}
}

void
batch_tell_rest(struct batch *b)
{
	if (!b->is_cut && (!b->gone || output_waiting(&b->out) == 0))
		return;
	losses_fail(&b->losses);
	batch_say(b, "the output is cut: it was not read in time");
}

/* The streams keep their order. */
void
batch_take_output(struct batch *b, const struct muster_event *event)
{
	struct output *other =
	    event->stream == MUSTER_STDOUT ? &b->err : &b->out;

	if (output_waiting(other) > 0)
		batch_flush(b, other);
}

/* Sends off what the writers have ready, piece by piece. */
void
batch_pump(struct batch *b)
{
	while (!b->gone && writers_pump(&b->writers)) {
		if (output_waiting(&b->out) >= BATCH_FLUSH_BYTES)
			batch_flush(b, &b->out);
	}
}

/* Nothing but the screen writes to the terminal while it is shown, nor after
 * a stop. */
void
batch_set_mute(struct batch *b, bool is_mute)
{
	b->out.is_mute = is_mute && isatty(STDOUT_FILENO);
	b->err.is_mute = is_mute && isatty(STDERR_FILENO);
}
