/*
 * args.c -- a command line and its environment, taken apart.
 *
 * Room: src.  May touch: muster.h, args_inner.h, heap.h.
 * The table drives getopt_long(3). The other levels come behind, so that they
 * can leave alone what the command line said.
 */
#include "config.h"

#include "src/args.h"

#include "src/args_inner.h"
#include "src/heap.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CHECK_DEADLINE_MS 300000
#define LONG_BASE 0x100 /* getopt_long's val of row 0 */

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
	size_t n;

	(void)options_all(&n);
	muster_options_init(&defaults);
	*args = (struct args){
	    .origins = heap_array(n, sizeof(*args->origins)),
	    .ui = true,
	    .fanout = defaults.fanout,
	    .retries = defaults.retries,
	    .connect_timeout_ms = ARGS_UNSET,
	    .password_fd = ARGS_UNSET,
	    .accept = ARGS_UNSET,
	    .become_password_fd = ARGS_UNSET,
	    .stdin_max = defaults.input_limit_bytes,
	    .auth_timeout_ms = defaults.auth_timeout_ms,
	    .command_timeout_ms = defaults.command_timeout_ms,
	    .rollout = {.check_deadline_ms = CHECK_DEADLINE_MS},
	};
	(void)!getentropy(&args->rollout.seed, sizeof(args->rollout.seed));
}

void
args_clear(struct args *args)
{
	size_t n;
	const struct option_row *rows = options_all(&n);

	for (size_t i = 0; i < n; i++) {
		void *field = (char *)args + rows[i].offset;

		if (rows[i].type == OPTION_LIST)
			free(((struct args_list *)field)->items);
	}
	for (size_t i = 0; i < sizeof(args->conf) / sizeof(args->conf[0]); i++)
		muster_conf_clear(&args->conf[i]);
	for (size_t i = 0; i < args->made.n; i++)
		free((void *)(uintptr_t)args->made.items[i]);
	free(args->made.items);
	free(args->origins);
	free(args->given);
	*args = (struct args){0};
}

