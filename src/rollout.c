/*
 * rollout.c -- a run that goes through its hosts wave by wave.
 *
 * Room: src.  May touch: muster.h, args.h, check.h, control.h, gate.h,
 * rollout_plan.h, text.h.
 */
#include "config.h"

#include "src/rollout.h"

#include "src/args.h"
#include "src/check.h"
#include "src/control.h"
#include "src/gate.h"
#include "src/heap.h"
#include "src/rollout_plan.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { CHECK, GATE }; /* of the descriptors */

struct rollout {
	struct muster *m;        /* borrowed */
	const struct args *args; /* borrowed */
	struct rollout_hooks hooks;
	struct rollout_plan plan;
	struct muster_rollout *judge; /* owned */
	const struct muster_rollout_view *view;
	struct check *check; /* owned; NULL: none runs */
	struct gate gate;
	int64_t wake_us;
	size_t told_wave;  /* waves that were announced */
	size_t told_check; /* the wave whose last check was told, from 1 */
	bool told_ok;      /* how that was */
	bool told_stop, told_end;
	bool is_on_screen; /* which asks in its own way */
};

/* ---- telling ---- */

/* For the record as well. */
__attribute__((format(printf, 2, 3))) static void
tell(struct rollout *r, const char *fmt, ...)
{
	char line[512];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	muster_record_note(r->m, MUSTER_NOWHERE, line);
	r->hooks.say(r->hooks.owner, line);
}

/* A decision of a person. */
static void
tell_who(struct rollout *r, const char *what)
{
	const char *who = getenv("SUDO_USER");

	if (who == NULL || *who == '\0')
		who = getenv("LOGNAME");
	if (who == NULL || *who == '\0')
		who = getenv("USER");
	if (who != NULL && *who != '\0')
		tell(r, "%s by %.64s (uid %lu)", what, who,
		    (unsigned long)getuid());
	else
		tell(r, "%s by uid %lu", what, (unsigned long)getuid());
}

static void
tell_reason(struct rollout *r)
{
	const struct muster_rollout_view *v = r->view;
	size_t left = v->n_hosts - (v->n_bad - r->plan.rules.n_bad) -
		      v->n_good - v->n_in_flight;
	char why[128] = "as it was asked to";

	switch (v->reason) {
	case MUSTER_ROLLOUT_NOT_STOPPED:
		return;
	case MUSTER_ROLLOUT_BY_CANARY:
		(void)snprintf(why, sizeof(why), "%zu of the canary failed",
		    v->waves[0].n_bad);
		break;
	case MUSTER_ROLLOUT_BY_FAILURES:
		(void)snprintf(why, sizeof(why),
		    "%zu failed, more than %zu of %zu", v->n_bad, v->max_fail,
		    r->plan.n_all);
		break;
	case MUSTER_ROLLOUT_BY_UNAVAILABLE:
		(void)snprintf(why, sizeof(why),
		    "%zu failed, as many as --max-unavailable allows",
		    v->n_bad);
		break;
	case MUSTER_ROLLOUT_BY_CHECK:
		(void)snprintf(
		    why, sizeof(why), "the check did not succeed in time");
		break;
	case MUSTER_ROLLOUT_BY_STALL:
		(void)snprintf(why, sizeof(why),
		    "no host has succeeded for %g s",
		    r->args->rollout.progress_deadline_ms / 1000.0);
		break;
	case MUSTER_ROLLOUT_BY_PERSON:
		break;
	}
	tell(r,
	    "rollout stopped in wave %zu of %zu: %s; %zu in flight, %zu not "
	    "begun",
	    v->wave + 1, v->n_waves, why, v->n_in_flight, left);
}

/* How to go on later: what failed so far counts again. */
static void
tell_rerun(struct rollout *r)
{
	const struct muster_rollout_view *v = r->view;
	const char *id = muster_record_id(r->m);
	char limit[48] = "";

	if (id == NULL)
		return;
	if (v->n_bad > v->max_fail || v->reason == MUSTER_ROLLOUT_BY_CANARY)
		(void)snprintf(
		    limit, sizeof(limit), "--max-fail %zu ", v->n_bad);
	tell(r, "to go on where it stopped: muster rerun %s%s", limit, id);
}

static void
tell_end(struct rollout *r)
{
	if (r->view->reason == MUSTER_ROLLOUT_NOT_STOPPED)
		return;
	if (!r->told_stop) {
		r->told_stop = true;
		tell_reason(r);
	}
	if (!r->told_end && r->view->phase == MUSTER_ROLLOUT_OVER) {
		r->told_end = true;
		tell_rerun(r);
	}
}

/* The engine stops by itself what is over the limit, sooner than a result
 * is heard of here. Between waves all of them were. */
static void
limit_failures(struct rollout *r)
{
	const struct muster_rollout_view *v = r->view;
	size_t n = SIZE_MAX;

	if (r->plan.rules.has_canary && v->wave == 0)
		n = 0;
	else if (r->plan.has_max_fail)
		n = v->max_fail > v->n_bad ? v->max_fail - v->n_bad : 0;
	muster_limit_failures(r->m, n);
}

