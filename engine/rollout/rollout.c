/*
 * rollout.c -- which hosts may begin now, and whether any may.
 *
 * Room: engine/rollout.  May touch: base/mem.h, muster.h.
 *
 *	READY -> RUNNING -> SOAKING -> GATE -> (the next wave) RUNNING ...
 *	            \          \         \
 *	             +----------+---------+--> STOPPING -> OVER
 *
 * step() takes the event, which may move it on, and then goes on by itself
 * as far as it can: begin(), soak() and pass_gate() each do what their phase
 * allows and say whether the phase is through. stop() is the only way to
 * STOPPING, from where no host begins any more.
 */
#include "config.h"

#include "muster.h"

#include "base/mem.h"

#include <assert.h>
#include <stdlib.h>

enum state { PENDING, IN_FLIGHT, ENDED };

struct muster_rollout {
	struct muster_rollout_plan plan; /* owns order */
	struct muster_rollout_view view;
	struct muster_rollout_wave *waves; /* owned */
	unsigned char *states;             /* owned; an enum state a place */
	size_t *places;                    /* owned; of each host, or none */
	size_t n_places;
	size_t next;   /* the first place that was not looked at */
	size_t *batch; /* owned; hosts to begin, of one step */
	int64_t paused_us;
	int64_t progress_since_us; /* the last good host, or the wave */
	int64_t well_since_us; /* the check succeeds since; 0: it does not */
	int64_t next_check_us;
	int64_t gate_until_us;
	bool is_checking, is_well, was_asked;
};

struct muster_rollout *
muster_rollout_new(const struct muster_rollout_plan *plan)
{
	struct muster_rollout *r = mem_new(sizeof(*r));
	size_t at = 0;

	assert(plan->n_hosts > 0 && plan->parallel > 0);
	r->plan = *plan;
	r->plan.order =
	    mem_dup(plan->order, plan->n_hosts * sizeof(*plan->order));
	r->waves = mem_array(plan->n_waves, sizeof(*r->waves));
	for (size_t w = 0; w < plan->n_waves; at += plan->waves[w++]) {
		assert(plan->waves[w] > 0);
		r->waves[w].first = at;
		r->waves[w].n_hosts = plan->waves[w];
	}
	assert(at == plan->n_hosts);
	for (size_t i = 0; i < plan->n_hosts; i++)
		if (plan->order[i] >= r->n_places)
			r->n_places = plan->order[i] + 1;
	r->places = mem_array(r->n_places, sizeof(*r->places));
	for (size_t h = 0; h < r->n_places; h++)
		r->places[h] = MUSTER_NOWHERE;
	for (size_t i = 0; i < plan->n_hosts; i++)
		r->places[plan->order[i]] = i;
	r->states = mem_array(plan->n_hosts, 1);
	r->batch = mem_array(plan->n_hosts, sizeof(*r->batch));
	r->view = (struct muster_rollout_view){.n_waves = plan->n_waves,
	    .waves = r->waves,
	    .n_hosts = plan->n_hosts,
	    .n_bad = plan->n_bad,
	    .max_fail = plan->max_fail,
	    .max_unavailable = plan->max_unavailable,
	    .parallel = plan->parallel};
	return r;
}

void
muster_rollout_free(struct muster_rollout *r)
{
	if (r == NULL)
		return;
	free((size_t *)r->plan.order);
	free(r->waves);
	free(r->places);
	free(r->states);
	free(r->batch);
	free(r);
}

const struct muster_rollout_view *
muster_rollout_view(const struct muster_rollout *r)
{
	return &r->view;
}

/* ---- stopping ---- */

static bool
is_live(const struct muster_rollout *r)
{
	return r->view.phase != MUSTER_ROLLOUT_STOPPING &&
	       r->view.phase != MUSTER_ROLLOUT_OVER;
}

static void
end_check(struct muster_rollout *r, struct muster_rollout_todo *todo)
{
	todo->end_check |= r->is_checking;
	r->is_checking = false;
}

static void
stop(struct muster_rollout *r, enum muster_rollout_reason reason,
    struct muster_rollout_todo *todo)
{
	if (!is_live(r))
		return;
	r->view.phase = MUSTER_ROLLOUT_STOPPING;
	r->view.reason = reason;
	todo->withdraw = true;
	end_check(r, todo);
}

