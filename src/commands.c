/*
 * commands.c -- what each host is told to run.
 *
 * Room: src.  May touch: muster.h, args.h, heap.h, script.h, subst.h,
 * table.h, text.h.
 *
 *	words, or a line of --commands -> --subst --+
 *	                                            +-> env(1), for -e
 *	--script, its words            -> --subst --+   and --env-wrap
 */
#include "config.h"

#include "src/commands.h"

#include "src/args.h"
#include "src/heap.h"
#include "src/script.h"
#include "src/subst.h"
#include "src/table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* What all hosts share. */
struct source {
	const struct muster *m;
	const struct args *args;
	struct subst subst;
	struct text words;  /* joined with blanks, as ssh(1) does */
	struct text script; /* --script */
	char **lines;       /* owned, and each of them; --commands */
	char run[48];       /* MUSTER_RUN */
};

static void
clear_source(struct source *s)
{
	for (size_t i = 0; s->lines != NULL && i < muster_n_hosts(s->m); i++)
		free(s->lines[i]);
	free(s->lines);
	text_clear(&s->words);
	text_clear(&s->script);
}

static void
name_run(struct source *s)
{
	time_t now = time(NULL);
	struct tm tm;
	char day[32] = "";

	if (gmtime_r(&now, &tm) != NULL)
		(void)strftime(day, sizeof(day), "%Y%m%dT%H%M%SZ", &tm);
	(void)snprintf(s->run, sizeof(s->run), "%s-%ld", day, (long)getpid());
}

/* Whether "NAME=value" has a name that env(1) and a shell know as one. */
static bool
is_setting(const char *word)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789";
	size_t len = strspn(word, letters);

	return len > 0 && (*word < '0' || *word > '9') && word[len] == '=';
}

static int
check_settings(const struct args *args, struct muster_error *err)
{
	for (size_t i = 0; i < args->environment.n; i++)
		if (!is_setting(args->environment.items[i]))
			return args_error(err,
			    "option '-e' wants NAME=VALUE, not '%s'",
			    args->environment.items[i]);
	return 0;
}

static int
open_source(struct source *s, struct muster_error *err)
{
	const struct args *args = s->args;

	if (check_settings(args, err) < 0)
		return -1;
	if (args->script != NULL && args->commands != NULL)
		return args_error(
		    err, "--script and --commands exclude each other");
	if (args->commands != NULL && args->n_rest > 0)
		return args_error(err,
		    "--commands has the commands, what is '%s' for?",
		    args->rest[0]);
	for (size_t i = 0; i < args->n_rest; i++) {
		if (i > 0)
			text_add(&s->words, " ", 1);
		text_adds(&s->words, args->rest[i]);
	}
	name_run(s);
	if (args->script != NULL)
		return script_read(args->script, &s->script, err);
	if (args->commands != NULL) {
		s->lines = heap_array(muster_n_hosts(s->m), sizeof(char *));
		return table_read(args->commands, s->m, s->lines, err);
	}
	if (text_str(&s->words)[strspn(s->words.mem, " ")] == '\0')
		return args_error(
		    err, "no command to run (see 'muster help run')");
	return 0;
}

/* Adds "NAME=value " for each variable that a host gets. */
static void
add_settings(const struct source *s, size_t host, struct text *to)
{
	const struct args *args = s->args;
	const char *word;
	struct text own = {0};
	char *quoted;

	for (size_t i = 0; i < args->environment.n; i++) {
		word = args->environment.items[i];
		quoted = muster_quote_words(&word, 1);
		text_addf(to, "%s ", quoted);
		muster_string_free(quoted);
	}
	if (!args->env_wrap)
		return;
	text_addf(&own, "MUSTER_HOST=%s", muster_host_name(s->m, host));
	word = text_str(&own);
	quoted = muster_quote_words(&word, 1);
	text_addf(to,
	    "%s MUSTER_RANK=%zu MUSTER_COUNT=%zu MUSTER_RUN=%s "
	    "LC_MUSTER_RANK=%zu ",
	    quoted, host, muster_n_hosts(s->m), s->run, host);
	muster_string_free(quoted);
	text_clear(&own);
}

static int
add_script(const struct source *s, size_t host, const char *settings,
    struct text *to, struct muster_error *err)
{
	size_t n = s->args->n_rest;
	char **words = heap_array(n, sizeof(*words));
	struct text script = {0};
	int r = 0;

