/*
 * args.c -- a command line and its environment, taken apart.
 *
 * Room: src.  May touch: muster.h, options.h, heap.h, number.h.
 * The table drives getopt_long(3). The environment comes second, so that it
 * can leave alone what the command line said.
 */
#include "config.h"

#include "src/args.h"

#include "src/heap.h"
#include "src/number.h"
#include "src/options.h"

#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_ROWS 128
#define LONG_BASE 0x100 /* getopt_long's val of row 0 */

/* The table in the form of getopt_long(3), for one verb. */
struct parser {
	const struct option_row *rows;
	size_t n_rows;
	unsigned verb;
	struct option longs[MAX_ROWS + 1];
	char shorts[2 * MAX_ROWS + 3];
	bool given[MAX_ROWS];
	const struct option_row *shown; /* the first with a mode */
};

int
args_error(struct muster_error *err, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(err->text, sizeof(err->text), fmt, ap);
	va_end(ap);
	err->code = MUSTER_ERR_USAGE;
	err->at = MUSTER_NOWHERE;
	return -1;
}

void
args_init(struct args *args)
{
	struct muster_options defaults;

	muster_options_init(&defaults);
	*args = (struct args){
	    .fanout = defaults.fanout,
	    .retries = defaults.retries,
	    .connect_timeout_ms = ARGS_UNSET,
	    .password_fd = ARGS_UNSET,
	    .auth_timeout_ms = defaults.auth_timeout_ms,
	    .command_timeout_ms = defaults.command_timeout_ms,
	};
}

void
args_clear(struct args *args)
{
	free(args->given);
	free(args->hosts.items);
	free(args->literals.items);
	free(args->hostfiles.items);
	free(args->excluded.items);
	free(args->inventories.items);
	free(args->intersected.items);
	free(args->xored.items);
	free(args->identities.items);
	free(args->ssh_options.items);
	free(args->known_hosts.items);
	*args = (struct args){0};
}

static void
build_parser(struct parser *p, unsigned verb)
{
	size_t n_long = 0, n_short = 0;

	memset(p, 0, sizeof(*p));
	p->rows = options_all(&p->n_rows);
	p->verb = verb;
	p->shorts[n_short++] = '+'; /* stop at the first other word */
	p->shorts[n_short++] = ':'; /* tell a missing argument apart */
	for (size_t i = 0; i < p->n_rows && i < MAX_ROWS; i++) {
		const struct option_row *row = &p->rows[i];

		if ((row->verbs & verb) == 0)
			continue;
		p->longs[n_long++] = (struct option){
		    row->name,
		    row->bare != NULL  ? optional_argument
		    : row->arg != NULL ? required_argument
				       : no_argument,
		    NULL,
		    LONG_BASE + (int)i,
		};
		if (row->letter == 0)
			continue;
		p->shorts[n_short++] = row->letter;
		if (row->arg != NULL && row->bare == NULL)
			p->shorts[n_short++] = ':';
	}
}

/* The row behind getopt's value: of a long option, or a letter; NULL when
 * this verb has no such letter. */
static const struct option_row *
row_of(const struct parser *p, int val)
{
	if (val >= LONG_BASE)
		return &p->rows[val - LONG_BASE];
	for (size_t i = 0; i < p->n_rows; i++) {
		if (p->rows[i].letter == val &&
		    (p->rows[i].verbs & p->verb) != 0)
			return &p->rows[i];
	}
	return NULL;
}

static void
add_item(struct args_list *list, const char *item)
{
	heap_grow(&list->items, &list->cap, list->n + 1, sizeof(*list->items));
	list->items[list->n++] = item;
}

/* Stores the index of a word. Returns false for none of the choices. */
static bool
store_word(uint32_t *field, const char *const *choices, const char *value)
{
	for (uint32_t i = 0; choices[i] != NULL; i++) {
		if (strcmp(choices[i], value) != 0)
			continue;
		*field = i;
		return true;
	}
	return false;
}

