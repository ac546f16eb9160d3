/*
 * verb_config.c -- muster config: the settings in force, and who says so.
 *
 * Room: src.  May touch: args.h, complain.h, exitcode.h, help.h, options.h,
 * text.h.
 * What is printed is a configuration file again.
 */
#include "config.h"

#include "src/args.h"
#include "src/complain.h"
#include "src/exitcode.h"
#include "src/help.h"
#include "src/options.h"
#include "src/text.h"
#include "src/verbs.h"

#include <string.h>

#define COLUMN 32 /* where origins begin */

/* Adds a word so that it is read as it is. A control character, which a line
 * cannot hold, becomes '?'. */
static void
add_word(struct text *line, const char *word)
{
	bool quoted = *word == '\0' || strpbrk(word, " \t\"'#=\\") != NULL;

	text_adds(line, quoted ? " \"" : " ");
	for (const char *p = word; *p != '\0'; p++) {
		unsigned char c = (unsigned char)*p;

		if (c == '"' || c == '\\')
			text_adds(line, "\\");
		text_add(line, c < ' ' || c == 127 ? "?" : p, 1);
	}
	text_adds(line, quoted ? "\"" : "");
}

static void
add_list(struct text *line, const struct args_list *list)
{
	for (size_t i = 0; i < list->n; i++)
		add_word(line, list->items[i]);
}

static void
add_time(struct text *line, uint32_t ms)
{
	if (ms % 1000 == 0)
		text_addf(line, " %us", (unsigned)(ms / 1000));
	else
		text_addf(line, " %ums", (unsigned)ms);
}

static void
add_ratio(struct text *line, uint32_t thousandths)
{
	text_addf(line, " %u.%03u", (unsigned)(thousandths / 1000),
	    (unsigned)(thousandths % 1000));
}

static void
add_number(struct text *line, const struct option_row *row, uint32_t number)
{
	if (number != ARGS_UNSET && number >= row->min)
		text_addf(line, " %u", (unsigned)number);
}

/* Adds the value; nothing when there is none. */
static void
add_value(
    struct text *line, const struct args *args, const struct option_row *row)
{
	const void *field = (const char *)args + row->offset;
	const char *word;

	switch (row->type) {
	case OPTION_FLAG:
		text_adds(line, *(const bool *)field ? " yes" : " no");
		return;
	case OPTION_TEXT:
		word = *(const char *const *)field;
		if (word != NULL)
			add_word(line, word);
		return;
	case OPTION_LIST:
		add_list(line, field);
		return;
	case OPTION_SIZE:
		if (*(const uint64_t *)field > 0)
			text_addf(line, " %llu",
			    (unsigned long long)*(const uint64_t *)field);
		return;
	case OPTION_TIME:
		if (*(const uint32_t *)field != ARGS_UNSET)
			add_time(line, *(const uint32_t *)field);
		return;
	case OPTION_RATIO:
		if (*(const uint32_t *)field > 0)
			add_ratio(line, *(const uint32_t *)field);
		return;
	case OPTION_WORD:
		text_addf(line, " %s", row->choices[*(const uint32_t *)field]);
		return;
	case OPTION_COUNT:
	case OPTION_NUMBER:
		add_number(line, row, *(const uint32_t *)field);
		return;
	}
}

static void
add_origin(struct text *line, const struct args_origin *origin)
{
	text_addf(line, "%*s # ",
	    line->len < COLUMN ? (int)(COLUMN - line->len) : 0, "");
	switch (origin->source) {
	case ARGS_DEFAULT:
		text_adds(line, "default");
		return;
	case ARGS_FILE:
		text_addf(line, "%s:%u", origin->name, origin->line);
		return;
	case ARGS_ENVIRONMENT:
		text_addf(line, "$%s", origin->name);
		return;
	case ARGS_SET:
		text_adds(line, "--set");
		return;
	case ARGS_COMMAND_LINE:
		text_adds(line, "command line");
		return;
	}
}

/* Prints a setting; one without a value as a comment. */
static void
print_setting(const struct args *args, const struct option_row *row,
    const struct args_origin *origin)
{
	struct text line = {0}, value = {0};

	add_value(&value, args, row);
	text_addf(&line, "%s%s", value.len == 0 ? "# " : "", row->name);
	text_add(&line, value.mem, value.len);
	if (args->show_origins)
		add_origin(&line, origin);
	(void)puts(text_str(&line));
	text_clear(&value);
	text_clear(&line);
}

/* Whether it is among the words behind the options, or there are none. */
static bool
is_wanted(const struct args *args, const struct option_row *row)
{
	for (size_t i = 0; i < args->n_rest; i++)
		if (strcmp(args->rest[i], row->name) == 0)
			return true;
	return args->n_rest == 0;
}

int
verb_config(const struct args *args)
{
	struct muster_error err;
	const struct option_row *rows;
	size_t n;

	for (size_t i = 0; i < args->n_rest; i++) {
		if (args_check_keyword(args->rest[i], &err) < 0) {
			complain("%s", err.text);
			return EXITCODE_USAGE;
		}
	}
	rows = options_all(&n);
	for (size_t i = 0; i < n; i++) {
		if (args_is_keyword(&rows[i]) && !options_is_again(i) &&
		    is_wanted(args, &rows[i]))
			print_setting(args, &rows[i], &args->origins[i]);
	}
	return help_finish(stdout);
}
