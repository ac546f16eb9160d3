/*
 * args.h -- a command line and its environment, taken apart.
 *
 * Room: src.  May touch: muster.h, options.h.
 */
#ifndef MUSTER_SRC_ARGS_H
#define MUSTER_SRC_ARGS_H

#include "muster.h"
#include "src/rerun_args.h"
#include "src/rollout_args.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct option_row;

struct args_list {
	const char **items; /* owned; the strings are borrowed */
	size_t n;
	size_t cap;
};

/* An option of the command line, as it was given. */
struct args_option {
	const struct option_row *row; /* borrowed */
	const char *value;            /* borrowed; NULL: none */
	bool is_long;
};

#define ARGS_UNSET UINT32_MAX

/* --on-epipe, in the order of its words: what happens to commands that run
 * when the reader of the output goes away. */
enum args_epipe { EPIPE_STOP, EPIPE_DRAIN, EPIPE_CONTINUE };

/* Where a value comes from, the weakest first. */
enum args_source {
	ARGS_DEFAULT,
	ARGS_FILE,        /* a configuration file: name and line */
	ARGS_ENVIRONMENT, /* a variable: name */
	ARGS_SET,         /* --set */
	ARGS_COMMAND_LINE,
};

struct args_origin {
	enum args_source source;
	const char *name; /* borrowed; NULL: nothing to name */
	unsigned line;
};

struct args {
	unsigned verb;             /* enum option_verb */
	struct args_option *given; /* owned; in the order of the words */
	size_t n_given, cap_given;
	/* which hosts */
	struct args_list hosts;
	struct args_list literals;
	struct args_list hostfiles;
	struct args_list excluded;
	struct args_list groups, excluded_groups;
	struct args_list inventories;
	bool all, pattern;
	bool allow_empty, keep_dups, list_hosts;
	uint32_t max_hosts; /* 0: the engine's limit */
	/* muster hosts */
	bool expand, fold, count;
	uint32_t list; /* -l: 1, -ll: 2 */
	bool regroup;
	struct args_list intersected;
	struct args_list xored;
	uint32_t split;
	uint32_t pick;
	const char *slice;
	uint32_t autostep;
	const char *axis;
	const char *separator;
	/* how to reach them */
	const char *user;
	uint32_t port;
	struct args_list identities;
	struct args_list ssh_options;
	const char *ssh_config;
	const char *jump;
	const char *transport;
	bool forward_agent;
	struct args_list known_hosts;
	bool ask;
	bool ask_password;
	uint32_t password_fd; /* ARGS_UNSET: none */
	uint32_t retries;
	/* how much at once, how long */
	uint32_t fanout;
	uint32_t workers;
	uint32_t connect_timeout_ms; /* ARGS_UNSET: not said */
	uint32_t auth_timeout_ms;
	uint32_t command_timeout_ms;
	uint32_t idle_timeout_ms;
	uint32_t deadline_ms;
	bool fail_fast;
	const char *max_fail;
	/* the command */
	bool keep;
	const char *script;
	const char *commands;
	struct args_list environment;
	bool env_wrap;
	bool subst;
	const char *sudo; /* the user to become; NULL: none */
	const char *become_method;
	bool ask_become_password;
	uint32_t become_password_fd; /* ARGS_UNSET: none */
	const char *shell;
	const char *chdir;
	bool tty;
	bool no_stdin;
	const char *stdin_dir;
	uint64_t stdin_max;
	uint64_t max_output; /* 0: no limit */
	/* the files */
	bool preserve, recursive, follow, checksum;
	bool remove, yes, dry_run, host_suffix;
	struct args_list ignored;
	const char *verify;
	const char *chmod, *owner;
	const char *dest_file;
	const char *bwlimit;
	const char *host_bwlimit;
	/* what is shown */
	bool no_label;
	const char *prefix;
	bool raw;
	bool gather;
	bool gather_all;
	uint32_t sort; /* 1: by host */
	bool diff;
	uint32_t similar; /* thousandths; 0: not asked for */
	bool lines;
	bool json;
	bool table, tsv;
	const char *outdir, *errdir, *speed;
	const char *junit;
	bool quiet;
	uint32_t on_epipe; /* enum args_epipe */
	bool progress;
	bool ui, no_ui, ascii;
	uint32_t fps;
	const char *ui_record;
	uint32_t verbose;
	bool debug;
	bool maxrc, no_record;
	const char *fingerprints;
	uint32_t accept;
	struct rerun_args rerun;
	struct rollout_args rollout;
	const struct muster_inventory *inventory; /* no option; for --subst */
	uint32_t label;                           /* enum muster_label */
	const char *trace;
	const char *trace_file;
	/* muster's own configuration */
	const char *config; /* NULL: the usual places; "none" */
	struct args_list sets;
	bool show_origins;
	struct args_origin *origins; /* owned; a row of options_all() each */
	struct muster_conf conf[2];  /* values are lent by these */
	struct args_list made;       /* owned, with its strings; likewise */
	bool help, version;
	/* what follows the options */
	char **rest; /* borrowed from argv */
	size_t n_rest;
};

/* Fills in the defaults of the engine. */
void args_init(struct args *args);

void args_clear(struct args *args);

/* Reads the options of a verb (enum option_verb) in argv[1...], up to "--" or
 * where a command may come, another word; else words move to argv's front.
 * --set, the environment and configuration files fill in what was not given.
 * Strings are borrowed from argv and the environment. Returns 0, or -1:
 * MUSTER_ERR_USAGE naming the option, or the variable, and what is wrong with
 * it; MUSTER_ERR_FILE with file:line:column. */
int args_parse(struct args *args, unsigned verb, int argc, char **argv,
    struct muster_error *err);

/* Whether configuration files and --set may have this option, by its long
 * name: all that have a variable, but not the one that names the file. */
bool args_is_keyword(const struct option_row *row);

/* Refuses what is no keyword, naming the nearest. Returns 0, or -1:
 * MUSTER_ERR_USAGE. */
int args_check_keyword(const char *name, struct muster_error *err);

/* Fills *err (code MUSTER_ERR_USAGE) with a formatted text; returns -1. */
int args_error(struct muster_error *err, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

#endif
