/*
 * extra.c -- variables that mean nothing here, but something to a person.
 *
 * Room: engine/conf/inventory.  May touch: base, conf.
 * A host has few of them: they lie in a list.
 */
#include "config.h"

#include "base/map.h"
#include "base/mem.h"
#include "conf/inventory/inventory.h"

#include <stdint.h>

static struct inventory_extra *
find(const struct inventory *inv, uint32_t list, unsigned var)
{
	while (list != 0 && inv->extras[list - 1].var != var)
		list = inv->extras[list - 1].next;
	return list != 0 ? &inv->extras[list - 1] : NULL;
}

/* The one in a list, which is made when new. */
static struct inventory_extra *
get(struct inventory *inv, uint32_t *list, unsigned var)
{
	struct inventory_extra *e = find(inv, *list, var);

	if (e != NULL)
		return e;
	mem_grow(&inv->extras, &inv->cap_extras, inv->n_extras + 1,
	    sizeof(*inv->extras));
	e = &inv->extras[inv->n_extras++];
	*e = (struct inventory_extra){.next = *list, .var = var};
	*list = (uint32_t)inv->n_extras;
	return e;
}

void
inventory_set_extra(
    struct inventory *inv, uint32_t *list, unsigned var, const char *value)
{
	struct inventory_extra *e = get(inv, list, var);

	e->value = arena_strdup(&inv->text, value);
	e->own = true;
}

void
inventory_pass_extra(
    struct inventory *inv, uint32_t from, struct inventory_host *to)
{
	for (; from != 0; from = inv->extras[from - 1].next) {
		unsigned var = inv->extras[from - 1].var;
		struct inventory_extra *e = get(inv, &to->extra, var);

		if (!e->own)
			e->value = inv->extras[from - 1].value;
	}
}

const char *
inventory_value(const struct inventory *inv, const char *host, const char *name)
{
	const struct inventory_host *about = inventory_about(inv, host);
	uintptr_t var = (uintptr_t)map_gets(inv->ignored, name);
	const struct inventory_extra *e;

	if (about == NULL || var == 0)
		return NULL;
	e = find(inv, about->extra, (unsigned)var);
	return e != NULL ? e->value : NULL;
}
