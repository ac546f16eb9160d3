/*
 * batch_control.c -- what ends a batch before its time.
 *
 * Room: src.  May touch: batch_inner.h and what it brings.
 * Signals and keys, one failure too many, the time of the whole run. After an
 * abort nothing is waited for longer than BATCH_ABORT_MS, after that time not
 * longer than BATCH_LATE_MS.
 */
#include "config.h"

#include "src/batch_inner.h"

#include <limits.h>

static void
drop_everything(struct batch *b, int64_t now_ms)
{
	if (b->hard)
		b->gone = true;
	b->hard = true;
	b->limit_ms = now_ms + BATCH_HARD_MS;
	muster_cancel(b->m, NULL, 0, MUSTER_CANCEL_NOW);
}

void
batch_obey(struct batch *b, enum control_action action, int64_t now_ms)
{
	switch (action) {
	case CONTROL_NONE:
		break;
	case CONTROL_STATUS:
		batch_say_status(b, "");
		break;
	case CONTROL_WARN:
		batch_say_status(b, "; ^C again within 2 s stops them, "
				    "^Z lets them end but begins no more");
		break;
	case CONTROL_NO_MORE:
		b->no_more = true;
		muster_cancel(b->m, NULL, 0, MUSTER_CANCEL_PENDING);
		batch_say_status(b, "; beginning no more");
		break;
	case CONTROL_ABORT:
		b->limit_ms = now_ms + BATCH_ABORT_MS;
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

void
batch_take_signals(struct batch *b)
{
	int signo;

	while ((signo = control_take(&b->control)) != 0) {
		int64_t now_ms = control_now_ms();

		batch_obey(
		    b, control_decide(&b->control, signo, now_ms), now_ms);
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

/* One failure too many: what has not begun will not. The engine has seen to
 * that; it is told here. */
void
batch_check_budget(struct batch *b, const struct muster_result *result)
{
	if (!budget_add(&b->budget, result) || b->control.signal != 0)
		return;
	b->policy = true;
	if (b->args->max_fail == NULL)
		batch_say(b, "a host failed: beginning no more (--fail-fast)");
	else
		batch_say(b,
		    "%zu of %zu hosts failed, more than the %zu of "
		    "--max-fail %s: beginning no more",
		    b->budget.n_failed, b->budget.n_hosts, b->budget.n_allowed,
		    b->args->max_fail);
}

/* Milliseconds until the time is over; -1: never, or it was already. */
static int
left_of_deadline(const struct batch *b)
{
	int64_t left = b->deadline_ms - control_now_ms();

	if (b->deadline_ms == 0)
		return -1;
	return left < 0 ? 0 : left > INT_MAX ? INT_MAX : (int)left;
}

static void
check_deadline(struct batch *b)
{
	if (left_of_deadline(b) != 0)
		return;
	b->deadline_ms = 0;
	b->policy = true;
	batch_say(b, "the time for the whole run, %g s, is over: stopping",
	    (double)b->args->deadline_ms / 1000.0);
	muster_cancel(b->m, NULL, 0, MUSTER_CANCEL_DEADLINE);
	if (b->limit_ms == 0)
		b->limit_ms = control_now_ms() + BATCH_LATE_MS;
}

int
batch_check_times(struct batch *b)
{
	check_deadline(b);
	return control_sooner_ms(check_limit(b), left_of_deadline(b));
}

/* Until patience ends, or the ticker is to be drawn. */
int
batch_next_timeout(struct batch *b)
{
	int ticker_ms = ticker_timeout_ms(&b->ticker, control_now_ms());

	return control_sooner_ms(batch_check_times(b), ticker_ms);
}

/* What must be written yet is given `ms` when the run was aborted. */
void
batch_be_patient(struct batch *b, int64_t ms)
{
	b->limit_ms = b->limit_ms != 0 ? control_now_ms() + ms : 0;
	b->gone = false;
}
