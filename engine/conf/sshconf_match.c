/*
 * sshconf_match.c -- the criteria of Match lines.
 *
 * Room: engine/conf.  May touch: base.
 * All criteria must hold. 'exec' comes last in time: it is not run when one
 * before it failed, and once only for each command.
 */
#include "config.h"

#include "conf/sshconf_eval.h"

#include "base/err.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/str.h"
#include "conf/sshconf_pattern.h"
#include "conf/sshconf_token.h"

#include <stdlib.h>
#include <string.h>

static const struct {
	const char *name;
	enum sshconf_criterion what;
} criteria[] = {
    {"all", SSHCONF_M_ALL},
    {"canonical", SSHCONF_M_CANONICAL},
    {"final", SSHCONF_M_FINAL},
    {"host", SSHCONF_M_HOST},
    {"originalhost", SSHCONF_M_ORIGINALHOST},
    {"user", SSHCONF_M_USER},
    {"localuser", SSHCONF_M_LOCALUSER},
    {"localnetwork", SSHCONF_M_LOCALNETWORK},
    {"tagged", SSHCONF_M_TAGGED},
    {"command", SSHCONF_M_COMMAND},
    {"sessiontype", SSHCONF_M_SESSIONTYPE},
    {"version", SSHCONF_M_VERSION},
    {"exec", SSHCONF_M_EXEC},
};

/* Finds the criterion that `word` names, perhaps with "=arg" behind it, which
 * *arg is pointed to. */
static int
find_criterion(const char *word, enum sshconf_criterion *what, const char **arg,
    struct muster_error *err)
{
	size_t len = strcspn(word, "=");
	char *name = mem_strndup(word, len);
	bool found = false;

	*arg = word[len] == '=' ? word + len + 1 : NULL;
	for (size_t i = 0; i < sizeof(criteria) / sizeof(criteria[0]); i++) {
		if (str_case_is(name, criteria[i].name)) {
			*what = criteria[i].what;
			found = true;
		}
	}
	free(name);
	if (found)
		return 0;
	return err_set(err, MUSTER_ERR_SYNTAX,
	    "'match': there is no criterion '%.64s'", word);
}

/* Finds the argument of a criterion in the words behind it; "=" may stand
 * between, as in older versions of ssh(1). */
static int
take_argument(const struct sshconf_line *head, size_t *i,
    struct sshconf_test *t, struct muster_error *err)
{
	bool may_be_empty =
	    t->what == SSHCONF_M_TAGGED || t->what == SSHCONF_M_COMMAND;

	if (t->arg == NULL && *i + 1 < head->n)
		t->arg = head->words[++*i];
	if (t->arg != NULL && strcmp(t->arg, "=") == 0 && *i + 1 < head->n)
		t->arg = head->words[++*i];
	if (t->arg != NULL && *t->arg != '#' && (*t->arg || may_be_empty))
		return 0;
	return err_set(err, MUSTER_ERR_SYNTAX,
	    "'match': '%s' wants an argument", criteria[t->what].name);
}

/* Tokens are the same for each host, so wrong ones are found here. */
static int
check_exec(const char *command, struct muster_error *err)
{
	for (const char *p = command; (p = strchr(p, '%')) != NULL; p += 2)
		if (p[1] == '\0' || strchr(SSHCONF_TOKENS "%", p[1]) == NULL)
			return err_set(err, MUSTER_ERR_SYNTAX,
			    "'match': 'exec' knows no token '%.2s'", p);
	return 0;
}

static int
add_test(struct sshconf_block *b, size_t *i, struct muster_error *err)
{
	struct sshconf_test *t = &b->tests[b->n_tests];
	const char *word = b->head.words[*i];

	t->negated = *word == '!';
	if (find_criterion(word + t->negated, &t->what, &t->arg, err) != 0)
		return -1;
	b->n_tests++;
	if (t->what == SSHCONF_M_ALL) {
		if (*i + 1 < b->head.n || b->n_tests > 2)
			return err_set(err, MUSTER_ERR_SYNTAX,
			    "'match': 'all' cannot have others beside it");
		return 0;
	}
	if (t->what == SSHCONF_M_FINAL || t->what == SSHCONF_M_CANONICAL)
		return 0;
	if (take_argument(&b->head, i, t, err) != 0)
		return -1;
	if (t->what == SSHCONF_M_LOCALNETWORK &&
	    !sshconf_localnet_check(t->arg, err))
		return -1;
	return t->what == SSHCONF_M_EXEC ? check_exec(t->arg, err) : 0;
}

int
sshconf_match_parse(struct sshconf_block *b, struct muster_error *err)
{
	b->tests = mem_array(b->head.n + 1, sizeof(*b->tests));
	for (size_t i = 0; i < b->head.n; i++)
		if (add_test(b, &i, err) != 0)
			return -1;
	if (b->n_tests == 0)
		return err_set(
		    err, MUSTER_ERR_SYNTAX, "'match': no criterion follows");
	return 0;
}

