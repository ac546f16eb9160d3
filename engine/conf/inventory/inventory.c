/*
 * inventory.c -- hosts, their groups and what is known about them: filling.
 *
 * Room: engine/conf/inventory.  May touch: base, conf.
 * Variables of groups reach their hosts when all is read: the deeper group
 * wins, then the higher priority, then the later name, as Ansible has it.
 */
#include "config.h"

#include "base/err.h"
#include "base/limits.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/str.h"
#include "conf/hostname.h"
#include "conf/inventory/inventory.h"
#include "conf/inventory/sshargs.h"

#include <stdlib.h>
#include <string.h>

void
inventory_init(struct inventory *inv)
{
	*inv = (struct inventory){.by_name = map_new(), .ignored = map_new()};
	hostlist_init(&inv->hosts, LIMIT_INVENTORY_HOSTS, false);
	arena_init(&inv->text);
}

void
inventory_clear(struct inventory *inv)
{
	for (size_t i = 0; i < inv->n_sources; i++)
		inv->sources[i].free_ctx(inv->sources[i].ctx);
	for (size_t i = 0; i < inv->n_groups; i++) {
		free(inv->groups[i].hosts.items);
		free(inv->groups[i].children.items);
	}
	free(inv->sources);
	free(inv->groups);
	free(inv->about);
	free(inv->extras);
	map_free(inv->by_name, NULL);
	map_free(inv->ignored, NULL);
	hostlist_clear(&inv->hosts);
	arena_clear(&inv->text);
	*inv = (struct inventory){0};
}

/* ---- hosts and groups ---- */

int
inventory_add_host(struct inventory *inv, const struct hostref *ref,
    size_t *index, struct muster_error *err)
{
	size_t n = inv->hosts.n;

	if (!hostname_is_valid(ref->host))
		return err_set(err, MUSTER_ERR_SYNTAX,
		    "not a host name: '%.80s'", ref->host);
	if (!hostlist_add(&inv->hosts, ref))
		return err_set(err, MUSTER_ERR_LIMIT, "more than %d hosts",
		    LIMIT_INVENTORY_HOSTS);
	if (inv->hosts.n == n) {
		*index = hostlist_find(&inv->hosts, ref);
		return 0;
	}
	mem_grow(&inv->about, &inv->cap_about, n + 1, sizeof(*inv->about));
	inv->about[n] = (struct inventory_host){.own = 0};
	*index = n;
	return 0;
}

static void
add_index(struct inventory_indexes *list, size_t index)
{
	mem_grow(&list->items, &list->cap, list->n + 1, sizeof(index));
	list->items[list->n++] = index;
}

/* Writes "source:name", the key of a group, into dst[LIMIT_GROUP_KEY]; one
 * that is too long is cut. Returns its length. */
static size_t
make_key(char *dst, const char *source, const char *name)
{
	size_t n = strnlen(source, LIMIT_GROUP_KEY / 2);
	size_t m = strnlen(name, LIMIT_GROUP_KEY / 2 - 1);

	memcpy(dst, source, n);
	dst[n] = ':';
	memcpy(dst + n + 1, name, m);
	return n + 1 + m;
}

static size_t
find_key(const struct inventory *inv, const char *source, const char *name)
{
	char key[LIMIT_GROUP_KEY];
	size_t len = make_key(key, source, name);
	uintptr_t found = (uintptr_t)map_get(inv->by_name, key, len);

	return found == 0 ? MUSTER_NOWHERE : found - 1;
}

static void
put_key(
    struct inventory *inv, const char *source, const char *name, size_t index)
{
	char key[LIMIT_GROUP_KEY];
	size_t len = make_key(key, source, name);

	(void)map_put(inv->by_name, key, len, (void *)(uintptr_t)(index + 1));
}

size_t
inventory_get_group(struct inventory *inv, const char *source, const char *name,
    const char *where)
{
	size_t index = find_key(inv, source, name);

	if (index != MUSTER_NOWHERE)
		return index;
	index = inv->n_groups++;
	mem_grow(&inv->groups, &inv->cap_groups, inv->n_groups,
	    sizeof(*inv->groups));
	inv->groups[index] = (struct inventory_group){
	    .source = arena_strdup(&inv->text, source),
	    .name = arena_strdup(&inv->text, name),
	    .where = arena_strdup(&inv->text, where),
	};
	put_key(inv, source, name, index);
	return index;
}

size_t
inventory_open_group(struct inventory *inv, const char *source,
    const char *name, const char *where)
{
	size_t index = inventory_get_group(inv, source, name, where);

	inv->groups[index].is_open = true;
	if (find_key(inv, "", name) == MUSTER_NOWHERE)
		put_key(inv, "", name, index);
	return index;
}

