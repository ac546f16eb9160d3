/*
 * batch_screen.c -- the screen of a batch, as long as it is shown.
 *
 * Room: src.  May touch: batch_inner.h and what it brings, complain.h,
 * onscreen.h, rollout.h.
 * It takes the events meanwhile and hands them on; output to the terminal is
 * mute.
 */
#include "config.h"

#include "src/batch_inner.h"
#include "src/complain.h"
#include "src/onscreen.h"
#include "src/rollout.h"

#include <signal.h>

/* Back to lines: nobody is there to send any to the commands, and questions
 * that are open are put here. */
static void
go_back(struct batch *b)
{
	const struct muster_input end = {.end = true};
	const struct muster_prompt *prompt;

	batch_set_mute(b, false);
	if (b->sends) {
		(void)muster_send(b->m, NULL, 0, &end, NULL);
		ui_end_input(b->ui);
		b->sends = false;
	}
	while ((prompt = ui_next_question(b->ui)) != NULL)
		batch_put_prompt(b, prompt);
	batch_say_status(b, "; u and ENTER shows the screen again");
	if (b->rollout != NULL)
		rollout_show(b->rollout, false);
}

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
	b->is_shown = true;
	if (b->rollout != NULL)
		rollout_show(b->rollout, true);
	end = ui_run(b->ui, &err);
	b->is_shown = false;
	b->was_shown |= end != UI_FAILED;
	now_ms = control_now_ms();
	switch (end) {
	case UI_FAILED:
		complain("%s", err.text);
		go_back(b);
		break;
	case UI_LEFT:
		break;
	case UI_BACK:
		go_back(b);
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

	return launch_more(b->launch, hosts, n,
	    &(struct launch_typed){command, b->sends}, err);
}

void
batch_open_screen(struct batch *b, const char *command, bool takes_lines)
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
	b->sends = b->is_up && takes_lines;
	hooks.can_send = b->sends;
	b->ui = onscreen_new(b->m, b->args, &hooks);
}
