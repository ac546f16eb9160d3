/*
 * host.c -- one host of the fleet: its place in line, its session, its end.
 *
 * Room: engine/fleet.  May touch: base/, ssh/, worker.h, admission.h.
 */
#include "config.h"

#include "fleet/host.h"
#include "base/clock.h"
#include "base/trace.h"
#include "fleet/ferry.h"
#include "fleet/lines.h"
#include "fleet/order.h"
#include "fleet/profile.h"
#include "fleet/recording.h"
#include "fleet/retry.h"
#include "ssh/loop.h"
#include "ssh/resolve.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KNOCK_MS 1000

/* ---- what the session says ---- */

static void
on_state(void *arg, enum muster_state state)
{
	struct host *h = arg;
	struct parcel *p;

	h->result.stage = state;
	if (state == MUSTER_READY) {
		h->was_ready = true;
		brake_leave(&h->claim);
		host_meet(h);
	}
	if (!atomic_load(&h->worker->env->want_states))
		return;
	p = parcel_new(MUSTER_EVENT_STATE, NULL);
	p->event.host = h->index;
	p->event.state = state;
	worker_emit(h->worker, p);
}

static bool
on_may_connect(void *arg, const struct address *to)
{
	struct host *h = arg;
	const void *where = to != NULL ? (const void *)&to->sa : h->gate;
	size_t len = to != NULL ? to->len : strlen(h->gate);

	if (!admission_enter_address(
		h->worker->env->admission, &h->login, where, len) ||
	    !worker_pace(h->worker, h))
		return false;
	if (h->bastion == NULL)
		return true;
	bastion_ask(h->bastion, &h->passage);
	return false;
}

static void
on_login_place(void *arg)
{
	struct host *h = arg;

	if (h->session != NULL && worker_pace(h->worker, h))
		host_connect_now(h);
}

static void
on_proceed(void *arg)
{
	struct host *h = arg;

	if (h->session != NULL)
		session_proceed(h->session);
}

void
host_connect_now(struct host *h)
{
	if (h->session == NULL)
		return;
	if (h->bastion == NULL)
		session_proceed(h->session);
	else
		bastion_ask(h->bastion, &h->passage);
}

static void
on_granted(void *arg, struct session *through)
{
	struct host *h = arg;

	session_proceed_through(h->session, through);
}

static void
on_refused(void *arg, const char *text)
{
	struct host *h = arg;

	session_give_up(h->session, text);
}

/* Whether too many hosts failed; then it ends here. */
static bool
is_too_late(struct host *h)
{
	bool late = failures_are_too_many(&h->worker->env->failures);

	if (late)
		host_report_cancelled(h, FAILURES_TEXT);
	return late;
}

/* Whether another host is the same server; then it ends here. */
static bool
is_twin(struct host *h)
{
	struct session_end skipped = {.outcome = MUSTER_SKIPPED_DUP};
	char text[300];

	if (h->twin_of == NULL || !h->worker->env->options->skip_twins)
		return false;
	(void)snprintf(text, sizeof(text), "the same host as %s", h->twin_of);
	skipped.text = text;
	host_report(h, &skipped);
	return true;
}

/* What cannot be written down is not begun. */
static bool
may_begin(struct host *h)
{
	static const struct session_end refused = {.outcome = MUSTER_LOCAL_RES,
	    .text = "not begun: the record of the run cannot be written"};

	if (is_too_late(h) || is_twin(h))
		return false;
	if (recording_start(h))
		return true;
	host_report(h, &refused);
	return false;
}

/* Nothing runs on the session any more. */
static void
rest(struct host *h)
{
	admission_leave(&h->login);
	h->ready = h->worker->env->options->keep_open;
	if (!h->ready)
		session_close(h->session);
}

static void
begin_order(struct host *h)
{
	const struct order *o = h->order;
	const struct run_as as = {.becomes = o->becomes || h->becomes,
	    .method = o->becomes ? o->method : h->become_method,
	    .user = o->becomes ? o->user : h->become_user,
	    .password = h->worker->env->become_password != NULL,
	    .pty = h->profile->pty};
	struct session_end end = {.outcome = MUSTER_LOCAL_RES};
	struct muster_error err;

	h->ready = false;
	if (o->only_keys) {
		host_report_cancelled(h, "logged in already");
		rest(h);
		return;
	}
	if (!may_begin(h)) {
		rest(h);
		return;
	}
	if (o->cargo != NULL) {
		h->ferry = ferry_new(h);
		return;
	}
	run_free(h->run);
	h->run = NULL;
	h->run = run_new(o, &as, &err);
	if (h->run != NULL) {
		session_exec(h->session, &h->run->command);
		return;
	}
	end.text = err.text;
	host_report(h, &end);
	rest(h);
}

static void
on_ready(void *arg)
{
	struct host *h = arg;

	if (h->order != NULL)
		begin_order(h);
	else
		rest(h);
}

/* Not before: a busy server counts logins that have succeeded for a while. */
static void
on_served(void *arg)
{
	struct host *h = arg;

	admission_leave(&h->login);
}

