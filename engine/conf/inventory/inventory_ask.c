/*
 * inventory_ask.c -- the groups of an inventory, asked for by expressions.
 *
 * Room: engine/conf/inventory.  May touch: base, conf.
 */
#include "config.h"

#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/str.h"
#include "conf/hostexpr.h"
#include "conf/inventory/inventory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- groups ---- */

/* Puts the group in front of an error found in what it is; only the
 * innermost one. */
static void
blame_group(struct inventory *inv, const struct inventory_group *g,
    struct muster_error *err)
{
	if (!inv->is_blamed)
		(void)err_prefix(err, "%s%sgroup '%s:%s'",
		    g->where == NULL ? "" : g->where,
		    g->where == NULL ? "" : ": ", g->source, g->name);
	inv->is_blamed = true;
}

/* Evaluates an expression, or a file of them, that is what a source says
 * about one of its groups. Names of groups in it are of the same source. */
static int
add_text(struct inventory *inv, const struct inventory_group *g,
    struct hostlist *out, struct muster_error *err)
{
	const struct hostexpr_resolver resolver = {
	    .ctx = inv,
	    .group = inventory_resolve_group,
	    .all = inventory_resolve_all,
	    .suggest = inventory_suggest,
	};
	const struct hostexpr_options options = {
	    .resolver = &resolver,
	};
	const char *saved = inv->default_source;
	struct hostlist list;
	int rc;

	if (inv->depth == 0)
		inv->is_blamed = false;
	if (inv->depth >= LIMIT_GROUP_DEPTH) {
		inv->is_blamed = true;
		return err_set(err, MUSTER_ERR_SYNTAX,
		    "group '%s:%s' is within itself", g->source, g->name);
	}
	inv->depth++;
	inv->default_source = g->source;
	hostlist_init(&list, out->max, false);
	rc = g->file != NULL
		 ? hostexpr_expand_file(g->file, &options, &list, err)
		 : hostexpr_expand(g->expr, &options, &list, err);
	if (rc != 0 && err->code == MUSTER_ERR_EMPTY)
		rc = 0;
	if (rc != 0)
		blame_group(inv, g, err);
	else
		(void)hostlist_append(out, &list);
	hostlist_clear(&list);
	inv->default_source = saved;
	inv->depth--;
	return rc;
}

/* Adds what the walk `walk` has not come by yet. */
static int
add_group(struct inventory *inv, size_t index, unsigned walk,
    struct hostlist *out, struct muster_error *err)
{
	struct inventory_group *g = &inv->groups[index];
	int rc = 0;

	if (g->is_busy)
		return err_set(err, MUSTER_ERR_SYNTAX,
		    "group '%s:%s' is within itself", g->source, g->name);
	if (g->walk == walk)
		return 0;
	g->walk = walk;
	g->is_busy = true;
	for (size_t i = 0; i < g->hosts.n; i++)
		(void)hostlist_add(out, &inv->hosts.items[g->hosts.items[i]]);
	for (size_t i = 0; rc == 0 && i < g->children.n; i++)
		rc = add_group(inv, g->children.items[i], walk, out, err);
	if (rc == 0 && (g->expr != NULL || g->file != NULL))
		rc = add_text(inv, g, out, err);
	g->is_busy = false;
	return rc;
}

int
inventory_add_group(struct inventory *inv, size_t index, struct hostlist *out,
    struct muster_error *err)
{
	return add_group(inv, index, ++inv->walk, out, err);
}

static const struct inventory_source *
find_source(const struct inventory *inv, const char *name)
{
	if (name == NULL)
		name = inv->default_source;
	for (size_t i = 0; name != NULL && i < inv->n_sources; i++)
		if (strcmp(inv->sources[i].name, name) == 0)
			return &inv->sources[i];
	return NULL;
}

