/*
 * sshconf_canon.c -- the canonical name of a host.
 *
 * Room: engine/conf.  May touch: base.
 * As ssh(1): an address is written in its usual form, whatever is configured;
 * a name is looked up in CanonicalDomains. The look-up itself is the caller's.
 */
#include "config.h"

#include "conf/sshconf_eval.h"

#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/str.h"
#include "conf/sshconf_pattern.h"

#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define NAME_BYTES (LIMIT_HOST_BYTES + 2) /* a dot at the end, and a NUL */

static void
set_host(struct sshconf_eval *e, char *host)
{
	free(e->host);
	e->host = host;
}

static void
lower(char *text)
{
	for (; *text != '\0'; text++)
		*text = (char)str_lower(*text);
}

static int
family_of(const struct sshconf_eval *e)
{
	switch (sshconf_eval_number(e, SSHCONF_ADDRESSFAMILY)) {
	case 4:
		return AF_INET;
	case 6:
		return AF_INET6;
	default:
		return AF_UNSPEC;
	}
}

/* The usual form of an address, in `out`. False when it is none. */
static bool
format_address(const struct sshconf_eval *e, char *out, size_t size)
{
	struct addrinfo hints = {.ai_family = family_of(e),
	    .ai_socktype = SOCK_STREAM,
	    .ai_flags = AI_NUMERICHOST};
	struct addrinfo *list;
	bool ok;

	if (getaddrinfo(e->host, NULL, &hints, &list) != 0)
		return false;
	ok = list->ai_next == NULL &&
	     getnameinfo(list->ai_addr, list->ai_addrlen, out, (socklen_t)size,
		 NULL, 0, NI_NUMERICHOST) == 0;
	freeaddrinfo(list);
	return ok;
}

/* Whether a name can be nothing but an address, if a wrong one. */
static bool
looks_like_address(const char *name)
{
	return strpbrk(name, "%:") != NULL ||
	       name[strspn(name, "0123456789.")] == '\0';
}

/* Whether the host itself will be connected to, by no proxy. */
static bool
is_direct(const struct sshconf_eval *e)
{
	const struct sshconf_line *jump = e->first[SSHCONF_PROXYJUMP];
	const char *command = sshconf_eval_word(e, SSHCONF_PROXYCOMMAND);

	return (command == NULL || str_case_is(command, "none")) &&
	       (jump == NULL || jump->n == 0);
}

static bool
look_up(const struct sshconf_eval *e, const char *name, char *cname)
{
	const struct sshconf_dns *dns = &e->conf->dns;

	*cname = '\0';
	return dns->look_up != NULL &&
	       dns->look_up(dns->arg, name,
		   (int)sshconf_eval_number(e, SSHCONF_ADDRESSFAMILY), cname,
		   NAME_BYTES);
}

/* Whether one of the rules lets `name` become `cname`. */
static bool
may_follow(const struct sshconf_eval *e, const char *name, const char *cname)
{
	const struct sshconf_line *l =
	    e->first[SSHCONF_CANONICALIZEPERMITTEDCNAMES];

	if (l == NULL || *cname == '\0' || strcmp(name, cname) == 0)
		return false;
	for (size_t i = 0; i < l->n; i++) {
		const char *rule = l->words[i];
		size_t len = strcspn(rule, ":");
		char *from = mem_strndup(rule, len);
		bool fits;

		fits = strcmp(rule, "*") == 0 ||
		       (rule[len] == ':' &&
			   sshconf_patterns_fit(name, from, true) &&
			   sshconf_patterns_fit(cname, rule + len + 1, true));
		free(from);
		if (fits)
			return true;
	}
	return false;
}

/* Takes a name that was found, or what it stands for. */
static void
take_found(struct sshconf_eval *e, char *name, const char *cname)
{
	size_t len = strlen(name);

	if (len > 0 && name[len - 1] == '.')
		name[len - 1] = '\0';
	if (may_follow(e, name, cname)) {
		free(name);
		name = mem_strdup(cname);
		lower(name);
	}
	set_host(e, name);
}

static bool
has_too_many_dots(const struct sshconf_eval *e)
{
	int64_t dots = 0;

	for (const char *p = e->host; *p != '\0'; p++)
		dots += *p == '.';
	return dots > sshconf_eval_number(e, SSHCONF_CANONICALIZEMAXDOTS);
}

/* Tries the name in each domain. */
static bool
search_domains(struct sshconf_eval *e)
{
	const struct sshconf_line *l = e->first[SSHCONF_CANONICALDOMAINS];
	char cname[NAME_BYTES];

	for (size_t i = 0; l != NULL && i < l->n; i++) {
		char *name;

		if (str_case_is(l->words[i], "none"))
			break;
		name = mem_printf("%s.%s.", e->host, l->words[i]);
		if (look_up(e, name, cname)) {
			take_found(e, name, cname);
			return true;
		}
		free(name);
	}
	return false;
}

/* Follows the bare name's alias when no domain had it. */
static int
follow_bare_name(struct sshconf_eval *e, struct muster_error *err)
{
	const struct sshconf_line *l =
	    e->first[SSHCONF_CANONICALIZEPERMITTEDCNAMES];
	char cname[NAME_BYTES];

	if (l == NULL || str_case_is(l->words[0], "none"))
		return 0;
	if (look_up(e, e->host, cname)) {
		if (may_follow(e, e->host, cname)) {
			set_host(e, mem_strdup(cname));
			lower(e->host);
		}
		return 0;
	}
	if (!is_direct(e))
		return 0;
	return err_set(
	    err, MUSTER_ERR_UNKNOWN_NAME, "host '%s' is not found", e->host);
}

static int
search(struct sshconf_eval *e, struct muster_error *err)
{
	size_t len = strlen(e->host);
	char cname[NAME_BYTES];

	if (len > 0 && e->host[len - 1] == '.') {
		if (look_up(e, e->host, cname)) {
			take_found(e, mem_strdup(e->host), cname);
			return 0;
		}
	} else if (has_too_many_dots(e)) {
		return follow_bare_name(e, err);
	} else if (search_domains(e)) {
		return 0;
	}
	if (sshconf_eval_number(e, SSHCONF_CANONICALIZEFALLBACKLOCAL) == 0)
		return err_set(err, MUSTER_ERR_UNKNOWN_NAME,
		    "host '%s' is in none of 'canonicaldomains'", e->host);
	return follow_bare_name(e, err);
}

int
sshconf_canonicalize(struct sshconf_eval *e, struct muster_error *err)
{
	int64_t wanted = sshconf_eval_number(e, SSHCONF_CANONICALIZEHOSTNAME);
	char address[256];

	/* A scope of an address is an interface's name: its case matters. */
	if (format_address(e, address, sizeof(address))) {
		if (!str_case_is(address, e->host))
			set_host(e, mem_strdup(address));
		return 0;
	}
	if (looks_like_address(e->host))
		return 0;
	lower(e->host);
	if (wanted == 0 || (!is_direct(e) && wanted != 2))
		return 0;
	return search(e, err);
}
