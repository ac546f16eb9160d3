/*
 * options.h -- the one table of options.
 *
 * Room: src.  May touch: libc.
 * A row is an option: getopt_long, --help, the completions, the MUSTER_*
 * variables and the keywords of configuration files are all made from it. To
 * add an option: a row here, a field in args.h, an item in man/muster.1
 * (tests/cli/options.sh compares).
 */
#ifndef MUSTER_SRC_OPTIONS_H
#define MUSTER_SRC_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Which verbs know an option. */
enum option_verb {
	VERB_RUN = 1 << 0,
	VERB_DEMO = 1 << 1,
	VERB_OTHER = 1 << 2, /* version, help, completion */
	VERB_HOSTS = 1 << 3,
	VERB_GATHER = 1 << 4,
	VERB_CONFIG = 1 << 5,
	VERB_PUSH = 1 << 6,
	VERB_PULL = 1 << 7,
	VERB_COPY = VERB_PUSH | VERB_PULL,
	VERB_RUNS = 1 << 8,
	VERB_KEYS = 1 << 9,
	VERB_RERUN = 1 << 10,
	VERB_REPLAY = 1 << 11,
	VERB_EXPORT = 1 << 12,
	VERB_DIFF = 1 << 13,
	VERB_ANY = VERB_RUN | VERB_DEMO | VERB_OTHER | VERB_HOSTS |
		   VERB_GATHER | VERB_CONFIG | VERB_COPY | VERB_RUNS |
		   VERB_KEYS | VERB_RERUN | VERB_REPLAY | VERB_EXPORT |
		   VERB_DIFF,
};

enum option_type {
	OPTION_FLAG,   /* bool */
	OPTION_COUNT,  /* uint32_t: how often it is given */
	OPTION_TEXT,   /* const char * */
	OPTION_LIST,   /* struct args_list: may be given again */
	OPTION_NUMBER, /* uint32_t, from min to max */
	OPTION_TIME,   /* uint32_t, milliseconds */
	OPTION_RATIO,  /* uint32_t, thousandths: 0.001 to 1 */
	OPTION_WORD,   /* uint32_t, the index of a word of `choices` */
	OPTION_SIZE,   /* uint64_t, bytes */
};

/* What a shell offers for the argument. */
enum option_words { WORDS_NONE, WORDS_FILES, WORDS_HOSTS, WORDS_USERS };

/* Ways to show output. Options of two of them exclude each other; without
 * any on the command line the environment may choose one. */
enum option_mode {
	MODE_ANY = 0,
	MODE_QUIET,
	MODE_GATHER,
	MODE_JSON,
	MODE_LINES,
	MODE_TABLE,
	MODE_TSV,
};

struct option_row {
	const char *name; /* long */
	char letter;      /* 0: none */
	const char *arg;  /* what the argument is called; NULL: none */
	enum option_type type;
	size_t offset; /* of its field in struct args */
	unsigned verbs;
	enum option_words words;
	bool selects;  /* hosts: the variables of all such rows are ignored
			* when one of them is on the command line */
	char operator; /* between lists of muster hosts, as in
			* muster_hosts_combine(); 0: none */
	bool names;    /* hosts: makes no sense where others are named */
	enum option_mode mode;
	uint32_t min, max;
	const char *const *choices; /* WORD: ends with NULL */
	const char *bare; /* the value without "=VALUE", which may then be
			   * left out; NULL: an argument is needed */
	const char *env;  /* its variable; NULL: none */
	const char *peer; /* another program's, when env is not set */
	const char *help;
};

/* All rows; *n is set to how many. */
const struct option_row *options_all(size_t *n);

/* Whether a row before row `i` has its name: verbs differ in the letter
 * alone. */
bool options_is_again(size_t i);

/* The operator that a word such as "-x" or "--xor" stands for between two
 * lists of muster hosts; 0: none. */
char options_operator(const char *word);

#endif
