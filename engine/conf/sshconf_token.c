/*
 * sshconf_token.c -- expanding values of ssh_config(5) TOKENS.
 *
 * Room: engine/conf.  May touch: base, crypto/digest.h.
 */
#include "config.h"

#include "conf/sshconf_token.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "conf/sshconf_eval.h"
#include "crypto/digest.h"

#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* %C: a hash of what makes a connection. */
static void
hash_connection(struct sshconf_tokens *t)
{
	uint8_t digest[DIGEST_SHA1_BYTES];
	char *text = mem_printf("%s%s%s%s%s", t->of['l'], t->of['h'],
	    t->of['p'], t->of['r'], t->of['j']);

	digest_sha1(text, strlen(text), digest);
	free(text);
	for (size_t i = 0; i < sizeof(digest); i++)
		snprintf(t->hash + 2 * i, 3, "%02x", digest[i]);
	t->of['C'] = t->hash;
}

/* %j: the last hop of ProxyJump, without its user and port. */
static const char *
last_hop(const struct sshconf_eval *e)
{
	const struct sshconf_line *l = e->first[SSHCONF_PROXYJUMP];

	return l == NULL || l->n < 2 ? "" : l->words[l->n - 1];
}

void
sshconf_tokens_init(struct sshconf_tokens *t, const struct sshconf_eval *e,
    const char *host, const char *user, const char *alias)
{
	const struct sshconf_local *local = &e->conf->local;

	memset(t, 0, sizeof(*t));
	snprintf(t->port, sizeof(t->port), "%u",
	    (unsigned)sshconf_eval_number(e, SSHCONF_PORT) & 0xffff);
	t->of['L'] = local->short_host;
	t->of['d'] = local->home;
	t->of['h'] = host;
	t->of['i'] = local->uid;
	t->of['j'] = last_hop(e);
	t->of['k'] = alias;
	t->of['l'] = local->host;
	t->of['n'] = e->q->host;
	t->of['p'] = t->port;
	t->of['r'] = user;
	t->of['u'] = local->user;
}

/* Adds the variable that `text` begins with, "${NAME}". Returns what follows
 * it, or NULL. */
static const char *
add_variable(struct buf *out, const char *text, struct muster_error *err)
{
	const char *end = strchr(text, '}');
	const char *value;
	char *name;

	if (end == NULL || end == text + 2)
		return err_null(err, MUSTER_ERR_SYNTAX,
		    "'%.64s' is no environment variable", text);
	name = mem_strndup(text + 2, (size_t)(end - text) - 2);
	value = getenv(name);
	if (value == NULL)
		err_set(err, MUSTER_ERR_SYNTAX,
		    "the environment has no '%.64s'", name);
	else if (!buf_adds(out, value))
		err_set(err, MUSTER_ERR_LIMIT, "'%.64s' is too long", name);
	else
		text = NULL;
	free(name);
	return text == NULL ? end + 1 : NULL;
}

/* Adds the token with this letter; 0 stands for the end of the text. */
static int
add_token(struct buf *out, struct sshconf_tokens *t, const char *letters,
    int letter, struct muster_error *err)
{
	if (letter == '%' && buf_addc(out, '%'))
		return 0;
	if (letter <= 0 || strchr(letters, letter) == NULL)
		return err_set(err, MUSTER_ERR_SYNTAX,
		    "there is no token '%%%.1s' here",
		    (char[]){(char)letter, 0});
	if (letter == 'C' && t->of['C'] == NULL)
		hash_connection(t);
	if (!buf_adds(out, t->of[letter]))
		return err_set(err, MUSTER_ERR_LIMIT, "the value is too long");
	return 0;
}

static int
expand_into(struct buf *out, struct sshconf_tokens *t, const char *letters,
    bool env, const char *p, struct muster_error *err)
{
	while (*p != '\0') {
		if (env && p[0] == '$' && p[1] == '{') {
			p = add_variable(out, p, err);
			if (p == NULL)
				return -1;
		} else if (*p == '%') {
			if (add_token(out, t, letters, p[1], err) != 0)
				return -1;
			p += 2;
		} else if (!buf_addc(out, *p++)) {
			return err_set(
			    err, MUSTER_ERR_LIMIT, "the value is too long");
		}
	}
	return 0;
}

char *
sshconf_expand(const struct sshconf_tokens *t, const char *letters, bool env,
    const char *text, struct muster_error *err)
{
	struct sshconf_tokens copy;
	struct buf out;
	char *result = NULL;

	if (strchr(text, '%') == NULL && (!env || strstr(text, "${") == NULL))
		return mem_strdup(text);
	copy = *t;
	buf_init(&out, LIMIT_SSHCONF_VALUE_BYTES);
	if (expand_into(&out, &copy, letters, env, text, err) == 0)
		result = buf_take_str(&out);
	buf_clear(&out);
	return result;
}

char *
sshconf_expand_hostname(
    const char *text, const char *host, struct muster_error *err)
{
	struct sshconf_tokens t = {.of = {['h'] = host}};

	return sshconf_expand(&t, "h", false, text, err);
}

static char *
home_of(const char *name, struct muster_error *err)
{
	struct passwd entry, *found = NULL;
	char room[4096];

	if (getpwnam_r(name, &entry, room, sizeof(room), &found) != 0 ||
	    found == NULL)
		return err_null(
		    err, MUSTER_ERR_SYNTAX, "there is no user '%.64s'", name);
	return mem_strdup(found->pw_dir);
}

char *
sshconf_tilde(const char *home, const char *text, struct muster_error *err)
{
	size_t len = strcspn(text, "/");
	const char *path = text + len + strspn(text + len, "/");
	char *name, *dir, *result;

	if (*text != '~')
		return mem_strdup(text);
	name = mem_strndup(text + 1, len - 1);
	dir = *name == '\0' ? mem_strdup(home) : home_of(name, err);
	free(name);
	if (dir == NULL)
		return NULL;
	len = strlen(dir);
	result = mem_printf(
	    "%s%s%s", dir, len > 0 && dir[len - 1] == '/' ? "" : "/", path);
	free(dir);
	return result;
}
