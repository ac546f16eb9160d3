/*
 * clustershell.c -- ClusterShell's groups: groups.conf(5) and groups.d.
 *
 * Room: engine/conf/inventory.  May touch: base, conf.
 * A section of groups.conf is a source, of shell commands that are run when
 * a group is asked for: map, all and list. autodir has YAML files of sources,
 * confdir more files like groups.conf.
 */
#include "config.h"

#include "base/mem.h"
#include "base/str.h"
#include "conf/folder.h"
#include "conf/inventory/formats.h"
#include "conf/inventory/inventory.h"
#include "conf/inventory/upcall.h"
#include "conf/inventory/yaml.h"
#include "conf/textfile.h"

#include <stdlib.h>
#include <string.h>

/* ---- groups.d ---- */

/* The nodes of a group: text, or a list of texts; heap. NULL: neither. */
static char *
join_nodes(const struct yamltree_node *node)
{
	char *joined, *longer;

	if (node->is_null)
		return mem_strdup("");
	if (node->kind == YAMLTREE_SCALAR)
		return mem_strdup(node->text);
	joined = mem_strdup("");
	for (size_t i = 0; i < node->n; i++) {
		const struct yamltree_item *item = &node->items[i];

		if (item->key != NULL || item->node->kind != YAMLTREE_SCALAR) {
			free(joined);
			return NULL;
		}
		longer = mem_printf(
		    "%s%s%s", joined, i > 0 ? "," : "", item->node->text);
		free(joined);
		joined = longer;
	}
	return joined;
}

static int
refuse(struct textfile *f, const struct yamltree_node *at, const char *name,
    const char *what, struct muster_error *err)
{
	f->line = at->line;
	return textfile_refuse(f, at->column, err, "'%.80s' %s", name, what);
}

static int
add_yaml_source(struct inventory *inv, struct textfile *f, const char *source,
    const struct yamltree_node *groups, struct muster_error *err)
{
	if (groups->kind != YAMLTREE_MAP)
		return refuse(f, groups, source,
		    "is no source: a map of groups to nodes", err);
	for (size_t i = 0; i < groups->n; i++) {
		const struct yamltree_item *item = &groups->items[i];
		char *nodes = join_nodes(item->node), *where;
		size_t group;

		if (nodes == NULL)
			return refuse(f, item->node, item->key,
			    "is neither text nor a list of texts", err);
		where = mem_printf("%s:%u", f->name, item->node->line);
		group = inventory_get_group(inv, source, item->key, where);
		inv->groups[group].expr = arena_strdup(&inv->text, nodes);
		free(nodes);
		free(where);
	}
	return 0;
}

int
inventory_take_clustershell(struct inventory *inv, struct textfile *f,
    const struct yamltree_node *root, struct muster_error *err)
{
	int rc = 0;

	if (root->kind != YAMLTREE_MAP)
		return refuse(f, root, f->name, "is no map of sources", err);
	for (size_t i = 0; rc == 0 && i < root->n; i++) {
		const char *source = root->items[i].key;

		rc = add_yaml_source(inv, f, source, root->items[i].node, err);
		if (inv->default_source == NULL)
			inv->default_source = arena_strdup(&inv->text, source);
	}
	return rc;
}

/* ---- groups.conf ---- */

struct reader {
	struct inventory *inv;
	struct textfile file;
	char *folder; /* owned: $CFGDIR */
	char *line;
	char *section;         /* owned; NULL: none yet */
	struct upcall *upcall; /* of the section; NULL: Main */
	char *default_source;  /* owned */
	char *autodirs;        /* owned */
	char *confdirs;        /* owned */
	bool is_main;          /* groups.conf itself, not one of confdir */
	struct muster_error *err;
};

static char *
trim(char *text)
{
	size_t len;

	while (str_is_space(*text))
		text++;
	len = strlen(text);
	while (len > 0 && str_is_space(text[len - 1]))
		text[--len] = '\0';
	return text;
}

/* Adds the sources of the section that ends: "a,b" is two of them. */
static void
end_section(struct reader *r)
{
	char *rest = r->section, *name;

	while (r->upcall != NULL && (name = strsep(&rest, ",")) != NULL)
		if (*trim(name) != '\0')
			upcall_add(r->inv, r->upcall, trim(name));
	upcall_free(r->upcall);
	r->upcall = NULL;
	free(r->section);
	r->section = NULL;
}

static int
begin_section(struct reader *r, char *line)
{
	char *close = strchr(line, ']');

	end_section(r);
	if (close == NULL)
		return textfile_refuse(
		    &r->file, 1, r->err, "'[' is never closed");
	*close = '\0';
	r->section = mem_strdup(trim(line + 1));
	if (!str_case_is(r->section, "main"))
		r->upcall = upcall_new(r->folder);
	return 0;
}

