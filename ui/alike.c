/*
 * alike.c -- who prints the same: as the engine has found it, in the order
 * in which people look at it.
 *
 * Room: ui.  May touch: model.h, src/heap.h.
 */
#include "config.h"

#include "ui/alike.h"
#include "src/heap.h"
#include "ui/model.h"

#include <stdlib.h>
#include <string.h>

#define FOLDED_GROUPS 64  /* more of them are named by one host */
#define FOLDED_BYTES 1024 /* of names a group; nobody reads on */
#define TEXT_BYTES 256

static void
clear_items(struct alike *g)
{
	for (size_t i = 0; i < g->n; i++)
		free(g->items[i].folded);
	free(g->items);
	free(g->hosts);
	g->items = NULL;
	g->hosts = NULL;
	g->n = g->n_grouped = 0;
}

static void
clear_branches(struct alike *g)
{
	for (size_t i = 0; i < g->n_branches; i++)
		free(g->branches[i].text);
	g->n_branches = 0;
}

void
alike_clear(struct alike *g)
{
	clear_items(g);
	clear_branches(g);
	memset(g, 0, sizeof(*g));
}

/* Hosts at work are in one group whatever they do just now. */
static enum badge
badge_of(const struct model *model, const struct group *group)
{
	enum badge least = BADGE_QUEUED;

	if (group->is_ended)
		return model->hosts[group->hosts[0]].badge;
	for (size_t i = 0; i < group->n_hosts; i++) {
		enum badge b = model->hosts[group->hosts[i]].badge;

		if (!badge_row(b)->is_end && b < least)
			least = b;
	}
	return least;
}

/* Well, at work, badly, in trouble. */
static int
rank(const struct group *g)
{
	if (!g->is_ended)
		return 1;
	switch (g->badge) {
	case BADGE_OK:
		return 0;
	case BADGE_FAILED:
	case BADGE_SIGNAL:
		return 2;
	default:
		return 3;
	}
}

static int
compare(const void *a, const void *b)
{
	const struct group *x = a, *y = b;
	int c = rank(x) - rank(y);

	if (c != 0)
		return c;
	if (x->n_hosts != y->n_hosts)
		return x->n_hosts > y->n_hosts ? -1 : 1;
	return x->hosts[0] < y->hosts[0] ? -1 : x->hosts[0] > y->hosts[0];
}

static char *
fold(const struct model *model, const struct group *group)
{
	const char **names = heap_array(group->n_hosts, sizeof(*names));
	char clean[FOLDED_BYTES];
	struct muster_error err;
	char *text;

	for (size_t i = 0; i < group->n_hosts; i++)
		names[i] = model->hosts[group->hosts[i]].name;
	text = muster_fold(names, group->n_hosts, NULL, &err);
	free(names);
	(void)muster_clean_text(clean, sizeof(clean), text != NULL ? text : "",
	    text != NULL ? strlen(text) : 0);
	muster_string_free(text);
	return heap_strdup(clean);
}

static void
take_items(struct alike *g, const struct model *model,
    const struct muster_groups *from)
{
	uint32_t *next;

	for (size_t i = 0; i < from->n; i++)
		g->n_grouped += from->items[i].n_hosts;
	g->hosts = next = heap_array(g->n_grouped + 1, sizeof(*g->hosts));
	g->items = heap_array(from->n + 1, sizeof(*g->items));
	for (size_t i = 0; i < from->n; i++) {
		const struct muster_group *f = &from->items[i];
		struct group *to = &g->items[g->n];

		if (f->n_hosts == 0 ||
		    f->hosts[f->n_hosts - 1] >= model->n_hosts)
			continue;
		memcpy(next, f->hosts, f->n_hosts * sizeof(*next));
		*to = (struct group){.hosts = next,
		    .n_hosts = f->n_hosts,
		    .n_lines = f->n_lines,
		    .is_ended = f->is_ended};
		to->badge = badge_of(model, to);
		next += f->n_hosts;
		g->n++;
	}
}

void
alike_set(struct alike *g, struct model *model,
    const struct muster_groups *from, bool masked)
{
	clear_items(g);
	g->is_masked = masked;
	take_items(g, model, from);
	qsort(g->items, g->n, sizeof(*g->items), compare);
	for (size_t i = 0; i < model->n_hosts; i++)
		model->hosts[i].group = 0;
	for (size_t i = 0; i < g->n; i++) {
		struct group *item = &g->items[i];

		if (i < FOLDED_GROUPS)
			item->folded = fold(model, item);
		else
			item->folded =
			    heap_strdup(model->hosts[item->hosts[0]].name);
		for (size_t j = 0; j < item->n_hosts; j++)
			model->hosts[item->hosts[j]].group = (uint32_t)i + 1;
	}
}

/* ---- where outputs part ---- */

static char *
take_known_text(struct alike *old, size_t host)
{
	for (size_t i = 0; i < old->n_branches; i++) {
		char *text = old->branches[i].text;

		if (old->branches[i].host != host || text == NULL)
			continue;
		old->branches[i].text = NULL;
		return text;
	}
	return NULL;
}

void
alike_set_branches(struct alike *g, size_t n_common,
    const struct muster_branch *branches, size_t n)
{
	struct alike old = *g;

	if (n > ALIKE_BRANCHES)
		n = ALIKE_BRANCHES;
	for (size_t i = 0; i < n; i++)
		g->branches[i] =
		    (struct group_branch){.n_hosts = branches[i].n_hosts,
			.host = branches[i].host,
			.is_ended = branches[i].is_ended,
			.text = n_common == old.n_common
				    ? take_known_text(&old, branches[i].host)
				    : NULL};
	g->n_branches = n;
	g->n_common = n_common;
	clear_branches(&old);
}

void
alike_set_text(
    struct alike *g, size_t host, const struct muster_snapshot *snapshot)
{
	char text[TEXT_BYTES] = "";

	if (snapshot->n_lines > 0)
		(void)muster_clean_text(text, sizeof(text),
		    snapshot->lines[0].line.text, snapshot->lines[0].line.len);
	for (size_t i = 0; i < g->n_branches; i++) {
		if (g->branches[i].host != host)
			continue;
		free(g->branches[i].text);
		g->branches[i].text = heap_strdup(text);
	}
}

size_t
alike_find(const struct alike *g, const struct model *model, size_t host)
{
	uint32_t group = host < model->n_hosts ? model->hosts[host].group : 0;

	return group > 0 && group <= g->n ? group - 1 : g->n;
}
