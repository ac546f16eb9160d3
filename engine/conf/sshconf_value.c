/*
 * sshconf_value.c -- is a line of ssh_config(5) well-formed, and its number.
 *
 * Room: engine/conf.  May touch: base.
 * What ssh(1) refuses is refused, whether a host needs the line or not. Not
 * so the values of keywords that muster has no use for, and the names of
 * algorithms: which there are differs between versions of ssh.
 */
#include "config.h"

#include "conf/sshconf_int.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "conf/sshconf_number.h"
#include "conf/sshconf_token.h"
#include "conf/words.h"

#include <stdlib.h>
#include <string.h>

int
sshconf_blame(const struct sshconf_line *l, struct muster_error *err)
{
	if (err == NULL)
		return -1;
	if (l->line == 0)
		err_prefix(err, "%s", l->file->path);
	else
		err_prefix(err, "%s:%u:%u", l->file->path, l->line, l->column);
	err->at = l->column - 1;
	return -1;
}

int
sshconf_blame_once(const struct sshconf_line *l, struct muster_error *err)
{
	if (err == NULL || err->at != MUSTER_NOWHERE)
		return -1;
	return sshconf_blame(l, err);
}

static int
refuse(const struct sshconf_line *l, const char *why, struct muster_error *err)
{
	return err_set(err, MUSTER_ERR_SYNTAX, "'%s': %s", l->row->name, why);
}

/* As refuse(), about one of the words. */
static int
refuse_word(const struct sshconf_line *l, const char *word, const char *why,
    struct muster_error *err)
{
	return err_set(err, MUSTER_ERR_SYNTAX, "'%s': '%.100s' %s",
	    l->row->name, word, why);
}

/* Takes the rest of the line as the one word. */
static void
take_rest(struct sshconf_line *l, const char *rest)
{
	rest += strspn(rest, " \t\r\n=");
	words_free_list(l->words, l->n);
	l->words = mem_array(1, sizeof(*l->words));
	l->words[0] = mem_strdup(rest);
	l->n = 1;
}

static int
check_state(struct sshconf_line *l, struct muster_error *err)
{
	for (const struct sshconf_state *s = l->row->states; s->word != NULL;
	     s++) {
		if (str_case_is(l->words[0], s->word)) {
			l->number = s->number;
			return 0;
		}
	}
	return refuse_word(l, l->words[0], "is not one of its words", err);
}

static int
check_number(struct sshconf_line *l, struct muster_error *err)
{
	const char *word = l->words[0];

	switch ((int)l->row->type) {
	case SSHCONF_T_PORT:
		if (sshconf_port(word, &l->number))
			return 0;
		return refuse_word(l, word, "is no port", err);
	case SSHCONF_T_TIME:
		if (sshconf_time(word, &l->number))
			return 0;
		return refuse_word(l, word, "is no time", err);
	default:
		if (sshconf_int(word, &l->number))
			return 0;
		return refuse_word(l, word, "is no number", err);
	}
}

static int
check_rekey(struct sshconf_line *l, struct muster_error *err)
{
	int64_t seconds;

	if (!str_is(l->words[0], strlen(l->words[0]), "default") &&
	    !sshconf_size(l->words[0], &l->number))
		return refuse_word(l, l->words[0], "is no size", err);
	if (l->number != 0 && l->number < 16)
		return refuse_word(l, l->words[0], "is too small", err);
	if (l->n > 1 && !sshconf_time(l->words[1], &seconds))
		return refuse_word(l, l->words[1], "is no time", err);
	return 0;
}

/* "none" may only be the one word of a line. */
static int
check_none(const struct sshconf_line *l, struct muster_error *err)
{
	for (size_t i = 0; i < l->n; i++) {
		if (*l->words[i] == '\0')
			return refuse(l, "has an empty word", err);
		if (l->n > 1 && str_case_is(l->words[i], "none"))
			return refuse(l, "'none' must stand alone", err);
	}
	return 0;
}

/* Of a name that is set twice in a line the first holds. */
static void
drop_repeated_names(struct sshconf_line *l)
{
	size_t n = 0;

	for (size_t i = 0; i < l->n; i++) {
		size_t len = strcspn(l->words[i], "=") + 1, j = 0;

		while (j < n && strncmp(l->words[j], l->words[i], len) != 0)
			j++;
		if (j == n)
			l->words[n++] = l->words[i];
		else
			free(l->words[i]);
	}
	l->n = n;
}

