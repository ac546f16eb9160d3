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
#include "base/limits.h"
#include "base/mem.h"
#include "fleet/agree.h"
#include "fleet/fleet.h"
#include "fleet/lines.h"
#include "fleet/queue.h"

#include <assert.h>
#include <poll.h>
#include <stdlib.h>

#define NORMAL 100 /* percent */

struct play {
	struct muster_run *run; /* borrowed */
	size_t at, order;       /* of muster_run_next() */
	struct muster_event event;
	struct muster_result result; /* that was given last */
	bool has_event;              /* it waits for its time */
	int64_t made_us;  /* when the fleet was made: events begin there */
	int64_t since_us; /* our clock ... */
	int64_t place_us; /* ... and the run's, since its beginning, then */
	unsigned percent; /* 0: at once */
	bool is_paused;
	size_t n_left;          /* hosts of the end that were looked at */
	struct agree *agree;    /* borrowed; NULL: nobody looks at lines */
	struct store_pool pool; /* of lines */
	struct lines **lines;   /* owned; of each host, NULL before its turn */
	int64_t *begun_us;      /* owned; when that was, as events have it */
	size_t n_hosts;
	bool is_masking;
};

void
play_free(struct play *p)
{
	if (p == NULL)
		return;
	for (size_t i = 0; i < p->n_hosts; i++)
		lines_free(p->lines[i]);
	store_pool_clear(&p->pool);
	free(p->lines);
	free(p->begun_us);
	free(p);
}

/* ---- lines ---- */

/* The host's lines, which begin with its first event. */
static struct lines *
find_lines(struct muster *m, const struct muster_event *event)
{
	struct play *p = m->play;
	size_t i = event->host;
	struct lines_owner owner = {.pool = &p->pool,
	    .agree = p->agree,
	    .meter = &m->hosts[i]->meter,
	    .host = i,
	    .name = m->hosts[i]->name};

	if (p->lines[i] != NULL)
		return p->lines[i];
	p->lines[i] = lines_new(&owner);
	p->begun_us[i] = event->at_us;
	if (p->is_masking)
		lines_begin_masks(p->lines[i]);
	return p->lines[i];
}

static void
keep_lines(struct muster *m, const struct muster_event *event)
{
	struct play *p = m->play;
	struct lines *l;
	uint32_t at_ms;

	if (p->agree == NULL || event->host == MUSTER_NOWHERE)
		return;
	l = find_lines(m, event);
	at_ms = (uint32_t)((event->at_us - p->begun_us[event->host]) / 1000);
	if (event->type == MUSTER_EVENT_STATE) {
		lines_reset(l);
		p->begun_us[event->host] = event->at_us;
	} else if (event->type == MUSTER_EVENT_OUTPUT) {
		lines_add(l, event->stream, at_ms, event->data, event->len);
	} else if (event->type == MUSTER_EVENT_RESULT) {
		lines_end(l, at_ms, host_ending_of(event->result));
	}
}

bool
play_look(struct muster *m, size_t host, const struct muster_look *look)
{
	struct play *p = m->play;
	struct parcels batch = STAILQ_HEAD_INITIALIZER(batch);
	struct parcel *parcel;

	if (p->agree == NULL || p->lines[host] == NULL)
		return false;
	parcel = lines_look(p->lines[host], look);
	parcel->event.host = host;
	STAILQ_INSERT_TAIL(&batch, parcel, entry);
	m->n_asked++;
	queue_put(m->env.queue, &batch);
	return true;
}

void
play_begin_masks(struct muster *m)
{
	struct play *p = m->play;

	if (p->is_masking || p->agree == NULL)
		return;
	p->is_masking = true;
	for (size_t i = 0; i < p->n_hosts; i++)
		if (p->lines[i] != NULL)
			lines_begin_masks(p->lines[i]);
}

/* ---- events ---- */

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
shift(int64_t *at_us, int64_t by_us)
{
	if (*at_us != 0)
		*at_us += by_us;
}

/* Times are moved to the clock of now. */
static void
give(struct muster *m, struct play *p, struct muster_event *event)
{
	int64_t by_us = p->made_us - muster_run_about(p->run)->begun_us;

	*event = p->event;
	event->at_us += by_us;
	if (event->type == MUSTER_EVENT_RESULT) {
		p->result = *event->result;
		shift(&p->result.begun_us, by_us);
		shift(&p->result.started_us, by_us);
		shift(&p->result.ended_us, by_us);
		event->result = &p->result;
		m->hosts[event->host]->latest = p->result;
	}
	keep_lines(m, event);
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

int64_t
muster_play_now_us(const struct muster *m)
{
	return m->play->made_us + muster_play_place_us(m);
}

int
muster_play_wait_ms(struct muster *m)
{
	assert(m->magic == FLEET_MAGIC && m->play != NULL);
	return find_event(m->play) ? left_ms(m->play) : -1;
}

static struct play *
make_play(struct muster *m, struct muster_run *run)
{
	struct play *p = mem_new(sizeof(*p));

	p->run = run;
	p->made_us = p->since_us = clock_now_us();
	p->percent = NORMAL;
	p->n_hosts = m->n_hosts;
	p->agree = m->env.agree;
	p->lines = mem_array(m->n_hosts, sizeof(struct lines *));
	p->begun_us = mem_array(m->n_hosts, sizeof(*p->begun_us));
	store_pool_init(&p->pool, LIMIT_STORE_BYTES, LIMIT_STORE_HOST_BYTES);
	return p;
}

struct muster *
muster_play(struct muster_run *run, bool keep_lines, struct muster_error *err)
{
	struct muster_options options;
	struct muster *m;

	muster_options_init(&options);
	options.ssh_config = "none";
	options.agent_path = "";
	options.no_env_files = true;
	options.keep_lines = keep_lines;
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
	m->play = make_play(m, run);
	return m;
}