/* Stores a value in its field; `value` is NULL for a flag that is set.
 * Returns what the value should have been, or NULL when it was that. */
static const char *
store(struct args *args, const struct option_row *row, const char *value)
{
	void *field = (char *)args + row->offset;

	switch (row->type) {
	case OPTION_FLAG:
		*(bool *)field = true;
		break;
	case OPTION_COUNT:
		++*(uint32_t *)field;
		break;
	case OPTION_TEXT:
		*(const char **)field = value;
		break;
	case OPTION_LIST:
		add_item(field, value);
		break;
	case OPTION_NUMBER:
		if (!number_u32(value, row->min, row->max, field))
			return "a number";
		break;
	case OPTION_TIME:
		if (!number_time_ms(value, field))
			return "a time such as 10, 2.5s, 500ms or 3m";
		break;
	case OPTION_RATIO:
		if (!number_ratio(value, field))
			return "a number over 0 up to 1, such as 0.6";
		break;
	case OPTION_WORD:
		if (!store_word(field, row->choices, value))
			return "one of its words";
		break;
	}
	return NULL;
}

/* Names the words of which `value` is none. */
static int
refuse_word(struct muster_error *err, const struct option_row *row,
    const char *who, const char *value)
{
	char words[128] = "";

	for (size_t i = 0; row->choices[i] != NULL; i++) {
		size_t len = strlen(words);

		(void)snprintf(words + len, sizeof(words) - len, "%s'%s'",
		    i == 0                        ? ""
		    : row->choices[i + 1] == NULL ? " or "
						  : ", ",
		    row->choices[i]);
	}
	return args_error(err, "%s wants %s, not '%s'", who, words, value);
}

/* Says that `value`, given by `who`, is not what `row` wants. */
static int
refuse(struct muster_error *err, const struct option_row *row, const char *who,
    const char *value, const char *wanted)
{
	if (row->type == OPTION_NUMBER)
		return args_error(err, "%s wants %s from %u to %u, not '%s'",
		    who, wanted, (unsigned)row->min, (unsigned)row->max, value);
	if (row->type == OPTION_WORD)
		return refuse_word(err, row, who, value);
	return args_error(err, "%s wants %s, not '%s'", who, wanted, value);
}

/* How messages call an option: "-w" or "--hosts", as it was written. */
static void
name_option(char *dst, size_t size, const struct option_row *row, bool is_long)
{
	if (is_long)
		(void)snprintf(dst, size, "option '--%s'", row->name);
	else
		(void)snprintf(dst, size, "option '-%c'", row->letter);
}

/* Notes a way to show output, of which there may be one. */
static int
take_mode(struct parser *p, const struct option_row *row, const char *who,
    struct muster_error *err)
{
	if (row->mode == MODE_ANY)
		return 0;
	if (p->shown == NULL)
		p->shown = row;
	if (p->shown->mode == row->mode)
		return 0;
	return args_error(
	    err, "%s and '--%s' exclude each other", who, p->shown->name);
}

static void
note_given(struct args *args, const struct option_row *row, bool is_long)
{
	heap_grow(&args->given, &args->cap_given, args->n_given + 1,
	    sizeof(*args->given));
	args->given[args->n_given++] =
	    (struct args_option){row, optarg, is_long};
}

static int
take_option(
    struct parser *p, struct args *args, int val, struct muster_error *err)
{
	const struct option_row *row = row_of(p, val);
	const char *wanted;
	char who[64];

	p->given[row - p->rows] = true;
	note_given(args, row, val >= LONG_BASE);
	if (row->bare != NULL && optarg == NULL)
		optarg = (char *)(uintptr_t)row->bare;
	if (row->arg != NULL && *optarg == '\0') {
		name_option(who, sizeof(who), row, val >= LONG_BASE);
		return args_error(err, "%s has an empty argument", who);
	}
	name_option(who, sizeof(who), row, val >= LONG_BASE);
	if (take_mode(p, row, who, err) < 0)
		return -1;
	wanted = store(args, row, optarg);
	if (wanted == NULL)
		return 0;
	return refuse(err, row, who, optarg, wanted);
}

