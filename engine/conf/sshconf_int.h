/*
 * sshconf_int.h -- the compact form of the files, and parsing them into it.
 *
 * Room: engine/conf (sshconf*.c only).  May touch: base, conf/sshconf*.h.
 *
 *	sshconf > files > blocks > lines
 *
 * A file is parsed once whatever includes it. A block is the lines under one
 * Host or Match; the first has none. Most blocks do not fit a host, and are
 * then skipped whole: only a `watched` one is looked into (see there).
 */
#ifndef MUSTER_CONF_SSHCONF_INT_H
#define MUSTER_CONF_SSHCONF_INT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "conf/sshconf.h"
#include "conf/sshconf_row.h"

struct map;

struct sshconf_line {
	const struct sshconf_file *file;
	const struct sshconf_row *row; /* NULL: unknown; words[0] names it */
	unsigned line;
	unsigned column; /* of the keyword, from 1 */
	char **words;    /* owned */
	size_t n;
	int64_t number;
};

/* One criterion of a Match line. */
enum sshconf_criterion {
	SSHCONF_M_ALL,
	SSHCONF_M_CANONICAL,
	SSHCONF_M_FINAL,
	SSHCONF_M_HOST,
	SSHCONF_M_ORIGINALHOST,
	SSHCONF_M_USER,
	SSHCONF_M_LOCALUSER,
	SSHCONF_M_LOCALNETWORK,
	SSHCONF_M_TAGGED,
	SSHCONF_M_COMMAND,
	SSHCONF_M_SESSIONTYPE,
	SSHCONF_M_VERSION,
	SSHCONF_M_EXEC,
};

struct sshconf_test {
	enum sshconf_criterion what;
	bool negated;
	const char *arg; /* borrowed from the block's head */
};

enum sshconf_kind { SSHCONF_ALWAYS, SSHCONF_HOST, SSHCONF_MATCH };

struct sshconf_block {
	enum sshconf_kind kind;
	bool watched;               /* has an Include or an unknown keyword */
	struct sshconf_line head;   /* words: patterns, or the criteria */
	struct sshconf_test *tests; /* owned; of a MATCH */
	size_t n_tests;
	struct sshconf_line *lines; /* owned */
	size_t n;
	size_t cap;
};

struct sshconf_file {
	char *path;                   /* owned */
	bool user;                    /* the user's own, not the system's */
	unsigned deep;                /* how many levels of files it includes */
	struct sshconf_block *blocks; /* owned; one at least */
	size_t n;
	size_t cap;
};

/* The files that an Include pattern found. */
struct sshconf_set {
	struct sshconf_file **files; /* owned array, files borrowed */
	size_t n;
	size_t cap;
};

/* Who and where we are. */
struct sshconf_local {
	char *user; /* all owned */
	char *home;
	char *ssh_home; /* for '~' of Include: $HOME first, as glob(3) */
	char *host;     /* gethostname(2) */
	char *short_host;
	char uid[24];
};

struct sshconf {
	struct sshconf_local local;
	struct sshconf_dns dns;
	uint32_t exec_ms;
	struct map *files; /* "u" or "s" and path: struct sshconf_file */
	struct map *sets;  /* "u" or "s" and pattern: struct sshconf_set */
	struct map *execs; /* command: "0" or "1", static */
	size_t n_bytes;    /* read in all */
	struct sshconf_file *options; /* owned; the command line */
	struct sshconf_file *tops[2]; /* borrowed; NULL: none */
};

/* ---- sshconf_value.c: one line ---- */

/* Checks the words of a line and makes its number. `rest` is the line behind
 * the keyword, for those that take it whole.
 * Returns 0, or -1: MUSTER_ERR_SYNTAX without the place. */
int sshconf_line_check(
    struct sshconf_line *l, const char *rest, struct muster_error *err);

/* Puts "file:line:column: " before the text of an error, and the offset in
 * the line into err->at. Returns -1. */
int sshconf_blame(const struct sshconf_line *l, struct muster_error *err);

/* The same, unless the error has a place already: that of a file within. */
int sshconf_blame_once(const struct sshconf_line *l, struct muster_error *err);

/* ---- sshconf_file.c ---- */

/* Parses a text into f, under the file's rules.
 * Returns 0, or -1 as sshconf_open(). */
int sshconf_file_parse(struct sshconf *c, struct sshconf_file *f,
    const char *text, size_t len, unsigned depth, struct muster_error *err);

/* Parses one -o option into c->options. */
int sshconf_option_parse(
    struct sshconf *c, const char *text, struct muster_error *err);

struct sshconf_file *sshconf_file_new(const char *path, bool user);
void sshconf_file_free(void *file);

/* ---- sshconf_include.c ---- */

/* Flags for sshconf_load(). */
#define SSHCONF_FILE_USER 1u    /* the user's, not the system's */
#define SSHCONF_FILE_CHECKED 2u /* must be safe from others */

/* The file at `path`, parsed now or before. A CHECKED one must belong to the
 * user or root and be writable by no one else. *missing (may be NULL) tells
 * that NULL means there is no such file. */
struct sshconf_file *sshconf_load(struct sshconf *c, const char *path,
    unsigned flags, unsigned depth, bool *missing, struct muster_error *err);

/* The files that a pattern of an Include in a file of the user's (or not)
 * names, parsed. Returns NULL on error. */
const struct sshconf_set *sshconf_include(struct sshconf *c,
    const char *pattern, bool user, unsigned depth, struct muster_error *err);
void sshconf_set_free(void *set);

/* Whether an Include pattern has to wait for a host. */
bool sshconf_include_is_late(const char *pattern);

/* ---- sshconf_match.c ---- */

/* Makes the tests of a Match line.
 * Returns 0, or -1: MUSTER_ERR_SYNTAX without the place. */
int sshconf_match_parse(struct sshconf_block *b, struct muster_error *err);

/* ---- sshconf_localnet.c: Match localnetwork ---- */

/* Whether a list of address[/bits] with commas between is one. */
bool sshconf_localnet_check(const char *list, struct muster_error *err);

/* Whether an address of this machine is in the list. */
bool sshconf_localnet_fits(const char *list);

/* ---- sshconf_exec.c ---- */

/* Runs a command by the user's shell, without input and output.
 * Returns its exit status, or -1: MUSTER_ERR_TIMEOUT, MUSTER_ERR_SYSTEM. */
int sshconf_exec(
    const char *command, uint32_t timeout_ms, struct muster_error *err);

#endif
