/*
 * completion.c -- scripts that teach shells the options of muster.
 *
 * Room: src.  May touch: args.h, complain.h, exitcode.h, help.h, options.h,
 * verbs.h.
 * Everything that names a verb or an option comes from the tables; the frame
 * around it is each shell's own.
 */
#include "config.h"

#include "src/completion.h"

#include "src/args.h"
#include "src/complain.h"
#include "src/exitcode.h"
#include "src/help.h"
#include "src/options.h"
#include "src/verbs.h"

#include <string.h>

static const char shells[] = "bash zsh fish";

static void
print_verb_names(FILE *to, const char *between)
{
	size_t n;
	const struct verb *verb = verbs_all(&n);

	for (size_t i = 0; i < n; i++)
		(void)fprintf(to, "%s%s", i > 0 ? between : "", verb[i].name);
}

/* The words of a configuration file, between blanks. A row before may have
 * the name: verbs differ in the letter alone. */
static void
print_keywords(FILE *to)
{
	size_t n;
	const struct option_row *rows = options_all(&n);

	for (size_t i = 0; i < n; i++)
		if (args_is_keyword(&rows[i]) && !options_is_again(i))
			(void)fprintf(to, "%s ", rows[i].name);
}

/* Prints `text`, with `escape` before each character that is in `special`.
 */
static void
print_escaped(FILE *to, const char *text, const char *special)
{
	for (; *text != '\0'; text++) {
		if (*text == '\'')
			(void)fputs("'\\''", to);
		else if (strchr(special, *text) != NULL)
			(void)fprintf(to, "\\%c", *text);
		else
			(void)fputc(*text, to);
	}
}

/* ---- bash ---- */

static const char *
bash_words(enum option_words words)
{
	switch (words) {
	case WORDS_NONE:
		return "compopt +o default +o bashdefault 2>/dev/null";
	case WORDS_FILES:
		return ":"; /* bash's own default */
	case WORDS_HOSTS:
		return "COMPREPLY=($(compgen -A hostname -- \"$cur\"))";
	case WORDS_USERS:
		return "COMPREPLY=($(compgen -u -- \"$cur\"))";
	}
	return ":";
}

/* The words of an option that takes one of a few, between blanks. */
static void
print_choices(FILE *to, const struct option_row *row)
{
	for (size_t i = 0; row->choices[i] != NULL; i++)
		(void)fprintf(to, "%s%s", i > 0 ? " " : "", row->choices[i]);
}

/* Whether the word behind an option is its argument. */
static bool
takes_word(const struct option_row *row)
{
	return row->arg != NULL && row->bare == NULL;
}

static void
print_bash_words(FILE *to, const struct option_row *row)
{
	if (row->choices == NULL) {
		(void)fputs(bash_words(row->words), to);
		return;
	}
	(void)fputs("COMPREPLY=($(compgen -W '", to);
	print_choices(to, row);
	(void)fputs("' -- \"$cur\"))", to);
}

/* The words that complete an option's argument, as cases on the word before
 * it. */
static void
print_bash_arguments(FILE *to)
{
	size_t n;
	const struct option_row *rows = options_all(&n);

	(void)fputs("\tcase $prev in\n", to);
	for (size_t i = 0; i < n; i++) {
		if (!takes_word(&rows[i]))
			continue;
		(void)fputs("\t", to);
		if (rows[i].letter != 0)
			(void)fprintf(to, "-%c|", rows[i].letter);
		(void)fprintf(to, "--%s) ", rows[i].name);
		print_bash_words(to, &rows[i]);
		(void)fputs("; return ;;\n", to);
	}
	(void)fputs("\tesac\n", to);
}

static void
print_bash_options(FILE *to)
{
	size_t n, n_rows;
	const struct verb *verb = verbs_all(&n);
	const struct option_row *rows = options_all(&n_rows);

	(void)fputs("\tcase $verb in\n", to);
	for (size_t i = 0; i < n; i++) {
		(void)fprintf(to, "\t%s) options='", verb[i].name);
		for (size_t j = 0; j < n_rows; j++) {
			if ((rows[j].verbs & verb[i].bit) == 0)
				continue;
			if (rows[j].letter != 0)
				(void)fprintf(to, "-%c ", rows[j].letter);
			(void)fprintf(to, "--%s ", rows[j].name);
		}
		(void)fputs("' ;;\n", to);
	}
	(void)fputs("\tesac\n", to);
}