static void
on_started(void *arg)
{
	struct host *h = arg;

	h->result.started_us = clock_now_us();
}

static bool
is_full(const struct host *h, unsigned part)
{
	return queue_is_full(
	    h->worker->env->queue, atomic_load(&h->queued), part);
}

/* Full: reads no more until half of it is taken. The count goes up before
 * the second look, so that a front end that empties the queue meanwhile
 * sees it. */
static void
hold(struct host *h)
{
	struct worker *w = h->worker;

	h->held = true;
	TAILQ_INSERT_TAIL(&w->held, h, entry);
	atomic_fetch_add(&w->env->n_held, 1);
	session_hold(h->session, true);
	host_unhold(h);
}

void
host_unhold(struct host *h)
{
	if (!h->held || is_full(h, 2))
		return;
	host_let_go_of_output(h);
	if (h->session != NULL)
		session_hold(h->session, false);
}

static void
on_output(void *arg, enum muster_stream stream, const void *data, size_t len)
{
	struct host *h = arg;
	struct parcel *p;

	len = host_let_through(h, stream, len);
	if (len == 0)
		return;
	p = parcel_output(h->worker->env->queue, &h->queued, data, len);
	recording_output(h, stream, data, len);
	p->event.host = h->index;
	p->event.stream = stream;
	if (h->lines != NULL) /* who takes the event finds it counted */
		lines_add(h->lines, stream, host_age_ms(h), data, len);
	worker_emit(h->worker, p);
	if (!h->held && is_full(h, 1))
		hold(h);
}

void
host_copy_begins(struct host *h)
{
	if (h->result.started_us == 0)
		h->result.started_us = clock_now_us();
	on_state(h, MUSTER_RUNNING);
}

void
host_say(struct host *h, const char *line)
{
	on_output(h, MUSTER_STDOUT, line, strlen(line));
}

void
host_copied(struct host *h, const struct session_end *end,
    const struct muster_transfer *transfer)
{
	h->result.out_bytes = transfer->bytes_done;
	host_report(h, end);
	ferry_free(h->ferry);
	h->ferry = NULL;
	on_state(h, MUSTER_READY);
	on_ready(h);
}

static void
on_finished(void *arg, const struct session_end *end)
{
	host_report(arg, end);
}

/* ---- trying again ---- */

/* Whether nobody was there, and ssh_config(5) ConnectionAttempts allows to
 * knock again. */
static bool
may_knock(const struct host *h, enum muster_outcome outcome)
{
	return h->result.attempts < h->profile->connection_attempts &&
	       (outcome == MUSTER_CONN_REFUSED ||
		   outcome == MUSTER_CONN_TIMEOUT ||
		   outcome == MUSTER_CONN_UNREACH);
}

static bool
may_retry(const struct host *h, enum muster_outcome outcome)
{
	return h->result.attempts <= h->worker->env->options->retries &&
	       (h->order->cargo != NULL ? retry_is_useful_copy(outcome)
					: retry_is_useful(outcome));
}

static void connect_session(struct host *h);

static void
on_retry(void *arg)
{
	struct host *h = arg;

	if (h->order != NULL && h->session == NULL && !is_too_late(h))
		connect_session(h);
}

static void
on_ended(void *arg, const struct session_end *end)
{
	struct host *h = arg;
	struct session_end why = *end;

	if (h->ferry != NULL)
		ferry_explain(h->ferry, &why);
	ferry_free(h->ferry);
	h->ferry = NULL;
	h->ready = false;
	session_free(h->session);
	h->session = NULL;
	host_leave_lines(h);
	host_let_go_of_output(h);
	host_let_go_of_bastion(h);
	if (h->order == NULL || !h->placed)
		return;
	if (h->kept && h->result.started_us == 0 &&
	    retry_is_stale(why.outcome)) {
		TRACE("host", "%s opened anew: %s", h->name, why.text);
		connect_session(h);
		return;
	}
	if (may_knock(h, why.outcome)) {
		timer_set(h->retry, KNOCK_MS);
		return;
	}
	if (may_retry(h, why.outcome)) {
		uint32_t ms = retry_delay_ms(h->result.attempts, h->index);

		TRACE("host", "%s again in %u ms: %s", h->name, ms, why.text);
		timer_set(h->retry, ms);
		return;
	}
	host_report(h, &why);
}

/* ---- the beginning ---- */

