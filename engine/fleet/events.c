/*
 * events.c -- the door: a fleet listened to, and what became of its hosts.
 *
 * Room: engine/fleet.  May touch: this room, base/.
 */
#include "config.h"

#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/secret.h"
#include "fleet/fleet.h"
#include "ssh/broker.h"

#include <assert.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

/* Is done with the event at the caller's; output that waited for room may
 * come again. */
static void
take_back(struct muster *m)
{
	if (m->lent == NULL)
		return;
	queue_release(m->env.queue, m->lent);
	m->lent = NULL;
	if (atomic_load(&m->env.n_held) == 0)
		return;
	for (size_t i = 0; i < m->n_workers; i++)
		worker_ask_unhold(m->workers[i]);
}

/* What is asked comes before the output that may wait with it. */
static bool
lend_prompt(struct muster *m, struct muster_event *event)
{
	if (m->env.broker == NULL || !broker_take(m->env.broker, &m->prompt))
		return false;
	*event = (struct muster_event){
	    .type = MUSTER_EVENT_PROMPT,
	    .host =
		m->prompt.n_hosts == 1 ? m->prompt.hosts[0] : MUSTER_NOWHERE,
	    .at_us = clock_now_us(),
	    .prompt = &m->prompt,
	};
	return true;
}

/* Hosts in the middle of a login need not come to its end first. */
static void
stop_the_rest(struct muster *m)
{
	struct failures *f = &m->env.failures;

	if (f->told || !failures_are_too_many(f))
		return;
	f->told = true;
	muster_cancel(m, NULL, 0, MUSTER_CANCEL_PENDING);
}

static void
lend(struct muster *m, struct parcel *p, struct muster_event *event)
{
	if (p->event.type == MUSTER_EVENT_RESULT) {
		struct host *h = m->hosts[p->event.host];

		h->started = false;
		h->latest = p->result;
		m->n_active--;
	}
	if (p->event.type == MUSTER_EVENT_SNAPSHOT)
		m->n_asked--;
	if (p->event.type == MUSTER_EVENT_RESULT)
		stop_the_rest(m);
	m->lent = p;
	*event = p->event;
}

/* Milliseconds from now to `until_us`, for poll(2). */
static int
left_ms(int64_t until_us)
{
	int64_t ms = (until_us - clock_now_us() + 999) / 1000;

	return ms < 0 ? 0 : ms > 1000000 ? 1000000 : (int)ms;
}

/* Lines that were asked for come first. */
static int
next_played(struct muster *m, uint32_t timeout_ms, struct muster_event *event)
{
	struct parcel *p = queue_take(m->env.queue);

	if (p == NULL)
		return play_next(m, timeout_ms, event);
	lend(m, p, event);
	return 1;
}

int
muster_next(struct muster *m, uint32_t timeout_ms, struct muster_event *event)
{
	struct pollfd pfd = {.fd = queue_fd(m->env.queue), .events = POLLIN};
	int64_t until = clock_now_us() + (int64_t)timeout_ms * 1000;

	assert(m->magic == FLEET_MAGIC);
	take_back(m);
	if (m->play != NULL)
		return next_played(m, timeout_ms, event);
	for (;;) {
		struct parcel *p;
		int ms;

		if (lend_prompt(m, event))
			return 1;
		p = queue_take(m->env.queue);
		/* Asked just before its byte was taken out of the pipe. */
		if (p == NULL && lend_prompt(m, event))
			return 1;
		if (p != NULL) {
			lend(m, p, event);
			return 1;
		}
		if (m->n_active == 0 && m->n_asked == 0)
			return -1;
		ms = timeout_ms == MUSTER_FOREVER ? -1 : left_ms(until);
		if (ms == 0 || (poll(&pfd, 1, ms) < 0))
			return 0;
	}
}

int
muster_answer(
    struct muster *m, uint64_t id, const char *answer, struct muster_error *err)
{
	assert(m->magic == FLEET_MAGIC);
	if (m->env.broker == NULL)
		return err_set(err, MUSTER_ERR_USAGE,
		    "nothing is asked without options.ask");
	if (answer != NULL)
		secret_harden_process();
	return broker_answer(m->env.broker, id, answer, err);
}

int
muster_fd(const struct muster *m)
{
	return queue_fd(m->env.queue);
}

void
muster_want_states(struct muster *m, bool wanted)
{
	atomic_store(&m->env.want_states, wanted);
}

void
muster_want_transfers(struct muster *m, uint32_t ms)
{
	atomic_store(&m->env.transfer_ms, ms);
}

/* ---- outcomes ---- */

const struct muster_result *
muster_host_result(const struct muster *m, size_t host)
{
	assert(host < m->n_hosts);
	return &m->hosts[host]->latest;
}

static void
count(struct muster_tally *t, const struct muster_result *r)
{
	t->n_finished++;
	switch (muster_outcome_family(r->outcome)) {
	case MUSTER_FAMILY_RAN:
		if (muster_result_is_ok(r))
			t->n_ok++;
		else
			t->n_failed++;
		break;
	case MUSTER_FAMILY_UNKNOWN:
		t->n_unknown++;
		break;
	case MUSTER_FAMILY_NOT_RUN:
		t->n_not_run++;
		break;
	case MUSTER_FAMILY_PENDING:
		break;
	}
}

static void
tally_hosts(const struct muster *m, struct muster_tally *t)
{
	memset(t, 0, sizeof(*t));
	for (size_t i = 0; i < m->n_hosts; i++) {
		const struct host *h = m->hosts[i];

		if (h->started || h->latest.outcome != MUSTER_PENDING)
			t->n_hosts++;
		if (h->latest.outcome != MUSTER_PENDING)
			count(t, &h->latest);
	}
}

int
muster_join(struct muster *m, uint32_t timeout_ms, struct muster_tally *tally,
    struct muster_error *err)
{
	int64_t until = clock_now_us() + (int64_t)timeout_ms * 1000;
	struct muster_event event;
	int rc = 0;

	while (rc >= 0 && m->n_active > 0) {
		uint32_t ms = timeout_ms;

		if (timeout_ms != MUSTER_FOREVER) {
			ms = (uint32_t)left_ms(until);
			if (ms == 0)
				break;
		}
		rc = muster_next(m, ms, &event);
	}
	if (tally != NULL)
		tally_hosts(m, tally);
	if (m->n_active == 0)
		return 0;
	return err_set(err, MUSTER_ERR_TIMEOUT,
	    "%zu hosts are still at work after %g s", m->n_active,
	    (double)timeout_ms / 1000.0);
}
