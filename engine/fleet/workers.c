/*
 * workers.c -- starting and stopping the threads of a fleet.
 *
 * Room: engine/fleet.  May touch: this room, base/, ssh/.
 */
#include "config.h"

#include "base/err.h"
#include "base/mem.h"
#include "fleet/fleet.h"
#include "fleet/twins.h"
#include "ssh/loop.h"

#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#define MAX_DEFAULT_WORKERS 4
/* Descriptors kept for files, pipes, agents and second addresses. */
#define RESERVED_FDS 64

/* Raises the limit of descriptors as far as allowed. Returns how many
 * connections may be open at once. */
static unsigned
connections_allowed(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
		return 256;
	if (limit.rlim_cur < limit.rlim_max) {
		limit.rlim_cur = limit.rlim_max;
		if (setrlimit(RLIMIT_NOFILE, &limit) != 0 ||
		    getrlimit(RLIMIT_NOFILE, &limit) != 0)
			return 256;
	}
	if (limit.rlim_cur == RLIM_INFINITY || limit.rlim_cur > 1000000)
		return 1000000;
	if (limit.rlim_cur <= RESERVED_FDS * 2)
		return (unsigned)(limit.rlim_cur / 4 + 1);
	return (unsigned)limit.rlim_cur - RESERVED_FDS;
}

unsigned
fleet_connections(unsigned fanout)
{
	unsigned allowed = connections_allowed();

	return fanout < allowed ? fanout : allowed;
}

static size_t
workers_wanted(const struct muster *m)
{
	long cores = sysconf(_SC_NPROCESSORS_ONLN);
	size_t n = m->options.n_workers;

	if (n == 0)
		n = cores < 1                     ? 1
		    : cores > MAX_DEFAULT_WORKERS ? MAX_DEFAULT_WORKERS
						  : (size_t)cores;
	return n < m->n_hosts ? n : m->n_hosts > 0 ? m->n_hosts : 1;
}

int
fleet_start_workers(struct muster *m, struct muster_error *err)
{
	unsigned fanout = fleet_connections(m->options.fanout);
	size_t n = workers_wanted(m);

	if (m->n_workers > 0)
		return 0;
	if (m->env.admission == NULL)
		m->env.admission =
		    admission_new(fanout, m->options.max_unauthenticated);
	if (m->env.twins == NULL)
		m->env.twins = twins_new();
	m->workers = mem_array(n, sizeof(*m->workers));
	for (; m->n_workers < n; m->n_workers++) {
		struct worker *w = worker_new(
		    &m->env, (unsigned)m->n_workers, (unsigned)n, err);

		if (w == NULL) {
			fleet_stop_workers(m);
			return -1;
		}
		m->workers[m->n_workers] = w;
	}
	return 0;
}

/* On the worker: its hosts let go of everything. */
static void
drop(void *arg)
{
	host_drop(arg);
}

static void
drop_bastion(void *arg)
{
	bastion_drop(arg);
}

void
fleet_stop_workers(struct muster *m)
{
	for (size_t i = 0; i < m->n_hosts; i++)
		if (m->hosts[i]->worker != NULL)
			loop_post(m->hosts[i]->worker->loop, drop, m->hosts[i]);
	for (size_t i = 0; i < m->n_bastions; i++)
		if (m->bastions[i]->worker != NULL)
			loop_post(m->bastions[i]->worker->loop, drop_bastion,
			    m->bastions[i]);
	for (size_t i = 0; i < m->n_workers; i++)
		worker_free(m->workers[i]);
	free(m->workers);
	m->workers = NULL;
	m->n_workers = 0;
	twins_free(m->env.twins);
	m->env.twins = NULL;
}
