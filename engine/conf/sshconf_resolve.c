/*
 * sshconf_resolve.c -- which lines hold for a host.
 *
 * Room: engine/conf.  May touch: base.
 * The first line of a keyword wins, so a look-up is a table of lines; the few
 * keywords whose lines add up have lists. A second pass over the files, with
 * the canonical name, adds what the first left open (ssh_config(5) Match,
 * CanonicalizeHostname).
 */
#include "config.h"

#include "conf/sshconf_eval.h"

#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/str.h"
#include "conf/sshconf_pattern.h"
#include "conf/sshconf_token.h"

#include <stdlib.h>
#include <string.h>

/* ---- lines that add up ---- */

static void
add_once(struct sshconf_lines *lines, const struct sshconf_line *l)
{
	for (size_t i = 0; i < lines->n; i++)
		if (lines->list[i]->file->user == l->file->user &&
		    strcmp(lines->list[i]->words[0], l->words[0]) == 0)
			return;
	mem_grow(&lines->list, &lines->cap, lines->n + 1, sizeof(*lines->list));
	lines->list[lines->n++] = l;
}

static void
remove_env(struct sshconf_eval *e, const char *pattern)
{
	size_t kept = 0;

	for (size_t i = 0; i < e->n_env; i++)
		if (!sshconf_pattern_fits(e->env[i].name, pattern))
			e->env[kept++] = e->env[i];
	e->n_env = kept;
}

static void
add_env(struct sshconf_eval *e, const char *name, const struct sshconf_line *l)
{
	for (size_t i = 0; i < e->n_env; i++)
		if (strcmp(e->env[i].name, name) == 0)
			return;
	mem_grow(&e->env, &e->cap_env, e->n_env + 1, sizeof(*e->env));
	e->env[e->n_env].name = name;
	e->env[e->n_env++].line = l;
}

static void
take_env(struct sshconf_eval *e, const struct sshconf_line *l)
{
	for (size_t i = 0; i < l->n; i++) {
		if (*l->words[i] == '-')
			remove_env(e, l->words[i] + 1);
		else
			add_env(e, l->words[i], l);
	}
}

/* ---- the lines of a block ---- */

/* Once the name is canonical it is too late to say how to make it so. */
static bool
is_too_late(const struct sshconf_eval *e, enum sshconf_key key)
{
	return e->final && (key == SSHCONF_CANONICALIZEHOSTNAME ||
			       key == SSHCONF_CANONICALIZEMAXDOTS ||
			       key == SSHCONF_CANONICALIZEFALLBACKLOCAL);
}

static void
keep_first(struct sshconf_eval *e, const struct sshconf_line *l)
{
	if (e->first[l->row->key] == NULL && !is_too_late(e, l->row->key))
		e->first[l->row->key] = l;
}

/* ProxyCommand and ProxyJump compete: the one that comes first holds. Only
 * a "ProxyJump none" leaves room for a ProxyCommand. */
static void
keep_proxy(struct sshconf_eval *e, const struct sshconf_line *l)
{
	const struct sshconf_line *jump = e->first[SSHCONF_PROXYJUMP];

	if (l->row->key == SSHCONF_PROXYCOMMAND
		? jump != NULL && jump->n > 0
		: l->n > 0 && e->first[SSHCONF_PROXYCOMMAND] != NULL)
		return;
	keep_first(e, l);
}

int
sshconf_eval_take(struct sshconf_eval *e, const struct sshconf_line *l,
    struct muster_error *err)
{
	switch (l->row->type) {
	case SSHCONF_T_FILE:
		add_once(l->row->key == SSHCONF_IDENTITYFILE ? &e->identities
							     : &e->certificates,
		    l);
		return 0;
	case SSHCONF_T_SENDENV:
		take_env(e, l);
		return 0;
	case SSHCONF_T_FORWARD:
		keep_first(e, l);
		if (l->number == -1 && e->agent_path == NULL)
			e->agent_path = l;
		return 0;
	case SSHCONF_T_REFUSE:
		err_set(err, MUSTER_ERR_USAGE, "'%s': %.200s", l->row->name,
		    l->words[0]);
		return sshconf_blame(l, err);
	default:
		if (l->row->key == SSHCONF_PROXYCOMMAND ||
		    l->row->key == SSHCONF_PROXYJUMP)
			keep_proxy(e, l);
		else
			keep_first(e, l);
		return 0;
	}
}

static int
refuse_unknown(const struct sshconf_eval *e, const struct sshconf_line *l,
    struct muster_error *err)
{
	const char *ignored = sshconf_eval_word(e, SSHCONF_IGNOREUNKNOWN);
	const char *guess;

