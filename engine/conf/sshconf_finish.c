/*
 * sshconf_finish.c -- from the lines that hold to plain values.
 *
 * Room: engine/conf.  May touch: base.
 * Strings that need no expansion are lent by the parsed files.
 */
#include "config.h"

#include "conf/sshconf_eval.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "conf/sshconf_token.h"

#include <stdlib.h>
#include <string.h>

struct finish {
	const struct sshconf_eval *e;
	struct sshconf_host *h;
	struct sshconf_tokens tokens;
	struct muster_error *err;
};

/* ---- ownership ---- */

static void *
own(struct sshconf_host *h, void *memory)
{
	mem_grow(&h->owned, &h->cap_owned, h->n_owned + 1, sizeof(*h->owned));
	h->owned[h->n_owned++] = memory;
	return memory;
}

static const char **
own_words(struct sshconf_host *h, size_t n)
{
	return own(h, mem_array(n, sizeof(char *)));
}

void
sshconf_host_clear(struct sshconf_host *h)
{
	for (size_t i = 0; i < h->n_owned; i++)
		free(h->owned[i]);
	free(h->owned);
	memset(h, 0, sizeof(*h));
}

/* ---- values ---- */

static void
set_origin(struct sshconf_value *v, const struct sshconf_line *l)
{
	v->origin.file = l->file->path;
	v->origin.line = l->line;
}

static void
set_line(struct sshconf_value *v, const struct sshconf_line *l)
{
	v->words = v->raw = (const char *const *)l->words;
	v->n = v->n_raw = l->n;
	v->number = l->number;
	set_origin(v, l);
}

static void
clear_words(struct sshconf_value *v)
{
	v->words = NULL;
	v->n = 0;
}

static bool
is_none(const char *word)
{
	return str_case_is(word, "none");
}

static int
blame_key(const struct finish *f, enum sshconf_key key)
{
	const struct sshconf_value *v = &f->h->values[key];

	err_prefix(f->err, "'%s'", sshconf_key_name(key));
	if (v->origin.file == NULL || v->origin.line == 0)
		return v->origin.file == NULL
			   ? -1
			   : err_prefix(f->err, "%s", v->origin.file);
	return err_prefix(f->err, "%s:%u", v->origin.file, v->origin.line);
}

/* How a word of a value is expanded. */
struct expansion {
	enum sshconf_key key;
	const char *tokens; /* NULL: none */
	bool env;
	bool tilde;
};

static const struct expansion expansions[] = {
    {SSHCONF_IDENTITYFILE, SSHCONF_TOKENS "j", true, true},
    {SSHCONF_CERTIFICATEFILE, SSHCONF_TOKENS "j", true, true},
    {SSHCONF_USERKNOWNHOSTSFILE, SSHCONF_TOKENS "j", true, true},
    {SSHCONF_REVOKEDHOSTKEYS, SSHCONF_TOKENS "j", true, true},
    {SSHCONF_IDENTITYAGENT, SSHCONF_TOKENS "j", true, true},
    {SSHCONF_FORWARDAGENT, SSHCONF_TOKENS "j", true, true},
    {SSHCONF_REMOTECOMMAND, SSHCONF_TOKENS "j", false, false},
    {SSHCONF_PROXYCOMMAND, SSHCONF_TOKENS_PROXY, false, false},
    {SSHCONF_PROXYJUMP, SSHCONF_TOKENS_PROXY, false, false},
    {SSHCONF_GLOBALKNOWNHOSTSFILE, NULL, false, true},
};

/* Expands one word; an unchanged one is not copied. */
static const char *
expand_word(struct finish *f, const struct expansion *x, const char *word)
{
	bool tilde = x->tilde && *word == '~';
	char *path, *text;

	/* The '%' of a URI are its own. */
	if ((!tilde && strpbrk(word, "%$") == NULL) ||
	    (x->key == SSHCONF_PROXYJUMP && str_starts(word, "ssh://")))
		return word;
	path = tilde ? sshconf_tilde(f->e->conf->local.home, word, f->err)
		     : mem_strdup(word);
	if (path == NULL)
		return NULL;
	if (x->tokens == NULL)
		return own(f->h, path);
	text = sshconf_expand(&f->tokens, x->tokens, x->env, path, f->err);
	free(path);
	return text == NULL ? NULL : own(f->h, text);
}

static int
expand_value(struct finish *f, const struct expansion *x)
{
	struct sshconf_value *v = &f->h->values[x->key];
	const char **words;

	if (v->n == 0)
		return 0;
	words = own_words(f->h, v->n);
	for (size_t i = 0; i < v->n; i++) {
		words[i] = expand_word(f, x, v->words[i]);
		if (words[i] == NULL)
			return blame_key(f, x->key);
	}
	v->words = words;
	return 0;
}