size_t
inventory_find_group(
    const struct inventory *inv, const char *source, const char *name)
{
	size_t index = MUSTER_NOWHERE;

	if (source != NULL)
		return find_key(inv, source, name);
	if (inv->default_source != NULL)
		index = find_key(inv, inv->default_source, name);
	return index != MUSTER_NOWHERE ? index : find_key(inv, "", name);
}

void
inventory_join(struct inventory *inv, size_t group, size_t host)
{
	struct inventory_indexes *hosts = &inv->groups[group].hosts;

	if (hosts->n == 0 || hosts->items[hosts->n - 1] != host)
		add_index(hosts, host);
}

void
inventory_nest(struct inventory *inv, size_t parent, size_t child)
{
	struct inventory_indexes *children = &inv->groups[parent].children;

	for (size_t i = 0; i < children->n; i++)
		if (children->items[i] == child)
			return;
	add_index(children, child);
}

void
inventory_add_source(
    struct inventory *inv, const struct inventory_source *source)
{
	mem_grow(&inv->sources, &inv->cap_sources, inv->n_sources + 1,
	    sizeof(*source));
	inv->sources[inv->n_sources++] = *source;
}

/* ---- variables ---- */

enum inventory_var
inventory_var_named(struct inventory *inv, const char *name)
{
	static const struct {
		const char *name;
		enum inventory_var var;
	} vars[] = {
	    {"ansible_host", INVENTORY_ADDRESS},
	    {"ansible_ssh_host", INVENTORY_ADDRESS},
	    {"ansible_port", INVENTORY_PORT},
	    {"ansible_ssh_port", INVENTORY_PORT},
	    {"ansible_user", INVENTORY_USER},
	    {"ansible_ssh_user", INVENTORY_USER},
	    {"ansible_private_key_file", INVENTORY_IDENTITY},
	    {"ansible_ssh_private_key_file", INVENTORY_IDENTITY},
	    {"ansible_ssh_common_args", INVENTORY_SSH_ARGS},
	    {"ansible_become", INVENTORY_BECOME},
	    {"ansible_become_user", INVENTORY_BECOME_USER},
	    {"ansible_become_method", INVENTORY_BECOME_METHOD},
	    {"muster_transport", INVENTORY_TRANSPORT},
	    {"ansible_group_priority", INVENTORY_PRIORITY},
	};

	uintptr_t number;

	for (size_t i = 0; i < sizeof(vars) / sizeof(vars[0]); i++)
		if (strcmp(vars[i].name, name) == 0)
			return vars[i].var;
	number = (uintptr_t)map_gets(inv->ignored, name);
	if (number == 0 && map_n(inv->ignored) >= LIMIT_IGNORED_NAMES)
		return INVENTORY_N_VARS;
	if (number == 0) {
		number = INVENTORY_N_VARS + 1 + map_n(inv->ignored);
		(void)map_puts(inv->ignored, name, (void *)number);
	}
	return (enum inventory_var)number;
}

/* Notes the options for ssh that mean nothing here. */
static void
note_ssh_args(struct inventory *inv, const char *args)
{
	char *copy = mem_strdup(args), *rest = copy, letter, *name;
	const char *word, *value;

	while ((letter = sshargs_next(&rest, &word, &value)) != '\0') {
		if (letter == '?' || letter == 'o' || letter == 'J')
			continue;
		name = mem_printf("ansible_ssh_common_args: %s", word);
		(void)inventory_var_named(inv, name);
		free(name);
	}
	free(copy);
}

/* Copies a value, sharing the copy with the one before where equal. */
static const char *
copy_value(struct inventory *inv, const char *value, const char *before)
{
	if (before != NULL && strcmp(before, value) == 0)
		return before;
	return arena_strdup(&inv->text, value);
}

void
inventory_set_host(struct inventory *inv, size_t host, enum inventory_var var,
    const char *value)
{
	struct inventory_host *about = &inv->about[host];
	const char *before = NULL;

	if (var > INVENTORY_N_VARS)
		inventory_set_extra(inv, &about->extra, var, value);
	if (var >= INVENTORY_N_VARS)
		return;
	if (host > 0)
		before = about[-1].vars[var];
	about->vars[var] = copy_value(inv, value, before);
	about->own |= 1u << var;
	if (var == INVENTORY_SSH_ARGS && about->vars[var] != before)
		note_ssh_args(inv, value);
}

void
inventory_set_group(struct inventory *inv, size_t group, enum inventory_var var,
    const char *value)
{
	struct inventory_group *g = &inv->groups[group];

	if (var < INVENTORY_N_VARS)
		g->vars[var] = arena_strdup(&inv->text, value);
	else if (var > INVENTORY_N_VARS)
		inventory_set_extra(inv, &g->extra, var, value);
	if (var == INVENTORY_SSH_ARGS)
		note_ssh_args(inv, value);
}

