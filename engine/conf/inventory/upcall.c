/*
 * upcall.c -- shell commands that know groups, of ClusterShell's.
 *
 * Room: engine/conf/inventory.  May touch: base, conf.
 */
#include "config.h"

#include "conf/inventory/upcall.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/str.h"
#include "conf/inventory/inventory.h"
#include "conf/spawn.h"

#include <stdlib.h>
#include <string.h>

struct upcall {
	char *source; /* owned; NULL in the pattern of several */
	char *folder; /* owned */
	char *map;    /* owned; NULL: not there */
	char *all;
	char *list;
};

struct upcall *
upcall_new(const char *folder)
{
	struct upcall *u = mem_new(sizeof(*u));

	u->folder = mem_strdup(folder);
	return u;
}

void
upcall_free(struct upcall *u)
{
	if (u == NULL)
		return;
	free(u->source);
	free(u->folder);
	free(u->map);
	free(u->all);
	free(u->list);
	free(u);
}

static void
replace(char **text, const char *value)
{
	free(*text);
	*text = mem_strdup(value);
}

void
upcall_set(struct upcall *u, const char *key, const char *command)
{
	if (strcmp(key, "map") == 0)
		replace(&u->map, command);
	else if (strcmp(key, "all") == 0)
		replace(&u->all, command);
	else if (strcmp(key, "list") == 0)
		replace(&u->list, command);
}

/* The length of "$name" or "${name}" at the start of `text`; 0: neither. */
static size_t
match_variable(const char *text, const char *name)
{
	size_t len = strlen(name);

	if (*text != '$')
		return 0;
	if (text[1] == '{' && strncmp(text + 2, name, len) == 0 &&
	    text[len + 2] == '}')
		return len + 3;
	return strncmp(text + 1, name, len) == 0 ? len + 1 : 0;
}

char *
upcall_fill(const char *text, const char *name, const char *value)
{
	struct buf b;

	buf_init(&b, LIMIT_UPCALL_BYTES);
	while (*text != '\0') {
		size_t len = match_variable(text, name);

		if (len > 0)
			(void)buf_adds(&b, value);
		else
			(void)buf_addc(&b, *text);
		text += len > 0 ? len : 1;
	}
	return buf_take_str(&b);
}

/* Whether a shell reads all of `text` as one plain word. */
static bool
is_plain_word(const char *text)
{
	for (const char *p = text; *p != '\0'; p++) {
		int c = str_lower(*p);

		if (!(c >= 'a' && c <= 'z') && !str_is_digit(c) &&
		    strchr("_-.+:=@%", c) == NULL)
			return false;
	}
	return *text != '\0' && *text != '-';
}

/* Runs a command. Returns what it prints, or NULL: *err is filled in. */
static char *
run(const struct upcall *u, const char *command, const char *group,
    struct muster_error *err)
{
	/* The shell gets the command as an argument: it is quoted never. */
	static const char script[] = "cd \"$1\" && eval \"$2\"";
	char *with_dir = upcall_fill(command, "CFGDIR", u->folder);
	char *with_source = upcall_fill(with_dir, "SOURCE", u->source);
	char *full = upcall_fill(with_source, "GROUP", group);
	char sh[] = "/bin/sh", flag[] = "-c",
	     *argv[] = {sh, flag, (char *)(uintptr_t)script, sh, u->folder,
		 full, NULL};
	struct buf b;
	char *answer = NULL;

	buf_init(&b, LIMIT_UPCALL_BYTES);
	if (spawn_read(argv, LIMIT_UPCALL_MS, &b, err) == 0)
		answer = buf_take_str(&b);
	else
		(void)err_prefix(
		    err, "the command of group source '%s'", u->source);
	buf_clear(&b);
	free(full);
	free(with_source);
	free(with_dir);
	return answer;
}

static bool
is_blank(const char *text)
{
	return text[strspn(text, " \t\r\n")] == '\0';
}

static char *
on_map(void *ctx, const char *group, struct muster_error *err)
{
	struct upcall *u = ctx;
	char *answer;

	if (u->map == NULL)
		return NULL;
	if (!is_plain_word(group))
		return err_null(err, MUSTER_ERR_SYNTAX,
		    "'%s' cannot be the name of a group of source '%s'", group,
		    u->source);
	answer = run(u, u->map, group, err);
	if (answer != NULL && is_blank(answer)) {
		/* No output is how a source says that it has no such group. */
		free(answer);
		answer = NULL;
	}
	return answer;
}

static char *
on_all(void *ctx, struct muster_error *err)
{
	struct upcall *u = ctx;
	char *answer = u->all == NULL ? NULL : run(u, u->all, "", err);

	if (answer != NULL && is_blank(answer)) {
		free(answer);
		answer = NULL;
	}
	return answer;
}

static char *
on_list(void *ctx, struct muster_error *err)
{
	struct upcall *u = ctx;

	return u->list == NULL ? NULL : run(u, u->list, "", err);
}

static void
on_free(void *ctx)
{
	upcall_free(ctx);
}

void
upcall_add(struct inventory *inv, const struct upcall *u, const char *source)
{
	struct upcall *copy = upcall_new(u->folder);
	struct inventory_source s = {
	    .ctx = copy,
	    .free_ctx = on_free,
	    .map = on_map,
	    .all = on_all,
	    .list = on_list,
	};

	copy->source = mem_strdup(source);
	copy->map = mem_strdup(u->map);
	copy->all = mem_strdup(u->all);
	copy->list = mem_strdup(u->list);
	s.name = arena_strdup(&inv->text, source);
	inventory_add_source(inv, &s);
}
