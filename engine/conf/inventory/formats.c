/*
 * formats.c -- which reader an inventory is for.
 *
 * Room: engine/conf/inventory.  May touch: base, conf.
 * A prefix says the format. Without one a folder or a well-known file name
 * tells, or else a look at the text.
 */
#include "config.h"

#include "conf/inventory/formats.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "conf/folder.h"
#include "conf/inventory/inventory.h"
#include "conf/textfile.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef int reader(struct inventory *, const char *, struct muster_error *);

static int read_ansible(
    struct inventory *inv, const char *path, struct muster_error *err);

static const struct {
	const char *prefix;
	reader *read;
} formats[] = {
    {"plain:", inventory_read_plain},
    {"pssh:", inventory_read_pssh},
    {"dsh:", inventory_read_dsh},
    {"clusterssh:", inventory_read_clusterssh},
    {"clustershell:", inventory_read_clustershell},
    {"genders:", inventory_read_genders},
    {"ansible:", read_ansible},
    {"ssh:", inventory_read_ssh_config},
};

/* ---- a look at the text ---- */

static const char *
base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash == NULL ? path : slash + 1;
}

static bool
is_yaml_name(const char *path)
{
	return str_ends(path, ".yaml") || str_ends(path, ".yml") ||
	       str_ends(path, ".json");
}

/* Whether a file may be run and says how, or is no text. */
static bool
is_program(const char *path)
{
	return access(path, X_OK) == 0;
}

/* Whether a line is one of Ansible's INI: a section, or a host with a
 * variable. */
static bool
is_ini_line(const char *line)
{
	const char *close;

	line += strspn(line, " \t");
	if (*line == '#' || *line == ';')
		return false;
	close = *line == '[' ? strchr(line, ']') : NULL;
	if (close != NULL)
		return strpbrk(line, "0123456789") != line + 1 &&
		       close[1 + strspn(close + 1, " \t")] == '\0';
	line += strcspn(line, " \t");
	line += strspn(line, " \t");
	return *line != '\0' && *line != '#' &&
	       line[strcspn(line, "= \t#")] == '=';
}

static bool
is_ini(const char *path)
{
	struct textfile f;
	const char *line;
	size_t len;
	bool found = false;

	if (textfile_read(&f, path, NULL) != 0)
		return false;
	while (!found && (line = textfile_next(&f, &len)) != NULL)
		found = is_ini_line(line);
	textfile_clear(&f);
	return found;
}

/* Whether a file is what "ansible-inventory --list" printed. */
static bool
is_list(const char *path)
{
	struct textfile f;
	bool found;

	if (!str_ends(path, ".json") || textfile_read(&f, path, NULL) != 0)
		return false;
	found = strstr(f.text, "\"_meta\"") != NULL;
	textfile_clear(&f);
	return found;
}

/* ---- choosing ---- */

/* Whether a file of an inventory's folder is left alone, as Ansible does. */
static bool
is_no_source(const char *name)
{
	static const char *const suffixes[] = {".bak", ".cfg", ".ini", ".md",
	    ".orig", ".pyc", ".pyo", ".retry", ".rpm", ".rst", ".swp", ".txt"};

	for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++)
		if (str_ends(name, suffixes[i]))
			return true;
	return strcmp(name, "group_vars") == 0 ||
	       strcmp(name, "host_vars") == 0;
}

static int read_ansible(
    struct inventory *inv, const char *path, struct muster_error *err);

/* An inventory on its way in. */
struct reading {
	struct inventory *inv;
	struct muster_error *err;
};

static int
read_source(void *ctx, const char *path, const char *name)
{
	struct reading *r = ctx;

	return is_no_source(name) ? 0 : read_ansible(r->inv, path, r->err);
}

static int
read_ansible(struct inventory *inv, const char *path, struct muster_error *err)
{
	struct reading r = {inv, err};

	if (folder_is(path))
		return folder_each(path, read_source, &r, err);
	if (is_list(path))
		return inventory_read_ansible_json(inv, path, err);
	if (is_yaml_name(path))
		return inventory_read_ansible_yaml(inv, path, err);
	if (is_program(path))
		return inventory_read_ansible_program(inv, path, err);
	return inventory_read_ansible_ini(inv, path, err);
}

static int
read_folder(struct inventory *inv, const char *path, struct muster_error *err)
{
	char *conf = mem_printf("%s/groups.conf", path);
	char *group_vars = mem_printf("%s/group_vars", path);
	char *host_vars = mem_printf("%s/host_vars", path);
	int rc;

	if (folder_is(group_vars) || folder_is(host_vars))
		rc = read_ansible(inv, path, err);
	else if (access(conf, F_OK) == 0)
		rc = inventory_read_clustershell(inv, conf, err);
	else
		rc = inventory_read_dsh(inv, path, err);
	free(conf);
	free(group_vars);
	free(host_vars);
	return rc;
}

static reader *
choose_reader(const char *path)
{
	const char *name = base_name(path);

	if (strcmp(name, "genders") == 0)
		return inventory_read_genders;
	if (strcmp(name, "groups.conf") == 0)
		return inventory_read_clustershell;
	if (strcmp(name, "clusters") == 0 || strcmp(name, "tags") == 0)
		return inventory_read_clusterssh;
	if (strcmp(name, "ssh_config") == 0 || str_ends(path, ".ssh/config"))
		return inventory_read_ssh_config;
	if (is_list(path))
		return inventory_read_ansible_json;
	if (is_yaml_name(path))
		return inventory_read_yaml;
	if (is_program(path))
		return inventory_read_ansible_program;
	return is_ini(path) ? inventory_read_ansible_ini : inventory_read_plain;
}