static void
print_bash(FILE *to)
{
	(void)fputs("# bash completion of muster, from 'muster completion"
		    " bash'\n"
		    "_muster()\n{\n"
		    "\tlocal cur=${COMP_WORDS[COMP_CWORD]}\n"
		    "\tlocal prev=${COMP_WORDS[COMP_CWORD-1]}\n"
		    "\tlocal verb=run verbs='",
	    to);
	print_verb_names(to, " ");
	(void)fputs("' options=\n"
		    "\tCOMPREPLY=()\n"
		    "\tif [[ $COMP_CWORD -eq 1 && $cur != -* ]]; then\n"
		    "\t\tCOMPREPLY=($(compgen -W \"$verbs\" -- \"$cur\"))\n"
		    "\t\treturn\n"
		    "\tfi\n"
		    "\t[[ ${COMP_WORDS[1]} == -* ]] ||"
		    " verb=${COMP_WORDS[1]}\n",
	    to);
	print_bash_arguments(to);
	print_bash_options(to);
	(void)fprintf(to,
	    "\tcase $verb,$cur in\n"
	    "\t*,-*) COMPREPLY=($(compgen -W \"$options\" -- \"$cur\")) ;;\n"
	    "\thelp,*) COMPREPLY=($(compgen -W \"$verbs\" -- \"$cur\")) ;;\n"
	    "\tcompletion,*) COMPREPLY=($(compgen -W '%s' -- \"$cur\")) ;;\n"
	    "\tconfig,*) COMPREPLY=($(compgen -W '",
	    shells);
	print_keywords(to);
	(void)fputs("' -- \"$cur\")) ;;\n"
		    "\tesac\n"
		    "}\n"
		    "complete -o bashdefault -o default -F _muster muster\n",
	    to);
}

/* ---- zsh ---- */

static const char *
zsh_words(enum option_words words)
{
	switch (words) {
	case WORDS_NONE:
		return " ";
	case WORDS_FILES:
		return "_files";
	case WORDS_HOSTS:
		return "_hosts";
	case WORDS_USERS:
		return "_users";
	}
	return " ";
}

static void
print_zsh_option(FILE *to, const struct option_row *row)
{
	const char *again = row->type == OPTION_LIST ? "*" : "";

	(void)fputs("\t\t'", to);
	if (*again == '\0' && row->letter != 0)
		(void)fprintf(to, "(-%c --%s)", row->letter, row->name);
	if (row->letter != 0)
		(void)fprintf(to, "'{'%s-%c','%s--%s'}'", again, row->letter,
		    again, row->name);
	else
		(void)fprintf(to, "%s--%s", again, row->name);
	(void)fputc('[', to);
	print_escaped(to, row->help, "[]:\\");
	(void)fputc(']', to);
	if (takes_word(row) && row->choices != NULL) {
		(void)fprintf(to, ":%s:(", row->arg);
		print_choices(to, row);
		(void)fputc(')', to);
	} else if (takes_word(row)) {
		(void)fprintf(to, ":%s:%s", row->arg, zsh_words(row->words));
	}
	(void)fputs("' \\\n", to);
}

/* What zsh offers for the words after the options. */
static void
print_zsh_rest(FILE *to, const struct verb *verb)
{
	if (strcmp(verb->name, "completion") == 0) {
		(void)fprintf(to, "':shell:(%s)'", shells);
	} else if (strcmp(verb->name, "help") == 0) {
		(void)fputs("':verb:($verbs)'", to);
	} else if (verb->bit == VERB_CONFIG) {
		(void)fputs("'*:keyword:(", to);
		print_keywords(to);
		(void)fputs(")'", to);
	} else if (*verb->args != '\0') {
		(void)fputs("'*::command:_normal'", to);
	}
}

static void
print_zsh(FILE *to)
{
	size_t n, n_rows;
	const struct verb *verb = verbs_all(&n);
	const struct option_row *rows = options_all(&n_rows);

	(void)fputs("#compdef muster\n"
		    "# zsh completion of muster, from 'muster completion"
		    " zsh'\n"
		    "_muster()\n{\n"
		    "\tlocal verb=run verbs='",
	    to);
	print_verb_names(to, " ");
	(void)fputs("'\n"
		    "\tif (( CURRENT == 2 )) && [[ $words[2] != -* ]]; then\n"
		    "\t\tcompadd -- ${=verbs}\n"
		    "\t\treturn\n"
		    "\tfi\n"
		    "\tif [[ $words[2] != -* ]]; then\n"
		    "\t\tverb=$words[2]\n"
		    "\t\tshift words\n"
		    "\t\t(( CURRENT-- ))\n"
		    "\tfi\n"
		    "\tcase $verb in\n",
	    to);
	for (size_t i = 0; i < n; i++) {
		(void)fprintf(
		    to, "\t%s) _arguments -s -S -A '-*' \\\n", verb[i].name);
		for (size_t j = 0; j < n_rows; j++) {
			if ((rows[j].verbs & verb[i].bit) != 0)
				print_zsh_option(to, &rows[j]);
		}
		(void)fputs("\t\t", to);
		print_zsh_rest(to, &verb[i]);
		(void)fputs(" ;;\n", to);
	}
	(void)fputs("\tesac\n}\n_muster \"$@\"\n", to);
}

