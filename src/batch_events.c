/*
 * batch_events.c -- what happens in a run, on its way through a batch.
 *
 * Room: src.  May touch: batch_inner.h and what it brings, rollout.h.
 */
#include "config.h"

#include "src/batch_inner.h"
#include "src/rollout.h"

#include <signal.h>

/* Everything waits meanwhile; the servers do, too. */
void
batch_put_prompt(struct batch *b, const struct muster_prompt *prompt)
{
	ticker_hide(&b->ticker);
	batch_flush(b, &b->out);
	batch_flush(b, &b->err);
	if (!prompts_put(b->m, prompt, b->control.fd))
		(void)raise(SIGINT);
	batch_take_signals(b);
}

/* Commands that did not get all of the input must not end as if they had. */
void
batch_take_input(struct batch *b)
{
	struct muster_error err;

	if (feeder_take(&b->feeder, &err) == 0)
		return;
	b->failed = true;
	batch_say(b, "%s", err.text);
	muster_cancel(b->m, NULL, 0, MUSTER_CANCEL_TERM);
}

/* It is told before it is put: once it is answered its texts are gone. */
static void
take_prompt(struct batch *b, const struct muster_event *event)
{
	writers_take(&b->writers, event);
	batch_pump(b);
	if (!b->is_shown)
		batch_put_prompt(b, event->prompt);
}

void
batch_take_event(void *owner, const struct muster_event *event)
{
	struct batch *b = owner;

	switch (event->type) {
	case MUSTER_EVENT_STATE:
		progress_state(b->progress, event->host, event->state);
		if (event->state == MUSTER_RUNNING)
			progress_heard(b->progress, event->host, event->at_us);
		break;
	case MUSTER_EVENT_OUTPUT:
		progress_heard(b->progress, event->host, event->at_us);
		losses_add(&b->losses, event->host);
		batch_check_reader(b, event);
		batch_take_output(b, event);
		break;
	case MUSTER_EVENT_RESULT:
		progress_result(b->progress, event->host, event->result);
		batch_check_budget(b, event->result);
		if (b->rollout != NULL)
			rollout_take_result(
			    b->rollout, event->host, event->result);
		break;
	case MUSTER_EVENT_NOTE:
		batch_say_note(b, event);
		break;
	case MUSTER_EVENT_INPUT:
		feeder_go_on(&b->feeder);
		break;
	case MUSTER_EVENT_PROMPT:
		take_prompt(b, event);
		return;
	case MUSTER_EVENT_TRANSFER:
		progress_transfer(b->progress, event->host, event->transfer);
		break;
	case MUSTER_EVENT_SNAPSHOT: /* not asked for here */
		break;
	}
	writers_take(&b->writers, event);
	batch_pump(b);
}

/* Takes what has happened. Returns false when nothing more will. */
bool
batch_take_events(struct batch *b)
{
	struct muster_event event;
	int r;

	while ((r = muster_next(b->m, 0, &event)) > 0) {
		if (b->ui != NULL)
			ui_event(b->ui, &event);
		batch_take_event(b, &event);
		if (output_waiting(&b->out) >= BATCH_FLUSH_BYTES)
			batch_flush(b, &b->out);
		if (output_waiting(&b->err) >= BATCH_FLUSH_BYTES)
			batch_flush(b, &b->err);
		if (b->gone)
			return false;
	}
	batch_flush(b, &b->out);
	batch_flush(b, &b->err);
	return r == 0 && !b->gone;
}
