/*
 * args_levels.c -- what the command line leaves open: --set, variables, files.
 *
 * Room: src.  May touch: muster.h, args_inner.h, heap.h.
 * Every option with a variable is a keyword too, called as the option is.
 */
#include "config.h"

#include "src/args_inner.h"

#include "src/heap.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SYSTEM_FILE "/etc/muster/config"

/* ---- keywords ---- */

bool
args_is_keyword(const struct option_row *row)
{
	return row->env != NULL && strcmp(row->name, "config") != 0;
}

static const struct option_row *
find_keyword(const char *name)
{
	size_t n;
	const struct option_row *rows = options_all(&n);

	for (size_t i = 0; i < n; i++) {
		if (args_is_keyword(&rows[i]) &&
		    strcmp(rows[i].name, name) == 0)
			return &rows[i];
	}
	return NULL;
}

int
args_check_keyword(const char *name, struct muster_error *err)
{
	const char *names[ARGS_MAX_ROWS];
	size_t n, n_names = 0, near;
	const struct option_row *rows = options_all(&n);

	if (find_keyword(name) != NULL)
		return 0;
	for (size_t i = 0; i < n; i++) {
		if (args_is_keyword(&rows[i]))
			names[n_names++] = rows[i].name;
	}
	near = muster_nearest(name, names, n_names);
	if (strcmp(name, "host") == 0 || strcmp(name, "match") == 0)
		return args_error(err,
		    "'%s' is for ssh_config: keywords here hold for all hosts",
		    name);
	if (near == MUSTER_NOWHERE)
		return args_error(err, "unknown keyword '%.80s'", name);
	return args_error(err, "unknown keyword '%.80s': did you mean '%s'?",
	    name, names[near]);
}

/* ---- --set ---- */

static int
take_set(struct args_level *level, const char *set, struct muster_error *err)
{
	size_t n = strcspn(set, "=");
	const struct option_row *row;
	char name[64], what[128];

	(void)snprintf(name, sizeof(name), "%.*s", (int)n, set);
	if (set[n] == '\0')
		return args_error(
		    err, "option '--set' wants KEYWORD=VALUE, not '%s'", set);
	if (args_check_keyword(name, err) < 0)
		return -1;
	row = find_keyword(name);
	if (set[n + 1] == '\0') {
		args_level_leave(level, row);
		return 0;
	}
	(void)snprintf(what, sizeof(what), "'%s' of '--set'", name);
	return args_level_take(level, row, what, set + n + 1, err);
}

int
args_take_sets(struct args_parser *p, struct muster_error *err)
{
	const struct args_list *sets = &p->args->sets;
	struct args_level level;

	args_level_init(&level, p, ARGS_SET);
	for (size_t i = 0; i < sets->n; i++) {
		if (take_set(&level, sets->items[i], err) < 0)
			return -1;
	}
	return 0;
}

/* ---- the environment ---- */

static const char *
get_variable(const char *name)
{
	const char *value = name != NULL ? getenv(name) : NULL;

	return value != NULL && *value != '\0' ? value : NULL;
}

static int
take_variable(struct args_level *level, const struct option_row *row,
    const char *name, struct muster_error *err)
{
	const char *value = get_variable(name);

	if (value == NULL)
		return 0;
	level->origin.name = name;
	return args_level_take(level, row, name, value, err);
}

/* Takes the variables of options that nothing above has. A peer's variable
 * comes after all of muster's own. */
int
args_take_environment(struct args_parser *p, struct muster_error *err)
{
	for (int peers = 0; peers < 2; peers++) {
		struct args_level level;

		args_level_init(&level, p, ARGS_ENVIRONMENT);
		for (size_t i = 0; i < p->n_rows; i++) {
			const struct option_row *row = &p->rows[i];

			if (take_variable(&level, row,
				peers ? row->peer : row->env, err) < 0)
				return -1;
		}
	}
	return 0;
}

/* ---- files ---- */

/* Puts the place in front of what *err says. Returns -1. */
static int
blame(struct muster_error *err, const struct muster_conf *conf, unsigned line,
    unsigned column)
{
	char text[MUSTER_ERROR_MAX];

	(void)snprintf(text, sizeof(text), "%s", err->text);
	(void)args_error(err, "%s:%u:%u: %.*s", conf->file, line, column,
	    (int)sizeof(text) - 1, text);
	err->code = MUSTER_ERR_FILE;
	return -1;
}