/* Whether there are too many bad hosts. */
static void
judge(struct muster_rollout *r, struct muster_rollout_todo *todo)
{
	if (r->plan.has_canary && r->waves[0].n_bad > 0)
		stop(r, MUSTER_ROLLOUT_BY_CANARY, todo);
	else if (r->view.n_bad > r->view.max_fail)
		stop(r, MUSTER_ROLLOUT_BY_FAILURES, todo);
}

/* ---- a wave ---- */

static struct muster_rollout_wave *
wave_at(struct muster_rollout *r)
{
	return &r->waves[r->view.wave];
}

static size_t
count_ended(const struct muster_rollout_wave *w)
{
	return w->n_good + w->n_bad + w->n_left;
}

static void
enter_wave(struct muster_rollout *r, size_t wave, int64_t now_us)
{
	r->view.phase = MUSTER_ROLLOUT_RUNNING;
	r->view.wave = wave;
	r->next = r->waves[wave].first;
	r->waves[wave].begun_us = now_us;
	r->progress_since_us = now_us;
	if (r->view.is_paused)
		r->paused_us = now_us;
}

/* The place of the next host that may begin, or MUSTER_NOWHERE. */
static size_t
find_next(struct muster_rollout *r)
{
	const struct muster_rollout_wave *w = wave_at(r);

	while (r->next < w->first + w->n_hosts && r->states[r->next] != PENDING)
		r->next++;
	return r->next < w->first + w->n_hosts ? r->next : MUSTER_NOWHERE;
}

static bool
is_available(const struct muster_rollout *r)
{
	return r->view.max_unavailable == 0 ||
	       r->view.n_bad + r->view.n_in_flight < r->view.max_unavailable;
}

static void
begin_one(
    struct muster_rollout *r, size_t place, struct muster_rollout_todo *todo)
{
	r->states[place] = IN_FLIGHT;
	r->view.n_in_flight++;
	wave_at(r)->n_in_flight++;
	r->batch[todo->n_hosts++] = r->plan.order[place];
	todo->hosts = r->batch;
}

static bool
is_stalled(const struct muster_rollout *r, int64_t now_us)
{
	return !r->view.is_paused && r->plan.progress_us > 0 &&
	       now_us >= r->progress_since_us + r->plan.progress_us;
}

/* RUNNING: begins what may. Returns whether the wave is through. */
static bool
begin(
    struct muster_rollout *r, int64_t now_us, struct muster_rollout_todo *todo)
{
	struct muster_rollout_wave *w = wave_at(r);
	size_t place;

	if (count_ended(w) == w->n_hosts) {
		w->ended_us = now_us;
		return true;
	}
	if (is_stalled(r, now_us)) {
		stop(r, MUSTER_ROLLOUT_BY_STALL, todo);
		return false;
	}
	while (!r->view.is_paused && r->view.n_in_flight < r->view.parallel &&
	       is_available(r) && (place = find_next(r)) != MUSTER_NOWHERE)
		begin_one(r, place, todo);
	if (r->view.n_in_flight == 0 && !is_available(r))
		stop(r, MUSTER_ROLLOUT_BY_UNAVAILABLE, todo);
	return false;
}

static bool
is_last(const struct muster_rollout *r)
{
	return r->view.wave + 1 == r->view.n_waves;
}

/* Hosts that were all left out say nothing about the change. */
static void
enter_soak(struct muster_rollout *r, int64_t now_us)
{
	const struct muster_rollout_wave *w = wave_at(r);

	r->view.phase = w->n_left == w->n_hosts ? MUSTER_ROLLOUT_GATE
						: MUSTER_ROLLOUT_SOAKING;
	r->well_since_us = 0;
	r->is_well = false;
	r->next_check_us = now_us;
	r->was_asked = false;
	r->gate_until_us = now_us + r->plan.gate_us;
}

/* SOAKING. Returns whether the wave is well. */
static bool
soak(struct muster_rollout *r, int64_t now_us, struct muster_rollout_todo *todo)
{
	int64_t until_us = wave_at(r)->ended_us + r->plan.soak_us;

	if (!r->plan.has_check)
		return is_last(r) || now_us >= until_us;
	if (r->is_well)
		return true;
	if (now_us >= until_us + r->plan.check_deadline_us) {
		stop(r, MUSTER_ROLLOUT_BY_CHECK, todo);
	} else if (!r->is_checking && now_us >= r->next_check_us) {
		r->is_checking = true;
		todo->check = true;
	}
	return false;
}

