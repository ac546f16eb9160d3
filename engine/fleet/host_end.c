/*
 * host_end.c -- the end of what a host does: its result, and what it lets go.
 *
 * Room: engine/fleet.  May touch: base/, this room, ssh/.
 */
#include "config.h"

#include "fleet/host.h"
#include "base/clock.h"
#include "fleet/lines.h"
#include "fleet/order.h"
#include "fleet/recording.h"
#include "ssh/loop.h"

#include <assert.h>
#include <stdio.h>

void
host_leave_lines(struct host *h)
{
	admission_leave(&h->login);
	brake_leave(&h->claim);
	brake_leave(&h->become_claim);
	passage_leave(&h->passage);
	if (h->pacing)
		TAILQ_REMOVE(&h->worker->pacing, h, entry);
	h->pacing = false;
}

void
host_let_go_of_output(struct host *h)
{
	if (!h->held)
		return;
	h->held = false;
	TAILQ_REMOVE(&h->worker->held, h, entry);
	atomic_fetch_sub(&h->worker->env->n_held, 1);
}

void
host_let_go_of_order(struct host *h)
{
	if (h->order == NULL)
		return;
	if (h->order->feed != NULL)
		TAILQ_REMOVE(&h->worker->fed, h, fed_entry);
	run_free(h->run);
	h->run = NULL;
	order_free(h->order);
	h->order = NULL;
}

uint32_t
host_age_ms(const struct host *h)
{
	return (uint32_t)((clock_now_us() - h->result.begun_us) / 1000);
}

void
host_let_go_of_bastion(struct host *h)
{
	if (!h->claims || h->order != NULL || h->session != NULL)
		return;
	h->claims = false;
	bastion_release(h->bastion);
}

uint32_t
host_ending_of(const struct muster_result *r)
{
	return (uint32_t)r->outcome * UINT32_C(0x01000193) ^ r->code;
}

/* The one place where results are made. */
void
host_report(struct host *h, const struct session_end *end)
{
	struct parcel *p = parcel_new(MUSTER_EVENT_RESULT, NULL);
	struct muster_result *r = &h->result;

	assert(h->order != NULL);
	r->outcome = end->outcome;
	r->code = end->code;
	r->flags |= end->flags;
	if (end->signal != NULL)
		(void)snprintf(r->signal, sizeof(r->signal), "%s", end->signal);
	(void)snprintf(r->text, sizeof(r->text), "%s", end->text);
	r->ended_us = clock_now_us();
	if (muster_outcome_family(r->outcome) == MUSTER_FAMILY_UNKNOWN)
		r->flags |= MUSTER_INCOMPLETE;
	failures_add(&h->worker->env->failures, r);
	p->result = *r;
	p->event.host = h->index;
	if (h->lines != NULL)
		lines_end(h->lines, host_age_ms(h), host_ending_of(r));
	recording_end(h);
	host_let_go_of_order(h);
	host_leave_lines(h);
	host_let_go_of_output(h);
	host_let_go_of_bastion(h);
	admission_leave(&h->place);
	h->placed = false;
	timer_stop(h->retry);
	worker_emit(h->worker, p);
}

void
host_report_cancelled(struct host *h, const char *text)
{
	const struct session_end end = {
	    .outcome = MUSTER_CANCELLED, .text = text};

	host_report(h, &end);
}
