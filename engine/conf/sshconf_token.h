/*
 * sshconf_token.h -- %-tokens, ${NAME} and '~' in values of ssh_config(5).
 *
 * Room: engine/conf (sshconf*.c only).  May touch: base.
 */
#ifndef MUSTER_CONF_SSHCONF_TOKEN_H
#define MUSTER_CONF_SSHCONF_TOKEN_H

#include <stdbool.h>

struct muster_error;
struct sshconf_eval;

/* The values of the tokens, by their letter. */
struct sshconf_tokens {
	const char *of[128]; /* NULL: no such token */
	char port[8];
	char hash[41]; /* %C */
};

/* All tokens, or some of them. */
#define SSHCONF_TOKENS "CLdhijklnpru"
#define SSHCONF_TOKENS_PROXY "hknpr"

/* Fills in the tokens for what is known so far: `host` is the remote host,
 * `user` the remote user, `alias` what %k is. All are borrowed. */
void sshconf_tokens_init(struct sshconf_tokens *t, const struct sshconf_eval *e,
    const char *host, const char *user, const char *alias);

/* Expands the tokens among `letters`, and ${NAME} if `env`. Returns a heap
 * string, or NULL: MUSTER_ERR_SYNTAX for a token or variable that is not
 * there, MUSTER_ERR_LIMIT. */
char *sshconf_expand(const struct sshconf_tokens *t, const char *letters,
    bool env, const char *text, struct muster_error *err);

/* Replaces '~' or '~name' at the start by a home directory. Returns a heap
 * string, or NULL: MUSTER_ERR_SYNTAX when nobody has that name. */
char *sshconf_tilde(
    const char *home, const char *text, struct muster_error *err);

/* Expands "%h" of a HostName, the only token there. */
char *sshconf_expand_hostname(
    const char *text, const char *host, struct muster_error *err);

#endif
