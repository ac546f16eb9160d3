/*
 * verbs.h -- what muster can be told to do.
 *
 * Room: src.  May touch: options.h.
 * To add a verb: a file verb_NAME.c with its function, a row in verbs.c, a
 * bit in options.h when it has options of its own, a section in the manual.
 */
#ifndef MUSTER_SRC_VERBS_H
#define MUSTER_SRC_VERBS_H

#include <stddef.h>

struct args;

struct verb {
	const char *name;
	const char *args; /* what follows the options, for the usage line */
	const char *help; /* one line */
	unsigned bit;     /* its enum option_verb */
	int (*run)(const struct args *args); /* returns the exit code */
};

/* All verbs, the default first; *n is set to how many. */
const struct verb *verbs_all(size_t *n);

/* The verb of that name, or NULL. */
const struct verb *verbs_find(const char *name);

/* The whole program: chooses the verb, parses its options, runs it. Returns
 * the exit code. */
int verbs_main(int argc, char **argv);

/* The verbs; each takes its parsed command line. */
int verb_run(const struct args *args);
int verb_gather(const struct args *args);
int verb_demo(const struct args *args);
int verb_push(const struct args *args);
int verb_pull(const struct args *args);
int verb_keys(const struct args *args);
int verb_runs(const struct args *args);
int verb_rerun(const struct args *args);
int verb_replay(const struct args *args);
int verb_export(const struct args *args);
int verb_diff(const struct args *args);
int verb_hosts(const struct args *args);
int verb_config(const struct args *args);
int verb_reset_tty(const struct args *args);
int verb_help(const struct args *args);
int verb_version(const struct args *args);
int verb_completion(const struct args *args);

#endif