/* Finds how deep each group is, below those that hold it. */
static int
measure_depth(struct inventory *inv, size_t index, unsigned depth,
    struct muster_error *err)
{
	struct inventory_group *g = &inv->groups[index];
	int rc = 0;

	if (g->is_busy || depth > LIMIT_GROUP_DEPTH)
		return err_set(err, MUSTER_ERR_SYNTAX, "%s: group '%s' is %s",
		    g->where, g->name,
		    g->is_busy ? "within itself" : "nested too deep");
	if (depth <= g->depth)
		return 0;
	g->depth = depth;
	g->is_busy = true;
	for (size_t i = 0; rc == 0 && i < g->children.n; i++)
		rc = measure_depth(inv, g->children.items[i], depth + 1, err);
	g->is_busy = false;
	return rc;
}

static uint32_t
get_priority(const struct inventory_group *g)
{
	uint32_t priority = 1;

	if (g->vars[INVENTORY_PRIORITY] != NULL)
		(void)str_u32(
		    g->vars[INVENTORY_PRIORITY], 0, UINT32_MAX, &priority);
	return priority;
}

/* The one that loses comes first. */
static int
compare_rank(const void *a, const void *b)
{
	const struct inventory_group *x = *(struct inventory_group *const *)a;
	const struct inventory_group *y = *(struct inventory_group *const *)b;

	if (x->depth != y->depth)
		return x->depth < y->depth ? -1 : 1;
	if (get_priority(x) != get_priority(y))
		return get_priority(x) < get_priority(y) ? -1 : 1;
	return strcmp(x->name, y->name);
}

/* Variables on their way from one group to a host. */
struct passing {
	struct inventory *inv;
	const struct inventory_group *from;
};

static void
pass_down(void *ctx, size_t host)
{
	const struct passing *p = ctx;
	struct inventory_host *about = &p->inv->about[host];

	for (unsigned v = 0; v < INVENTORY_N_VARS; v++)
		if (p->from->vars[v] != NULL && (about->own & 1u << v) == 0)
			about->vars[v] = p->from->vars[v];
	inventory_pass_extra(p->inv, p->from->extra, about);
}

static bool
has_vars(const struct inventory_group *g)
{
	for (size_t v = 0; v < INVENTORY_N_VARS; v++)
		if (g->vars[v] != NULL)
			return true;
	return g->extra != 0;
}

static void
mark_host(void *ctx, size_t host)
{
	bool *marks = ctx;

	marks[host] = true;
}

/* Makes the group "ungrouped" of Ansible's sources what it says. */
static void
fill_ungrouped(struct inventory *inv)
{
	size_t all = inventory_find_group(inv, "ansible", "all");
	size_t rest = inventory_find_group(inv, "ansible", "ungrouped");
	struct inventory_indexes *hosts;
	bool *grouped, *known;

	if (all == MUSTER_NOWHERE)
		return;
	if (rest == MUSTER_NOWHERE)
		rest = inventory_open_group(
		    inv, "ansible", "ungrouped", inv->groups[all].where);
	grouped = mem_array(inv->hosts.n, sizeof(*grouped));
	known = mem_array(inv->hosts.n, sizeof(*known));
	for (size_t i = 0; i < inv->n_groups; i++)
		if (i == all)
			inventory_walk(inv, i, mark_host, known);
		else if (i != rest &&
			 strcmp(inv->groups[i].source, "ansible") == 0)
			inventory_walk(inv, i, mark_host, grouped);
	hosts = &inv->groups[rest].hosts;
	hosts->n = 0;
	for (size_t i = 0; i < inv->hosts.n; i++)
		if (known[i] && !grouped[i])
			add_index(hosts, i);
	free(grouped);
	free(known);
}

int
inventory_finish(struct inventory *inv, struct muster_error *err)
{
	struct inventory_group **order;
	int rc = 0;

	for (size_t i = 0; i < inv->n_groups; i++)
		inv->groups[i].depth = 0;
	for (size_t i = 0; rc == 0 && i < inv->n_groups; i++)
		rc = measure_depth(inv, i,
		    strcmp(inv->groups[i].name, "all") == 0 ? 1 : 2, err);
	if (rc != 0)
		return -1;
	fill_ungrouped(inv);
	order = mem_array(inv->n_groups, sizeof(*order));
	for (size_t i = 0; i < inv->n_groups; i++)
		order[i] = &inv->groups[i];
	qsort(order, inv->n_groups, sizeof(*order), compare_rank);
	for (size_t i = 0; i < inv->n_groups; i++) {
		struct passing p = {inv, order[i]};

		if (has_vars(order[i]))
			inventory_walk(inv, (size_t)(order[i] - inv->groups),
			    pass_down, &p);
	}
	free(order);
	return 0;
}
