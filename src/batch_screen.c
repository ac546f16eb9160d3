/*
 * batch_screen.c -- the screen of a batch, as long as it is shown.
 *
 * Room: src.  May touch: batch_inner.h and what it brings, complain.h,
 * onscreen.h.
 * It takes the events meanwhile and hands them on; output to the terminal is
 * mute.
 */
#include "config.h"

#include "src/batch_inner.h"
#include "src/complain.h"
#include "src/onscreen.h"

#include <signal.h>

/* The screen, until it is left: for good, or back to lines. */
void
batch_show_screen(struct batch *b)
{
	struct muster_error err;
	enum ui_end end;
	int64_t now_ms;

	ticker_hide(&b->ticker);
	batch_flush(b, &b->out);
	batch_flush(b, &b->err);
	batch_set_mute(b, true);
	b->is_up = false;
	end = ui_run(b->ui, &err);
	b->was_shown |= end != UI_FAILED;
	now_ms = control_now_ms();
	switch (end) {
	case UI_FAILED:
		complain("%s", err.text);
		batch_set_mute(b, false);
		break;
	case UI_LEFT:
		break;
	case UI_BACK:
		batch_set_mute(b, false);
		batch_say_status(b, "; u and ENTER shows the screen again");
		break;
	case UI_STOP:
		b->control.signal = SIGINT;
		batch_obey(b, CONTROL_ABORT, now_ms);
		break;
	case UI_SIGNAL:
		b->control.interactive = false;
		batch_obey(b,
		    control_decide(&b->control, ui_signal(b->ui), now_ms),
		    now_ms);
		break;
	case UI_LOST:
		batch_obey(b, CONTROL_NO_MORE, now_ms);
		break;
	}
}

static int
take_signal(void *owner)
{
	struct batch *b = owner;

	return control_take(&b->control);
}

static int
start(void *owner, const size_t *hosts, size_t n, const char *command,
    struct muster_error *err)
{
	struct batch *b = owner;

	return launch_more(b->launch, hosts, n, command, err);
}

void
batch_open_screen(struct batch *b, const char *command)
{
	struct ui_options hooks = {.command = command,
	    .start = start,
	    .signal_fd = b->control.fd,
	    .take_signal = take_signal,
	    .on_event = batch_take_event,
	    .owner = b};

	if (!onscreen_is_possible(b->args))
		return;
	b->is_up = onscreen_is_wanted(b->args);
	b->ui = onscreen_new(b->m, b->args, &hooks);
}