/* Evaluates an answer of a source, which is freed. 0 for no answer. */
static int
add_answer(struct inventory *inv, const char *source, const char *name,
    char *answer, struct hostlist *out, struct muster_error *err)
{
	struct inventory_group g = {
	    .source = source, .name = name, .expr = answer};
	int rc;

	if (answer == NULL)
		return err->code == MUSTER_ERR_NONE ? 0 : -1;
	rc = add_text(inv, &g, out, err);
	free(answer);
	return rc == 0 ? 1 : -1;
}

int
inventory_resolve_group(void *ctx, const char *source, const char *name,
    struct hostlist *out, struct muster_error *err)
{
	struct inventory *inv = ctx;
	size_t index = inventory_find_group(inv, source, name);
	const struct inventory_source *s = find_source(inv, source);
	struct muster_error none = {.code = MUSTER_ERR_NONE};

	if (err == NULL)
		err = &none;
	if (index != MUSTER_NOWHERE)
		return inventory_add_group(inv, index, out, err) == 0 ? 1 : -1;
	if (s == NULL || s->map == NULL)
		return 0;
	err->code = MUSTER_ERR_NONE;
	return add_answer(
	    inv, s->name, name, s->map(s->ctx, name, err), out, err);
}

/* ---- all ---- */

/* Every group of a source that is in memory: its group "all", if it has
 * one. Returns 0 when it has no group. */
static int
add_all_static(struct inventory *inv, const char *source, struct hostlist *out,
    struct muster_error *err)
{
	size_t all = inventory_find_group(inv, source, "all");
	int found = 0;

	if (all != MUSTER_NOWHERE)
		return inventory_add_group(inv, all, out, err) == 0 ? 1 : -1;
	for (size_t i = 0; i < inv->n_groups; i++) {
		if (strcmp(inv->groups[i].source, source) != 0)
			continue;
		if (inventory_add_group(inv, i, out, err) != 0)
			return -1;
		found = 1;
	}
	return found;
}

/* All groups that a source lists, one after the other. */
static int
add_listed(struct inventory *inv, const struct inventory_source *s,
    struct hostlist *out, struct muster_error *err)
{
	char *list = s->list == NULL ? NULL : s->list(s->ctx, err);
	char *rest = list, *name;
	int rc = 1;

	if (list == NULL)
		return err->code == MUSTER_ERR_NONE ? 0 : -1;
	while (rc >= 0 && (name = strsep(&rest, " \t\n,")) != NULL)
		if (*name != '\0')
			rc = inventory_resolve_group(
			    inv, s->name, name, out, err);
	free(list);
	return rc < 0 ? -1 : 1;
}

static int
add_all_of(struct inventory *inv, const char *source, struct hostlist *out,
    struct muster_error *err)
{
	const struct inventory_source *s = find_source(inv, source);
	char *answer;

	if (s == NULL)
		return add_all_static(inv, source, out, err);
	err->code = MUSTER_ERR_NONE;
	if (s->all == NULL)
		return add_listed(inv, s, out, err);
	answer = s->all(s->ctx, err);
	if (answer == NULL && err->code == MUSTER_ERR_NONE)
		return add_listed(inv, s, out, err);
	return add_answer(inv, s->name, "*", answer, out, err);
}

/* Open groups whose hosts are not in inv->hosts. */
static int
add_open(struct inventory *inv, struct hostlist *out, struct muster_error *err)
{
	for (size_t i = 0; i < inv->n_groups; i++) {
		const struct inventory_group *g = &inv->groups[i];

		if (g->is_open && (g->expr != NULL || g->file != NULL) &&
		    inventory_add_group(inv, i, out, err) != 0)
			return -1;
	}
	return 0;
}

int
inventory_resolve_all(void *ctx, const char *source, struct hostlist *out,
    struct muster_error *err)
{
	struct inventory *inv = ctx;
	struct muster_error none = {.code = MUSTER_ERR_NONE};

	if (err == NULL)
		err = &none;
	if (source == NULL && inv->depth > 0)
		source = inv->default_source;
	if (source != NULL)
		return add_all_of(inv, source, out, err);
	(void)hostlist_append(out, &inv->hosts);
	if (add_open(inv, out, err) != 0)
		return -1;
	if (inv->default_source != NULL &&
	    add_all_of(inv, inv->default_source, out, err) < 0)
		return -1;
	return inv->hosts.n > 0 || inv->n_groups > 0 ||
	       inv->default_source != NULL;
}

