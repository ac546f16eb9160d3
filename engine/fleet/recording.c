/*
 * recording.c -- what a fleet writes down of itself.
 *
 * Room: engine/fleet.  May touch: record/recorder.h, this room, base/,
 * ssh/loop.h.
 */
#include "config.h"

#include "fleet/recording.h"
#include "fleet/order.h"

#include "base/err.h"
#include "base/mem.h"
#include "fleet/fleet.h"
#include "record/recorder.h"
#include "ssh/loop.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define SYNC_MS 50 /* what a power cut may take */

int
recording_open(struct muster *m, struct muster_error *err)
{
	const struct recorder_setup setup = {.home = m->options.record,
	    .words = m->options.record_words,
	    .n_words = m->options.n_record_words,
	    .parent = m->options.record_parent,
	    .sync = m->options.record_sync};

	if (setup.home == NULL)
		return 0;
	m->env.recorder = recorder_new(&setup, err);
	return m->env.recorder != NULL ? 0 : -1;
}

void
recording_close(struct muster *m)
{
	recorder_free(m->env.recorder);
	m->env.recorder = NULL;
}

static int
refuse(const struct muster *m, struct muster_error *err)
{
	return err_sys(err, MUSTER_ERR_FILE, recorder_error(m->env.recorder),
	    "cannot write the record of run '%s'",
	    recorder_id(m->env.recorder));
}

/* Hosts are numbered in the order that the record hears of them. */
static void
add_host(struct muster *m, struct host *h)
{
	const struct muster_host host = {.name = h->name,
	    .user = h->user,
	    .address = h->address,
	    .port = h->port};

	h->record_index = m->n_in_record++;
	recorder_add_host(m->env.recorder, h->record_index, &host);
}

int
recording_order(
    struct muster *m, const char *what, uint32_t *no, struct muster_error *err)
{
	struct recorder *r = m->env.recorder;

	*no = 0;
	if (r == NULL)
		return 0;
	for (; m->n_recorded_hosts < m->n_hosts; m->n_recorded_hosts++)
		add_host(m, m->hosts[m->n_recorded_hosts]);
	*no = recorder_add_order(r, what);
	return *no != 0 ? 0 : refuse(m, err);
}

/* ---- one record after the other ---- */

struct change {
	struct worker *worker;
	struct recorder *to; /* counted */
};

static void
change_lane(void *arg)
{
	struct change *c = arg;

	recording_close_lane(c->worker);
	recording_open_lane(c->worker, c->to);
	recorder_free(c->to);
	free(c);
}

/* Workers write to the new one before they do anything that comes later. */
static void
change_lanes(struct muster *m)
{
	for (size_t i = 0; i < m->n_workers; i++) {
		struct change *c = mem_new(sizeof(*c));

		c->worker = m->workers[i];
		c->to = recorder_ref(m->env.recorder);
		loop_post(c->worker->loop, change_lane, c);
	}
}

int
muster_record_begin(struct muster *m, const struct muster_record_next *next,
    struct muster_error *err)
{
	const struct recorder_setup setup = {.home = next->folder,
	    .words = next->words,
	    .n_words = next->n_words,
	    .sync = m->options.record_sync};
	struct recorder *r = recorder_new(&setup, err);

	assert(m->magic == FLEET_MAGIC && m->n_active == 0);
	if (r == NULL)
		return -1;
	recorder_free(m->env.recorder);
	m->env.recorder = r;
	m->n_in_record = 0;
	m->n_recorded_hosts = m->n_hosts;
	for (size_t i = 0; i < m->n_hosts; i++)
		m->hosts[i]->record_index = MUSTER_NOWHERE;
	for (size_t i = 0; i < next->n_hosts; i++)
		add_host(m, m->hosts[next->hosts[i]]);
	change_lanes(m);
	return 0;
}

const char *
muster_record_id(const struct muster *m)
{
	return m->env.recorder != NULL ? recorder_id(m->env.recorder) : NULL;
}

const char *
muster_record_failure(const struct muster *m)
{
	int error =
	    m->env.recorder != NULL ? recorder_error(m->env.recorder) : 0;

	return error != 0 ? strerror(error) : NULL;
}

void
muster_record_note(struct muster *m, size_t host, const char *text)
{
	if (host != MUSTER_NOWHERE)
		host = m->hosts[host]->record_index;
	if (m->env.recorder != NULL)
		recorder_add_note(m->env.recorder, host, text);
}

void
muster_record_close(struct muster *m, int exitcode)
{
	if (m->env.recorder != NULL)
		recorder_close(m->env.recorder, (uint32_t)exitcode);
}

/* ---- workers ---- */

static void
on_sync(void *arg)
{
	struct worker *w = arg;

	recorder_sync(w->lane);
}

void
recording_open_lane(struct worker *w, struct recorder *r)
{
	if (r == NULL)
		return;
	w->lane = recorder_open_lane(r, w->index);
	if (w->env->options->record_sync)
		w->sync_timer = timer_new(w->loop, on_sync, w);
}

void
recording_close_lane(struct worker *w)
{
	if (w->lane == NULL)
		return;
	timer_free(w->sync_timer);
	w->sync_timer = NULL;
	recorder_close_lane(w->lane);
	w->lane = NULL;
}

bool
recording_start(struct host *h)
{
	struct recorder_lane *lane = h->worker->lane;

	/* A kept session may prove dead before anything was sent on it. */
	if (lane == NULL || h->recorded != NULL)
		return true;
	h->recorded = recorder_start(lane, h->record_index, h->order->no);
	return h->recorded != NULL;
}

void
recording_output(struct host *h, unsigned stream, const void *data, size_t len)
{
	if (h->recorded != NULL)
		recorder_output(h->worker->lane, h->recorded,
		    (enum muster_stream)stream, loop_now_us(h->worker->loop),
		    data, len);
}

void
recording_end(struct host *h)
{
	struct worker *w = h->worker;

	if (w->lane == NULL)
		return;
	recorder_end(
	    w->lane, h->recorded, h->record_index, h->order->no, &h->result);
	h->recorded = NULL;
	if (w->sync_timer != NULL && !timer_is_set(w->sync_timer))
		timer_set(w->sync_timer, SYNC_MS);
}

void
recording_drop(struct host *h)
{
	free(h->recorded);
	h->recorded = NULL;
}

void
recording_flush(struct worker *w)
{
	if (w->lane != NULL)
		recorder_flush(w->lane);
}
