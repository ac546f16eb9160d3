/*
 * verbs.c -- what muster can be told to do.
 *
 * Room: src.  May touch: args.h, complain.h, exitcode.h, help.h, options.h.
 * A first word that starts with '-' means 'run', as pdsh's users expect.
 */
#include "config.h"

#include "src/verbs.h"

#include "src/args.h"
#include "src/complain.h"
#include "src/exitcode.h"
#include "src/help.h"
#include "src/options.h"

#include <stdio.h>
#include <string.h>

static const struct verb verbs[] = {
    {"run", "COMMAND...", "run a command on hosts (the default)", VERB_RUN,
	verb_run},
    {"push", "SRC... DEST", "copy files to hosts", VERB_PUSH, verb_push},
    {"pull", "SRC... DEST", "copy files from hosts", VERB_PULL, verb_pull},
    {"demo", "[COMMAND...]", "run a command on a fleet made up for the purpose",
	VERB_DEMO, verb_demo},
    {"hosts", "LIST... [-x|-i|-X LIST]...",
	"expand, fold, count and combine host lists", VERB_HOSTS, verb_hosts},
    {"keys", "", "show the host keys that are new, and accept them", VERB_KEYS,
	verb_keys},
    {"runs", "[RUN]", "list the runs that were written down, or show one",
	VERB_RUNS, verb_runs},
    {"rerun", "RUN [COMMAND...]", "repeat a run on some of its hosts",
	VERB_RERUN, verb_rerun},
    {"replay", "RUN", "show what a run did, as it happened", VERB_REPLAY,
	verb_replay},
    {"export", "RUN", "print a run as JSON, or write its outputs to files",
	VERB_EXPORT, verb_export},
    {"diff", "RUN RUN", "tell what differs between two runs", VERB_DIFF,
	verb_diff},
    {"gather", "", "group the equal outputs of 'host: line' read from stdin",
	VERB_GATHER, verb_gather},
    {"config", "[KEYWORD...]", "print the settings that are in force",
	VERB_CONFIG, verb_config},
    {"reset-tty", "", "put a terminal right that a killed screen left behind",
	VERB_OTHER, verb_reset_tty},
    {"help", "[VERB]", "explain muster, or one verb", VERB_OTHER, verb_help},
    {"version", "", "print the version and what muster was built with",
	VERB_OTHER, verb_version},
    {"completion", "bash|zsh|fish", "print the completion script of a shell",
	VERB_OTHER, verb_completion},
};

const struct verb *
verbs_all(size_t *n)
{
	*n = sizeof(verbs) / sizeof(verbs[0]);
	return verbs;
}

const struct verb *
verbs_find(const char *name)
{
	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
		if (strcmp(verbs[i].name, name) == 0)
			return &verbs[i];
	}
	return NULL;
}

static int
run_verb(const struct verb *verb, int argc, char **argv)
{
	struct muster_error err;
	struct args args;
	int rc;

	args_init(&args);
	if (args_parse(&args, verb->bit, argc, argv, &err) < 0) {
		if (err.code == MUSTER_ERR_FILE)
			complain("%s", err.text);
		else
			complain(
			    "%s (see 'muster help %s')", err.text, verb->name);
		rc = EXITCODE_USAGE;
	} else if (args.help) {
		rc = help_print_verb(verb, stdout);
	} else if (args.version) {
		rc = verb_version(&args);
	} else {
		rc = verb->run(&args);
	}
	args_clear(&args);
	return rc;
}

int
verbs_main(int argc, char **argv)
{
	const struct verb *verb;

	if (argc < 2) {
		(void)help_print_usage(stderr);
		return EXITCODE_USAGE;
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)
		return help_print_all(stdout);
	if (argv[1][0] == '-')
		return run_verb(&verbs[0], argc, argv);
	verb = verbs_find(argv[1]);
	if (verb == NULL) {
		complain("unknown verb '%s' (see 'muster help')", argv[1]);
		return EXITCODE_USAGE;
	}
	return run_verb(verb, argc - 1, argv + 1);
}
