/*
 * ferry.c -- carries the bytes of one copy between a session and a courier.
 *
 * Room: engine/fleet.  May touch: base/, ssh/, copy/, host.h.
 * Two streams of the session: the SFTP subsystem, and the helper's shell once
 * the courier asks for it. A server that neither takes nor sends anything
 * while something is wanted of it is given up after stall_timeout_ms.
 */
#include "config.h"

#include "fleet/ferry.h"

#include "base/mem.h"
#include "base/trace.h"
#include "copy/courier.h"
#include "copy/helper.h"
#include "fleet/cargo.h"
#include "fleet/carrier.h"
#include "fleet/host.h"
#include "fleet/order.h"
#include "ssh/loop.h"
#include "ssh/pool.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Work for a helper thread. */
struct chore {
	TAILQ_ENTRY(chore) entry;
	struct ferry *ferry;
	struct job *job;
	void (*work)(void *arg);
	void (*done)(void *arg);
	void (*drop)(void *arg);
	void *arg;
};

struct ferry {
	struct host *host;             /* borrowed */
	struct courier *courier;       /* owned */
	struct carrier *sftp, *helper; /* owned */
	struct timer *wake, *stall;    /* owned */
	TAILQ_HEAD(, chore) chores;
	bool by_command; /* the SFTP server is a command, no subsystem */
	bool is_open;    /* the server has granted SFTP */
	bool over;       /* the courier is done */
	bool stopping;
	bool moved;      /* something came or left since `stall` was set */
	int64_t told_us; /* the last TRANSFER event */
	enum muster_outcome outcome;
	char *text;     /* owned */
	char last[512]; /* what the server said last on its stderr; clean */
};

/* ---- events ---- */

static void
tell(struct ferry *f, bool last)
{
	struct worker *w = f->host->worker;
	uint32_t ms = atomic_load(&w->env->transfer_ms);
	int64_t now = loop_now_us(w->loop);
	struct parcel *p;

	if (ms == 0 || (!last && now - f->told_us < (int64_t)ms * 1000))
		return;
	f->told_us = now;
	p = parcel_transfer(courier_progress(f->courier));
	p->event.host = f->host->index;
	worker_emit(w, p);
}

static void
settle(struct ferry *f)
{
	if (f->over)
		return;
	f->moved = true;
	if (f->sftp != NULL && courier_out(f->courier)->len > 0)
		carrier_poke(f->sftp);
	if (f->helper != NULL &&
	    helper_out(courier_helper(f->courier))->len > 0)
		carrier_poke(f->helper);
	tell(f, false);
}

static void
drop_chore(void *arg)
{
	struct chore *chore = arg;

	chore->drop(chore->arg);
	free(chore);
}

/* Ends all that is under way. */
static void
let_go(struct ferry *f)
{
	struct chore *chore;

	while ((chore = TAILQ_FIRST(&f->chores)) != NULL) {
		TAILQ_REMOVE(&f->chores, chore, entry);
		job_cancel(chore->job, drop_chore);
	}
	carrier_free(f->sftp);
	carrier_free(f->helper);
	courier_free(f->courier);
	f->sftp = f->helper = NULL;
	f->courier = NULL;
}

/* The files at hand belong to the order, which ends with its result: they are
 * given back before. */
static void
end_soon(void *arg)
{
	struct ferry *f = arg;
	struct session_end end = {.outcome = f->outcome, .text = f->text};
	struct muster_transfer last;

	tell(f, true);
	last = *courier_progress(f->courier);
	let_go(f);
	host_copied(f->host, &end, &last);
}

/* The end is told from the loop: whoever found it is still at work. */
static void
finish(struct ferry *f, enum muster_outcome outcome, const char *text)
{
	if (f->over)
		return;
	f->over = true;
	f->outcome = f->stopping ? MUSTER_KILLED_LOCAL : outcome;
	f->text = mem_strdup(f->stopping ? "stopped on request" : text);
	timer_stop(f->stall);
	timer_set(f->wake, 0);
}

/* ---- what the courier asks ---- */

static void
on_wake_asked(void *arg, uint32_t ms)
{
	struct ferry *f = arg;

	if (!f->over && !timer_is_set(f->wake))
		timer_set(f->wake, ms);
}

