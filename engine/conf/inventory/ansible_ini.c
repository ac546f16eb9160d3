/*
 * ansible_ini.c -- Ansible's INI inventories.
 *
 * Room: engine/conf/inventory.  May touch: base, conf.
 * "[group]" is followed by "host var=value ...", "[group:children]" by names
 * of groups and "[group:vars]" by "var=value". Hosts before any section are
 * in no group but "all" and "ungrouped".
 */
#include "config.h"

#include "base/err.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/str.h"
#include "conf/inventory/ansible.h"
#include "conf/inventory/formats.h"
#include "conf/inventory/inventory.h"
#include "conf/textfile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum section { HOSTS, CHILDREN, VARS };

/* A group that was named before its own section. */
struct mention {
	char *name; /* owned */
	unsigned line;
	size_t column;
};

struct reader {
	struct inventory *inv;
	struct textfile file;
	enum section section;
	size_t group;             /* of the section */
	struct map *declared;     /* names of groups that have a section */
	struct mention *mentions; /* owned */
	size_t n_mentions;
	size_t cap_mentions;
	char *line;
	size_t *hosts; /* owned; those of the line at hand */
	size_t n_hosts;
	size_t cap_hosts;
	struct muster_error *err;
};

static size_t
column_of(const struct reader *r, const char *p)
{
	return (size_t)(p - r->line) + 1;
}

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

/* ---- sections ---- */

static void
mention_group(struct reader *r, const char *name, size_t column)
{
	mem_grow(&r->mentions, &r->cap_mentions, r->n_mentions + 1,
	    sizeof(*r->mentions));
	r->mentions[r->n_mentions++] = (struct mention){
	    .name = mem_strdup(name),
	    .line = r->file.line,
	    .column = column,
	};
}

static size_t
get_group(struct reader *r, const char *name)
{
	char where[512];

	(void)snprintf(
	    where, sizeof(where), "%s:%u", r->file.name, r->file.line);
	return ansible_group(r->inv, name, where);
}

/* "[name]", "[name:children]" or "[name:vars]". */
static int
read_section(struct reader *r, char *line)
{
	char *close = strchr(line, ']'), *name = line + 1, *colon, *rest;

	if (close == NULL)
		return textfile_refuse(&r->file, column_of(r, line), r->err,
		    "'[' is never closed");
	*close = '\0';
	rest = trim(close + 1);
	if (*rest != '\0' && *rest != '#' && *rest != ';')
		return textfile_refuse(&r->file, column_of(r, rest), r->err,
		    "text behind the section");
	colon = strchr(name, ':');
	if (colon != NULL)
		*colon++ = '\0';
	if (*name == '\0' || strpbrk(name, " \t,!&^[") != NULL)
		return textfile_refuse(&r->file, column_of(r, name), r->err,
		    "'%s' cannot be the name of a group", name);
	if (colon == NULL || strcmp(colon, "hosts") == 0)
		r->section = HOSTS;
	else if (strcmp(colon, "children") == 0)
		r->section = CHILDREN;
	else if (strcmp(colon, "vars") == 0)
		r->section = VARS;
	else
		return textfile_refuse(&r->file, column_of(r, colon), r->err,
		    "a section is [group], [group:children] or "
		    "[group:vars], not ':%s'",
		    colon);
	r->group = get_group(r, name);
	if (r->section == VARS)
		mention_group(r, name, column_of(r, name));
	else
		(void)map_puts(r->declared, name, r);
	return 0;
}

/* Whether every group named has a section of its own. */
static int
check_mentions(struct reader *r)
{
	for (size_t i = 0; i < r->n_mentions; i++) {
		const struct mention *m = &r->mentions[i];

		if (map_gets(r->declared, m->name) != NULL)
			continue;
		r->file.line = m->line;
		return textfile_refuse(&r->file, m->column, r->err,
		    "no section [%s] is in this file", m->name);
	}
	return 0;
}

/* ---- lines ---- */

/* Cuts the next word off *rest as a shell would: quotes and backslashes are
 * taken away, '#' begins a comment. *word is NULL at the end. */
static int
next_word(struct reader *r, char **rest, char **word)
{
	char *in = *rest, *out, quote = '\0';

	while (str_is_space(*in))
		in++;
	*word = *in == '\0' || *in == '#' ? NULL : in;
	for (out = in; *word != NULL && *in != '\0'; in++) {
		if (quote == '\0' && str_is_space(*in))
			break;
		if (quote == '\0' && (*in == '"' || *in == '\'')) {
			quote = *in;
		} else if (quote != '\0' && *in == quote) {
			quote = '\0';
		} else {
			if (*in == '\\' && quote != '\'' && in[1] != '\0')
				in++;
			*out++ = *in;
		}
	}
	if (quote != '\0')
		return textfile_refuse(&r->file, column_of(r, *word), r->err,
		    "a quote is never closed");
	*rest = *in == '\0' ? in : in + 1;
	if (*word != NULL)
		*out = '\0';
	return 0;
}

