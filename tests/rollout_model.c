/*
 * rollout_model.c -- what a rollout has to do, worked out the slow way.
 *
 * Room: tests.  May touch: muster.h.
 */
#include "config.h"

#include "rollout_model.h"

#include <string.h>

void
model_init(struct model *m, const struct muster_rollout_plan *plan)
{
	memset(m, 0, sizeof(*m));
	m->plan = plan;
	memset(m->hosts, '-', sizeof(m->hosts));
	m->max_fail = plan->max_fail;
	m->parallel = plan->parallel;
	m->gate_since = m->closed = -1;
}

/* The wave of a place. */
static size_t
wave_of(const struct model *m, size_t place)
{
	size_t wave = 0, end = m->plan->waves[0];

	while (place >= end)
		end += m->plan->waves[++wave];
	return wave;
}

size_t
model_count(const struct model *m, size_t wave, char state)
{
	size_t n = 0;

	for (size_t i = 0; i < m->plan->n_hosts; i++)
		n += m->hosts[i] == state &&
		     (wave == SIZE_MAX || wave_of(m, i) == wave);
	return n;
}

static size_t
count_bad(const struct model *m)
{
	return m->plan->n_bad + model_count(m, SIZE_MAX, 'b');
}

static void
halt(struct model *m, enum muster_rollout_reason reason)
{
	m->stopped = true;
	m->reason = reason;
	m->end_check = m->end_check || m->checking;
	m->checking = false;
}

static void
open_wave(struct model *m, size_t wave)
{
	m->wave = wave;
	m->opened = m->now;
	m->busy_since = m->now - m->idle;
	m->gate_since = m->closed = -1;
	m->asked = m->promoted = m->well = false;
	m->n_checks = 0;
}

static bool
is_room(const struct model *m)
{
	size_t flying = model_count(m, SIZE_MAX, '>');

	if (flying >= m->parallel)
		return false;
	return m->plan->max_unavailable == 0 ||
	       count_bad(m) + flying < m->plan->max_unavailable;
}

static bool
is_through(const struct model *m)
{
	return model_count(m, m->wave, '-') == 0 &&
	       model_count(m, m->wave, '>') == 0;
}

static void
begin_hosts(struct model *m)
{
	for (size_t i = 0; i < m->plan->n_hosts && is_room(m); i++) {
		if (m->hosts[i] != '-' || wave_of(m, i) != m->wave)
			continue;
		m->hosts[i] = '>';
		m->begin[m->n_begin++] = m->plan->order[i];
	}
}

static bool
was_left_out(const struct model *m)
{
	return model_count(m, m->wave, 'l') == m->plan->waves[m->wave];
}

/* When the checks have last begun to succeed without a break, or -1. */
static int64_t
find_well_from(const struct model *m)
{
	int64_t from = -1;

	for (size_t i = 0; i < m->n_checks; i++) {
		if (!m->checks[i].ok)
			from = -1;
		else if (from < 0)
			from = m->checks[i].at;
	}
	return from;
}

static int64_t
find_next_check(const struct model *m)
{
	int64_t at, well_from = find_well_from(m);

	if (m->n_checks == 0)
		return m->closed;
	at = m->checks[m->n_checks - 1].at + m->plan->check_every_us;
	if (well_from >= 0 && at > well_from + m->plan->soak_us)
		at = well_from + m->plan->soak_us;
	return at;
}

static bool
is_well(const struct model *m)
{
	int64_t from = find_well_from(m);

	if (was_left_out(m))
		return true;
	if (!m->plan->has_check)
		return m->wave + 1 == m->plan->n_waves ||
		       m->now - m->closed >= m->plan->soak_us;
	return from >= 0 &&
	       m->checks[m->n_checks - 1].at - from >= m->plan->soak_us;
}

static bool
is_gate_open(struct model *m)
{
	if (m->promoted || m->wave + 1 == m->plan->n_waves)
		return true;
	if (m->paused)
		return false;
	if (was_left_out(m) || m->plan->gate == MUSTER_ROLLOUT_AUTO)
		return true;
	if (m->plan->gate == MUSTER_ROLLOUT_WAIT)
		return m->now - m->gate_since >= m->plan->gate_us;
	m->ask = m->ask || !m->asked;
	m->asked = true;
	return false;
}

