/*
 * looking.c -- the door: what hosts print, looked at while it comes.
 *
 * Room: engine/fleet.  May touch: this room, base/, ssh/loop.h.
 * Lines belong to workers and are copied out by them; counters are atomic;
 * who prints the same is known to agree.c.
 */
#include "config.h"

#include "base/mem.h"
#include "fleet/agree.h"
#include "fleet/fleet.h"
#include "ssh/loop.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

void
fleet_open_looking(struct muster *m)
{
	if (m->options.keep_lines)
		m->env.agree = agree_new();
}

void
fleet_close_looking(struct muster *m)
{
	agree_free(m->env.agree);
}

void
muster_host_meter(const struct muster *m, size_t host, struct muster_meter *out)
{
	struct lines_meter *meter;

	assert(host < m->n_hosts);
	meter = &m->hosts[host]->meter;
	*out = (struct muster_meter){.n_lines = atomic_load(&meter->n_lines),
	    .n_bytes = atomic_load(&meter->n_bytes),
	    .n_err_bytes = atomic_load(&meter->n_err_bytes),
	    .last_us = atomic_load(&meter->last_us),
	    .waits = atomic_load(&meter->waits)};
}

/* ---- lines ---- */

struct asking {
	struct host *host;
	struct muster_look look; /* owns its needle */
};

static void
ask(void *arg)
{
	struct asking *a = arg;

	host_look(a->host, &a->look);
	free((void *)(uintptr_t)a->look.needle);
	free(a);
}

bool
muster_ask_look(struct muster *m, size_t host, const struct muster_look *look)
{
	struct asking *a;

	assert(host < m->n_hosts);
	if (m->play != NULL)
		return play_look(m, host, look);
	if (!m->options.keep_lines || m->hosts[host]->worker == NULL)
		return false;
	a = mem_new(sizeof(*a));
	a->host = m->hosts[host];
	a->look = *look;
	a->look.needle = look->needle != NULL && look->needle[0] != '\0'
			     ? mem_strdup(look->needle)
			     : NULL;
	m->n_asked++;
	loop_post(a->host->worker->loop, ask, a);
	return true;
}

bool
muster_ask_snapshot(struct muster *m, size_t host, size_t n)
{
	return muster_ask_look(
	    m, host, &(struct muster_look){.from = UINT64_MAX, .n = n});
}

/* ---- who prints the same ---- */

static void
begin_masks(void *arg)
{
	host_begin_masks(arg);
}

/* Once for each host that has begun. */
static void
want_masks(struct muster *m)
{
	if (m->play != NULL)
		play_begin_masks(m);
	for (size_t i = 0; i < m->n_hosts; i++) {
		struct host *h = m->hosts[i];

		if (h->is_masking || h->worker == NULL)
			continue;
		h->is_masking = true;
		loop_post(h->worker->loop, begin_masks, h);
	}
}

void
muster_group_hosts(struct muster *m, bool masked, struct muster_groups *out)
{
	memset(out, 0, sizeof(*out));
	if (m->env.agree == NULL)
		return;
	if (masked)
		want_masks(m);
	agree_group(m->env.agree, masked ? AGREE_MASKED : AGREE_PLAIN, out);
}

void
muster_groups_clear(struct muster_groups *groups)
{
	free(groups->items);
	free(groups->hosts);
	memset(groups, 0, sizeof(*groups));
}

size_t
muster_branches(struct muster *m, bool masked, size_t *n_lines,
    struct muster_branch *out, size_t max)
{
	*n_lines = 0;
	if (m->env.agree == NULL)
		return 0;
	return agree_branches(m->env.agree, masked ? AGREE_MASKED : AGREE_PLAIN,
	    n_lines, out, max);
}