static void
on_note(void *arg, const char *text)
{
	struct ferry *f = arg;
	struct parcel *p = parcel_new(MUSTER_EVENT_NOTE, text);

	p->event.host = f->host->index;
	worker_emit(f->host->worker, p);
}

static void
on_say(void *arg, const char *line)
{
	struct ferry *f = arg;

	host_say(f->host, line);
}

static void
on_done(void *arg, const struct courier_end *end)
{
	finish(arg, end->outcome, end->text);
}

static void
on_chore_done(void *arg)
{
	struct chore *chore = arg;
	struct ferry *f = chore->ferry;
	struct chore mine = *chore;

	TAILQ_REMOVE(&f->chores, chore, entry);
	free(chore);
	mine.done(mine.arg);
	courier_go(f->courier);
	settle(f);
}

static void
work_chore(void *arg)
{
	struct chore *chore = arg;

	chore->work(chore->arg);
}

static void
on_take_time(void *arg, void (*work)(void *), void (*done)(void *),
    void (*drop)(void *), void *job)
{
	struct ferry *f = arg;
	struct worker *w = f->host->worker;
	struct chore *chore = mem_new(sizeof(*chore));

	*chore = (struct chore){
	    .ferry = f, .work = work, .done = done, .drop = drop, .arg = job};
	TAILQ_INSERT_TAIL(&f->chores, chore, entry);
	chore->job = pool_submit(
	    w->env->pool, w->loop, work_chore, on_chore_done, chore);
}

/* ---- the helper's stream ---- */

static void
on_helper_opened(void *arg)
{
	settle(arg);
}

static void
on_helper_data(
    void *arg, enum muster_stream which, const void *data, size_t len)
{
	struct ferry *f = arg;

	if (which != MUSTER_STDOUT || f->over)
		return;
	helper_feed(courier_helper(f->courier), data, len);
	courier_go(f->courier);
	settle(f);
}

static void
on_helper_room(void *arg)
{
	(void)arg;
}

static void
on_helper_closed(void *arg, enum muster_outcome outcome, const char *text)
{
	struct ferry *f = arg;

	(void)outcome;
	(void)text;
	carrier_free(f->helper);
	f->helper = NULL;
	if (f->over)
		return;
	helper_lose(courier_helper(f->courier));
	courier_go(f->courier);
	settle(f);
}

static void
on_open_helper(void *arg, const char *command)
{
	static const struct stream_events events = {
	    .opened = on_helper_opened,
	    .data = on_helper_data,
	    .room = on_helper_room,
	    .closed = on_helper_closed,
	};
	struct ferry *f = arg;
	const struct stream_request request = {
	    .what = command, .out = helper_out(courier_helper(f->courier))};

	f->helper = carrier_new(f->host, &request, command, &events, f);
}

/* ---- the SFTP server's stream ---- */

static const struct stream_events sftp_events;

static void
on_opened(void *arg)
{
	struct ferry *f = arg;

	f->is_open = true;
	host_copy_begins(f->host);
	settle(f);
}

static void
on_data(void *arg, enum muster_stream which, const void *data, size_t len)
{
	struct ferry *f = arg;

	if (f->over)
		return;
	if (which != MUSTER_STDOUT) {
		(void)muster_clean_text(f->last, sizeof(f->last), data,
		    len < sizeof(f->last) / 4 ? len : sizeof(f->last) / 4);
		return;
	}
	courier_feed(f->courier, data, len);
	if (f->over)
		return;
	courier_go(f->courier);
	settle(f);
}

static void
on_room(void *arg)
{
	struct ferry *f = arg;

	if (f->over)
		return;
	courier_go(f->courier);
	settle(f);
}

/* There is no subsystem: the program that it would be may be there. */
static void
try_command(struct ferry *f)
{
	const struct stream_request request = {
	    .what = courier_server(), .out = courier_out(f->courier)};

	TRACE("detour",
	    "%s has no SFTP subsystem: its sftp-server program is run",
	    f->host->name);
	f->by_command = true;
	f->is_open = false;
	courier_greet(f->courier);
	f->sftp =
	    carrier_new(f->host, &request, courier_server(), &sftp_events, f);
}

