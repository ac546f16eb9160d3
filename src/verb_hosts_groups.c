/*
 * verb_hosts_groups.c -- muster hosts -l, -ll and -r: groups.
 *
 * Room: src.  May touch: muster.h, complain.h, exitcode.h, heap.h, hostset.h,
 * names.h, text.h.
 */
#include "config.h"

#include "src/verb_hosts.h"

#include "src/complain.h"
#include "src/exitcode.h"
#include "src/heap.h"
#include "src/hostset.h"
#include "src/names.h"

#include <stdlib.h>
#include <string.h>

/* A group and its hosts. */
struct group {
	const char *name; /* borrowed */
	struct muster_hosts hosts;
};

struct groups {
	struct muster_names names;
	struct group *items; /* owned; as many */
};

static void
clear_groups(struct groups *g)
{
	for (size_t i = 0; g->items != NULL && i < g->names.n; i++)
		muster_hosts_clear(&g->items[i].hosts);
	free(g->items);
	muster_names_clear(&g->names);
}

static int
expand_group(const struct muster_expand_options *o, struct group *group)
{
	struct muster_expand_options inner = {
	    .inventory = o->inventory,
	    .allow_empty = true,
	    .names_only = true,
	};
	struct text expr = {0};
	struct muster_error err;
	int rc = EXITCODE_OK;

	text_addf(&expr, "@%s", group->name);
	if (muster_expand(text_str(&expr), &inner, &group->hosts, &err) != 0)
		rc = hostset_refuse(text_str(&expr), &err);
	text_clear(&expr);
	return rc;
}

/* Takes the hosts of every group. */
static int
open_groups(const struct muster_expand_options *o, struct groups *g)
{
	struct muster_error err;
	int rc = EXITCODE_OK;

	*g = (struct groups){.items = NULL};
	if (muster_inventory_groups(o->inventory, NULL, &g->names, &err) != 0) {
		complain("%s", err.text);
		return complain_exitcode(&err);
	}
	g->items = heap_array(g->names.n + 1, sizeof(*g->items));
	for (size_t i = 0; rc == EXITCODE_OK && i < g->names.n; i++) {
		g->items[i].name = g->names.items[i];
		rc = expand_group(o, &g->items[i]);
	}
	return rc;
}

static int
compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The names of a list, sorted; heap, the names are lent. */
static const char **
sort_names(const struct muster_hosts *hosts)
{
	const char **names = heap_array(hosts->n + 1, sizeof(*names));

	for (size_t i = 0; i < hosts->n; i++)
		names[i] = hosts->items[i].name;
	qsort(names, hosts->n, sizeof(*names), compare_names);
	return names;
}

/* How many hosts of a group are among `n` sorted names. */
static size_t
count_among(
    const struct muster_hosts *group, const char *const *names, size_t n)
{
	size_t found = 0;

	for (size_t i = 0; i < group->n; i++)
		found += bsearch(&group->items[i].name, names, n,
			     sizeof(*names), compare_names) != NULL;
	return found;
}

static void
add_folded(const struct muster_hosts *hosts, struct text *out)
{
	const char **names = sort_names(hosts);

	names_fold(names, hosts->n, out);
	free(names);
}

int
verb_hosts_list(const struct muster_expand_options *o,
    const struct muster_hosts *hosts, bool with_hosts, struct text *out)
{
	const char **names = hosts == NULL ? NULL : sort_names(hosts);
	struct groups g;
	int rc = open_groups(o, &g);

	for (size_t i = 0; rc == EXITCODE_OK && i < g.names.n; i++) {
		const struct group *group = &g.items[i];

		if (names != NULL &&
		    count_among(&group->hosts, names, hosts->n) == 0)
			continue;
		text_addf(out, "@%s", group->name);
		if (with_hosts) {
			text_adds(out, " ");
			add_folded(&group->hosts, out);
		}
		text_adds(out, "\n");
	}
	clear_groups(&g);
	free(names);
	return rc;
}

/* The larger group first, then by name. */
static int
compare_sizes(const void *a, const void *b)
{
	const struct group *x = a, *y = b;

	if (x->hosts.n != y->hosts.n)
		return x->hosts.n > y->hosts.n ? -1 : 1;
	return strcmp(x->name, y->name);
}

/* Removes the hosts of a group from the `n` sorted names. */
static size_t
remove_group(const struct muster_hosts *group, const char **names, size_t n)
{
	const char **sorted = sort_names(group);
	size_t kept = 0;

	for (size_t i = 0; i < n; i++)
		if (bsearch(&names[i], sorted, group->n, sizeof(*sorted),
			compare_names) == NULL)
			names[kept++] = names[i];
	free(sorted);
	return kept;
}

int
verb_hosts_regroup(const struct muster_expand_options *o,
    const struct muster_hosts *hosts, struct text *out)
{
	const char **all = sort_names(hosts), **left = sort_names(hosts);
	size_t n = hosts->n;
	struct groups g;
	int rc = open_groups(o, &g);

	if (rc == EXITCODE_OK)
		qsort(g.items, g.names.n, sizeof(*g.items), compare_sizes);
	for (size_t i = 0; rc == EXITCODE_OK && i < g.names.n; i++) {
		const struct muster_hosts *group = &g.items[i].hosts;

		if (group->n == 0 ||
		    count_among(group, all, hosts->n) < group->n ||
		    count_among(group, left, n) == 0)
			continue;
		text_addf(
		    out, "%s@%s", out->len > 0 ? "," : "", g.items[i].name);
		n = remove_group(group, left, n);
	}
	if (n > 0 && out->len > 0)
		text_adds(out, ",");
	if (n > 0)
		names_fold(left, n, out);
	text_adds(out, "\n");
	clear_groups(&g);
	free(all);
	free(left);
	return rc;
}
