/*
 * sshconf.h -- ssh_config(5), read and answered as ssh(1) does.
 *
 * Room: engine/conf.  May touch: base, crypto/digest.h.
 * The files are parsed once; then each host is asked for. A host's values
 * lend strings of the struct sshconf, which must outlive them. One thread at
 * a time: 'Match exec' answers and late Includes are remembered inside.
 *
 *	struct sshconf *c = sshconf_open(&(struct sshconf_setup){0}, err);
 *	struct sshconf_host h;
 *	sshconf_resolve(c, &(struct sshconf_request){.host = "web1"}, &h, err);
 *	connect to sshconf_word(&h, SSHCONF_HOSTNAME) ...
 *	sshconf_host_clear(&h);
 */
#ifndef MUSTER_CONF_SSHCONF_H
#define MUSTER_CONF_SSHCONF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "conf/sshconf_key.h"

struct muster_error;
struct sshconf;

/* ---- reading ---- */

/* Looks up a name during canonicalization. `family`: 0 any, 4 or 6. Returns
 * true when the name exists; its canonical name or "" is put in `cname` then.
 */
struct sshconf_dns {
	bool (*look_up)(
	    void *arg, const char *name, int family, char *cname, size_t size);
	void *arg;
};

/* Everything zero: as ssh(1) without options. */
struct sshconf_setup {
	const char *file;           /* -F: read it alone; "none": no file */
	const char *const *options; /* -o, in order: "Port=22", "User root" */
	size_t n_options;
	const char *options_name; /* for messages; NULL: "command line" */
	struct sshconf_dns dns;   /* no look_up: no name is ever found */
	uint32_t exec_ms;         /* for a Match exec; 0: 30 s */
	const char *home;         /* NULL: of the password file */
	const char *system_file;  /* NULL: /etc/ssh/ssh_config */
};

/* Reads the options, then the files: -F's, or ~/.ssh/config and the system's,
 * with what they include. Nothing is run or looked up.
 * Returns NULL on error: MUSTER_ERR_SYNTAX with "file:line:column: " before
 * the keyword at fault; MUSTER_ERR_FILE when a file cannot be read, is not
 * regular, or may be written by others; MUSTER_ERR_LIMIT when files are too
 * large or include each other more than 16 deep. */
struct sshconf *sshconf_open(
    const struct sshconf_setup *setup, struct muster_error *err);
void sshconf_free(struct sshconf *c);

/* ---- asking ---- */

struct sshconf_request {
	const char *host;    /* as the user named it; not empty */
	const char *user;    /* of "user@host"; NULL: none. -o User wins */
	uint16_t port;       /* of "host:port"; 0: none. -o Port wins */
	const char *address; /* comes before HostName; NULL: none */
	const char *command; /* for 'Match command'; NULL: a shell */
};

/* Where a value came from. */
struct sshconf_origin {
	const char *file; /* "command line", or NULL: a default */
	unsigned line;    /* from 1; 0 on the command line */
};

/* The value of a keyword; sshconf_key.h has the shape of each. */
struct sshconf_value {
	const char *const *words; /* expanded */
	size_t n;                 /* 0: no value, or "none" */
	const char *const *raw;   /* as written */
	size_t n_raw;
	int64_t number;
	struct sshconf_origin origin; /* of the first word */
};

struct sshconf_host {
	struct sshconf_value values[SSHCONF_N_KEYS];
	void **owned; /* what clear frees */
	size_t n_owned;
	size_t cap_owned;
};

/* Answers for one host: Match exec commands are run and, if it is asked for,
 * the name is canonicalized with setup.dns. Fills *h, to be cleared, on
 * success alone.
 * Returns 0, or -1: MUSTER_ERR_SYNTAX naming file, line and keyword, or a
 * host or user that has characters of a shell;
 * MUSTER_ERR_UNKNOWN_NAME when canonicalization fails for good;
 * MUSTER_ERR_TIMEOUT or MUSTER_ERR_SYSTEM for a Match exec; MUSTER_ERR_FILE
 * and MUSTER_ERR_LIMIT for files included by a pattern with tokens. */
int sshconf_resolve(struct sshconf *c, const struct sshconf_request *q,
    struct sshconf_host *h, struct muster_error *err);
void sshconf_host_clear(struct sshconf_host *h);

/* The first word of a value, or NULL. */
static inline const char *
sshconf_word(const struct sshconf_host *h, enum sshconf_key key)
{
	return h->values[key].n > 0 ? h->values[key].words[0] : NULL;
}

static inline int64_t
sshconf_number(const struct sshconf_host *h, enum sshconf_key key)
{
	return h->values[key].number;
}

/* A value as a line of ssh_config(5) would have it behind the keyword: words,
 * expanded, with blanks between; a number, or the word for it; "none". Returns
 * a heap string. */
char *sshconf_show(const struct sshconf_host *h, enum sshconf_key key);

/* Lists the names that Host lines have without '*', '?' or '!', each once,
 * in order of appearance, from all files. The array (of *n) is the caller's
 * to free, the names are lent. */
const char **sshconf_list_names(const struct sshconf *c, size_t *n);

/* ---- parts of values ---- */

/* A way station of SSHCONF_PROXYJUMP: "[user@]host[:port]" or ssh://. */
struct sshconf_hop {
	char *user;    /* owned; NULL: none given */
	char *host;    /* owned */
	uint16_t port; /* 0: none given */
};

/* Returns 0, or -1: MUSTER_ERR_SYNTAX. */
int sshconf_hop_parse(
    struct sshconf_hop *hop, const char *text, struct muster_error *err);
void sshconf_hop_clear(struct sshconf_hop *hop);

/* Makes a list of algorithms of what was written: a list (of patterns), or
 * one that begins with '+', '-' or '^' and changes `defaults`. Names not in
 * `supported` are left out. `text` may be NULL: the defaults. Lists have
 * commas. Returns a heap string, or NULL with MUSTER_ERR_SYNTAX when nothing
 * is left. */
char *sshconf_algorithms(const char *text, const char *defaults,
    const char *supported, struct muster_error *err);

#endif