static int
check_env(struct sshconf_line *l, struct muster_error *err)
{
	bool set = l->row->type == SSHCONF_T_SETENV;

	for (size_t i = 0; i < l->n; i++) {
		bool equals = strchr(l->words[i], '=') != NULL;

		if (equals != set || *l->words[i] == '\0')
			return refuse_word(l, l->words[i],
			    set ? "is not NAME=value" : "is no name", err);
	}
	if (set)
		drop_repeated_names(l);
	return 0;
}

/* A domain in lower case without a dot at its end. */
static bool
fold_domain(char *name)
{
	size_t len = strlen(name);

	if (len == 0 || name[0] == '.' || name[0] == '-' || name[0] == '_')
		return false;
	for (size_t i = 0; i < len; i++) {
		int c = name[i] = (char)str_lower(name[i]);

		if (!(c >= 'a' && c <= 'z') && !str_is_digit(c) && c != '.' &&
		    c != '-' && c != '_')
			return false;
		if (c == '.' && name[i + 1] == '.')
			return false;
	}
	if (name[len - 1] == '.')
		name[len - 1] = '\0';
	return true;
}

static int
check_domains(struct sshconf_line *l, struct muster_error *err)
{
	for (size_t i = 0; i < l->n; i++)
		if (!fold_domain(l->words[i]))
			return refuse_word(l, l->words[i], "is no domain", err);
	return check_none(l, err);
}

static int
check_cnames(struct sshconf_line *l, struct muster_error *err)
{
	for (size_t i = 0; i < l->n; i++) {
		char *word = l->words[i];
		const char *colon;

		if (str_case_is(word, "none") || strcmp(word, "*") == 0)
			continue;
		for (char *p = word; *p != '\0'; p++)
			*p = (char)str_lower(*p);
		colon = strchr(word, ':');
		if (colon == NULL || colon[1] == '\0')
			return refuse_word(l, word, "is not from:to", err);
	}
	return check_none(l, err);
}

/* Splits the hops and puts the host of the last one behind them, for %j. */
static int
check_jump(struct sshconf_line *l, struct muster_error *err)
{
	char *text = l->words[0], *comment = strchr(text, '#');
	struct sshconf_hop hop = {0};
	size_t cap = 0;
	char **hops = NULL;

	if (comment != NULL)
		*comment = '\0';
	while (*text != '\0' && str_is_space(text[strlen(text) - 1]))
		text[strlen(text) - 1] = '\0';
	l->n = 0;
	for (char *p = str_case_is(text, "none") ? NULL : text, *next;
	     p != NULL; p = next) {
		next = strchr(p, ',');
		if (next != NULL)
			*next++ = '\0';
		sshconf_hop_clear(&hop);
		mem_grow(&hops, &cap, l->n + 2, sizeof(*hops));
		hops[l->n++] = mem_strdup(p);
		if (sshconf_hop_parse(&hop, p, err) != 0)
			break;
	}
	if (l->n > 0 && hop.host != NULL)
		hops[l->n++] = mem_strdup(hop.host);
	free(text);
	free(l->words);
	l->words = hops;
	if (l->n > 0 && hop.host == NULL)
		return err_prefix(err, "'%s'", l->row->name);
	sshconf_hop_clear(&hop);
	return 0;
}

static bool
is_env_name(const char *name)
{
	if (*name == '\0')
		return false;
	for (; *name != '\0'; name++) {
		int c = str_lower(*name);

		if (!(c >= 'a' && c <= 'z') && !str_is_digit(c) && c != '_')
			return false;
	}
	return true;
}

/* A socket's path: ${NAME} must be there already now, as for ssh(1). */
static int
check_agent(struct sshconf_line *l, struct muster_error *err)
{
	const char *word = l->words[0];

	if (word[0] == '$' && word[1] != '{' && !is_env_name(word + 1))
		return refuse_word(l, word, "is no name of a variable", err);
	for (const char *p = word; (p = strstr(p, "${")) != NULL;) {
		const char *end = strchr(p, '}');
		char *name;
		bool there;

		if (end == NULL)
			return refuse_word(l, word, "has no '}'", err);
		name = mem_strndup(p + 2, (size_t)(end - p) - 2);
		there = getenv(name) != NULL;
		free(name);
		if (!there)
			return refuse_word(
			    l, word, "names a variable that is not there", err);
		p = end;
	}
	return 0;
}

