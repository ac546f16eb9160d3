/*
 * ansible_json.c -- what programs print as an inventory.
 *
 * Room: engine/conf/inventory.  May touch: base, conf; <jansson.h>.
 * {"group": {"hosts": [], "children": [], "vars": {}}, ..., "_meta":
 * {"hostvars": {"host": {}}}}; a group may be a list of hosts. Members are
 * read one at a time, "_meta" last, as it speaks of hosts of the groups.
 */
#include "config.h"

#include "base/err.h"
#include "base/map.h"
#include "conf/inventory/ansible.h"
#include "conf/inventory/formats.h"
#include "conf/inventory/inventory.h"
#include "conf/jsonwalk.h"
#include "conf/textfile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

struct reader {
	struct inventory *inv;
	const char *name; /* of the text */
	size_t all;       /* the group */
	struct map *seen; /* names of the groups that were read */
	struct muster_error *err;
};

static int
refuse(struct reader *r, const char *name, const char *what)
{
	return err_set(
	    r->err, MUSTER_ERR_FILE, "%s: '%.80s' %s", r->name, name, what);
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
		return err_prefix(r->err, "%s", r->name);
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
	if (!ansible_may_name_group(name))
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
		    r->inv, group, ansible_group(r->inv, name, r->name));
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
	group = ansible_group(r->inv, name, r->name);
	if (json_is_array(body))
		return add_hosts(r, group, body);
	if (add_hosts(r, group, json_object_get(body, "hosts")) != 0 ||
	    add_children(r, group, json_object_get(body, "children")) != 0)
		return -1;
	set_vars(r, true, group, json_object_get(body, "vars"));
	return 0;
}

/* Takes over the value of a member of the list, but for "_meta". */
static int
take_group(struct reader *r, const char *name, struct jsonwalk *w)
{
	json_t *body;
	int rc = -1;

	if (map_puts(r->seen, name, r) != NULL)
		return refuse(r, name, "is there twice");
	body = jsonwalk_value(w);
	if (body != NULL)
		rc = add_group(r, name, body);

	json_decref(body);
	return rc;
}

/* Reads the groups. *meta becomes where the value of "_meta" is. */
static int
read_groups(struct reader *r, struct jsonwalk *w, size_t *meta)
{
	char *name;
	int rc = 0;

	if (!jsonwalk_enter(w))
		return jsonwalk_refuse(w, "no JSON object");
	while (rc == 0 && (name = jsonwalk_next(w)) != NULL) {
		if (strcmp(name, "_meta") == 0) {
			*meta = w->at;
			rc = jsonwalk_skip(w);
		} else {
			rc = take_group(r, name, w);
		}
		free(name);
	}
	return rc != 0 || w->is_bad ? -1 : jsonwalk_end(w);
}

/* ---- host variables ---- */

static int
take_hostvars(struct reader *r, const char *name, struct jsonwalk *w)
{
	const struct hostref ref = {.host = name};
	size_t host = hostlist_find(&r->inv->hosts, &ref);
	json_t *vars = jsonwalk_value(w);

	if (vars == NULL)
		return -1;
	if (host != SIZE_MAX)
		set_vars(r, false, host, vars);
	json_decref(vars);
	return 0;
}

/* A value that means nothing here. */
static int
take_nothing(struct jsonwalk *w)
{
	json_t *value = jsonwalk_value(w);

	json_decref(value);
	return value == NULL ? -1 : 0;
}

/* Calls take() for the members of the object that comes, if one does. */
static int
each_member(struct reader *r, struct jsonwalk *w,
    int (*take)(struct reader *, const char *, struct jsonwalk *))
{
	char *name;
	int rc = 0;

	if (!jsonwalk_enter(w))
		return take_nothing(w);
	while (rc == 0 && (name = jsonwalk_next(w)) != NULL) {
		rc = take(r, name, w);
		free(name);
	}
	return rc != 0 || w->is_bad ? -1 : 0;
}

static int
take_meta(struct reader *r, const char *name, struct jsonwalk *w)
{
	return strcmp(name, "hostvars") == 0 ? each_member(r, w, take_hostvars)
					     : take_nothing(w);
}

/* ---- the whole ---- */

int
ansible_take_json(struct inventory *inv, struct jsonwalk *w, const char *where,
    bool *has_meta)
{
	struct reader r = {.inv = inv, .name = w->name, .err = w->err};
	size_t meta = 0;
	int rc;

	r.all = ansible_group(inv, "all", where);
	r.seen = map_new();
	rc = read_groups(&r, w, &meta);
	map_free(r.seen, NULL);
	*has_meta = meta != 0;
	if (rc != 0 || meta == 0)
		return rc;
	w->at = meta;
	return each_member(&r, w, take_meta);
}

int
ansible_take_host(struct inventory *inv, struct jsonwalk *w, size_t host)
{
	struct reader r = {.inv = inv, .name = w->name, .err = w->err};
	json_t *vars = jsonwalk_value(w);
	int rc = -1;

	if (vars != NULL && !json_is_object(vars))
		rc = jsonwalk_refuse(w, "no JSON object");
	else if (vars != NULL)
		rc = jsonwalk_end(w);
	if (rc == 0)
		set_vars(&r, false, host, vars);
	json_decref(vars);
	return rc;
}

int
inventory_read_ansible_json(
    struct inventory *inv, const char *path, struct muster_error *err)
{
	struct jsonwalk w = {.name = path, .err = err};
	struct textfile f;
	bool has_meta;
	int rc;

	if (textfile_read(&f, path, err) != 0)
		return -1;
	w.text = f.text;
	w.len = f.len;
	rc = ansible_take_json(inv, &w, path, &has_meta);
	textfile_clear(&f);
	return rc == 0 ? ansible_read_vars(inv, path, err) : rc;
}