static void
build_parser(struct args_parser *p, struct args *args, unsigned verb)
{
	size_t n_long = 0, n_short = 0;

	memset(p, 0, sizeof(*p));
	p->args = args;
	p->rows = options_all(&p->n_rows);
	assert(p->n_rows <= ARGS_MAX_ROWS);
	p->verb = verb;
	p->shorts[n_short++] = '+'; /* stop at the first other word */
	p->shorts[n_short++] = ':'; /* tell a missing argument apart */
	for (size_t i = 0; i < p->n_rows; i++) {
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
row_of(const struct args_parser *p, int val)
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

/* How messages call an option: "-w" or "--hosts", as it was written. */
static void
name_option(char *dst, size_t size, const struct option_row *row, bool is_long)
{
	if (is_long)
		(void)snprintf(dst, size, "option '--%s'", row->name);
	else
		(void)snprintf(dst, size, "option '-%c'", row->letter);
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
take_option(struct args_parser *p, int val, struct muster_error *err)
{
	const struct option_row *row = row_of(p, val);
	const char *wanted;
	char who[64];

	p->args->origins[row - p->rows].source = ARGS_COMMAND_LINE;
	p->selected |= row->selects;
	note_given(p->args, row, val >= LONG_BASE);
	if (row->bare != NULL && optarg == NULL)
		optarg = (char *)(uintptr_t)row->bare;
	if (row->arg != NULL && *optarg == '\0') {
		name_option(who, sizeof(who), row, val >= LONG_BASE);
		return args_error(err, "%s has an empty argument", who);
	}
	name_option(who, sizeof(who), row, val >= LONG_BASE);
	if (args_take_mode(p, row, who, err) < 0)
		return -1;
	wanted = args_store(p->args, row, optarg);
	if (wanted == NULL)
		return 0;
	return args_refuse(err, row, who, optarg, wanted);
}

/* Names the option of this verb that a word may have been meant for. */
static int
explain_unknown(
    const struct args_parser *p, const char *word, struct muster_error *err)
{
	const char *names[ARGS_MAX_ROWS];
	int len = (int)strcspn(word, "=");
	char name[64];
	size_t n = 0, near;

	for (size_t i = 0; i < p->n_rows; i++) {
		if ((p->rows[i].verbs & p->verb) != 0)
			names[n++] = p->rows[i].name;
	}
	(void)snprintf(name, sizeof(name), "%.*s", len > 2 ? len - 2 : 0,
	    len > 2 ? word + 2 : "");
	near = muster_nearest(name, names, n);
	if (near == MUSTER_NOWHERE)
		return args_error(err, "unknown option '%.*s'", len, word);
	return args_error(err, "unknown option '%.*s': did you mean '--%s'?",
	    len, word, names[near]);
}

/* getopt said '?' or ':': finds out why. `word` is the one it stands at. */
static int
explain(const struct args_parser *p, int c, const char *word,
    struct muster_error *err)
{
	const struct option_row *row = optopt > 0 ? row_of(p, optopt) : NULL;
	char who[64];

	if (row == NULL && optopt > 0)
		return args_error(err, "unknown option '-%c'", optopt);
	if (row == NULL)
		return explain_unknown(p, word, err);
	name_option(who, sizeof(who), row, optopt >= LONG_BASE);
	if (c == ':')
		return args_error(
		    err, "%s wants an argument (%s)", who, row->arg);
	return args_error(err, "%s takes no argument", who);
}

/* The levels below the command line. */
static int
take_levels(struct args_parser *p, struct muster_error *err)
{
	if (args_take_sets(p, err) < 0 || args_take_environment(p, err) < 0)
		return -1;
	return p->verb == VERB_OTHER ? 0 : args_take_files(p, err);
}

/* Takes the options from optind on, up to a word that is none. */
static int
take_options(
    struct args_parser *p, int argc, char **argv, struct muster_error *err)
{
	for (;;) {
		int at = optind > 0 ? optind : 1, c;

		c = getopt_long(argc, argv, p->shorts, p->longs, NULL);
		if (c == -1)
			return 0;
		if (c == '?' || c == ':')
			return explain(p, c, argv[at], err);
		if (take_option(p, c, err) < 0)
			return -1;
	}
}

/* Takes a word that is no option, or an operator and its list. Returns
 * whether it did. */
static bool
take_word(struct args *args, int argc, char **argv)
{
	const char *word = argv[optind];
	bool is_operator = args->verb == VERB_HOSTS && args->n_rest > 0 &&
			   options_operator(word) != 0;

	if (!is_operator && word[0] == '-' && word[1] != '\0')
		return false;
	args->rest[args->n_rest++] = argv[optind++];
	if (is_operator && optind < argc)
		args->rest[args->n_rest++] = argv[optind++];
	return true;
}

/* Takes options and words in any order; behind "--" there are only words. The
 * words move to the front of argv, whose options were read. */
static int
take_mixed(
    struct args_parser *p, int argc, char **argv, struct muster_error *err)
{
	struct args *args = p->args;
	bool is_end;

	args->rest = argv + 1;
	for (;;) {
		if (take_options(p, argc, argv, err) < 0)
			return -1;
		is_end = optarg != argv[optind - 1] &&
			 strcmp(argv[optind - 1], "--") == 0;
		while (!is_end && optind < argc && take_word(args, argc, argv))
			;
		if (is_end || optind >= argc)
			break;
	}
	while (optind < argc)
		args->rest[args->n_rest++] = argv[optind++];
	return 0;
}

int
args_parse(struct args *args, unsigned verb, int argc, char **argv,
    struct muster_error *err)
{
	/* What is behind the first word of these is a command. */
	const unsigned commands = VERB_RUN | VERB_DEMO | VERB_RERUN;
	struct args_parser p;

	build_parser(&p, args, verb);
	args->verb = verb;
	opterr = 0;
	optind = 0; /* getopt starts anew, on glibc, musl and BSDs */
	if ((verb & commands) == 0) {
		if (take_mixed(&p, argc, argv, err) < 0)
			return -1;
	} else {
		if (take_options(&p, argc, argv, err) < 0)
			return -1;
		args->rest = argv + optind;
		args->n_rest = (size_t)(argc - optind);
	}
	if (args->help || args->version)
		return 0;
	return take_levels(&p, err);
}
