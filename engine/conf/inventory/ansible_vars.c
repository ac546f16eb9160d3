/*
 * ansible_vars.c -- group_vars and host_vars beside Ansible's inventories.
 *
 * Room: engine/conf/inventory.  May touch: base, conf.
 * DIR/group_vars has a file, or a folder of files, for each group that has
 * variables there, called NAME, NAME.yml, NAME.yaml or NAME.json; host_vars
 * the same for hosts. They go before what the inventory itself says.
 */
#include "config.h"

#include "base/mem.h"
#include "base/str.h"
#include "conf/folder.h"
#include "conf/hostlist.h"
#include "conf/inventory/ansible.h"
#include "conf/inventory/inventory.h"
#include "conf/inventory/yaml.h"

#include <stdlib.h>
#include <string.h>

/* Whose variables are read. */
struct owner {
	struct inventory *inv;
	bool is_group;
	size_t index;
	struct muster_error *err;
};

static int
take_tree(struct owner *o, struct textfile *f, const struct yamltree *tree)
{
	const struct yamltree_node *root = tree->root;

	if (root == NULL || root->is_null)
		return 0;
	if (root->kind != YAMLTREE_MAP) {
		f->line = root->line;
		return textfile_refuse(
		    f, root->column, o->err, "not a map of variables");
	}
	ansible_set_vars(o->inv, root, o->is_group, o->index);
	return 0;
}

static int
read_file(void *ctx, const char *path, const char *name)
{
	struct owner *o = ctx;
	struct textfile f;
	struct yamltree tree;
	int rc;

	(void)name;
	if (textfile_read(&f, path, o->err) != 0)
		return -1;
	if (str_starts(f.text, "$ANSIBLE_VAULT;")) {
		char *what = mem_printf("%s (encrypted)", path);

		(void)inventory_var_named(o->inv, what);
		free(what);
		textfile_clear(&f);
		return 0;
	}
	rc = inventory_parse_yaml(&tree, &f, o->err);
	if (rc == 0) {
		rc = take_tree(o, &f, &tree);
		yamltree_clear(&tree);
	}
	textfile_clear(&f);
	return rc;
}

/* The length of a name without what says that a file is YAML. */
static size_t
cut_suffix(const char *name)
{
	static const char *const suffixes[] = {".yml", ".yaml", ".json"};
	size_t len = strlen(name);

	for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++)
		if (str_ends(name, suffixes[i]))
			return len - strlen(suffixes[i]);
	return len;
}

/* Reads a file or folder that is called as a group or host is. */
static int
read_entry(void *ctx, const char *path, const char *name)
{
	struct owner *o = ctx;
	bool is_folder = folder_is(path);
	char *owner =
	    mem_strndup(name, is_folder ? strlen(name) : cut_suffix(name));
	const struct hostref ref = {.host = owner};

	o->index = o->is_group ? inventory_find_group(o->inv, "ansible", owner)
			       : hostlist_find(&o->inv->hosts, &ref);
	free(owner);
	if (o->index == MUSTER_NOWHERE)
		return 0;
	return is_folder ? folder_each(path, read_file, o, o->err)
			 : read_file(o, path, name);
}

static int
read_folder(struct inventory *inv, const char *path, bool is_group,
    struct muster_error *err)
{
	struct owner o = {.inv = inv, .is_group = is_group, .err = err};
	const char *slash = strrchr(path, '/');
	char *folder =
	    mem_printf("%.*s%s", slash == NULL ? 0 : (int)(slash - path) + 1,
		path, is_group ? "group_vars" : "host_vars");
	int rc = 0;

	if (folder_is(folder))
		rc = folder_each(folder, read_entry, &o, err);
	free(folder);
	return rc;
}

int
ansible_read_vars(
    struct inventory *inv, const char *path, struct muster_error *err)
{
	if (read_folder(inv, path, true, err) != 0)
		return -1;
	return read_folder(inv, path, false, err);
}
