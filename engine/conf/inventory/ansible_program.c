/*
 * ansible_program.c -- programs that print an inventory as JSON.
 *
 * Room: engine/conf/inventory.  May touch: base, conf; <jansson.h>.
 * "PROGRAM --list" prints {"group": {"hosts": [], "children": [], "vars":
 * {}}, ..., "_meta": {"hostvars": {"host": {}}}}; a group may be a list of
 * hosts. Without "_meta", "PROGRAM --host NAME" is asked for every host.
 */
#include "config.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "conf/inventory/ansible.h"
#include "conf/inventory/formats.h"
#include "conf/inventory/inventory.h"
#include "conf/spawn.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

struct reader {
	struct inventory *inv;
	const char *path;
	size_t all; /* the group */
	struct muster_error *err;
};

static int
refuse(struct reader *r, const char *name, const char *what)
{
	return err_set(r->err, MUSTER_ERR_FILE, "%s --list: '%.80s' %s",
	    r->path, name, what);
}

/* Runs the program. Returns what it prints, or NULL. */
static json_t *
ask(struct reader *r, const char *option, const char *host)
{
	char *full = strchr(r->path, '/') == NULL ? mem_printf("./%s", r->path)
						  : mem_strdup(r->path);
	char *argv[] = {
	    full, (char *)(uintptr_t)option, (char *)(uintptr_t)host, NULL};
	json_error_t where;
	json_t *json = NULL;
	struct buf b;

	buf_init(&b, LIMIT_UPCALL_BYTES);
	if (spawn_read(argv, LIMIT_UPCALL_MS, &b, r->err) == 0) {
		json = json_loadb((const char *)buf_data(&b), b.len,
		    JSON_REJECT_DUPLICATES, &where);
		if (json == NULL || !json_is_object(json)) {
			(void)err_set(r->err, MUSTER_ERR_FILE,
			    "%s %s: %d:%d: %s", r->path, option,
			    json == NULL ? where.line : 1,
			    json == NULL ? where.column : 1,
			    json == NULL ? where.text : "no JSON object");
			json_decref(json);
			json = NULL;
		}
	}
	buf_clear(&b);
	free(full);
	return json;
}

/* ---- variables ---- */

/* Sets one variable from a JSON value; lists and objects mean nothing. */
static void
set_var(struct reader *r, bool of_group, size_t index, const char *name,
    const json_t *value)
{
	enum inventory_var var = inventory_var_named(r->inv, name);
	char number[32];
	const char *text = NULL;

	if (json_is_string(value)) {
		text = json_string_value(value);
	} else if (json_is_integer(value)) {
		(void)snprintf(number, sizeof(number), "%" JSON_INTEGER_FORMAT,
		    json_integer_value(value));
		text = number;
	} else if (json_is_boolean(value)) {
		text = json_is_true(value) ? "true" : "false";
	}
	if (text != NULL && of_group)
		inventory_set_group(r->inv, index, var, text);
	else if (text != NULL)
		inventory_set_host(r->inv, index, var, text);
}

static void
set_vars(struct reader *r, bool of_group, size_t index, json_t *vars)
{
	const char *name;
	json_t *value;

	json_object_foreach(vars, name, value)
	    set_var(r, of_group, index, name, value);
}

/* ---- groups ---- */

/* Adds a host by its whole name: JSON has no ranges. */
static int
add_host(struct reader *r, size_t group, const json_t *name)
{
	struct hostref ref = {.host = json_string_value(name)};
	size_t n = r->inv->hosts.n, host;

	if (ref.host == NULL)
		return refuse(r, "hosts", "has something that is no name");
	if (inventory_add_host(r->inv, &ref, &host, r->err) != 0)
		return err_prefix(r->err, "%s --list", r->path);
	if (r->inv->hosts.n > n)
		inventory_join(r->inv, r->all, host);
	inventory_join(r->inv, group, host);
	return 0;
}

static int
add_hosts(struct reader *r, size_t group, const json_t *hosts)
{
	size_t i;
	json_t *name;

	json_array_foreach(
	    hosts, i, name) if (add_host(r, group, name) != 0) return -1;
	return 0;
}

static int
check_group_name(struct reader *r, const char *name)
{
	if (*name == '\0' || strpbrk(name, " \t,!&^[]:") != NULL)
		return refuse(r, name, "cannot be the name of a group");
	return 0;
}

static int
add_children(struct reader *r, size_t group, const json_t *children)
{
	size_t i;
	json_t *child;

	json_array_foreach(children, i, child)
	{
		const char *name = json_string_value(child);

		if (name == NULL)
			return refuse(
			    r, "children", "has something that is no name");
		if (check_group_name(r, name) != 0)
			return -1;
		inventory_nest(
		    r->inv, group, ansible_group(r->inv, name, r->path));
	}
	return 0;
}

static int
add_group(struct reader *r, const char *name, json_t *body)
{
	size_t group;

	if (check_group_name(r, name) != 0)
		return -1;
	if (!json_is_object(body) && !json_is_array(body))
		return refuse(r, name, "is neither a list nor an object");
	group = ansible_group(r->inv, name, r->path);
	if (json_is_array(body))
		return add_hosts(r, group, body);
	if (add_hosts(r, group, json_object_get(body, "hosts")) != 0 ||
	    add_children(r, group, json_object_get(body, "children")) != 0)
		return -1;
	set_vars(r, true, group, json_object_get(body, "vars"));
	return 0;
}

/* ---- host variables ---- */

static void
set_hostvars(struct reader *r, json_t *hostvars)
{
	const char *name;
	json_t *vars;

	json_object_foreach(hostvars, name, vars)
	{
		const struct hostref ref = {.host = name};
		size_t host = hostlist_find(&r->inv->hosts, &ref);

		if (host != SIZE_MAX)
			set_vars(r, false, host, vars);
	}
}

/* Asks for the variables of the hosts from `first` on, one by one. */
static int
ask_hostvars(struct reader *r, size_t first)
{
	for (size_t i = first; i < r->inv->hosts.n; i++) {
		json_t *vars = ask(r, "--host", r->inv->hosts.items[i].host);

		if (vars == NULL)
			return -1;
		set_vars(r, false, i, vars);
		json_decref(vars);
	}
	return 0;
}

int
inventory_read_ansible_program(
    struct inventory *inv, const char *path, struct muster_error *err)
{
	struct reader r = {.inv = inv, .path = path, .err = err};
	size_t first = inv->hosts.n;
	json_t *list = ask(&r, "--list", NULL), *body, *meta;
	const char *name;
	int rc = 0;

	if (list == NULL)
		return -1;
	r.all = ansible_group(inv, "all", path);
	json_object_foreach(
	    list, name, body) if (rc == 0 && strcmp(name, "_meta") != 0) rc =
	    add_group(&r, name, body);
	meta = json_object_get(list, "_meta");
	if (rc == 0 && json_is_object(meta))
		set_hostvars(&r, json_object_get(meta, "hostvars"));
	else if (rc == 0)
		rc = ask_hostvars(&r, first);
	json_decref(list);
	return rc;
}