static int
on_host(void *ctx, size_t host)
{
	struct reader *r = ctx;

	mem_grow(&r->hosts, &r->cap_hosts, r->n_hosts + 1, sizeof(host));
	r->hosts[r->n_hosts++] = host;
	inventory_join(r->inv, r->group, host);
	return 0;
}

static int
read_assignment(struct reader *r, char *word)
{
	char *equals = strchr(word, '=');
	enum inventory_var var;

	if (equals == NULL)
		return textfile_refuse(&r->file, column_of(r, word), r->err,
		    "'%.80s' is no variable=value", word);
	*equals = '\0';
	var = inventory_var_named(r->inv, word);
	for (size_t i = 0; i < r->n_hosts; i++)
		inventory_set_host(r->inv, r->hosts[i], var, equals + 1);
	return 0;
}

static int
read_host_line(struct reader *r, char *line)
{
	char *rest = line, *word;

	if (next_word(r, &rest, &word) != 0)
		return -1;
	if (word == NULL)
		return 0;
	r->n_hosts = 0;
	if (ansible_add_entry(r->inv, word, on_host, r, r->err) != 0) {
		size_t at = r->err == NULL || r->err->at == MUSTER_NOWHERE
				? 0
				: r->err->at;

		return textfile_blame(
		    &r->file, column_of(r, word) + at, r->err);
	}
	for (;;) {
		if (next_word(r, &rest, &word) != 0)
			return -1;
		if (word == NULL)
			return 0;
		if (read_assignment(r, word) != 0)
			return -1;
	}
}

static int
read_child_line(struct reader *r, char *line)
{
	char *hash = strchr(line, '#');
	size_t child;

	if (hash != NULL)
		*hash = '\0';
	line = trim(line);
	mention_group(r, line, column_of(r, line));
	child = get_group(r, line);
	inventory_nest(r->inv, r->group, child);
	return 0;
}

/* Takes away the quotes around a value. */
static char *
unquote(char *value)
{
	size_t len = strlen(value);

	if (len < 2 || (*value != '"' && *value != '\'') ||
	    value[len - 1] != *value)
		return value;
	value[len - 1] = '\0';
	return value + 1;
}

static int
read_var_line(struct reader *r, char *line)
{
	char *equals = strchr(line, '=');

	if (equals == NULL)
		return textfile_refuse(&r->file, column_of(r, line), r->err,
		    "'%.80s' is no variable=value", line);
	*equals = '\0';
	inventory_set_group(r->inv, r->group,
	    inventory_var_named(r->inv, trim(line)), unquote(trim(equals + 1)));
	return 0;
}

static int
read_line(struct reader *r)
{
	char *line = trim(r->line);

	if (*line == '\0' || *line == '#' || *line == ';')
		return 0;
	/* "[v6]:port" and "[1:3].x" are hosts; a section ends with ']'. */
	if (*line == '[' &&
	    (strchr(line, ']') == NULL || strchr(line, ']')[1] == '\0' ||
		str_is_space(strchr(line, ']')[1]) ||
		strchr(line, ']')[1] == '#'))
		return read_section(r, line);
	switch (r->section) {
	case CHILDREN:
		return read_child_line(r, line);
	case VARS:
		return read_var_line(r, line);
	case HOSTS:
		break;
	}
	return read_host_line(r, line);
}

static void
clear_reader(struct reader *r)
{
	for (size_t i = 0; i < r->n_mentions; i++)
		free(r->mentions[i].name);
	free(r->mentions);
	free(r->hosts);
	map_free(r->declared, NULL);
	textfile_clear(&r->file);
}

int
inventory_read_ansible_ini(
    struct inventory *inv, const char *path, struct muster_error *err)
{
	struct reader r = {.inv = inv, .err = err};
	size_t len;
	int rc = 0;

	if (textfile_read(&r.file, path, err) != 0)
		return -1;
	r.declared = map_new();
	(void)map_puts(r.declared, "all", &r);
	(void)map_puts(r.declared, "ungrouped", &r);
	(void)ansible_group(inv, "all", path);
	r.group = ansible_group(inv, "ungrouped", path);
	while (rc == 0 && (r.line = textfile_next(&r.file, &len)) != NULL)
		rc = read_line(&r);
	if (rc == 0)
		rc = check_mentions(&r);
	clear_reader(&r);
	return rc == 0 ? ansible_read_vars(inv, path, err) : rc;
}