int
inventory_read(
    struct inventory *inv, const char *source, struct muster_error *err)
{
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
		if (str_starts(source, formats[i].prefix))
			return formats[i].read(
			    inv, source + strlen(formats[i].prefix), err);
	if (strcmp(source, "-") == 0)
		return inventory_read_plain(inv, source, err);
	if (access(source, F_OK) != 0)
		return err_sys(err, MUSTER_ERR_FILE, errno,
		    "no inventory at '%s'", source);
	if (folder_is(source))
		return read_folder(inv, source, err);
	return choose_reader(source)(inv, source, err);
}

/* ---- the usual places ---- */

/* Reads a file or folder, if it is there. */
static int
read_if_there(struct inventory *inv, reader *read, const char *path,
    struct muster_error *err)
{
	return access(path, F_OK) == 0 ? read(inv, path, err) : 0;
}

/* The same below the home folder. */
static int
read_at_home(struct inventory *inv, reader *read, const char *name,
    struct muster_error *err)
{
	const char *home = getenv("HOME");
	char *path;
	int rc;

	if (home == NULL || *home == '\0')
		return 0;
	path = mem_printf("%s/%s", home, name);
	rc = read_if_there(inv, read, path, err);
	free(path);
	return rc;
}

static const char *
get_env(const char *name)
{
	const char *value = getenv(name);

	return value == NULL || *value == '\0' ? NULL : value;
}

/* Reads each of a list of paths with `sep` between. */
static int
read_each(struct inventory *inv, reader *read, const char *paths,
    const char *sep, struct muster_error *err)
{
	char *copy = mem_strdup(paths), *rest = copy, *path;
	int rc = 0;

	while (rc == 0 && (path = strsep(&rest, sep)) != NULL)
		if (*path != '\0')
			rc = read(inv, path, err);
	free(copy);
	return rc;
}

/* muster's own groups, a host file each. */
static int
read_own_groups(struct inventory *inv, struct muster_error *err)
{
	const char *xdg = get_env("XDG_CONFIG_HOME");
	char *path;
	int rc;

	if (xdg == NULL || *xdg != '/') {
		rc = read_at_home(
		    inv, inventory_read_dsh, ".config/muster/groups.d", err);
	} else {
		path = mem_printf("%s/muster/groups.d", xdg);
		rc = read_if_there(inv, inventory_read_dsh, path, err);
		free(path);
	}
	if (rc != 0)
		return rc;
	return read_if_there(
	    inv, inventory_read_dsh, "/etc/muster/groups.d", err);
}

static int
read_groups(struct inventory *inv, struct muster_error *err)
{
	const char *path = get_env("DSHGROUP_PATH");

	if (path != NULL)
		return read_each(inv, inventory_read_dsh, path, ":", err);
	if (read_at_home(inv, inventory_read_dsh, ".dsh/group", err) != 0)
		return -1;
	return read_if_there(inv, inventory_read_dsh, "/etc/dsh/group", err);
}

static int
read_genders(struct inventory *inv, struct muster_error *err)
{
	const char *path = get_env("PDSH_GENDERS_FILE");

	if (path != NULL)
		return inventory_read_genders(inv, path, err);
	return read_if_there(inv, inventory_read_genders, "/etc/genders", err);
}

static int
read_clusterssh(struct inventory *inv, struct muster_error *err)
{
	reader *read = inventory_read_clusterssh;

	if (read_if_there(inv, read, "/etc/clusters", err) != 0 ||
	    read_at_home(inv, read, ".clusterssh/clusters", err) != 0)
		return -1;
	return read_at_home(inv, read, ".clusterssh/tags", err);
}

/* The first groups.conf there is, as ClusterShell looks for it. */
static int
read_clustershell(struct inventory *inv, struct muster_error *err)
{
	const char *folder = get_env("CLUSTERSHELL_CFGDIR");
	const char *xdg = get_env("XDG_CONFIG_HOME"), *home = get_env("HOME");
	char *paths[] = {
	    folder == NULL ? NULL : mem_printf("%s/groups.conf", folder),
	    xdg == NULL ? NULL : mem_printf("%s/clustershell/groups.conf", xdg),
	    home == NULL || xdg != NULL
		? NULL
		: mem_printf("%s/.config/clustershell/groups.conf", home),
	    home == NULL
		? NULL
		: mem_printf("%s/.local/etc/clustershell/groups.conf", home),
	    mem_strdup("/etc/clustershell/groups.conf"),
	};
	size_t n = sizeof(paths) / sizeof(paths[0]);
	int rc = 0;

	for (size_t i = 0; i < n; i++) {
		if (paths[i] == NULL || access(paths[i], F_OK) != 0)
			continue;
		rc = inventory_read_clustershell(inv, paths[i], err);
		break;
	}
	for (size_t i = 0; i < n; i++)
		free(paths[i]);
	return rc;
}

int
inventory_read_defaults(struct inventory *inv, struct muster_error *err)
{
	const char *wcoll = get_env("WCOLL");
	const char *ansible = get_env("ANSIBLE_INVENTORY");

	if (wcoll != NULL && inventory_read_plain(inv, wcoll, err) != 0)
		return err_prefix(err, "$WCOLL");
	if (ansible != NULL &&
	    read_each(inv, inventory_read, ansible, ",", err) != 0)
		return err_prefix(err, "$ANSIBLE_INVENTORY");
	if (read_own_groups(inv, err) != 0 || read_groups(inv, err) != 0 ||
	    read_genders(inv, err) != 0 || read_clusterssh(inv, err) != 0)
		return -1;
	return read_clustershell(inv, err);
}