static void
enter_waves(struct rollout *r)
{
	const struct muster_rollout_view *v = r->view;

	for (; r->told_wave <= v->wave && v->waves[v->wave].begun_us > 0;
	     r->told_wave++) {
		const struct muster_rollout_wave *w = &v->waves[r->told_wave];

		limit_failures(r);
		tell(r, "wave %zu of %zu%s begins: %zu host%s",
		    r->told_wave + 1, v->n_waves,
		    r->told_wave == 0 && r->plan.rules.has_canary ? " (canary)"
								  : "",
		    w->n_hosts, w->n_hosts == 1 ? "" : "s");
	}
}

/* ---- doing ---- */

static void
ask(struct rollout *r)
{
	const struct muster_rollout_view *v = r->view;
	const struct muster_rollout_wave *w = &v->waves[v->wave];
	struct text question = {0};

	text_addf(&question,
	    "muster: wave %zu of %zu is through: %zu ok, %zu failed. Begin "
	    "wave %zu, %zu host%s? [y/n] ",
	    v->wave + 1, v->n_waves, w->n_good, w->n_bad, v->wave + 2,
	    w[1].n_hosts, w[1].n_hosts == 1 ? "" : "s");
	r->hooks.before_question(r->hooks.owner);
	gate_ask(&r->gate, text_str(&question));
	text_clear(&question);
}

static void take(struct rollout *r, struct muster_rollout_event event);

static void
start_check(struct rollout *r)
{
	const struct muster_rollout_view *v = r->view;
	char wave[48], ok[48], failed[48];
	const char *const environment[] = {wave, ok, failed, NULL};

	(void)snprintf(wave, sizeof(wave), "MUSTER_WAVE=%zu", v->wave + 1);
	(void)snprintf(ok, sizeof(ok), "MUSTER_OK=%zu", v->n_good);
	(void)snprintf(failed, sizeof(failed), "MUSTER_FAILED=%zu", v->n_bad);
	r->check = check_start(r->args->rollout.wave_check, environment);
	if (r->check != NULL)
		return;
	tell(r, "the check cannot be started: %s", strerror(errno));
	take(r, (struct muster_rollout_event){
		    .type = MUSTER_ROLLOUT_CHECKED, .ok = false});
}

static void
carry_out(struct rollout *r, const struct muster_rollout_todo *todo)
{
	r->wake_us = todo->wake_us;
	muster_release(r->m, todo->hosts, todo->n_hosts);
	if (todo->withdraw)
		muster_cancel(r->m, NULL, 0, MUSTER_CANCEL_PENDING);
	if (todo->end_check) {
		check_kill(r->check);
		r->check = NULL;
	}
	if (r->view->phase != MUSTER_ROLLOUT_GATE)
		gate_drop(&r->gate);
	if (todo->check)
		start_check(r);
	if (todo->ask && !r->is_on_screen)
		ask(r);
}

static void
take(struct rollout *r, struct muster_rollout_event event)
{
	struct muster_rollout_todo todo;

	event.now_us = control_now_ms() * 1000;
	muster_rollout_step(r->judge, &event, &todo);
	enter_waves(r);
	tell_end(r);
	carry_out(r, &todo);
}

static void
take_type(struct rollout *r, enum muster_rollout_event_type type)
{
	take(r, (struct muster_rollout_event){.type = type});
}

/* ---- a person's word ---- */

const struct rollout_plan *
rollout_plan_of(const struct rollout *r)
{
	return &r->plan;
}

const struct muster_rollout_view *
rollout_view_of(const struct rollout *r)
{
	return r->view;
}

static void
tell_decision(
    struct rollout *r, enum muster_rollout_event_type what, size_t number)
{
	char text[64] = "stopped";

	if (what == MUSTER_ROLLOUT_PAUSE)
		(void)snprintf(text, sizeof(text), "paused");
	else if (what == MUSTER_ROLLOUT_RESUME)
		(void)snprintf(text, sizeof(text), "resumed");
	else if (what == MUSTER_ROLLOUT_PROMOTE)
		(void)snprintf(text, sizeof(text), "promoted");
	else if (what == MUSTER_ROLLOUT_MAX_FAIL)
		(void)snprintf(text, sizeof(text),
		    "%zu may fail from now on, as said", number);
	else if (what == MUSTER_ROLLOUT_PARALLEL)
		(void)snprintf(text, sizeof(text),
		    "at most %zu at once from now on, as said", number);
	tell_who(r, text);
}

void
rollout_decide(
    struct rollout *r, enum muster_rollout_event_type what, size_t number)
{
	tell_decision(r, what, number);
	if (what == MUSTER_ROLLOUT_MAX_FAIL)
		r->plan.has_max_fail = true;
	take(r, (struct muster_rollout_event){.type = what, .number = number});
	if (what == MUSTER_ROLLOUT_MAX_FAIL)
		limit_failures(r);
}

void
rollout_show(struct rollout *r, bool is_on_screen)
{
	r->is_on_screen = is_on_screen;
	if (is_on_screen)
		gate_drop(&r->gate);
	else if (r->view->phase == MUSTER_ROLLOUT_GATE &&
		 r->plan.rules.gate == MUSTER_ROLLOUT_ASK)
		ask(r);
}