static void
connect_session(struct host *h)
{
	static const struct session_events all = {
	    .state = on_state,
	    .may_connect = on_may_connect,
	    .may_give_password = host_may_give_password,
	    .password_given = host_password_given,
	    .ready = on_ready,
	    .may_become = host_may_become,
	    .became = host_became,
	    .served = on_served,
	    .started = on_started,
	    .input = host_input,
	    .input_taken = host_input_taken,
	    .output = on_output,
	    .finished = on_finished,
	    .ended = on_ended,
	    .host_key = host_key_shown,
	    .note = host_note,
	};
	const struct session_target target = {.index = h->index,
	    .name = h->name,
	    .address = h->address,
	    .user = h->user,
	    .port = h->port,
	    .key_name = h->key_name,
	    .key_port = h->key_port,
	    .family = h->profile->family,
	    .proxy_command = h->proxy_command,
	    .client = (const char *const *)h->client,
	    .client_name = h->client_name,
	    .is_behind = h->bastion != NULL,
	    .only_key = h->order->only_keys};

	if (h->was_ready && h->worker->env->options->keep_open)
		host_note(h, "its session has ended: connecting again");
	h->result.attempts++;
	h->kept = h->met = h->was_ready = false;
	h->session = session_new(
	    worker_session_env(h->worker, h->profile), &target, &all, h);
	session_start(h->session);
}

static void
on_place(void *arg)
{
	struct host *h = arg;

	h->placed = true;
	if (is_too_late(h))
		return;
	h->result.begun_us = clock_now_us();
	if (h->ready) {
		h->kept = true;
		h->result.attempts = 1;
		begin_order(h);
	} else {
		/* One that is still saying goodbye is of no use. */
		session_free(h->session);
		connect_session(h);
	}
}

void
host_line_up(struct host *h)
{
	if (h->place.loop == NULL)
		h->place = (struct ticket){
		    .loop = h->worker->loop, .granted = on_place, .arg = h};
	/* Posted, like the order: nothing of a host is touched from here. */
	if (admission_enter(h->worker->env->admission, &h->place))
		loop_post(h->worker->loop, on_place, h);
}

static void
prepare(struct host *h)
{
	struct loop *loop = h->worker->loop;

	if (h->retry != NULL)
		return;
	h->retry = timer_new(loop, on_retry, h);
	h->login =
	    (struct ticket){.loop = loop, .granted = on_login_place, .arg = h};
	h->claim = (struct claim){.brake = h->brake,
	    .loop = loop,
	    .proceed = on_proceed,
	    .arg = h,
	    .host = h->index,
	    .name = h->name};
	h->become_claim = h->claim;
	h->become_claim.brake = h->worker->env->become_brake;
	h->passage = (struct passage){
	    .granted = on_granted, .refused = on_refused, .arg = h};
}

void
host_begin(struct host *h, struct order *order)
{
	assert(h->order == NULL);
	prepare(h);
	brake_forget(&h->claim);
	brake_forget(&h->become_claim);
	memset(&h->result, 0, sizeof(h->result));
	if (h->lines != NULL)
		lines_reset(h->lines);
	else if (h->worker->env->options->keep_lines)
		h->lines =
		    lines_new(&(struct lines_owner){.pool = &h->worker->lines,
			.agree = h->worker->env->agree,
			.meter = &h->meter,
			.host = h->index,
			.name = h->name});
	h->order = order;
	if (order->feed != NULL)
		TAILQ_INSERT_TAIL(&h->worker->fed, h, fed_entry);
	if (h->bastion != NULL && !h->claims) {
		h->claims = true;
		bastion_claim(h->bastion);
	}
}

/* ---- stopping ---- */

static void
drop_session(struct host *h)
{
	ferry_free(h->ferry);
	h->ferry = NULL;
	session_free(h->session);
	h->session = NULL;
	h->ready = false;
}

void
host_cancel(struct host *h, enum muster_cancel how)
{
	const struct session_end killed = {.outcome = MUSTER_KILLED_LOCAL,
	    .text = "dropped on request; it may still run"};
	static const char deadline[] = "the time for the whole run was over";
	bool late = how == MUSTER_CANCEL_DEADLINE;
	bool sent = h->result.started_us != 0;
	bool began = h->placed && h->session != NULL;

	if (h->order == NULL || (sent && how == MUSTER_CANCEL_PENDING))
		return;
	if (h->ferry != NULL && how != MUSTER_CANCEL_NOW) {
		ferry_stop(h->ferry);
		return;
	}
	if (sent && how != MUSTER_CANCEL_NOW && h->session != NULL) {
		session_kill(h->session,
		    late ? MUSTER_CMD_TIMEOUT : MUSTER_KILLED_LOCAL,
		    late ? deadline : "stopped on request");
		return;
	}
	/* Before its turn a session that is kept open has no part in it.
	 * Otherwise it goes at once: a moment later the command may be out. */
	if (began)
		drop_session(h);
	if (sent)
		host_report(h, &killed);
	else if (!is_too_late(h))
		host_report_cancelled(h, late ? deadline
					 : began
					     ? "stopped on request before the "
					       "command was sent"
					     : "stopped on request before it "
					       "began");
}

void
host_drop(struct host *h)
{
	if (h->worker == NULL || h->retry == NULL)
		return;
	drop_session(h);
	host_leave_lines(h);
	brake_forget(&h->claim);
	brake_forget(&h->become_claim);
	host_let_go_of_output(h);
	admission_leave(&h->place);
	timer_free(h->retry);
	h->retry = NULL;
	lines_free(h->lines);
	h->lines = NULL;
	recording_drop(h);
	host_let_go_of_order(h);
	host_let_go_of_bastion(h);
}
