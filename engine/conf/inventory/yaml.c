/*
 * yaml.c -- YAML inventories: which kind a file is of.
 *
 * Room: engine/conf/inventory.  May touch: base, conf.
 */
#include "config.h"

#include "conf/inventory/yaml.h"
#include "base/err.h"
#include "conf/inventory/ansible.h"
#include "conf/inventory/formats.h"

#include <string.h>

typedef int taker(struct inventory *, struct textfile *,
    const struct yamltree_node *, struct muster_error *);

/* Whether a map has what a group of Ansible's has. */
static bool
is_group(const struct yamltree_node *node)
{
	static const char *const keys[] = {"hosts", "children", "vars"};

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		const struct yamltree_node *part = yamltree_get(node, keys[i]);

		if (part != NULL &&
		    (part->kind == YAMLTREE_MAP || part->is_null))
			return true;
	}
	return false;
}

/* ClusterShell's files have maps of text, or of lists of text; only Ansible
 * has a group that must be called "all". */
static taker *
choose_taker(const struct yamltree_node *root)
{
	if (root->kind != YAMLTREE_MAP)
		return inventory_take_ansible;
	for (size_t i = 0; i < root->n; i++) {
		const struct yamltree_node *node = root->items[i].node;

		if (node->kind != YAMLTREE_MAP || is_group(node) ||
		    strcmp(root->items[i].key, "all") == 0)
			return inventory_take_ansible;
	}
	return inventory_take_clustershell;
}

int
inventory_parse_yaml(
    struct yamltree *tree, const struct textfile *f, struct muster_error *err)
{
	if (yamltree_parse(tree, f->text, f->len, err) == 0)
		return 0;
	(void)err_prefix(err, "%s", f->name);
	if (err != NULL)
		err->code = MUSTER_ERR_FILE;
	return -1;
}

/* Reads a file with the taker, or with the one that fits it. */
static int
read_with(taker *take, struct inventory *inv, const char *path,
    struct muster_error *err)
{
	struct textfile f;
	struct yamltree tree;
	int rc;

	if (textfile_read(&f, path, err) != 0)
		return -1;
	rc = inventory_parse_yaml(&tree, &f, err);
	if (rc != 0) {
		textfile_clear(&f);
		return rc;
	}
	if (tree.root == NULL || tree.root->is_null) {
		rc = err_set(
		    err, MUSTER_ERR_FILE, "%s: the file is empty", f.name);
	} else {
		if (take == NULL)
			take = choose_taker(tree.root);
		rc = take(inv, &f, tree.root, err);
	}
	yamltree_clear(&tree);
	textfile_clear(&f);
	if (rc == 0 && take == inventory_take_ansible)
		rc = ansible_read_vars(inv, path, err);
	return rc;
}

int
inventory_read_yaml(
    struct inventory *inv, const char *path, struct muster_error *err)
{
	return read_with(NULL, inv, path, err);
}

int
inventory_read_ansible_yaml(
    struct inventory *inv, const char *path, struct muster_error *err)
{
	return read_with(inventory_take_ansible, inv, path, err);
}

int
inventory_read_clustershell_yaml(
    struct inventory *inv, const char *path, struct muster_error *err)
{
	return read_with(inventory_take_clustershell, inv, path, err);
}