/* ForwardAgent: the number tells yes from no; -1 is a path. */
static int
check_forward(struct sshconf_line *l, struct muster_error *err)
{
	const char *word = l->words[0];

	l->number = -1;
	if (str_case_is(word, "yes") || str_case_is(word, "true"))
		l->number = 1;
	else if (str_case_is(word, "no") || str_case_is(word, "false"))
		l->number = 0;
	return l->number == -1 ? check_agent(l, err) : 0;
}

static int
check_addkeys(const struct sshconf_line *l, struct muster_error *err)
{
	static const char *const words[] = {
	    "yes", "no", "true", "false", "ask", "confirm"};
	int64_t seconds;

	if (l->n == 2 && str_case_is(l->words[0], "confirm") &&
	    sshconf_time(l->words[1], &seconds) && seconds >= 0)
		return 0;
	for (size_t i = 0; l->n == 1 && i < 6; i++)
		if (str_case_is(l->words[0], words[i]))
			return 0;
	if (l->n == 1 && sshconf_time(l->words[0], &seconds) && seconds >= 0)
		return 0;
	return refuse_word(l, l->words[0], "is not one of its words", err);
}

/* How many words a line of this type may have, at most. */
static size_t
most_words(enum sshconf_type type)
{
	switch ((int)type) {
	case SSHCONF_T_STATE:
	case SSHCONF_T_INT:
	case SSHCONF_T_PORT:
	case SSHCONF_T_TIME:
	case SSHCONF_T_WORD:
	case SSHCONF_T_FILE:
	case SSHCONF_T_AGENT:
	case SSHCONF_T_FORWARD:
	case SSHCONF_T_REFUSE:
		return 1;
	case SSHCONF_T_REKEY:
	case SSHCONF_T_ADDKEYS:
		return 2;
	default:
		return SIZE_MAX;
	}
}

static int
check_words(struct sshconf_line *l, struct muster_error *err)
{
	switch (l->row->type) {
	case SSHCONF_T_STATE:
		return check_state(l, err);
	case SSHCONF_T_INT:
	case SSHCONF_T_PORT:
	case SSHCONF_T_TIME:
		return check_number(l, err);
	case SSHCONF_T_REKEY:
		return check_rekey(l, err);
	case SSHCONF_T_WORDS:
		return check_none(l, err);
	case SSHCONF_T_SENDENV:
	case SSHCONF_T_SETENV:
		return check_env(l, err);
	case SSHCONF_T_AGENT:
		return check_agent(l, err);
	case SSHCONF_T_FORWARD:
		return check_forward(l, err);
	case SSHCONF_T_ADDKEYS:
		return check_addkeys(l, err);
	case SSHCONF_T_DOMAINS:
		return check_domains(l, err);
	case SSHCONF_T_CNAMES:
		return check_cnames(l, err);
	case SSHCONF_T_HOST:
	case SSHCONF_T_INCLUDE:
		for (size_t i = 0; i < l->n; i++)
			if (*l->words[i] == '\0')
				return refuse(l, "has an empty word", err);
		return 0;
	case SSHCONF_T_UNUSED:
	case SSHCONF_T_MATCH:
	case SSHCONF_T_REFUSE:
	case SSHCONF_T_WORD:
	case SSHCONF_T_FILE:
	case SSHCONF_T_COMMAND:
	case SSHCONF_T_JUMP:
		break;
	}
	return 0;
}

int
sshconf_line_check(
    struct sshconf_line *l, const char *rest, struct muster_error *err)
{
	enum sshconf_type type = l->row->type;

	if (type == SSHCONF_T_COMMAND || type == SSHCONF_T_JUMP) {
		take_rest(l, rest);
		return type == SSHCONF_T_JUMP ? check_jump(l, err) : 0;
	}
	/* A comment may be all that follows. Host and Include take that. */
	if (l->n == 0 && type != SSHCONF_T_UNUSED && type != SSHCONF_T_HOST &&
	    type != SSHCONF_T_INCLUDE && type != SSHCONF_T_MATCH)
		return refuse(l, "its value is missing", err);
	if (most_words(type) < SIZE_MAX && *l->words[0] == '\0')
		return refuse(l, "its value is empty", err);
	if (l->n > most_words(type))
		return refuse_word(
		    l, l->words[most_words(type)], "is too much", err);
	return check_words(l, err);
}
