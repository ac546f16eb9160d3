/*
 * past.c -- a run that was written down, host by host.
 *
 * Room: src.  May touch: muster.h, heap.h.
 */
#include "config.h"

#include "src/past.h"

#include "src/heap.h"

#include <stdlib.h>
#include <string.h>

int
past_open(struct past *p, const char *name, struct muster_error *err)
{
	char *folder = muster_runs_folder(err);
	size_t n;

	*p = (struct past){0};
	if (folder == NULL)
		return -1;
	p->run = muster_run_open(folder, name, err);
	muster_string_free(folder);
	if (p->run == NULL)
		return -1;
	p->about = muster_run_about(p->run);
	n = p->about->n_hosts;
	p->orders = heap_array(n, sizeof(*p->orders));
	for (size_t h = 0; h < n; h++)
		p->orders[h] = MUSTER_NOWHERE;
	for (size_t o = 0; o < p->about->n_orders; o++)
		for (size_t h = 0; h < n; h++)
			if (muster_run_was_asked(p->run, o, h))
				p->orders[h] = o;
	return 0;
}

void
past_close(struct past *p)
{
	muster_run_free(p->run);
	free(p->orders);
	*p = (struct past){0};
}

const struct muster_result *
past_result(const struct past *p, size_t host)
{
	static const struct muster_result pending;

	return p->orders[host] == MUSTER_NOWHERE
		   ? &pending
		   : muster_run_result(p->run, p->orders[host], host);
}

const char *
past_command(const struct past *p, size_t host)
{
	return p->orders[host] == MUSTER_NOWHERE
		   ? NULL
		   : muster_run_command(p->run, p->orders[host]);
}

size_t
past_find(const struct past *p, const char *name)
{
	for (size_t h = 0; h < p->about->n_hosts; h++)
		if (strcmp(muster_run_host(p->run, h)->name, name) == 0)
			return h;
	return MUSTER_NOWHERE;
}

const char *
past_state(const struct past *p)
{
	if (p->about->is_closed)
		return "ended";
	return p->about->is_running ? "running" : "broken-off";
}