	if (ignored != NULL && sshconf_patterns_fit(l->words[0], ignored, true))
		return 0;
	guess = sshconf_row_guess(l->words[0]);
	err_set(err, MUSTER_ERR_SYNTAX,
	    "'%.64s': bad configuration option%s%s%s", l->words[0],
	    guess == NULL ? "" : ", did you mean '", guess == NULL ? "" : guess,
	    guess == NULL ? "" : "'");
	return sshconf_blame(l, err);
}

static int take_file(struct sshconf_eval *e, const struct sshconf_file *f,
    bool active, unsigned depth, struct muster_error *err);

/* Looks into the files that an Include names. They are read when their block
 * does not hold, too: an unknown keyword there is an error all the same. */
static int
take_include(struct sshconf_eval *e, const struct sshconf_line *l,
    const char *pattern, bool active, unsigned depth, struct muster_error *err)
{
	const struct sshconf_set *set =
	    sshconf_include(e->conf, pattern, l->file->user, depth + 1, err);

	if (set == NULL)
		return sshconf_blame_once(l, err);
	for (size_t i = 0; i < set->n; i++)
		if (take_file(e, set->files[i], active, depth + 1, err) != 0)
			return -1;
	return 0;
}

/* Expands the tokens of a late Include. One that cannot be expanded is left
 * out, as ssh(1) leaves it. */
static char *
expand_include(const struct sshconf_eval *e, const char *pattern)
{
	const char *alias = sshconf_eval_word(e, SSHCONF_HOSTKEYALIAS);
	const char *user = sshconf_eval_word(e, SSHCONF_USER);
	const char *name = sshconf_eval_word(e, SSHCONF_HOSTNAME);
	struct sshconf_tokens t;
	char *host, *path;

	host = e->final || name == NULL
		   ? mem_strdup(e->host)
		   : sshconf_expand_hostname(name, e->q->host, NULL);
	if (host == NULL)
		return NULL;
	sshconf_tokens_init(&t, e, host,
	    user == NULL ? e->conf->local.user : user,
	    alias == NULL ? host : alias);
	path = sshconf_expand(&t, SSHCONF_TOKENS "j", true, pattern, NULL);
	free(host);
	return path;
}

static int
take_includes(struct sshconf_eval *e, const struct sshconf_line *l, bool active,
    unsigned depth, struct muster_error *err)
{
	for (size_t i = 0; i < l->n; i++) {
		bool late = sshconf_include_is_late(l->words[i]);
		char *path = late ? expand_include(e, l->words[i]) : NULL;
		int r = 0;

		if (path != NULL || !late)
			r = take_include(e, l, late ? path : l->words[i],
			    active, depth, err);
		free(path);
		if (r != 0)
			return -1;
	}
	return 0;
}

static int
take_block(struct sshconf_eval *e, const struct sshconf_block *b, bool active,
    unsigned depth, struct muster_error *err)
{
	for (size_t i = 0; i < b->n; i++) {
		const struct sshconf_line *l = &b->lines[i];
		int r = 0;

		if (l->row == NULL)
			r = refuse_unknown(e, l, err);
		else if (l->row->type == SSHCONF_T_INCLUDE)
			r = take_includes(e, l, active, depth, err);
		else if (active)
			r = sshconf_eval_take(e, l, err);
		if (r != 0)
			return -1;
	}
	return 0;
}

/* Whether the patterns of a Host line fit the host. */
static bool
fits_host(const struct sshconf_eval *e, const struct sshconf_block *b)
{
	bool fits = false;

	for (size_t i = 0; i < b->head.n; i++) {
		const char *pattern = b->head.words[i];
		bool negated = *pattern == '!';

		/* Most patterns differ in their first byte already. */
		if (!negated && *pattern != *e->host && *pattern != '*' &&
		    *pattern != '?')
			continue;
		if (sshconf_pattern_fits(e->host, pattern + negated)) {
			if (negated)
				return false;
			fits = true;
		}
	}
	return fits;
}

/* Returns 1 if the lines of a block hold, 0, or -1 with an error. */
static int
block_holds(struct sshconf_eval *e, const struct sshconf_block *b, bool active,
    struct muster_error *err)
{
	if (b->kind == SSHCONF_ALWAYS)
		return active;
	if (b->kind == SSHCONF_HOST)
		return active && fits_host(e, b);
	if (active)
		return sshconf_match_fits(e, b, err);
	/* What does not hold anyway may still ask for a second pass. */
	for (size_t i = 0; i < b->n_tests; i++)
		if (b->tests[i].what == SSHCONF_M_FINAL && !b->tests[i].negated)
			e->want_final = true;
	return 0;
}

