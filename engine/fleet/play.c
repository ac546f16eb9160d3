/*
 * play.c -- the door: a fleet that does again what a run has done.
 *
 * Room: engine/fleet.  May touch: this room, base/.
 * No worker and no connection has a part in it: events are read from the
 * record as muster_next() asks for them, each when its time has come.
 */
#include "config.h"

#include "fleet/play.h"
#include "base/clock.h"
#include "base/mem.h"
#include "fleet/fleet.h"

#include <assert.h>
#include <poll.h>
#include <stdlib.h>

#define NORMAL 100 /* percent */

struct play {
	struct muster_run *run; /* borrowed */
	size_t at, order;       /* of muster_run_next() */
	struct muster_event event;
	bool has_event;   /* it waits for its time */
	int64_t made_us;  /* when the fleet was made: events begin there */
	int64_t since_us; /* our clock ... */
	int64_t place_us; /* ... and the run's, since its beginning, then */
	unsigned percent; /* 0: at once */
	bool is_paused;
	size_t n_left; /* hosts of the end that were looked at */
};

void
play_free(struct play *p)
{
	free(p);
}

static int64_t
run_us(const struct play *p, int64_t now_us)
{
	int64_t us = now_us - p->since_us;

	return p->place_us + (p->is_paused ? 0 : us * p->percent / NORMAL);
}

/* Milliseconds until the event that waits is due, 0: now, -1: paused. */
static int
left_ms(const struct play *p)
{
	int64_t begun_us = muster_run_about(p->run)->begun_us;
	int64_t us = p->event.at_us - begun_us - run_us(p, clock_now_us());

	if (p->is_paused)
		return -1;
	if (p->percent == 0 || us <= 0)
		return 0;
	us = us * NORMAL / p->percent;
	return us / 1000 >= 1000000 ? 1000000 : (int)(us / 1000) + 1;
}

/* Hosts that were sent an order and whose end nobody has seen. */
static bool
find_lost(struct play *p)
{
	const struct muster_run_about *about = muster_run_about(p->run);
	size_t n = about->n_hosts * about->n_orders;

	while (p->n_left < n) {
		size_t order = p->n_left / about->n_hosts;
		size_t host = p->n_left++ % about->n_hosts;
		const struct muster_result *r =
		    muster_run_result(p->run, order, host);

		if (r->outcome != MUSTER_LOST || r->ended_us != 0)
			continue;
		p->event = (struct muster_event){.type = MUSTER_EVENT_RESULT,
		    .host = host,
		    .at_us = about->last_us,
		    .result = r};
		return true;
	}
	return false;
}

static bool
find_event(struct play *p)
{
	if (!p->has_event)
		p->has_event =
		    muster_run_next(p->run, &p->at, &p->event, &p->order) ||
		    find_lost(p);
	return p->has_event;
}

static void
give(struct muster *m, struct play *p, struct muster_event *event)
{
	*event = p->event;
	event->at_us += p->made_us - muster_run_about(p->run)->begun_us;
	if (event->type == MUSTER_EVENT_RESULT)
		m->hosts[event->host]->latest = *event->result;
	p->has_event = false;
}

int
play_next(struct muster *m, uint32_t timeout_ms, struct muster_event *event)
{
	struct play *p = m->play;
	int ms;

	if (!find_event(p))
		return -1;
	ms = left_ms(p);
	if (ms != 0 && timeout_ms > 0) {
		bool is_long = timeout_ms > 1000000;

		if (ms < 0 || (!is_long && (int)timeout_ms < ms))
			ms = is_long ? 1000000 : (int)timeout_ms;
		(void)poll(NULL, 0, ms);
		ms = left_ms(p);
	}
	if (ms != 0)
		return 0;
	give(m, p, event);
	return 1;
}

void
muster_play_pace(struct muster *m, unsigned percent, bool paused)
{
	struct play *p = m->play;
	int64_t now_us = clock_now_us();

	assert(m->magic == FLEET_MAGIC && p != NULL);
	p->place_us = run_us(p, now_us);
	p->since_us = now_us;
	p->percent = percent;
	p->is_paused = paused;
}

int64_t
muster_play_place_us(const struct muster *m)
{
	assert(m->magic == FLEET_MAGIC && m->play != NULL);
	return run_us(m->play, clock_now_us());
}

struct muster *
muster_play(struct muster_run *run, struct muster_error *err)
{
	struct muster_options options;
	struct muster *m;

	muster_options_init(&options);
	options.ssh_config = "none";
	options.agent_path = "";
	options.no_env_files = true;
	m = muster_new(&options, err);
	for (size_t i = 0; m != NULL && i < muster_run_about(run)->n_hosts;
	     i++) {
		if (muster_add_host(m, muster_run_host(run, i), err) > 0)
			continue;
		muster_free(m);
		return NULL;
	}
	if (m == NULL)
		return NULL;
	m->play = mem_new(sizeof(*m->play));
	m->play->run = run;
	m->play->made_us = m->play->since_us = clock_now_us();
	m->play->percent = NORMAL;
	return m;
}