static void
replace(char **text, const char *value)
{
	free(*text);
	*text = mem_strdup(value);
}

static void
set_key(struct reader *r, const char *key, const char *value)
{
	if (r->upcall != NULL) {
		upcall_set(r->upcall, key, value);
		return;
	}
	if (strcmp(key, "default") == 0)
		replace(&r->default_source, value);
	else if (strcmp(key, "autodir") == 0)
		replace(&r->autodirs, value);
	else if (strcmp(key, "confdir") == 0 || strcmp(key, "groupsdir") == 0)
		replace(&r->confdirs, value);
}

static int
read_line(struct reader *r)
{
	char *line = trim(r->line), *sign;

	if (*line == '\0' || *line == '#' || *line == ';')
		return 0;
	if (*line == '[')
		return begin_section(r, line);
	sign = strpbrk(line, ":=");
	if (sign == NULL)
		return textfile_refuse(&r->file, (size_t)(line - r->line) + 1,
		    r->err, "not 'key: value': '%.80s'", line);
	if (r->section == NULL)
		return textfile_refuse(&r->file, (size_t)(line - r->line) + 1,
		    r->err, "no [section] before this line");
	*sign = '\0';
	set_key(r, trim(line), trim(sign + 1));
	return 0;
}

/* Which files of a folder are read, and how. */
struct choice {
	struct inventory *inv;
	const char *suffix;
	int (*read)(struct inventory *, const char *, struct muster_error *);
	struct muster_error *err;
};

static int
read_chosen(void *ctx, const char *path, const char *name)
{
	struct choice *c = ctx;

	return str_ends(name, c->suffix) ? c->read(c->inv, path, c->err) : 0;
}

/* Reads the files of one folder that end in `suffix`, in order; a folder
 * that is not there is fine. */
static int
read_folder(struct inventory *inv, const char *folder, const char *suffix,
    int (*read)(struct inventory *, const char *, struct muster_error *),
    struct muster_error *err)
{
	struct choice c = {inv, suffix, read, err};

	return folder_is(folder) ? folder_each(folder, read_chosen, &c, err)
				 : 0;
}

/* Reads the files of folders that are written with blanks between. */
static int
read_folders(struct reader *r, char *folders, const char *suffix,
    int (*read)(struct inventory *, const char *, struct muster_error *))
{
	char *rest = folders, *word;
	int rc = 0;

	while (rc == 0 && (word = strsep(&rest, " \t")) != NULL) {
		char *path, *folder;

		if (*word == '\0')
			continue;
		path = upcall_fill(word, "CFGDIR", r->folder);
		folder = textfile_path(r->file.name, path);
		rc = read_folder(r->inv, folder, suffix, read, r->err);
		free(folder);
		free(path);
	}
	return rc;
}

static int
read_conf(struct reader *r, const char *path)
{
	const char *slash = strrchr(path, '/');
	size_t len;
	int rc = 0;

	if (textfile_read(&r->file, path, r->err) != 0)
		return -1;
	r->folder = slash == NULL ? mem_strdup(".")
				  : mem_strndup(path, (size_t)(slash - path));
	while (rc == 0 && (r->line = textfile_next(&r->file, &len)) != NULL)
		rc = read_line(r);
	end_section(r);
	if (rc == 0 && r->default_source != NULL)
		r->inv->default_source =
		    arena_strdup(&r->inv->text, r->default_source);
	return rc;
}

static void
clear_reader(struct reader *r)
{
	free(r->folder);
	free(r->default_source);
	free(r->autodirs);
	free(r->confdirs);
	textfile_clear(&r->file);
}

/* A file of confdir: sources only. */
static int
read_more(struct inventory *inv, const char *path, struct muster_error *err)
{
	struct reader r = {.inv = inv, .err = err};
	int rc = read_conf(&r, path);

	clear_reader(&r);
	return rc;
}

int
inventory_read_clustershell(
    struct inventory *inv, const char *path, struct muster_error *err)
{
	struct reader r = {.inv = inv, .err = err};
	int rc = read_conf(&r, path);

	if (rc == 0 && r.confdirs != NULL)
		rc = read_folders(&r, r.confdirs, ".conf", read_more);
	if (rc == 0 && r.autodirs != NULL)
		rc = read_folders(
		    &r, r.autodirs, ".yaml", inventory_read_clustershell_yaml);
	clear_reader(&r);
	return rc;
}