/* ---- near misses ---- */

/* The best so far of names close to one. */
struct nearest {
	const char *name;
	size_t distance;
	char *out;
	size_t size;
};

/* Offers a group of a source, or of none (NULL), which is enough of a name. */
static void
offer(struct nearest *n, const char *source, const char *candidate)
{
	size_t distance = str_distance(n->name, candidate);

	if (distance >= n->distance)
		return;
	n->distance = distance;
	(void)snprintf(n->out, n->size, "%s%s%s", source == NULL ? "" : source,
	    source == NULL ? "" : ":", candidate);
}

/* Offers the groups that were read from a source, or from any (NULL). */
static void
offer_groups(const struct inventory *inv, struct nearest *n, const char *source)
{
	for (size_t i = 0; i < inv->n_groups; i++) {
		const struct inventory_group *g = &inv->groups[i];

		if (source != NULL && strcmp(g->source, source) != 0)
			continue;
		offer(n, source != NULL || g->is_open ? source : g->source,
		    g->name);
	}
}

/* Offers what a source lists when it is asked. */
static void
offer_listed(const struct inventory *inv, struct nearest *n, const char *source)
{
	const struct inventory_source *s = find_source(inv, source);
	struct muster_error err = {.code = MUSTER_ERR_NONE};
	char *list = NULL, *rest, *word;

	if (s != NULL && s->list != NULL)
		list = s->list(s->ctx, &err);
	rest = list;
	while ((word = strsep(&rest, " \t\n,")) != NULL)
		if (*word != '\0')
			offer(n, source, word);
	free(list);
}

/* Puts "source:name" with the source that is nearly called so into out. */
static bool
suggest_source(const struct inventory *inv, const char *source,
    const char *name, char *out, size_t size)
{
	size_t limit = strlen(source) / 3 + 2, best = limit;

	for (size_t i = 0; i < inv->n_sources; i++) {
		const char *other = inv->sources[i].name;
		size_t distance = str_distance(source, other);

		if (distance == 0 || distance >= best)
			continue;
		best = distance;
		(void)snprintf(out, size, "%s:%s", other, name);
	}
	return best < limit;
}

int
inventory_suggest(
    void *ctx, const char *source, const char *name, char *out, size_t size)
{
	/* A name with more than a third of it wrong is another name. */
	size_t limit = strlen(name) / 3 + 2;
	struct nearest n = {name, limit, out, size};

	offer_groups(ctx, &n, source);
	offer_listed(ctx, &n, source);
	if (n.distance < limit || source == NULL)
		return n.distance < limit;
	if (find_source(ctx, source) == NULL &&
	    suggest_source(ctx, source, name, out, size))
		return true;
	offer_groups(ctx, &n, NULL);
	return n.distance < limit;
}

/* ---- hosts ---- */

static void
walk_group(struct inventory *inv, size_t index, unsigned walk,
    void (*each)(void *ctx, size_t host), void *ctx)
{
	struct inventory_group *g = &inv->groups[index];

	if (g->walk == walk)
		return;
	g->walk = walk;
	for (size_t i = 0; i < g->hosts.n; i++)
		each(ctx, g->hosts.items[i]);
	for (size_t i = 0; i < g->children.n; i++)
		walk_group(inv, g->children.items[i], walk, each, ctx);
}

void
inventory_walk(struct inventory *inv, size_t group,
    void (*each)(void *ctx, size_t host), void *ctx)
{
	walk_group(inv, group, ++inv->walk, each, ctx);
}

const struct inventory_host *
inventory_about(const struct inventory *inv, const char *name)
{
	const struct hostref ref = {.host = name};
	size_t index = hostlist_find(&inv->hosts, &ref);

	return index == SIZE_MAX ? NULL : &inv->about[index];
}