static int
take_file(struct sshconf_eval *e, const struct sshconf_file *f, bool active,
    unsigned depth, struct muster_error *err)
{
	if (++e->n_files > LIMIT_SSHCONF_FILES)
		return err_set(err, MUSTER_ERR_LIMIT,
		    "'%s': files are included more than %d times", f->path,
		    LIMIT_SSHCONF_FILES);
	for (size_t i = 0; i < f->n; i++) {
		const struct sshconf_block *b = &f->blocks[i];
		int holds = block_holds(e, b, active, err);

		if (holds < 0)
			return -1;
		if ((holds || b->watched) &&
		    take_block(e, b, holds, depth, err) != 0)
			return -1;
	}
	return 0;
}

/* ---- the passes ---- */

static int
take_files(struct sshconf_eval *e, struct muster_error *err)
{
	for (size_t i = 0; i < 2; i++)
		if (e->conf->tops[i] != NULL &&
		    take_file(e, e->conf->tops[i], true, 0, err) != 0)
			return -1;
	return 0;
}

/* What "user@host:port" says, unless an option has said it. */
static void
take_request(struct sshconf_eval *e)
{
	e->user_word[0] = (char *)(uintptr_t)e->q->user;
	e->user.file = e->port.file = e->conf->options;
	e->user.words = e->port.words = e->user_word;
	e->user.n = 1;
	e->port.number = e->q->port;
	if (e->q->user != NULL && e->first[SSHCONF_USER] == NULL)
		e->first[SSHCONF_USER] = &e->user;
	if (e->q->port != 0 && e->first[SSHCONF_PORT] == NULL)
		e->first[SSHCONF_PORT] = &e->port;
}

/* Puts HostName in the place of the host. */
static int
apply_hostname(struct sshconf_eval *e, struct muster_error *err)
{
	const struct sshconf_line *l = e->first[SSHCONF_HOSTNAME];
	char *host;

	if (e->q->address == NULL && l == NULL)
		return 0;
	host = e->q->address != NULL
		   ? mem_strdup(e->q->address)
		   : sshconf_expand_hostname(l->words[0], e->q->host, err);
	if (host == NULL)
		return sshconf_blame(l, err);
	free(e->host);
	e->host = host;
	return 0;
}

static int
run_passes(struct sshconf_eval *e, struct muster_error *err)
{
	/* Options are taken block by block as any file. */
	if (take_file(e, e->conf->options, true, 0, err) != 0)
		return -1;
	take_request(e);
	if (take_files(e, err) != 0 || apply_hostname(e, err) != 0 ||
	    sshconf_canonicalize(e, err) != 0)
		return -1;
	if (!e->want_final &&
	    sshconf_eval_number(e, SSHCONF_CANONICALIZEHOSTNAME) == 0)
		return 0;
	e->final = true;
	return take_files(e, err);
}

/* Names that an inventory or a person gave end up in commands for a shell
 * (%h, %n, %r): as for ssh(1), they may not speak to it. */
static bool
is_safe(const char *name, const char *banned, bool blanks)
{
	if (*name == '-' || *name == '\0')
		return false;
	for (; *name != '\0'; name++) {
		unsigned char c = (unsigned char)*name;

		if (strchr(banned, c) != NULL || c == 0x7f ||
		    (c < ' ' && !(blanks && c == '\t')) ||
		    (c == ' ' && (!blanks || name[1] == '-')) ||
		    (c == '\\' && name[1] == '\0'))
			return false;
	}
	return true;
}

static int
check_request(const struct sshconf_request *q, struct muster_error *err)
{
	static const char banned[] = "'`\"$\\;&<>|(){},";

	if (!is_safe(q->host, banned, false))
		return err_set(err, MUSTER_ERR_SYNTAX,
		    "'%.100s' cannot be the name of a host", q->host);
	if (q->address != NULL && !is_safe(q->address, banned, false))
		return err_set(err, MUSTER_ERR_SYNTAX,
		    "'%.100s' cannot be the address of a host", q->address);
	if (q->user != NULL && !is_safe(q->user, "'`\";&<>|(){}", true))
		return err_set(err, MUSTER_ERR_SYNTAX,
		    "'%.100s' cannot be the name of a user", q->user);
	return 0;
}

int
sshconf_resolve(struct sshconf *c, const struct sshconf_request *q,
    struct sshconf_host *h, struct muster_error *err)
{
	struct sshconf_eval e = {.conf = c, .q = q};
	int r;

	memset(h, 0, sizeof(*h));
	e.host = mem_strdup(q->host);
	r = check_request(q, err);
	if (r == 0)
		r = run_passes(&e, err);
	if (r == 0)
		r = sshconf_finish(&e, h, err);
	if (r != 0)
		sshconf_host_clear(h);
	free(e.host);
	free(e.identities.list);
	free(e.certificates.list);
	free(e.env);
	return r;
}