static void
on_closed(void *arg, enum muster_outcome outcome, const char *text)
{
	struct ferry *f = arg;

	carrier_free(f->sftp);
	f->sftp = NULL;
	if (f->over)
		return;
	if (!f->by_command && !courier_has_begun(f->courier) &&
	    (outcome == MUSTER_SUBSYS_REFUSED || outcome == MUSTER_LOST))
		try_command(f);
	else if (f->by_command && outcome == MUSTER_EXEC_REFUSED)
		finish(f, MUSTER_SUBSYS_REFUSED, "the server has no SFTP");
	else if (outcome != MUSTER_LOST)
		finish(f, outcome, text);
	else if (courier_has_begun(f->courier))
		finish(f, outcome, "the SFTP server ended meanwhile");
	else
		finish(f, MUSTER_SUBSYS_REFUSED,
		    f->last[0] != '\0' ? f->last
				       : "the SFTP server ended at once");
}

static const struct stream_events sftp_events = {
    .opened = on_opened,
    .data = on_data,
    .room = on_room,
    .closed = on_closed,
};

/* ---- time ---- */

static void
on_wake(void *arg)
{
	struct ferry *f = arg;

	if (f->over) {
		end_soon(f);
		return;
	}
	courier_go(f->courier);
	settle(f);
}

static void
on_stall(void *arg)
{
	struct ferry *f = arg;
	const struct muster_options *o = f->host->worker->env->options;
	char text[96];

	if (f->stopping) {
		finish(f, MUSTER_KILLED_LOCAL, "");
		return;
	}
	if (!f->is_open && f->host->order->becomes) {
		finish(f, MUSTER_SUDO_TIMEOUT,
		    "asked for no password of ours, and let nothing begin");
		return;
	}
	if (f->moved || !TAILQ_EMPTY(&f->chores)) {
		f->moved = false;
		timer_set(f->stall, o->stall_timeout_ms);
		return;
	}
	(void)snprintf(text, sizeof(text),
	    "no answer of the SFTP server for "
	    "%g s",
	    (double)(f->is_open ? o->stall_timeout_ms : o->open_timeout_ms) /
		1000.0);
	finish(f, f->is_open ? MUSTER_STALLED : MUSTER_SUBSYS_REFUSED, text);
}

/* ---- life ---- */

struct ferry *
ferry_new(struct host *h)
{
	static const struct courier_events asked = {
	    .wake = on_wake_asked,
	    .open_helper = on_open_helper,
	    .take_time = on_take_time,
	    .note = on_note,
	    .say = on_say,
	    .done = on_done,
	};
	struct ferry *f = mem_new(sizeof(*f));
	struct stream_request request = {.is_subsystem = true, .what = "sftp"};
	uint32_t ms = h->worker->env->options->open_timeout_ms;

	f->host = h;
	TAILQ_INIT(&f->chores);
	f->wake = timer_new(h->worker->loop, on_wake, f);
	f->stall = timer_new(h->worker->loop, on_stall, f);
	f->by_command = h->order->becomes;
	f->courier = courier_new(cargo_copy(h->order->cargo), &asked, f);
	request.out = courier_out(f->courier);
	f->sftp = carrier_new(h, &request, courier_server(), &sftp_events, f);
	if (ms > 0)
		timer_set(f->stall, ms);
	return f;
}

void
ferry_free(struct ferry *f)
{
	if (f == NULL)
		return;
	let_go(f);
	timer_free(f->wake);
	timer_free(f->stall);
	free(f->text);
	free(f);
}

void
ferry_stop(struct ferry *f)
{
	uint32_t ms = f->host->worker->env->options->grace_ms;

	if (f->over || f->stopping)
		return;
	f->stopping = true;
	timer_set(f->stall, ms > 0 ? ms : 1);
	courier_stop(f->courier);
	courier_go(f->courier);
	settle(f);
}

void
ferry_explain(const struct ferry *f, struct session_end *end)
{
	if (!f->is_open)
		return;
	switch (end->outcome) {
	case MUSTER_EARLY_PROTO:
		end->outcome = MUSTER_PROTO;
		break;
	case MUSTER_EARLY_LIMIT:
		end->outcome = MUSTER_LIMIT;
		break;
	case MUSTER_CONN_TIMEOUT:
		end->outcome = MUSTER_STALLED;
		break;
	default:
		end->outcome = MUSTER_LOST;
		break;
	}
}
