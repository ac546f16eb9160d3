/*
 * sshconf.c -- opening ssh_config(5): options first, then the files.
 *
 * Room: engine/conf.  May touch: base.
 */
#include "config.h"

#include "conf/sshconf.h"

#include "base/err.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/str.h"
#include "conf/sshconf_int.h"

#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SYSTEM_FILE "/etc/ssh/ssh_config"
#define EXEC_MS 30000

/* Who we are; a user the system does not know is none to ssh(1) either. */
static int
init_local(struct sshconf_local *local, const struct sshconf_setup *setup,
    struct muster_error *err)
{
	const char *home = getenv("HOME");
	struct passwd entry, *found = NULL;
	char room[4096], name[256] = "";

	if (getpwuid_r(getuid(), &entry, room, sizeof(room), &found) != 0 ||
	    found == NULL)
		return err_set(err, MUSTER_ERR_SYSTEM,
		    "there is no user '%u' in the password file",
		    (unsigned)getuid());
	if (gethostname(name, sizeof(name) - 1) != 0)
		return err_sys(
		    err, MUSTER_ERR_SYSTEM, errno, "the host's own name");
	local->user = mem_strdup(entry.pw_name);
	local->home =
	    mem_strdup(setup->home == NULL ? entry.pw_dir : setup->home);
	if (setup->home != NULL || home == NULL)
		home = local->home;
	local->ssh_home = mem_strdup(home);
	local->host = mem_strdup(name);
	local->short_host = mem_strndup(name, strcspn(name, "."));
	snprintf(local->uid, sizeof(local->uid), "%u", (unsigned)getuid());
	return 0;
}

/* A file that need not be there. */
static int
load_usual(struct sshconf *c, size_t i, const char *path, unsigned flags,
    struct muster_error *err)
{
	bool missing;

	c->tops[i] = sshconf_load(c, path, flags, 0, &missing, err);
	return c->tops[i] == NULL && !missing ? -1 : 0;
}

static int
load_files(struct sshconf *c, const struct sshconf_setup *setup,
    struct muster_error *err)
{
	char *path;
	int r;

	if (setup->file != NULL && str_case_is(setup->file, "none"))
		return 0;
	if (setup->file != NULL) {
		c->tops[0] = sshconf_load(
		    c, setup->file, SSHCONF_FILE_USER, 0, NULL, err);
		return c->tops[0] == NULL ? -1 : 0;
	}
	path = mem_printf("%s/.ssh/config", c->local.home);
	r = load_usual(
	    c, 0, path, SSHCONF_FILE_USER | SSHCONF_FILE_CHECKED, err);
	free(path);
	if (r != 0)
		return -1;
	return load_usual(c, 1,
	    setup->system_file == NULL ? SYSTEM_FILE : setup->system_file, 0,
	    err);
}

static int
take_options(struct sshconf *c, const struct sshconf_setup *setup,
    struct muster_error *err)
{
	for (size_t i = 0; i < setup->n_options; i++)
		if (sshconf_option_parse(c, setup->options[i], err) != 0)
			return -1;
	return 0;
}

struct sshconf *
sshconf_open(const struct sshconf_setup *setup, struct muster_error *err)
{
	struct sshconf *c = mem_new(sizeof(*c));

	c->dns = setup->dns;
	c->exec_ms = setup->exec_ms == 0 ? EXEC_MS : setup->exec_ms;
	c->files = map_new();
	c->sets = map_new();
	c->execs = map_new();
	c->options = sshconf_file_new(
	    setup->options_name != NULL ? setup->options_name : "command line",
	    true);
	if (init_local(&c->local, setup, err) == 0 &&
	    take_options(c, setup, err) == 0 && load_files(c, setup, err) == 0)
		return c;
	sshconf_free(c);
	return NULL;
}

void
sshconf_free(struct sshconf *c)
{
	if (c == NULL)
		return;
	sshconf_file_free(c->options);
	map_free(c->execs, NULL);
	map_free(c->sets, sshconf_set_free);
	map_free(c->files, sshconf_file_free);
	free(c->local.user);
	free(c->local.home);
	free(c->local.ssh_home);
	free(c->local.host);
	free(c->local.short_host);
	free(c);
}

static bool
is_name(const char *pattern)
{
	return *pattern != '!' && strpbrk(pattern, "*?") == NULL;
}

/* Adds the names of a file's Host lines to a map that keeps their order. */
static void
collect_names(const struct sshconf_file *f, struct map *names)
{
	for (size_t i = 0; i < f->n; i++) {
		const struct sshconf_line *head = &f->blocks[i].head;

		if (f->blocks[i].kind != SSHCONF_HOST)
			continue;
		for (size_t j = 0; j < head->n; j++)
			if (is_name(head->words[j]) &&
			    map_gets(names, head->words[j]) == NULL)
				map_puts(names, head->words[j], head->words[j]);
	}
}

const char **
sshconf_list_names(const struct sshconf *c, size_t *n)
{
	struct map *names = map_new();
	const struct sshconf_file *f;
	void *at = NULL;
	const char **list, *name;

	while ((f = map_next(c->files, &at, NULL, NULL)) != NULL)
		collect_names(f, names);
	list = mem_array(map_n(names) + 1, sizeof(*list));
	*n = 0;
	at = NULL;
	while ((name = map_next(names, &at, NULL, NULL)) != NULL)
		list[(*n)++] = name;
	map_free(names, NULL);
	return list;
}
