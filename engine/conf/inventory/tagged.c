/*
 * tagged.c -- inventories of hosts with tags: genders and clusterssh.
 *
 * Room: engine/conf/inventory.  May touch: base, conf.
 */
#include "config.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "conf/hostexpr.h"
#include "conf/inventory/formats.h"
#include "conf/inventory/inventory.h"
#include "conf/textfile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A line being cut into words. */
struct words {
	const struct textfile *file;
	char *line;
	char *rest;
	size_t column;   /* of the word given last, from 1 */
	char where[512]; /* "file:line" */
};

static void
init_words(struct words *w, const struct textfile *f, char *line)
{
	char *hash = strchr(line, '#');

	if (hash != NULL)
		*hash = '\0';
	*w = (struct words){.file = f, .line = line, .rest = line};
	(void)snprintf(w->where, sizeof(w->where), "%s:%u", f->name, f->line);
}

/* The next word, ended by one of `ends` (which has the blanks); NULL. */
static char *
next_word(struct words *w, const char *ends)
{
	char *word = w->rest + strspn(w->rest, ends);
	size_t len = strcspn(word, ends);

	if (len == 0)
		return NULL;
	w->column = (size_t)(word - w->line) + 1;
	w->rest = word + len;
	if (*w->rest != '\0')
		*w->rest++ = '\0';
	return word;
}

/* Expands one word into an empty list. */
static int
expand_word(const struct words *w, const char *word, struct hostlist *list,
    struct muster_error *err)
{
	static const struct hostexpr_options options;
	struct muster_error mine = {.code = MUSTER_ERR_NONE};
	size_t at = 0;

	if (hostexpr_expand(word, &options, list, &mine) == 0)
		return 0;
	if (mine.at != MUSTER_NOWHERE)
		at = mine.at;
	(void)textfile_blame(w->file, w->column + at, &mine);
	if (err != NULL)
		*err = mine;
	return -1;
}

/* ---- genders ---- */

static bool
is_good_group_name(const char *name)
{
	return strpbrk(name, ",!&^[]: \t") == NULL && *name != '\0';
}

/* Puts the hosts into the group of an attribute. "%n" in a value is the
 * host's name, which makes no group. */
static int
add_attribute(struct inventory *inv, const struct words *w, char *attribute,
    const struct inventory_indexes *hosts, struct muster_error *err)
{
	char *equals = strchr(attribute, '=');
	size_t group;

	if (equals != NULL && strstr(equals, "%n") == NULL) {
		if (!is_good_group_name(attribute))
			return textfile_refuse(w->file, w->column, err,
			    "'%s' cannot be the name of a group", attribute);
		group =
		    inventory_open_group(inv, "genders", attribute, w->where);
		for (size_t i = 0; i < hosts->n; i++)
			inventory_join(inv, group, hosts->items[i]);
	}
	if (equals != NULL)
		*equals = '\0';
	if (!is_good_group_name(attribute))
		return textfile_refuse(w->file, w->column, err,
		    "'%s' cannot be the name of a group", attribute);
	group = inventory_open_group(inv, "genders", attribute, w->where);
	for (size_t i = 0; i < hosts->n; i++)
		inventory_join(inv, group, hosts->items[i]);
	return 0;
}

/* Adds the hosts of a list to the inventory, their indexes to `out`. */
static int
add_hosts(struct inventory *inv, const struct words *w,
    const struct hostlist *list, struct inventory_indexes *out,
    struct muster_error *err)
{
	for (size_t i = 0; i < list->n; i++) {
		size_t index;

		if (inventory_add_host(inv, &list->items[i], &index, err) != 0)
			return textfile_blame(w->file, w->column, err);
		mem_grow(&out->items, &out->cap, out->n + 1, sizeof(index));
		out->items[out->n++] = index;
	}
	return 0;
}

static int
add_genders_line(
    struct inventory *inv, struct words *w, struct muster_error *err)
{
	struct inventory_indexes hosts = {0};
	struct hostlist list;
	char *word = next_word(w, " \t");
	int rc = 0;