/* The host as HostName has it by now. */
static char *
current_host(const struct sshconf_eval *e, struct muster_error *err)
{
	const char *name = sshconf_eval_word(e, SSHCONF_HOSTNAME);

	if (e->final || name == NULL)
		return mem_strdup(e->host);
	return sshconf_expand_hostname(name, e->q->host, err);
}

static const char *
current_user(const struct sshconf_eval *e)
{
	const char *user = sshconf_eval_word(e, SSHCONF_USER);

	return user == NULL ? e->conf->local.user : user;
}

/* Runs the command, or remembers how it ended. Returns 1 for success. */
static int
ask_shell(struct sshconf *c, const char *command, struct muster_error *err)
{
	static const char yes[] = "1", no[] = "0";
	const char *known = map_gets(c->execs, command);
	int status;

	if (known != NULL)
		return known == yes;
	status = sshconf_exec(command, c->exec_ms, err);
	if (status < 0)
		return -1;
	map_puts(
	    c->execs, command, (void *)(uintptr_t)(status == 0 ? yes : no));
	return status == 0;
}

static int
fits_exec(struct sshconf_eval *e, const char *arg, const char *host,
    struct muster_error *err)
{
	const char *alias = sshconf_eval_word(e, SSHCONF_HOSTKEYALIAS);
	struct sshconf_tokens t;
	char *command;
	int r;

	sshconf_tokens_init(
	    &t, e, host, current_user(e), alias == NULL ? host : alias);
	command = sshconf_expand(&t, SSHCONF_TOKENS, false, arg, err);
	if (command == NULL)
		return -1;
	r = ask_shell(e->conf, command, err);
	free(command);
	return r;
}

/* An empty pattern list fits an empty text, and nothing else does. */
static bool
fits_maybe_empty(const char *text, const char *arg)
{
	if (text == NULL || *text == '\0')
		return *arg == '\0';
	return sshconf_patterns_fit(text, arg, false);
}

static bool
fits_host(const char *host, const char *arg)
{
	char *lower = mem_strdup(host);
	bool fits;

	for (char *p = lower; *p != '\0'; p++)
		*p = (char)str_lower(*p);
	fits = sshconf_patterns_fit(lower, arg, true);
	free(lower);
	return fits;
}

/* Returns 1 if the criterion holds, negation aside; -1 with an error. */
static int
fits_one(struct sshconf_eval *e, const struct sshconf_test *t, const char *host,
    struct muster_error *err)
{
	switch (t->what) {
	case SSHCONF_M_ALL:
		return 1;
	case SSHCONF_M_CANONICAL:
	case SSHCONF_M_FINAL:
		return e->final;
	case SSHCONF_M_HOST:
		return fits_host(host, t->arg);
	case SSHCONF_M_ORIGINALHOST:
		return fits_host(e->q->host, t->arg);
	case SSHCONF_M_USER:
		return sshconf_patterns_fit(current_user(e), t->arg, false);
	case SSHCONF_M_LOCALUSER:
		return sshconf_patterns_fit(e->conf->local.user, t->arg, false);
	case SSHCONF_M_LOCALNETWORK:
		return sshconf_localnet_fits(t->arg);
	case SSHCONF_M_TAGGED:
		return fits_maybe_empty(
		    sshconf_eval_word(e, SSHCONF_TAG), t->arg);
	case SSHCONF_M_COMMAND:
		return fits_maybe_empty(e->q->command, t->arg);
	case SSHCONF_M_SESSIONTYPE:
		return sshconf_patterns_fit(
		    e->q->command == NULL ? "shell" : "exec", t->arg, false);
	case SSHCONF_M_VERSION:
		return sshconf_patterns_fit(PACKAGE_STRING, t->arg, false);
	case SSHCONF_M_EXEC:
		return fits_exec(e, t->arg, host, err);
	}
	return 0;
}

int
sshconf_match_fits(struct sshconf_eval *e, const struct sshconf_block *b,
    struct muster_error *err)
{
	char *host = current_host(e, err);
	int fits = 1;

	if (host == NULL)
		return sshconf_blame(&b->head, err);
	for (size_t i = 0; i < b->n_tests; i++) {
		const struct sshconf_test *t = &b->tests[i];

		if (t->what == SSHCONF_M_FINAL && !t->negated)
			e->want_final = true;
		if (fits == 1) {
			fits = fits_one(e, t, host, err);
			if (fits < 0)
				break;
			fits = fits != t->negated;
		}
	}
	free(host);
	return fits < 0 ? sshconf_blame(&b->head, err) : fits;
}
