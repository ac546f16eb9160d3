/*
 * sshconf_eval.h -- one look-up on the parsed files.
 *
 * Room: engine/conf (sshconf*.c only).  May touch: base, conf/sshconf*.h.
 */
#ifndef MUSTER_CONF_SSHCONF_EVAL_H
#define MUSTER_CONF_SSHCONF_EVAL_H

#include "conf/sshconf_int.h"

/* Values during a look-up: the lines that won. */
struct sshconf_lines {
	const struct sshconf_line **list; /* owned array */
	size_t n;
	size_t cap;
};

struct sshconf_env {
	const char *name; /* borrowed */
	const struct sshconf_line *line;
};

struct sshconf_eval {
	struct sshconf *conf;
	const struct sshconf_request *q;
	char *host; /* owned; what Host patterns are matched with */
	bool final; /* the second pass */
	bool want_final;
	size_t n_files; /* looked into so far */
	const struct sshconf_line *first[SSHCONF_N_KEYS];
	const struct sshconf_line *agent_path; /* of ForwardAgent */
	struct sshconf_lines identities;
	struct sshconf_lines certificates;
	struct sshconf_env *env; /* owned; SendEnv */
	size_t n_env;
	size_t cap_env;
	struct sshconf_line user; /* what the request says */
	struct sshconf_line port;
	char *user_word[1];
};

/* ---- sshconf_match.c ---- */

/* Returns 1 if a Match block fits, 0, or -1 with an error. */
int sshconf_match_fits(struct sshconf_eval *e, const struct sshconf_block *b,
    struct muster_error *err);

/* ---- sshconf_resolve.c ---- */

/* Takes a line that is active into account. */
int sshconf_eval_take(struct sshconf_eval *e, const struct sshconf_line *l,
    struct muster_error *err);

/* The value so far of a key that has one word, or NULL. */
static inline const char *
sshconf_eval_word(const struct sshconf_eval *e, enum sshconf_key key)
{
	return e->first[key] == NULL ? NULL : e->first[key]->words[0];
}

static inline int64_t
sshconf_eval_number(const struct sshconf_eval *e, enum sshconf_key key)
{
	return e->first[key] == NULL ? sshconf_default_number(key)
				     : e->first[key]->number;
}

/* ---- sshconf_canon.c ---- */

/* Replaces e->host, which HostName was applied to, by its canonical name as
 * CanonicalizeHostname and its family want.
 * Returns 0, or -1: MUSTER_ERR_UNKNOWN_NAME. */
int sshconf_canonicalize(struct sshconf_eval *e, struct muster_error *err);

/* ---- sshconf_finish.c ---- */

/* Makes the plain values of what was found. Returns 0, or -1. */
int sshconf_finish(
    struct sshconf_eval *e, struct sshconf_host *h, struct muster_error *err);

#endif