/* GATE. Returns whether the next wave may begin. */
static bool
pass_gate(
    struct muster_rollout *r, int64_t now_us, struct muster_rollout_todo *todo)
{
	const struct muster_rollout_wave *w = wave_at(r);

	if (is_last(r))
		return true;
	if (r->view.is_paused)
		return false;
	if (w->n_left == w->n_hosts || r->plan.gate == MUSTER_ROLLOUT_AUTO)
		return true;
	if (r->plan.gate == MUSTER_ROLLOUT_WAIT)
		return now_us >= r->gate_until_us;
	todo->ask |= !r->was_asked;
	r->was_asked = true;
	return false;
}

/* ---- going on ---- */

static void
enter_next(struct muster_rollout *r, int64_t now_us)
{
	if (is_last(r))
		r->view.phase = MUSTER_ROLLOUT_OVER;
	else
		enter_wave(r, r->view.wave + 1, now_us);
}

/* One phase further. Returns false when it is to be waited for. */
static bool
advance(
    struct muster_rollout *r, int64_t now_us, struct muster_rollout_todo *todo)
{
	switch (r->view.phase) {
	case MUSTER_ROLLOUT_RUNNING:
		if (begin(r, now_us, todo)) {
			enter_soak(r, now_us);
			return true;
		}
		return r->view.phase == MUSTER_ROLLOUT_STOPPING;
	case MUSTER_ROLLOUT_SOAKING:
		if (soak(r, now_us, todo)) {
			r->view.phase = MUSTER_ROLLOUT_GATE;
			r->gate_until_us = now_us + r->plan.gate_us;
			return true;
		}
		return r->view.phase == MUSTER_ROLLOUT_STOPPING;
	case MUSTER_ROLLOUT_GATE:
		if (!pass_gate(r, now_us, todo))
			return false;
		enter_next(r, now_us);
		return true;
	case MUSTER_ROLLOUT_STOPPING:
		if (r->view.n_in_flight > 0)
			return false;
		r->view.phase = MUSTER_ROLLOUT_OVER;
		return true;
	case MUSTER_ROLLOUT_READY:
	case MUSTER_ROLLOUT_OVER:
		break;
	}
	return false;
}

static void
sooner(int64_t *wake_us, int64_t at_us)
{
	if (*wake_us == 0 || at_us < *wake_us)
		*wake_us = at_us;
}

/* When something is to be done though nothing happens. */
static int64_t
find_wake(struct muster_rollout *r)
{
	int64_t until_us = wave_at(r)->ended_us + r->plan.soak_us, wake_us = 0;

	if (r->view.phase == MUSTER_ROLLOUT_RUNNING) {
		if (r->plan.progress_us > 0 && !r->view.is_paused)
			sooner(&wake_us,
			    r->progress_since_us + r->plan.progress_us);
	} else if (r->view.phase == MUSTER_ROLLOUT_GATE) {
		if (r->plan.gate == MUSTER_ROLLOUT_WAIT && !r->view.is_paused)
			sooner(&wake_us, r->gate_until_us);
	} else if (r->view.phase == MUSTER_ROLLOUT_SOAKING) {
		if (!r->plan.has_check)
			return until_us;
		sooner(&wake_us, until_us + r->plan.check_deadline_us);
		if (!r->is_checking)
			sooner(&wake_us, r->next_check_us);
	}
	return wake_us;
}

/* ---- events ---- */

/* A host in flight has ended, or one that waits is left out. Returns the
 * count of its wave for that, or NULL. */
static struct muster_rollout_wave *
end_host(struct muster_rollout *r, const struct muster_rollout_event *event)
{
	size_t place =
	    event->host < r->n_places ? r->places[event->host] : MUSTER_NOWHERE;
	struct muster_rollout_wave *w = r->waves;
	bool may_wait = event->type == MUSTER_ROLLOUT_LEFT;

	if (place == MUSTER_NOWHERE || r->states[place] == ENDED ||
	    (r->states[place] == PENDING && !may_wait))
		return NULL;
	while (place >= w->first + w->n_hosts)
		w++;
	if (r->states[place] == IN_FLIGHT) {
		w->n_in_flight--;
		r->view.n_in_flight--;
	}
	r->states[place] = ENDED;
	return w;
}

