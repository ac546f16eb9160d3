/*
 * past.c -- a run that was written down, host by host.
 *
 * Room: src.  May touch: muster.h, exitcode.h, heap.h.
 */
#include "config.h"

#include "src/past.h"

#include "src/exitcode.h"
#include "src/heap.h"

#include <stdlib.h>
#include <string.h>

/* A run that went on with another. */
struct past_later {
	struct past past; /* owned */
	size_t *places;   /* owned; of the first one's hosts, in this */
};

static void
find_orders(struct past *p)
{
	size_t n = p->about->n_hosts;

	p->orders = heap_array(n, sizeof(*p->orders));
	for (size_t h = 0; h < n; h++)
		p->orders[h] = MUSTER_NOWHERE;
	for (size_t o = 0; o < p->about->n_orders; o++)
		for (size_t h = 0; h < n; h++)
			if (muster_run_was_asked(p->run, o, h))
				p->orders[h] = o;
}

static int
open_in(struct past *p, const char *folder, const char *name,
    struct muster_error *err)
{
	*p = (struct past){0};
	p->run = muster_run_open(folder, name, err);
	if (p->run == NULL)
		return -1;
	p->about = muster_run_about(p->run);
	find_orders(p);
	return 0;
}

int
past_open(struct past *p, const char *name, struct muster_error *err)
{
	char *folder = muster_runs_folder(err);
	int rc = -1;

	*p = (struct past){0};
	if (folder != NULL)
		rc = open_in(p, folder, name, err);
	muster_string_free(folder);
	return rc;
}

void
past_close(struct past *p)
{
	for (size_t i = 0; i < p->n_later; i++) {
		past_close(&p->later[i].past);
		free(p->later[i].places);
	}
	free(p->later);
	muster_run_free(p->run);
	free(p->orders);
	*p = (struct past){0};
}

/* ---- what went on with it ---- */

/* The first of all, as far as they are still there. */
static void
climb(struct past *p, const char *folder)
{
	struct past parent;

	while (p->about->parent != NULL &&
	       open_in(&parent, folder, p->about->parent, NULL) == 0) {
		past_close(p);
		*p = parent;
	}
}

static bool
is_of_chain(const struct past *p, const char *parent)
{
	if (parent == NULL)
		return false;
	for (size_t i = 0; i < p->n_later; i++)
		if (strcmp(p->later[i].past.about->id, parent) == 0)
			return true;
	return strcmp(p->about->id, parent) == 0;
}

static void
add_later(struct past *p, const struct past *later)
{
	struct past_later *l;
	size_t n = p->about->n_hosts;

	heap_grow(&p->later, &p->cap_later, p->n_later + 1, sizeof(*p->later));
	l = &p->later[p->n_later++];
	l->past = *later;
	l->places = heap_array(n, sizeof(*l->places));
	for (size_t h = 0; h < n; h++)
		l->places[h] =
		    past_find(&l->past, muster_run_host(p->run, h)->name);
}

/* Names of runs are in the order of time. */
static void
find_later(struct past *p, const char *folder)
{
	struct muster_names ids;

	if (muster_runs_list(folder, &ids, NULL) != 0)
		return;
	for (size_t i = 0; i < ids.n; i++) {
		struct past later;

		if (strcmp(ids.items[i], p->about->id) <= 0 ||
		    open_in(&later, folder, ids.items[i], NULL) != 0)
			continue;
		if (is_of_chain(p, later.about->parent))
			add_later(p, &later);
		else
			past_close(&later);
	}
	muster_names_clear(&ids);
}

int
past_open_chain(struct past *p, const char *name, struct muster_error *err)
{
	char *folder = muster_runs_folder(err);
	int rc = -1;

	*p = (struct past){0};
	if (folder != NULL)
		rc = open_in(p, folder, name, err);
	if (rc == 0) {
		climb(p, folder);
		find_later(p, folder);
	}
	muster_string_free(folder);
	return rc;
}

const char *
past_damage(const struct past *p)
{
	const char *damage = p->about->damage;

	for (size_t i = 0; i < p->n_later && damage == NULL; i++)
		damage = p->later[i].past.about->damage;
	return damage;
}

bool
past_is_running(const struct past *p)
{
	bool is_running = p->about->is_running;

	for (size_t i = 0; i < p->n_later; i++)
		is_running |= p->later[i].past.about->is_running;
	return is_running;
}

/* ---- host by host ---- */

/* Whether something became of it there: one that was withdrawn was left as it
 * was. */
static bool
had_its_turn(const struct past *p, size_t host)
{
	enum muster_outcome outcome;

	if (host == MUSTER_NOWHERE || p->orders[host] == MUSTER_NOWHERE)
		return false;
	outcome = muster_run_result(p->run, p->orders[host], host)->outcome;
	return outcome != MUSTER_PENDING && outcome != MUSTER_CANCELLED;
}

const struct muster_result *
past_result(const struct past *p, size_t host)
{
	static const struct muster_result pending;

	for (size_t i = p->n_later; i-- > 0;) {
		const struct past_later *l = &p->later[i];

		if (had_its_turn(&l->past, l->places[host]))
			return past_result(&l->past, l->places[host]);
	}
	return p->orders[host] == MUSTER_NOWHERE
		   ? &pending
		   : muster_run_result(p->run, p->orders[host], host);
}

int
past_exitcode(const struct past *p)
{
	struct exitcode_facts facts = {0};

	if (p->about->is_closed)
		return p->about->exitcode;
	for (size_t h = 0; h < p->about->n_hosts; h++)
		exitcode_add(&facts, past_result(p, h));
	return exitcode_choose(&facts, false);
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
