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

int
recording_order(
    struct muster *m, const char *what, uint32_t *no, struct muster_error *err)
{
	struct recorder *r = m->env.recorder;

	*no = 0;
	if (r == NULL)
		return 0;
	for (; m->n_recorded_hosts < m->n_hosts; m->n_recorded_hosts++) {
		const struct host *h = m->hosts[m->n_recorded_hosts];
		const struct muster_host host = {.name = h->name,
		    .user = h->user,
		    .address = h->address,
		    .port = h->port};

		recorder_add_host(r, h->index, &host);
	}
	*no = recorder_add_order(r, what);
	return *no != 0 ? 0 : refuse(m, err);
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
recording_open_lane(struct worker *w, unsigned index)
{
	if (w->env->recorder == NULL)
		return;
	w->lane = recorder_open_lane(w->env->recorder, index);
	if (w->env->options->record_sync)
		w->sync_timer = timer_new(w->loop, on_sync, w);
}

void
recording_close_lane(struct worker *w)
{
	if (w->lane == NULL)
		return;
	timer_free(w->sync_timer);
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
	h->recorded = recorder_start(lane, h->index, h->order->no);
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
	recorder_end(w->lane, h->recorded, h->index, h->order->no, &h->result);
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
