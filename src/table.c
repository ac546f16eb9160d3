/*
 * table.c -- a file of commands, each for some hosts.
 *
 * Room: src.  May touch: muster.h, heap.h.
 */
#include "config.h"

#include "src/table.h"

#include "src/heap.h"

#include <errno.h>
#include <search.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct host {
	const char *name; /* borrowed */
	size_t index;
};

struct table {
	const char *path;
	size_t line;
	struct host *hosts; /* owned; by index */
	size_t n_hosts;
	void *tree; /* of hosts, by name */
	char **commands;
};

static int
compare(const void *a, const void *b)
{
	const struct host *x = a, *y = b;

	return strcmp(x->name, y->name);
}

static int fail(const struct table *t, struct muster_error *err,
    const char *fmt, ...) __attribute__((format(printf, 3, 4)));

static int
fail(const struct table *t, struct muster_error *err, const char *fmt, ...)
{
	va_list ap;
	int n = snprintf(err->text, sizeof(err->text), "%.160s", t->path);

	if (t->line > 0)
		n += snprintf(err->text + n, sizeof(err->text) - (size_t)n,
		    ":%zu", t->line);
	n += snprintf(err->text + n, sizeof(err->text) - (size_t)n, ": ");
	va_start(ap, fmt);
	(void)vsnprintf(err->text + n, sizeof(err->text) - (size_t)n, fmt, ap);
	va_end(ap);
	err->code = MUSTER_ERR_FILE;
	err->at = MUSTER_NOWHERE;
	return -1;
}

static void
index_hosts(struct table *t, const struct muster *m)
{
	t->n_hosts = muster_n_hosts(m);
	t->hosts = heap_array(t->n_hosts, sizeof(*t->hosts));
	for (size_t i = 0; i < t->n_hosts; i++) {
		t->hosts[i] = (struct host){muster_host_list_name(m, i), i};
		if (tsearch(&t->hosts[i], &t->tree, compare) == NULL)
			heap_die();
	}
}

static void
forget_hosts(struct table *t)
{
	for (size_t i = 0; i < t->n_hosts; i++)
		(void)tdelete(&t->hosts[i], &t->tree, compare);
	free(t->hosts);
}

static int
set_command(struct table *t, const struct muster_host *host,
    const char *command, struct muster_error *err)
{
	char *label = muster_host_label(host);
	const struct host like = {.name = label};
	struct host **found = tfind(&like, &t->tree, compare);
	int r = 0;

	if (found == NULL)
		r = fail(t, err, "'%.64s' is no host of this run", label);
	else if (t->commands[(*found)->index] != NULL)
		r = fail(t, err, "'%.64s' has a command already", label);
	else
		t->commands[(*found)->index] = heap_strdup(command);
	muster_string_free(label);
	return r;
}

/* Takes a line without its end, which it may change. */
static int
take_line(struct table *t, char *line, struct muster_error *err)
{
	struct muster_hosts hosts;
	struct muster_error why;
	char *command = line + strspn(line, " \t");
	int r = 0;

	if (*command == '\0' || *command == '#')
		return 0;
	line = command;
	while ((command = strchr(command, ':')) != NULL &&
	       strspn(command + 1, " \t") == 0)
		command++;
	if (command == NULL)
		return fail(t, err, "there is no ': ' behind the hosts");
	*command++ = '\0';
	command += strspn(command, " \t");
	if (*command == '\0')
		return fail(t, err, "there is no command for '%.64s'", line);
	if (muster_expand(line, NULL, &hosts, &why) < 0)
		return fail(t, err, "%.120s", why.text);
	for (size_t i = 0; i < hosts.n && r == 0; i++)
		r = set_command(t, &hosts.items[i], command, err);
	muster_hosts_clear(&hosts);
	return r;
}

static int
read_lines(struct table *t, FILE *file, struct muster_error *err)
{
	char *line = NULL;
	size_t size = 0;
	ssize_t len;
	int r = 0;

	while (r == 0 && (len = getline(&line, &size, file)) >= 0) {
		t->line++;
		if (len > 0 && line[len - 1] == '\n')
			line[--len] = '\0';
		if (strlen(line) != (size_t)len)
			r = fail(t, err, "there is a NUL byte in it");
		else
			r = take_line(t, line, err);
	}
	if (r == 0 && ferror(file) != 0)
		r = fail(t, err, "%s", strerror(errno));
	free(line);
	return r;
}

/* Names the first host that the file leaves out. */
static int
check_missing(struct table *t, struct muster_error *err)
{
	size_t n = 0, first = 0;

	for (size_t i = t->n_hosts; i-- > 0;) {
		if (t->commands[i] != NULL)
			continue;
		first = i;
		n++;
	}
	t->line = 0;
	if (n == 0)
		return 0;
	if (n == 1)
		return fail(t, err, "there is no command for '%.64s'",
		    t->hosts[first].name);
	return fail(t, err,
	    "there is no command for %zu hosts, such as '%.64s'", n,
	    t->hosts[first].name);
}

int
table_read(const char *path, const struct muster *m, char **commands,
    struct muster_error *err)
{
	struct table t = {.path = path, .commands = commands};
	FILE *file = fopen(path, "re");
	int r;

	if (file == NULL)
		return fail(&t, err, "%s", strerror(errno));
	index_hosts(&t, m);
	r = read_lines(&t, file, err);
	if (r == 0)
		r = check_missing(&t, err);
	forget_hosts(&t);
	(void)fclose(file);
	return r;
}
