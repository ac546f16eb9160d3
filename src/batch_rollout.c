/*
 * batch_rollout.c -- a batch whose hosts begin wave by wave.
 *
 * Room: src.  May touch: batch_inner.h and what it brings, rollout.h,
 * rollout_plan.h.
 */
#include "config.h"

#include "src/batch_inner.h"
#include "src/rollout.h"
#include "src/rollout_plan.h"

#include <poll.h>

static void
say(void *owner, const char *line)
{
	struct batch *b = owner;
	const struct muster_event note = {.type = MUSTER_EVENT_NOTE,
	    .host = MUSTER_NOWHERE,
	    .at_us = control_event_us(),
	    .text = line};

	if (b->ui != NULL)
		ui_event(b->ui, &note);
	if (b->rollout != NULL)
		b->run.rollout = rollout_view_of(b->rollout);
	batch_take_event(b, &note);
	b->run.rollout = NULL;
}

/* A question stands alone on its line. */
static void
before_question(void *owner)
{
	struct batch *b = owner;

	ticker_hide(&b->ticker);
	batch_flush(b, &b->out);
	batch_flush(b, &b->err);
}

/* ---- on the screen ---- */

static void
decide(void *owner, enum muster_rollout_event_type what, size_t number)
{
	struct batch *b = owner;

	rollout_decide(b->rollout, what, number);
}

static void
put_fds(void *owner, struct pollfd *fds)
{
	struct batch *b = owner;

	rollout_poll(b->rollout, fds);
}

static int
find_timeout(void *owner, int timeout_ms)
{
	struct batch *b = owner;

	return rollout_timeout_ms(b->rollout, timeout_ms);
}

static void
serve(void *owner, const struct pollfd *fds)
{
	struct batch *b = owner;

	rollout_serve(b->rollout, fds);
}

static void
hand_to_screen(struct batch *b)
{
	const struct rollout_plan *plan = rollout_plan_of(b->rollout);
	const struct ui_rollout shown = {.view = rollout_view_of(b->rollout),
	    .order = plan->rules.order,
	    .has_canary = plan->rules.has_canary,
	    .has_max_fail = plan->has_max_fail,
	    .gate = plan->rules.gate,
	    .gate_us = plan->rules.gate_us,
	    .decide = decide,
	    .poll = put_fds,
	    .timeout_ms = find_timeout,
	    .serve = serve,
	    .owner = b};

	_Static_assert(UI_ROLLOUT_FDS == ROLLOUT_FDS, "what is polled for");
	ui_set_rollout(b->ui, &shown);
}

int
batch_open_rollout(struct batch *b, struct muster_error *err)
{
	const struct rollout_hooks hooks = {say, before_question, b};

	if (b->args->rollout.plan == NULL && !rollout_plan_is_wanted(b->args))
		return 0;
	if (b->args->keep)
		return args_error(
		    err, "'--keep' runs no rollout: its options make no sense");
	b->rollout = rollout_new(b->m, b->args, &hooks, err);
	b->budget.limited = false; /* the rollout has its own */
	if (b->rollout != NULL && b->ui != NULL)
		hand_to_screen(b);
	return b->rollout != NULL ? 0 : -1;
}

int
batch_begin(
    struct batch *b, const struct batch_work *work, struct muster_error *err)
{
	int rc;

	if (b->rollout == NULL)
		return work->start(b->m, work->arg, err);
	muster_hold(b->m, true);
	rc = work->start(b->m, work->arg, err);
	muster_hold(b->m, false);
	if (rc == 0)
		rollout_begin(b->rollout);
	return rc;
}

bool
batch_is_rolling(struct batch *b)
{
	if (b->rollout == NULL || b->gone)
		return false;
	if (b->no_more || b->closed || b->failed || b->policy ||
	    b->control.signal != 0)
		rollout_stop(b->rollout);
	return rollout_is_on(b->rollout);
}

bool
batch_was_stopped(const struct batch *b)
{
	return b->policy ||
	       (b->rollout != NULL && rollout_was_stopped(b->rollout));
}
