/*
 * plain.c -- inventories that are lists: host files, pssh's, dsh's folders.
 *
 * Room: engine/conf/inventory.  May touch: base, conf.
 */
#include "config.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "conf/folder.h"
#include "conf/hostexpr.h"
#include "conf/hostname.h"
#include "conf/hostspec.h"
#include "conf/inventory/formats.h"
#include "conf/inventory/inventory.h"
#include "conf/textfile.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int
inventory_read_plain(
    struct inventory *inv, const char *path, struct muster_error *err)
{
	static const struct hostexpr_options options;
	struct hostlist list;
	size_t index;
	int rc;

	hostlist_init(&list, inv->hosts.max, false);
	rc = hostexpr_expand_file(path, &options, &list, err);
	for (size_t i = 0; rc == 0 && i < list.n; i++)
		rc = inventory_add_host(inv, &list.items[i], &index, err);
	inv->hosts.n_duplicates += list.n_duplicates;
	hostlist_clear(&list);
	return rc;
}

/* ---- pssh ---- */

/* Cuts the next word off *rest; NULL at the end. */
static char *
next_word(char **rest)
{
	char *word = *rest;

	while (str_is_space(*word))
		word++;
	if (*word == '\0' || *word == '#')
		return NULL;
	for (*rest = word; **rest != '\0' && !str_is_space(**rest); ++*rest)
		;
	if (**rest != '\0')
		*(*rest)++ = '\0';
	return word;
}

static int
add_pssh_line(struct inventory *inv, const struct textfile *f, char *line,
    struct muster_error *err)
{
	char *rest = line, *word = next_word(&rest), *user, *more;
	struct hostspec spec;
	struct hostref ref;
	size_t index, at;
	int rc;

	if (word == NULL)
		return 0;
	at = (size_t)(word - line);
	user = next_word(&rest);
	more = user == NULL ? NULL : next_word(&rest);
	if (more != NULL)
		return textfile_refuse(f, (size_t)(more - line) + 1, err,
		    "a line is 'host[:port] [user]'");
	if (user != NULL &&
	    (username_span(user, strlen(user)) != strlen(user) || *user == '-'))
		return textfile_refuse(f, (size_t)(user - line) + 1, err,
		    "not a user name: '%s'", user);
	if (hostspec_parse(&spec, word, strlen(word), at, err) != 0)
		return textfile_blame(f, err == NULL ? 1 : err->at + 1, err);
	ref.host = mem_strndup(spec.host, spec.host_len);
	ref.port = spec.port;
	ref.user = user != NULL        ? mem_strdup(user)
		   : spec.user != NULL ? mem_strndup(spec.user, spec.user_len)
				       : NULL;
	rc = inventory_add_host(inv, &ref, &index, err);
	if (rc != 0)
		(void)textfile_blame(f, at + 1, err);
	free((void *)(uintptr_t)ref.host);
	free((void *)(uintptr_t)ref.user);
	hostspec_clear(&spec);
	return rc;
}

int
inventory_read_pssh(
    struct inventory *inv, const char *path, struct muster_error *err)
{
	struct textfile f;
	char *line;
	size_t len;
	int rc = 0;

	if (textfile_read(&f, path, err) != 0)
		return -1;
	while (rc == 0 && (line = textfile_next(&f, &len)) != NULL)
		rc = add_pssh_line(inv, &f, line, err);
	textfile_clear(&f);
	return rc;
}

/* ---- dsh ---- */

/* Adds a host file of a folder, a group of its name. */
static int
add_group_file(void *ctx, const char *path, const char *name)
{
	struct inventory *inv = ctx;
	struct stat st;
	size_t group;

	if (strchr(name, ':') != NULL || stat(path, &st) != 0 ||
	    !S_ISREG(st.st_mode))
		return 0;
	group = inventory_open_group(inv, "dsh", name, NULL);
	inv->groups[group].file = arena_strdup(&inv->text, path);
	return 0;
}

int
inventory_read_dsh(
    struct inventory *inv, const char *path, struct muster_error *err)
{
	return folder_each(path, add_group_file, inv, err);
}