	for (size_t i = 0; r == 0 && i < n; i++) {
		struct text word = {0};

		if (s->args->subst)
			r = subst_add(
			    &s->subst, host, s->args->rest[i], &word, err);
		else
			text_adds(&word, s->args->rest[i]);
		(void)text_str(&word);
		words[i] = word.mem;
	}
	text_add(&script, s->script.mem, s->script.len);
	if (r == 0)
		script_add_command(text_str(&script), settings, words, n, to);
	for (size_t i = 0; i < n; i++)
		free(words[i]);
	free(words);
	text_clear(&script);
	return r;
}

static int
add_line(const struct source *s, size_t host, const char *settings,
    struct text *to, struct muster_error *err)
{
	struct text line = {0};
	const char *words = s->lines != NULL ? s->lines[host] : s->words.mem;
	int r = 0;

	if (s->args->subst)
		r = subst_add(&s->subst, host, words, &line, err);
	else
		text_adds(&line, words);
	if (*settings == '\0') {
		text_add(to, line.mem, line.len);
	} else {
		const char *word = text_str(&line);
		char *quoted = muster_quote_words(&word, 1);

		text_addf(to, "exec env %s\"$SHELL\" -c %s", settings, quoted);
		muster_string_free(quoted);
	}
	text_clear(&line);
	return r;
}

/* The command of a host; the caller frees. NULL with *err. */
static char *
make_one(const struct source *s, size_t host, struct muster_error *err)
{
	struct text settings = {0}, command = {0};
	int r;

	add_settings(s, host, &settings);
	if (s->args->script != NULL)
		r = add_script(s, host, text_str(&settings), &command, err);
	else
		r = add_line(s, host, text_str(&settings), &command, err);
	(void)text_str(&command);
	text_clear(&settings);
	if (r == 0 && command.len > COMMAND_BYTES_MAX)
		r = args_error(err,
		    "a command of %zu bytes is too long: %d fit", command.len,
		    COMMAND_BYTES_MAX);
	if (r == 0)
		return command.mem;
	text_clear(&command);
	return NULL;
}

static char *
make_shown(struct source *s)
{
	struct text shown = {0};

	if (s->args->script != NULL)
		text_addf(&shown, "%s ", s->args->script);
	if (s->args->commands != NULL)
		text_adds(&shown, s->args->commands);
	text_add(&shown, s->words.mem, s->words.len);
	if (s->args->script != NULL && s->args->n_rest == 0)
		shown.len--;
	(void)text_str(&shown);
	return shown.mem;
}

int
commands_make(struct commands *c, const struct muster *m,
    const struct args *args, struct muster_error *err)
{
	struct source s = {.m = m, .args = args, .subst = {m, args->inventory}};
	bool differ = args->commands != NULL || args->subst || args->env_wrap;
	int r = open_source(&s, err);

	*c = (struct commands){0};
	if (r == 0) {
		c->n = differ ? muster_n_hosts(m) : 1;
		c->items = heap_array(c->n, sizeof(*c->items));
		c->shown = make_shown(&s);
		if (s.script.len > 0 && script_is_long(text_str(&s.script)))
			c->input = heap_strdup(s.script.mem);
	}
	for (size_t i = 0; r == 0 && i < c->n; i++) {
		c->items[i] = make_one(&s, i, err);
		r = c->items[i] != NULL ? 0 : -1;
	}
	clear_source(&s);
	if (r < 0)
		commands_clear(c);
	return r;
}

void
commands_clear(struct commands *c)
{
	for (size_t i = 0; i < c->n; i++)
		free(c->items[i]);
	free(c->items);
	free(c->input);
	free(c->shown);
	*c = (struct commands){0};
}

int
commands_make_typed(struct commands *c, const struct muster *m,
    const struct args *args, const char *line, struct muster_error *err)
{
	struct args typed = *args;
	char *word = heap_strdup(line);
	int rc;

	typed.script = NULL;
	typed.commands = NULL;
	typed.rest = &word;
	typed.n_rest = 1;
	rc = commands_make(c, m, &typed, err);
	free(word);
	return rc;
}

void
commands_set(struct commands *c, const char *command)
{
	*c = (struct commands){.n = 1};
	c->items = heap_array(1, sizeof(*c->items));
	c->items[0] = heap_strdup(command);
	c->shown = heap_strdup(command);
}
