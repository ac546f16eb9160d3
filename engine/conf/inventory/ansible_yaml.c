/*
 * ansible_yaml.c -- Ansible's YAML inventories, and JSON of the same shape.
 *
 * Room: engine/conf/inventory.  May touch: base, conf.
 * A group is a map of "hosts", "children" and "vars"; so is the whole file
 * of groups.
 */
#include "config.h"

#include "conf/inventory/ansible.h"
#include "conf/inventory/inventory.h"
#include "conf/inventory/yaml.h"
#include "conf/textfile.h"

#include <stdio.h>
#include <string.h>

struct reader {
	struct inventory *inv;
	struct textfile *file; /* borrowed */
	struct muster_error *err;
	size_t group;                     /* of the hosts being read */
	const struct yamltree_node *vars; /* of the host being read */
};

static int
refuse(struct reader *r, const struct yamltree_node *at, const char *name,
    const char *what)
{
	r->file->line = at->line;
	return textfile_refuse(
	    r->file, at->column, r->err, "'%.80s' %s", name, what);
}

static bool
is_map_or_null(const struct yamltree_node *node)
{
	return node->kind == YAMLTREE_MAP || node->is_null;
}

void
ansible_set_vars(struct inventory *inv, const struct yamltree_node *vars,
    bool of_group, size_t index)
{
	for (size_t i = 0; i < vars->n; i++) {
		const struct yamltree_item *item = &vars->items[i];
		enum inventory_var var;

		if (item->key == NULL)
			continue;
		if (strcmp(item->key, "<<") == 0 &&
		    item->node->kind == YAMLTREE_MAP) {
			ansible_set_vars(inv, item->node, of_group, index);
			continue;
		}
		var = inventory_var_named(inv, item->key);
		if (item->node->kind != YAMLTREE_SCALAR || item->node->is_null)
			continue;
		if (of_group)
			inventory_set_group(inv, index, var, item->node->text);
		else
			inventory_set_host(inv, index, var, item->node->text);
	}
}

static int
on_host(void *ctx, size_t host)
{
	struct reader *r = ctx;

	inventory_join(r->inv, r->group, host);
	ansible_set_vars(r->inv, r->vars, false, host);
	return 0;
}

static int
read_hosts(struct reader *r, size_t group, const struct yamltree_node *hosts)
{
	for (size_t i = 0; i < hosts->n; i++) {
		const struct yamltree_item *item = &hosts->items[i];

		if (item->key == NULL || !is_map_or_null(item->node))
			return refuse(r, item->node, "hosts",
			    "is a map of hosts to maps of variables");
		r->group = group;
		r->vars = item->node;
		if (ansible_add_entry(r->inv, item->key, on_host, r, r->err) !=
		    0) {
			r->file->line = item->node->line;
			return textfile_blame(
			    r->file, item->node->column, r->err);
		}
	}
	return 0;
}

static int read_group(struct reader *r, const char *name,
    const struct yamltree_node *node, size_t *index);

static int
read_children(
    struct reader *r, size_t parent, const struct yamltree_node *children)
{
	for (size_t i = 0; i < children->n; i++) {
		const struct yamltree_item *item = &children->items[i];
		size_t child;

		if (item->key == NULL)
			return refuse(
			    r, item->node, "children", "is a map of groups");
		if (read_group(r, item->key, item->node, &child) != 0)
			return -1;
		inventory_nest(r->inv, parent, child);
	}
	return 0;
}

static int
read_part(struct reader *r, size_t group, const struct yamltree_item *item)
{
	if (!is_map_or_null(item->node) && item->node->kind != YAMLTREE_LIST)
		return refuse(r, item->node, item->key, "is a map");
	if (strcmp(item->key, "hosts") == 0)
		return read_hosts(r, group, item->node);
	if (strcmp(item->key, "children") == 0)
		return read_children(r, group, item->node);
	if (strcmp(item->key, "vars") == 0)
		ansible_set_vars(r->inv, item->node, true, group);
	return 0;
}

static int
read_group(struct reader *r, const char *name, const struct yamltree_node *node,
    size_t *index)
{
	char where[512];

	if (!is_map_or_null(node))
		return refuse(r, node, name,
		    "is no group: a map of hosts, children and vars");
	if (!ansible_may_name_group(name))
		return refuse(r, node, name, "cannot be the name of a group");
	(void)snprintf(
	    where, sizeof(where), "%s:%u", r->file->name, node->line);
	*index = ansible_group(r->inv, name, where);
	for (size_t i = 0; i < node->n; i++)
		if (read_part(r, *index, &node->items[i]) != 0)
			return -1;
	return 0;
}

static int
read_root(struct reader *r, const struct yamltree_node *root)
{
	size_t group;

	if (root->kind != YAMLTREE_MAP)
		return refuse(r, root, r->file->name, "is no map of groups");
	if (yamltree_get(root, "plugin") != NULL)
		return refuse(r, root, "plugin",
		    "is for Ansible alone; give what ansible-inventory "
		    "--list prints instead");
	for (size_t i = 0; i < root->n; i++)
		if (read_group(r, root->items[i].key, root->items[i].node,
			&group) != 0)
			return -1;
	return 0;
}

int
inventory_take_ansible(struct inventory *inv, struct textfile *f,
    const struct yamltree_node *root, struct muster_error *err)
{
	struct reader r = {.inv = inv, .file = f, .err = err};

	(void)ansible_group(inv, "all", f->name);
	return read_root(&r, root);
}