static void
take_end(struct muster_rollout *r, const struct muster_rollout_event *event,
    struct muster_rollout_todo *todo)
{
	struct muster_rollout_wave *w = end_host(r, event);

	if (w == NULL)
		return;
	if (event->type == MUSTER_ROLLOUT_GOOD) {
		w->n_good++;
		r->view.n_good++;
		r->progress_since_us = event->now_us;
		if (r->view.is_paused)
			r->paused_us = event->now_us;
	} else if (event->type == MUSTER_ROLLOUT_LEFT) {
		w->n_left++;
		r->view.n_left++;
	} else {
		w->n_bad++;
		r->view.n_bad++;
		judge(r, todo);
	}
}

/* Well means: since some check, all have succeeded, and the last of them at
 * the end of the soak or later. */
static void
take_check(struct muster_rollout *r, const struct muster_rollout_event *event)
{
	int64_t well_us;

	if (!r->is_checking)
		return;
	r->is_checking = false;
	r->next_check_us = event->now_us + r->plan.check_every_us;
	if (!event->ok) {
		r->well_since_us = 0;
		return;
	}
	if (r->well_since_us == 0)
		r->well_since_us = event->now_us;
	well_us = r->well_since_us + r->plan.soak_us;
	r->is_well = event->now_us >= well_us;
	if (r->next_check_us > well_us)
		r->next_check_us = well_us;
}

static void
set_pause(struct muster_rollout *r, bool is_paused, int64_t now_us)
{
	if (r->view.is_paused == is_paused || !is_live(r))
		return;
	r->view.is_paused = is_paused;
	if (is_paused)
		r->paused_us = now_us;
	else
		r->progress_since_us += now_us - r->paused_us;
}

static void
promote(
    struct muster_rollout *r, int64_t now_us, struct muster_rollout_todo *todo)
{
	set_pause(r, false, now_us);
	if (r->view.phase != MUSTER_ROLLOUT_SOAKING &&
	    r->view.phase != MUSTER_ROLLOUT_GATE)
		return;
	end_check(r, todo);
	enter_next(r, now_us);
}

static void
take(struct muster_rollout *r, const struct muster_rollout_event *event,
    struct muster_rollout_todo *todo)
{
	switch (event->type) {
	case MUSTER_ROLLOUT_BEGIN:
		if (r->view.phase != MUSTER_ROLLOUT_READY)
			break;
		enter_wave(r, 0, event->now_us);
		judge(r, todo);
		break;
	case MUSTER_ROLLOUT_TIME:
		break;
	case MUSTER_ROLLOUT_GOOD:
	case MUSTER_ROLLOUT_BAD:
	case MUSTER_ROLLOUT_LEFT:
		take_end(r, event, todo);
		break;
	case MUSTER_ROLLOUT_CHECKED:
		take_check(r, event);
		break;
	case MUSTER_ROLLOUT_PAUSE:
	case MUSTER_ROLLOUT_RESUME:
		set_pause(
		    r, event->type == MUSTER_ROLLOUT_PAUSE, event->now_us);
		break;
	case MUSTER_ROLLOUT_PROMOTE:
		promote(r, event->now_us, todo);
		break;
	case MUSTER_ROLLOUT_ABORT:
		todo->cancel = r->view.phase != MUSTER_ROLLOUT_OVER;
		stop(r, MUSTER_ROLLOUT_BY_PERSON, todo);
		break;
	case MUSTER_ROLLOUT_STOP:
		stop(r, MUSTER_ROLLOUT_BY_PERSON, todo);
		break;
	case MUSTER_ROLLOUT_MAX_FAIL:
		r->view.max_fail = event->number;
		judge(r, todo);
		break;
	case MUSTER_ROLLOUT_PARALLEL:
		if (event->number > 0)
			r->view.parallel = event->number;
		break;
	}
}

void
muster_rollout_step(struct muster_rollout *r,
    const struct muster_rollout_event *event, struct muster_rollout_todo *todo)
{
	*todo = (struct muster_rollout_todo){0};
	take(r, event, todo);
	while (advance(r, event->now_us, todo))
		;
	todo->wake_us = find_wake(r);
}