/* ---- life ---- */

static int
make_plan(struct rollout *r, struct muster_error *err)
{
	const struct rollout_plan *given = r->args->rollout.plan;

	if (given == NULL)
		return rollout_plan_make(&r->plan, r->args, r->m, err);
	rollout_plan_copy(&r->plan, given);
	return 0;
}

struct rollout *
rollout_new(struct muster *m, const struct args *args,
    const struct rollout_hooks *hooks, struct muster_error *err)
{
	struct rollout *r = heap_array(1, sizeof(*r));

	r->m = m;
	r->args = args;
	r->hooks = *hooks;
	r->gate.fd = -1;
	if (make_plan(r, err) != 0) {
		rollout_free(r);
		return NULL;
	}
	if (r->plan.rules.gate == MUSTER_ROLLOUT_ASK && !gate_open(&r->gate)) {
		(void)args_error(
		    err, "'--gate ask' needs a terminal, and there is none");
		rollout_free(r);
		return NULL;
	}
	r->judge = muster_rollout_new(&r->plan.rules);
	r->view = muster_rollout_view(r->judge);
	return r;
}

void
rollout_free(struct rollout *r)
{
	if (r == NULL)
		return;
	check_kill(r->check);
	gate_drop(&r->gate);
	gate_close(&r->gate);
	muster_rollout_free(r->judge);
	rollout_plan_clear(&r->plan);
	free(r);
}

void
rollout_begin(struct rollout *r)
{
	struct text line = {0};

	rollout_plan_sum_up(&r->plan, &line);
	tell(r, "rollout: %s", text_str(&line));
	text_clear(&line);
	take_type(r, MUSTER_ROLLOUT_BEGIN);
}

/* What never began is left out; whatever else is not well is bad. */
void
rollout_take_result(
    struct rollout *r, size_t host, const struct muster_result *result)
{
	take(r, (struct muster_rollout_event){
		    .type = muster_result_is_ok(result) ? MUSTER_ROLLOUT_GOOD
			    : !muster_result_is_failure(result)
				? MUSTER_ROLLOUT_LEFT
				: MUSTER_ROLLOUT_BAD,
		    .host = host});
}

void
rollout_stop(struct rollout *r)
{
	if (r->view->phase != MUSTER_ROLLOUT_STOPPING &&
	    r->view->phase != MUSTER_ROLLOUT_OVER)
		take_type(r, MUSTER_ROLLOUT_STOP);
}

bool
rollout_is_on(const struct rollout *r)
{
	return r->view->phase != MUSTER_ROLLOUT_OVER;
}

bool
rollout_is_asking(const struct rollout *r)
{
	return r->gate.is_asking;
}

bool
rollout_was_stopped(const struct rollout *r)
{
	return r->view->reason != MUSTER_ROLLOUT_NOT_STOPPED;
}

/* ---- waiting ---- */

void
rollout_poll(const struct rollout *r, struct pollfd *fds)
{
	fds[CHECK] = (struct pollfd){
	    .fd = r->check != NULL ? check_fd(r->check) : -1, .events = POLLIN};
	fds[GATE] = (struct pollfd){.fd = gate_fd(&r->gate), .events = POLLIN};
}

int
rollout_timeout_ms(const struct rollout *r, int timeout_ms)
{
	int64_t left_ms = (r->wake_us + 999) / 1000 - control_now_ms();

	if (r->wake_us == 0)
		return timeout_ms;
	if (left_ms < 0)
		left_ms = 0;
	if (left_ms > INT_MAX)
		left_ms = INT_MAX;
	return control_sooner_ms((int)left_ms, timeout_ms);
}

static void
take_check(struct rollout *r)
{
	bool ok = check_finish(r->check);

	r->check = NULL;
	if (r->told_check != r->view->wave + 1 || ok != r->told_ok)
		tell(r, "the check after wave %zu %s", r->view->wave + 1,
		    ok ? "succeeded" : "failed");
	r->told_check = r->view->wave + 1;
	r->told_ok = ok;
	take(r, (struct muster_rollout_event){
		    .type = MUSTER_ROLLOUT_CHECKED, .ok = ok});
}

static void
take_answer(struct rollout *r)
{
	enum gate_answer answer = gate_take(&r->gate);

	if (answer == GATE_NONE)
		return;
	tell_who(r, answer == GATE_YES ? "promoted" : "stopped");
	take_type(r,
	    answer == GATE_YES ? MUSTER_ROLLOUT_PROMOTE : MUSTER_ROLLOUT_STOP);
}

void
rollout_serve(struct rollout *r, const struct pollfd *fds)
{
	if (fds[CHECK].revents != 0 && r->check != NULL)
		take_check(r);
	if (fds[GATE].revents != 0 && r->gate.is_asking)
		take_answer(r);
	if (r->wake_us != 0 && control_now_ms() * 1000 >= r->wake_us)
		take_type(r, MUSTER_ROLLOUT_TIME);
}