/* getopt said '?' or ':': finds out why. `word` is the one it stands at. */
static int
explain(
    const struct parser *p, int c, const char *word, struct muster_error *err)
{
	const struct option_row *row = optopt > 0 ? row_of(p, optopt) : NULL;
	char who[64];

	if (row == NULL && optopt > 0)
		return args_error(err, "unknown option '-%c'", optopt);
	if (row == NULL)
		return args_error(err, "unknown option '%.*s'",
		    (int)strcspn(word, "="), word);
	name_option(who, sizeof(who), row, optopt >= LONG_BASE);
	if (c == ':')
		return args_error(
		    err, "%s wants an argument (%s)", who, row->arg);
	return args_error(err, "%s takes no argument", who);
}

/* Whether a flag's variable says yes; -1 when it says neither. */
static int
flag_of(const char *value)
{
	static const char *const words[][2] = {
	    {"0", "1"}, {"no", "yes"}, {"false", "true"}, {"off", "on"}};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		for (int j = 0; j < 2; j++) {
			if (strcmp(value, words[i][j]) == 0)
				return j;
		}
	}
	return -1;
}

static int
store_variable(struct parser *p, struct args *args,
    const struct option_row *row, const char *name, struct muster_error *err)
{
	const char *value = getenv(name);
	const char *wanted;

	if (row->type == OPTION_FLAG && flag_of(value) < 0)
		wanted = "1 or 0";
	else if (row->type == OPTION_FLAG && flag_of(value) == 0)
		return 0;
	else if (take_mode(p, row, name, err) < 0)
		return -1;
	else
		wanted = store(args, row, value);
	return wanted == NULL ? 0 : refuse(err, row, name, value, wanted);
}

static bool
is_set(const char *name)
{
	const char *value = name != NULL ? getenv(name) : NULL;

	return value != NULL && *value != '\0';
}

/* Takes the variables of options that the command line does not have. A
 * peer's variable selects hosts only when nothing else did. */
static int
take_environment(struct parser *p, struct args *args, struct muster_error *err)
{
	const bool shown = p->shown != NULL;
	bool selected = false;

	for (size_t i = 0; i < p->n_rows; i++)
		selected |= p->given[i] && p->rows[i].selects;
	for (int peers = 0; peers < 2; peers++) {
		bool selected_before = selected;

		for (size_t i = 0; i < p->n_rows; i++) {
			const struct option_row *row = &p->rows[i];
			const char *name = peers ? row->peer : row->env;

			if ((row->verbs & p->verb) == 0 || p->given[i] ||
			    (row->selects && selected_before) ||
			    (row->mode != MODE_ANY && shown) || !is_set(name) ||
			    (peers && is_set(row->env)))
				continue;
			if (store_variable(p, args, row, name, err) < 0)
				return -1;
			selected |= row->selects;
		}
	}
	return 0;
}

int
args_parse(struct args *args, unsigned verb, int argc, char **argv,
    struct muster_error *err)
{
	struct parser p;
	int c;

	build_parser(&p, verb);
	args->verb = verb;
	opterr = 0;
	optind = 0; /* getopt starts anew, on glibc, musl and BSDs */
	for (;;) {
		int at = optind > 0 ? optind : 1;

		c = getopt_long(argc, argv, p.shorts, p.longs, NULL);
		if (c == -1)
			break;
		if (c == '?' || c == ':')
			return explain(&p, c, argv[at], err);
		if (take_option(&p, args, c, err) < 0)
			return -1;
	}
	args->rest = argv + optind;
	args->n_rest = (size_t)(argc - optind);
	if (args->help || args->version)
		return 0;
	return take_environment(&p, args, err);
}