/* ---- the keywords that are not just a line ---- */

static void
set_lines(
    struct finish *f, enum sshconf_key key, const struct sshconf_lines *lines)
{
	struct sshconf_value *v = &f->h->values[key];
	const char **raw, **words;

	if (lines->n == 0)
		return;
	raw = own_words(f->h, lines->n);
	words = own_words(f->h, lines->n);
	for (size_t i = 0; i < lines->n; i++) {
		raw[v->n_raw++] = lines->list[i]->words[0];
		if (!is_none(raw[i]))
			words[v->n++] = raw[i];
	}
	v->raw = raw;
	v->words = words;
	set_origin(v, lines->list[0]);
}

static void
set_env(struct finish *f)
{
	struct sshconf_value *v = &f->h->values[SSHCONF_SENDENV];
	const struct sshconf_eval *e = f->e;
	const char **words;

	if (e->n_env == 0)
		return;
	words = own_words(f->h, e->n_env);
	for (size_t i = 0; i < e->n_env; i++)
		words[i] = e->env[i].name;
	v->words = v->raw = words;
	v->n = v->n_raw = e->n_env;
	set_origin(v, e->env[0].line);
}

static const char *const default_keys[] = {"~/.ssh/id_rsa", "~/.ssh/id_ecdsa",
    "~/.ssh/id_ecdsa_sk", "~/.ssh/id_ed25519", "~/.ssh/id_ed25519_sk"};
static const char *const default_user_hosts[] = {
    "~/.ssh/known_hosts", "~/.ssh/known_hosts2"};
static const char *const default_global_hosts[] = {
    "/etc/ssh/ssh_known_hosts", "/etc/ssh/ssh_known_hosts2"};

static void
default_words(struct sshconf_host *h, enum sshconf_key key,
    const char *const *words, size_t n)
{
	struct sshconf_value *v = &h->values[key];

	if (v->n_raw > 0)
		return;
	v->words = v->raw = words;
	v->n = v->n_raw = n;
}

static void
set_defaults(struct finish *f)
{
	default_words(f->h, SSHCONF_IDENTITYFILE, default_keys, 5);
	default_words(f->h, SSHCONF_USERKNOWNHOSTSFILE, default_user_hosts, 2);
	default_words(
	    f->h, SSHCONF_GLOBALKNOWNHOSTSFILE, default_global_hosts, 2);
}

/* "none" as the first word means no value at all. */
static void
drop_none(struct sshconf_host *h)
{
	static const enum sshconf_key keys[] = {SSHCONF_USERKNOWNHOSTSFILE,
	    SSHCONF_GLOBALKNOWNHOSTSFILE, SSHCONF_REVOKEDHOSTKEYS,
	    SSHCONF_PROXYCOMMAND, SSHCONF_REMOTECOMMAND, SSHCONF_LOCALCOMMAND,
	    SSHCONF_CANONICALDOMAINS, SSHCONF_CANONICALIZEPERMITTEDCNAMES};

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		struct sshconf_value *v = &h->values[keys[i]];

		if (v->n > 0 && is_none(v->words[0]))
			clear_words(v);
	}
}

static void
set_word(struct finish *f, enum sshconf_key key, const char *text)
{
	const char **words = own_words(f->h, 1);

	words[0] = text;
	f->h->values[key].words = words;
	f->h->values[key].n = 1;
}

/* Expands what older versions of ssh(1) leave alone: a text with a '%' that
 * is no token stays as it is written. */
static const char *
expand_if_possible(struct finish *f, const char *letters, const char *text)
{
	char *expanded = NULL;

	if (strpbrk(text, "%$") != NULL)
		expanded =
		    sshconf_expand(&f->tokens, letters, true, text, NULL);
	return expanded == NULL ? text : own(f->h, expanded);
}

/* The user of a file may have tokens; one named for this host has none. */
static void
finish_user(struct finish *f)
{
	const struct sshconf_line *l = f->e->first[SSHCONF_USER];
	const char *user = f->e->conf->local.user;

	if (l != NULL)
		user = l->words[0];
	if (l != NULL && l != &f->e->user)
		user = expand_if_possible(f, "Ldhijklnpu", user);
	set_word(f, SSHCONF_USER, user);
	f->tokens.of['r'] = user;
}

static void
finish_setenv(struct finish *f)
{
	struct sshconf_value *v = &f->h->values[SSHCONF_SETENV];
	const char **words;

	if (v->n == 0)
		return;
	words = own_words(f->h, v->n);
	for (size_t i = 0; i < v->n; i++)
		words[i] = expand_if_possible(f, SSHCONF_TOKENS "j", v->raw[i]);
	v->words = words;
}