	if (word == NULL)
		return 0;
	hostlist_init(&list, inv->hosts.max, false);
	rc = expand_word(w, word, &list, err);
	if (rc == 0)
		rc = add_hosts(inv, w, &list, &hosts, err);
	while (rc == 0 && (word = next_word(w, ", \t")) != NULL)
		rc = add_attribute(inv, w, word, &hosts, err);
	hostlist_clear(&list);
	free(hosts.items);
	return rc;
}

int
inventory_read_genders(
    struct inventory *inv, const char *path, struct muster_error *err)
{
	struct textfile f;
	char *line;
	size_t len;
	int rc = 0;

	if (textfile_read(&f, path, err) != 0)
		return -1;
	while (rc == 0 && (line = textfile_next(&f, &len)) != NULL) {
		struct words w;

		init_words(&w, &f, line);
		rc = add_genders_line(inv, &w, err);
	}
	textfile_clear(&f);
	return rc;
}

/* ---- clusterssh ---- */

/* Adds a word to a tag: another tag, or hosts. */
static int
add_to_tag(struct inventory *inv, const struct words *w, size_t tag,
    const char *word, struct muster_error *err)
{
	size_t other = inventory_find_group(inv, "clusterssh", word);
	struct inventory_indexes hosts = {0};
	struct hostlist list;
	int rc;

	if (other != MUSTER_NOWHERE && other != tag) {
		inventory_nest(inv, tag, other);
		return 0;
	}
	hostlist_init(&list, inv->hosts.max, false);
	rc = expand_word(w, word, &list, err);
	if (rc == 0)
		rc = add_hosts(inv, w, &list, &hosts, err);
	for (size_t i = 0; rc == 0 && i < hosts.n; i++)
		inventory_join(inv, tag, hosts.items[i]);
	hostlist_clear(&list);
	free(hosts.items);
	return rc;
}

static size_t
open_tag(struct inventory *inv, const struct words *w, const char *name)
{
	return inventory_open_group(inv, "clusterssh", name, w->where);
}

/* "tag host ...": the tags of all lines are made before any is filled. */
static int
add_cluster_line(struct inventory *inv, struct words *w, bool only_tags,
    struct muster_error *err)
{
	char *word = next_word(w, " \t");
	size_t tag;
	int rc = 0;

	if (word == NULL)
		return 0;
	if (!is_good_group_name(word))
		return textfile_refuse(w->file, w->column, err,
		    "'%s' cannot be the name of a group", word);
	tag = open_tag(inv, w, word);
	while (!only_tags && rc == 0 && (word = next_word(w, " \t")) != NULL)
		rc = add_to_tag(inv, w, tag, word, err);
	return rc;
}

/* "host tag ...". */
static int
add_tag_line(struct inventory *inv, struct words *w, struct muster_error *err)
{
	char *host = next_word(w, " \t"), *word;
	struct words at_host = *w;
	int rc = 0;

	while (
	    rc == 0 && host != NULL && (word = next_word(w, " \t")) != NULL) {
		if (!is_good_group_name(word))
			return textfile_refuse(w->file, w->column, err,
			    "'%s' cannot be the name of a group", word);
		rc = add_to_tag(
		    inv, &at_host, open_tag(inv, w, word), host, err);
	}
	return rc;
}

/* Reads all lines once. */
static int
read_clusters(struct inventory *inv, const char *path, bool only_tags,
    struct muster_error *err)
{
	const char *slash = strrchr(path, '/');
	bool is_tags = strcmp(slash == NULL ? path : slash + 1, "tags") == 0;
	struct textfile f;
	char *line;
	size_t len;
	int rc = 0;

	if (textfile_read(&f, path, err) != 0)
		return -1;
	while (rc == 0 && (line = textfile_next(&f, &len)) != NULL) {
		struct words w;

		init_words(&w, &f, line);
		if (!is_tags)
			rc = add_cluster_line(inv, &w, only_tags, err);
		else if (!only_tags)
			rc = add_tag_line(inv, &w, err);
	}
	textfile_clear(&f);
	return rc;
}

int
inventory_read_clusterssh(
    struct inventory *inv, const char *path, struct muster_error *err)
{
	if (read_clusters(inv, path, true, err) != 0)
		return -1;
	return read_clusters(inv, path, false, err);
}