/* ---- fish ---- */

static const char *
fish_words(const struct option_row *row)
{
	if (!takes_word(row))
		return "";
	switch (row->words) {
	case WORDS_NONE:
		return " -x";
	case WORDS_FILES:
		return " -r -F";
	case WORDS_HOSTS:
		return " -x -a '(__fish_print_hostnames)'";
	case WORDS_USERS:
		return " -x -a '(__fish_complete_users)'";
	}
	return "";
}

static void
print_fish_choices(FILE *to, const struct option_row *row)
{
	if (!takes_word(row) || row->choices == NULL)
		return;
	(void)fputs(" -a '", to);
	print_choices(to, row);
	(void)fputc('\'', to);
}

/* Begins a line that holds for one verb; 'run' needs not be named. */
static void
print_fish_condition(FILE *to, const struct verb *verb, bool is_default)
{
	if (!is_default) {
		(void)fprintf(to,
		    "complete -c muster -n '__fish_seen_subcommand_from %s'",
		    verb->name);
		return;
	}
	(void)fputs("complete -c muster"
		    " -n 'not __fish_seen_subcommand_from",
	    to);
	size_t n;
	const struct verb *all = verbs_all(&n);

	for (size_t i = 1; i < n; i++)
		(void)fprintf(to, " %s", all[i].name);
	(void)fputc('\'', to);
}

static void
print_fish(FILE *to)
{
	size_t n, n_rows;
	const struct verb *verb = verbs_all(&n);
	const struct option_row *rows = options_all(&n_rows);

	(void)fputs("# fish completion of muster, from 'muster completion"
		    " fish'\n",
	    to);
	for (size_t i = 0; i < n; i++) {
		(void)fprintf(to,
		    "complete -c muster -f -n __fish_use_subcommand -a %s"
		    " -d '",
		    verb[i].name);
		print_escaped(to, verb[i].help, "");
		(void)fputs("'\n", to);
		for (size_t j = 0; j < n_rows; j++) {
			if ((rows[j].verbs & verb[i].bit) == 0)
				continue;
			print_fish_condition(to, &verb[i], i == 0);
			if (rows[j].letter != 0)
				(void)fprintf(to, " -s %c", rows[j].letter);
			(void)fprintf(
			    to, " -l %s%s", rows[j].name, fish_words(&rows[j]));
			print_fish_choices(to, &rows[j]);
			(void)fputs(" -d '", to);
			print_escaped(to, rows[j].help, "");
			(void)fputs("'\n", to);
		}
	}
	(void)fprintf(to,
	    "complete -c muster -f -n '__fish_seen_subcommand_from"
	    " completion' -a '%s'\n"
	    "complete -c muster -f -n '__fish_seen_subcommand_from help'"
	    " -a '",
	    shells);
	print_verb_names(to, " ");
	(void)fputs("'\n"
		    "complete -c muster -f -n '__fish_seen_subcommand_from"
		    " config' -a '",
	    to);
	print_keywords(to);
	(void)fputs("'\n", to);
}

/* ---- all ---- */

bool
completion_print(const char *shell, FILE *to)
{
	if (strcmp(shell, "bash") == 0)
		print_bash(to);
	else if (strcmp(shell, "zsh") == 0)
		print_zsh(to);
	else if (strcmp(shell, "fish") == 0)
		print_fish(to);
	else
		return false;
	return true;
}

int
verb_completion(const struct args *args)
{
	if (args->n_rest != 1) {
		complain("name one shell: bash, zsh or fish");
		return EXITCODE_USAGE;
	}
	if (!completion_print(args->rest[0], stdout)) {
		complain("no completion for '%s': name bash, zsh or fish",
		    args->rest[0]);
		return EXITCODE_USAGE;
	}
	return help_finish(stdout);
}