/* What the agent's socket is: a path, a variable's name, or none. */
static void
finish_agent(struct sshconf_host *h)
{
	struct sshconf_value *v = &h->values[SSHCONF_IDENTITYAGENT];
	const char *word = v->n > 0 ? v->words[0] : "SSH_AUTH_SOCK";
	const char **words = own_words(h, 1);

	if (strcmp(word, "SSH_AUTH_SOCK") == 0)
		word = getenv("SSH_AUTH_SOCK");
	else if (strcmp(word, "none") == 0)
		word = NULL;
	else if (word[0] == '$')
		word = getenv(word + 1);
	v->n = word != NULL && *word != '\0';
	words[0] = v->n > 0 ? own(h, mem_strdup(word)) : NULL;
	v->words = words;
}

static void
finish_forward(struct finish *f)
{
	struct sshconf_value *v = &f->h->values[SSHCONF_FORWARDAGENT];

	v->number = v->number != 0;
	clear_words(v);
	if (f->e->agent_path != NULL && v->number != 0)
		set_word(f, SSHCONF_FORWARDAGENT, f->e->agent_path->words[0]);
}

/* The words behind the hops are for %j alone. */
static void
finish_jump(struct sshconf_host *h)
{
	struct sshconf_value *v = &h->values[SSHCONF_PROXYJUMP];

	if (v->n > 0)
		v->n = --v->n_raw;
}

static void
finish_alias(struct finish *f)
{
	struct sshconf_value *v = &f->h->values[SSHCONF_HOSTKEYALIAS];
	char *lower;

	if (v->n == 0)
		return;
	lower = own(f->h, mem_strdup(v->words[0]));
	for (char *p = lower; *p != '\0'; p++)
		*p = (char)str_lower(*p);
	set_word(f, SSHCONF_HOSTKEYALIAS, lower);
	f->tokens.of['k'] = lower;
}

/* A last hop that is the host itself would never end. */
static int
check_loop(struct finish *f)
{
	struct sshconf_value *v = &f->h->values[SSHCONF_PROXYJUMP];
	const char *user = sshconf_word(f->h, SSHCONF_USER);
	struct sshconf_hop hop;
	bool loop;

	if (v->n == 0 || sshconf_hop_parse(&hop, v->words[v->n - 1], NULL) != 0)
		return 0;
	loop = strcmp(hop.host, f->e->host) == 0 &&
	       (hop.port == 0 ? 22 : hop.port) ==
		   sshconf_number(f->h, SSHCONF_PORT) &&
	       (hop.user == NULL || strcmp(hop.user, user) == 0);
	sshconf_hop_clear(&hop);
	if (!loop)
		return 0;
	err_set(f->err, MUSTER_ERR_SYNTAX, "'%s' would be its own way station",
	    f->e->host);
	return blame_key(f, SSHCONF_PROXYJUMP);
}

static int
check_attempts(struct finish *f)
{
	if (sshconf_number(f->h, SSHCONF_CONNECTIONATTEMPTS) > 0)
		return 0;
	err_set(f->err, MUSTER_ERR_SYNTAX, "must not be 0");
	return blame_key(f, SSHCONF_CONNECTIONATTEMPTS);
}

static void
set_values(struct finish *f)
{
	const struct sshconf_eval *e = f->e;

	for (size_t i = 0; i < SSHCONF_N_KEYS; i++) {
		f->h->values[i].number = sshconf_default_number(i);
		if (e->first[i] != NULL)
			set_line(&f->h->values[i], e->first[i]);
	}
	f->h->values[SSHCONF_PORT].n = f->h->values[SSHCONF_PORT].n_raw = 0;
	set_lines(f, SSHCONF_IDENTITYFILE, &e->identities);
	set_lines(f, SSHCONF_CERTIFICATEFILE, &e->certificates);
	set_env(f);
	set_defaults(f);
	drop_none(f->h);
	set_word(f, SSHCONF_HOSTNAME, own(f->h, mem_strdup(e->host)));
}

int
sshconf_finish(
    struct sshconf_eval *e, struct sshconf_host *h, struct muster_error *err)
{
	struct finish f = {.e = e, .h = h, .err = err};

	set_values(&f);
	sshconf_tokens_init(
	    &f.tokens, e, sshconf_word(h, SSHCONF_HOSTNAME), NULL, e->q->host);
	finish_alias(&f);
	finish_user(&f);
	finish_jump(h);
	finish_setenv(&f);
	finish_forward(&f);
	if (check_loop(&f) != 0 || check_attempts(&f) != 0)
		return -1;
	for (size_t i = 0; i < sizeof(expansions) / sizeof(expansions[0]); i++)
		if (expand_value(&f, &expansions[i]) != 0)
			return -1;
	finish_agent(h);
	return 0;
}
