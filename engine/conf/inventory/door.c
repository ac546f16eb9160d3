/*
 * door.c -- an inventory as other programs hold it.
 *
 * Room: engine/conf/inventory.  May touch: base, conf.
 */
#include "config.h"

#include "conf/inventory/door.h"
#include "base/map.h"
#include "base/mem.h"
#include "conf/inventory/formats.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct muster_inventory *
muster_inventory_new(void)
{
	struct muster_inventory *i = mem_new(sizeof(*i));

	inventory_init(&i->inv);
	return i;
}

void
muster_inventory_free(struct muster_inventory *inventory)
{
	if (inventory == NULL)
		return;
	inventory_clear(&inventory->inv);
	free(inventory);
}

int
muster_inventory_add(struct muster_inventory *inventory, const char *source,
    struct muster_error *err)
{
	int rc;

	assert(inventory != NULL);
	rc = source == NULL ? inventory_read_defaults(&inventory->inv, err)
			    : inventory_read(&inventory->inv, source, err);
	if (err != NULL)
		err->at = MUSTER_NOWHERE;
	return rc == 0 ? inventory_finish(&inventory->inv, err) : -1;
}

/* ---- names ---- */

static void
add_name(struct muster_names *names, size_t *cap, const char *name)
{
	mem_grow(&names->items, cap, names->n + 1, sizeof(*names->items));
	names->items[names->n++] = mem_strdup(name);
}

static bool
has_name(const struct muster_names *names, const char *name)
{
	for (size_t i = 0; i < names->n; i++)
		if (strcmp(names->items[i], name) == 0)
			return true;
	return false;
}

static int
compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Sorts the names and drops those that are there twice. */
static void
sort_names(struct muster_names *names)
{
	size_t kept = 0;

	if (names->n > 0)
		qsort(names->items, names->n, sizeof(*names->items),
		    compare_names);
	for (size_t i = 0; i < names->n; i++) {
		if (kept > 0 &&
		    strcmp(names->items[kept - 1], names->items[i]) == 0)
			free(names->items[i]);
		else
			names->items[kept++] = names->items[i];
	}
	names->n = kept;
}

void
muster_names_clear(struct muster_names *names)
{
	for (size_t i = 0; i < names->n; i++)
		free(names->items[i]);
	free(names->items);
	*names = (struct muster_names){.n = 0};
}

/* Adds the groups that the command of a source lists. */
static int
add_listed(const struct inventory_source *s, struct muster_names *out,
    size_t *cap, struct muster_error *err)
{
	struct muster_error none;
	char *list, *rest, *name;

	if (err == NULL)
		err = &none;
	err->code = MUSTER_ERR_NONE;
	list = s->list == NULL ? NULL : s->list(s->ctx, err);
	if (list == NULL)
		return err->code == MUSTER_ERR_NONE ? 0 : -1;
	rest = list;
	while ((name = strsep(&rest, " \t\r\n,")) != NULL)
		if (*name != '\0')
			add_name(out, cap, name);
	free(list);
	return 0;
}

int
muster_inventory_groups(struct muster_inventory *inventory, const char *source,
    struct muster_names *out, struct muster_error *err)
{
	const struct inventory *inv = &inventory->inv;
	const char *wanted = source == NULL ? inv->default_source : source;
	size_t cap = 0;
	int rc = 0;

	*out = (struct muster_names){.n = 0};
	for (size_t i = 0; i < inv->n_groups; i++) {
		const struct inventory_group *g = &inv->groups[i];

		if ((wanted != NULL && strcmp(g->source, wanted) == 0) ||
		    (source == NULL && g->is_open))
			add_name(out, &cap, g->name);
	}
	for (size_t i = 0; rc == 0 && wanted != NULL && i < inv->n_sources; i++)
		if (strcmp(inv->sources[i].name, wanted) == 0)
			rc = add_listed(&inv->sources[i], out, &cap, err);
	sort_names(out);
	if (rc != 0)
		muster_names_clear(out);
	return rc;
}

void
muster_inventory_sources(
    const struct muster_inventory *inventory, struct muster_names *out)
{
	const struct inventory *inv = &inventory->inv;
	size_t cap = 0;

	*out = (struct muster_names){.n = 0};
	if (inv->default_source != NULL)
		add_name(out, &cap, inv->default_source);
	for (size_t i = 0; i < inv->n_groups; i++)
		if ((i == 0 ||
			inv->groups[i].source != inv->groups[i - 1].source) &&
		    !has_name(out, inv->groups[i].source))
			add_name(out, &cap, inv->groups[i].source);
	for (size_t i = 0; i < inv->n_sources; i++)
		if (!has_name(out, inv->sources[i].name))
			add_name(out, &cap, inv->sources[i].name);
}

const char *
muster_inventory_value(const struct muster_inventory *inventory,
    const char *host, const char *variable)
{
	return inventory_value(&inventory->inv, host, variable);
}

void
muster_inventory_ignored(
    const struct muster_inventory *inventory, struct muster_names *out)
{
	const char *name;
	void *at = NULL;
	size_t cap = 0;

	*out = (struct muster_names){.n = 0};
	while (map_next(inventory->inv.ignored, &at, &name, NULL) != NULL)
		add_name(out, &cap, name);
	sort_names(out);
}
