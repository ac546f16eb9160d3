/*
 * help.c -- what muster says about itself, out of its tables.
 *
 * Room: src.  May touch: args.h, complain.h, exitcode.h, options.h, verbs.h.
 */
#include "config.h"

#include "src/help.h"

#include "src/args.h"
#include "src/complain.h"
#include "src/exitcode.h"
#include "src/options.h"
#include "src/verbs.h"

#include <errno.h>
#include <string.h>

#define COLUMN 30 /* where the texts begin */

int
help_finish(FILE *to)
{
	if (fflush(to) != 0 || ferror(to)) {
		complain("cannot write: %s", strerror(errno));
		return EXITCODE_LOCAL;
	}
	return EXITCODE_OK;
}

int
help_print_usage(FILE *to)
{
	(void)fputs("usage: muster [run] -w HOSTS [OPTION...] COMMAND...\n"
		    "       muster help | demo | VERB [OPTION...] ...\n",
	    to);
	return help_finish(to);
}

int
help_print_all(FILE *to)
{
	const struct verb *verb;
	size_t n;

	(void)fputs("muster runs commands on fleets of SSH hosts.\n\n"
		    "usage: muster [run] -w HOSTS [OPTION...] COMMAND...\n"
		    "       muster VERB [OPTION...] ...\n\n"
		    "verbs:\n",
	    to);
	verb = verbs_all(&n);
	for (size_t i = 0; i < n; i++)
		(void)fprintf(to, "  %-12s %s\n", verb[i].name, verb[i].help);
	(void)fputs(
	    "\nexamples:\n"
	    "  muster -w web[01-40] uptime\n"
	    "  muster -w root@db1:2222,^hosts.txt -f 20 -u 5m apt-get update\n"
	    "  muster demo\n\n"
	    "'muster help VERB' lists the options of a verb; muster(1) is the"
	    " manual.\n",
	    to);
	return help_finish(to);
}

static void
print_option(const struct option_row *row, FILE *to)
{
	char left[80];
	const char *blank = row->arg == NULL    ? ""
			    : row->bare != NULL ? "[="
						: " ";
	const char *arg = row->arg != NULL ? row->arg : "";
	const char *end = row->bare != NULL ? "]" : "";

	if (row->letter != 0)
		(void)snprintf(left, sizeof(left), "  -%c, --%s%s%s%s",
		    row->letter, row->name, blank, arg, end);
	else
		(void)snprintf(left, sizeof(left), "      --%s%s%s%s",
		    row->name, blank, arg, end);
	(void)fprintf(to, "%-*s %s\n", COLUMN, left, row->help);
}

int
help_print_verb(const struct verb *verb, FILE *to)
{
	const struct option_row *rows;
	size_t n;

	(void)fprintf(to,
	    "usage: muster %s [OPTION...]%s%s\n\n%s\n\noptions:\n", verb->name,
	    *verb->args != '\0' ? " " : "", verb->args, verb->help);
	rows = options_all(&n);
	for (size_t i = 0; i < n; i++) {
		if ((rows[i].verbs & verb->bit) != 0)
			print_option(&rows[i], to);
	}
	return help_finish(to);
}

int
verb_help(const struct args *args)
{
	const struct verb *verb;

	if (args->n_rest == 0)
		return help_print_all(stdout);
	if (args->n_rest > 1) {
		complain("help wants one verb, not %zu", args->n_rest);
		return EXITCODE_USAGE;
	}
	verb = verbs_find(args->rest[0]);
	if (verb == NULL) {
		complain(
		    "unknown verb '%s' (see 'muster help')", args->rest[0]);
		return EXITCODE_USAGE;
	}
	return help_print_verb(verb, stdout);
}

int
verb_version(const struct args *args)
{
	char *text;
	size_t len;

	if (!args->version && args->n_rest > 0) {
		complain("version takes no argument '%s'", args->rest[0]);
		return EXITCODE_USAGE;
	}
	text = muster_version();
	len = strlen(text);
	(void)fputs(text, stdout);
	if (len == 0 || text[len - 1] != '\n')
		(void)fputc('\n', stdout);
	muster_string_free(text);
	return help_finish(stdout);
}