/* "HEAD/TAIL", heap. */
static char *
join_path(const char *head, const char *tail)
{
	size_t size = strlen(head) + strlen(tail) + 2;
	char *path = heap_array(size, 1);

	(void)snprintf(path, size, "%s/%s", head, tail);
	return path;
}

/* A value as it is meant: no shell has filled in the '~' of a file name. */
static const char *
read_value(struct args *args, const struct option_row *row, const char *value)
{
	const char *home = get_variable("HOME");
	struct args_list *made = &args->made;

	if (row->words != WORDS_FILES || strncmp(value, "~/", 2) != 0 ||
	    home == NULL)
		return value;
	heap_grow(&made->items, &made->cap, made->n + 1, sizeof(*made->items));
	made->items[made->n] = join_path(home, value + 2);
	return made->items[made->n++];
}

/* Takes one value of a line, the first or, of a list, any. */
static int
take_word(struct args_level *level, const struct option_row *row, size_t i,
    const char *value, struct muster_error *err)
{
	char who[64];

	(void)snprintf(who, sizeof(who), "'%s'", row->name);
	if (i > 0 && row->type != OPTION_LIST)
		return args_error(err, "%s takes one value", who);
	if (*value == '\0')
		return args_error(err, "%s has an empty value", who);
	value = read_value(level->parser->args, row, value);
	return args_level_take(level, row, who, value, err);
}

static int
take_line(struct args_level *level, const struct muster_conf *conf,
    const struct muster_conf_line *line, unsigned *before,
    struct muster_error *err)
{
	const struct option_row *row;
	unsigned *seen;

	if (args_check_keyword(line->keyword, err) < 0)
		return blame(err, conf, line->line, line->column);
	row = find_keyword(line->keyword);
	seen = &before[row - level->parser->rows];
	if (*seen != 0 && row->type != OPTION_LIST) {
		(void)args_error(
		    err, "'%s' was set in line %u already", row->name, *seen);
		return blame(err, conf, line->line, line->column);
	}
	*seen = line->line;
	level->origin.name = conf->file;
	level->origin.line = line->line;
	for (size_t i = 0; i < line->n_words; i++) {
		const struct muster_conf_word *word = &line->words[i];

		if (take_word(level, row, i, word->text, err) < 0)
			return blame(err, conf, line->line, word->column);
	}
	return 0;
}

/* Reads a file into *conf, which `args` keeps: values are lent by it. */
static int
take_file(struct args_parser *p, const char *path, bool must_exist,
    struct muster_conf *conf, struct muster_error *err)
{
	unsigned before[ARGS_MAX_ROWS] = {0};
	struct args_level level;
	int rc = muster_conf_read(path, conf, err);

	if (rc == 0 && must_exist)
		return args_error(err, "no configuration file at '%s'", path);
	args_level_init(&level, p, ARGS_FILE);
	for (size_t i = 0; rc >= 0 && i < conf->n_lines; i++)
		rc = take_line(&level, conf, &conf->lines[i], before, err);
	return rc < 0 ? -1 : 0;
}

/* The user's file, heap; NULL where there can be none. */
static char *
find_user_file(void)
{
	const char *xdg = get_variable("XDG_CONFIG_HOME");
	const char *home = get_variable("HOME");

	if (xdg != NULL && *xdg == '/')
		return join_path(xdg, "muster/config");
	return home == NULL ? NULL : join_path(home, ".config/muster/config");
}

int
args_take_files(struct args_parser *p, struct muster_error *err)
{
	struct muster_conf *conf = p->args->conf;
	const char *path = p->args->config;
	char *user;
	int rc = 0;

	if (path != NULL && strcmp(path, "none") == 0)
		return 0;
	if (path != NULL)
		return take_file(p, path, true, &conf[0], err);
	user = find_user_file();
	if (user != NULL)
		rc = take_file(p, user, false, &conf[0], err);
	free(user);
	return rc < 0 ? -1 : take_file(p, SYSTEM_FILE, false, &conf[1], err);
}