/* A wave that is through: whether the next one may begin. */
static bool
may_go_on(struct model *m)
{
	if (m->gate_since < 0 && !m->promoted) {
		if (!is_well(m)) {
			if (m->now - m->closed >=
			    m->plan->soak_us + m->plan->check_deadline_us) {
				halt(m, MUSTER_ROLLOUT_BY_CHECK);
			} else if (m->plan->has_check && !m->checking &&
				   m->now >= find_next_check(m)) {
				m->checking = m->check = true;
			}
			return false;
		}
		m->gate_since = m->now;
	}
	return is_gate_open(m);
}

/* What follows from how things are. */
static void
settle(struct model *m)
{
	while (m->begun && !m->stopped && !m->over) {
		if (!is_through(m)) {
			if (!m->paused && m->plan->progress_us > 0 &&
			    m->now - m->idle - m->busy_since >=
				m->plan->progress_us) {
				halt(m, MUSTER_ROLLOUT_BY_STALL);
				break;
			}
			if (!m->paused)
				begin_hosts(m);
			if (model_count(m, SIZE_MAX, '>') == 0 &&
			    m->plan->max_unavailable > 0 &&
			    count_bad(m) >= m->plan->max_unavailable)
				halt(m, MUSTER_ROLLOUT_BY_UNAVAILABLE);
			break;
		}
		if (m->closed < 0)
			m->closed = m->now;
		if (!may_go_on(m))
			break;
		m->end_check = m->end_check || m->checking;
		m->checking = false;
		if (m->wave + 1 == m->plan->n_waves)
			m->over = true;
		else
			open_wave(m, m->wave + 1);
	}
	if (m->stopped && model_count(m, SIZE_MAX, '>') == 0)
		m->over = true;
}

static void
judge(struct model *m)
{
	if (m->stopped || m->over)
		return;
	if (m->plan->has_canary && model_count(m, 0, 'b') > 0)
		halt(m, MUSTER_ROLLOUT_BY_CANARY);
	else if (count_bad(m) > m->max_fail)
		halt(m, MUSTER_ROLLOUT_BY_FAILURES);
}

static void
end_host(struct model *m, const struct muster_rollout_event *e)
{
	char end = e->type == MUSTER_ROLLOUT_GOOD  ? 'g'
		   : e->type == MUSTER_ROLLOUT_BAD ? 'b'
						   : 'l';

	for (size_t i = 0; i < m->plan->n_hosts; i++) {
		if (m->plan->order[i] != e->host)
			continue;
		if (m->hosts[i] == '>' || (m->hosts[i] == '-' && end == 'l'))
			m->hosts[i] = end;
		else
			return;
	}
	if (end == 'g')
		m->busy_since = m->now - m->idle;
	if (end == 'b')
		judge(m);
}

static void
take(struct model *m, const struct muster_rollout_event *e)
{
	bool live = !m->stopped && !m->over;

	switch (e->type) {
	case MUSTER_ROLLOUT_BEGIN:
		if (m->begun || !live)
			break;
		m->begun = true;
		open_wave(m, 0);
		judge(m);
		break;
	case MUSTER_ROLLOUT_GOOD:
	case MUSTER_ROLLOUT_BAD:
	case MUSTER_ROLLOUT_LEFT:
		end_host(m, e);
		break;
	case MUSTER_ROLLOUT_CHECKED:
		if (!m->checking)
			break;
		m->checking = false;
		m->checks[m->n_checks].at = m->now;
		m->checks[m->n_checks++].ok = e->ok;
		break;
	case MUSTER_ROLLOUT_PAUSE:
		m->paused = m->paused || live;
		break;
	case MUSTER_ROLLOUT_RESUME:
		m->paused = m->paused && !live;
		break;
	case MUSTER_ROLLOUT_PROMOTE:
		m->paused = m->paused && !live;
		m->promoted = live && m->begun && m->closed >= 0;
		break;
	case MUSTER_ROLLOUT_STOP:
	case MUSTER_ROLLOUT_ABORT:
		if (live)
			halt(m, MUSTER_ROLLOUT_BY_PERSON);
		break;
	case MUSTER_ROLLOUT_MAX_FAIL:
		m->max_fail = e->number;
		judge(m);
		break;
	case MUSTER_ROLLOUT_PARALLEL:
		if (e->number > 0)
			m->parallel = e->number;
		break;
	case MUSTER_ROLLOUT_TIME:
		break;
	}
}

void
model_step(struct model *m, const struct muster_rollout_event *e)
{
	if (m->paused)
		m->idle += e->now_us - m->now;
	m->now = e->now_us;
	m->n_begin = 0;
	m->check = m->end_check = m->ask = false;
	take(m, e);
	settle(m);
}
