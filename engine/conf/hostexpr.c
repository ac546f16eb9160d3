/*
 * hostexpr.c -- host expressions, evaluated.
 *
 * Room: engine/conf.  May touch: base.
 * The text is walked twice: first the terms that select, left to right, then
 * the exclusions and filters. An operand behind ',' goes straight into the
 * list, one behind another operator into a list of its own.
 */
#include "config.h"

#include "conf/hostexpr.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/str.h"
#include "conf/hostexpr_scan.h"
#include "conf/hostname.h"
#include "conf/hostnear.h"
#include "conf/hostspec.h"
#include "conf/textfile.h"

#include <inttypes.h>
#include <regex.h>
#include <stdlib.h>
#include <string.h>

struct eval {
	const struct hostexpr_options *options;
	const struct hostlist *known; /* for wildcards; NULL: ask resolver */
	const char *expr;
	size_t len;
	bool selects;   /* a term chose hosts, or tried to */
	unsigned depth; /* of files */
	struct muster_error *err;
};

static int eval_text(struct eval *e, struct hostlist *list);

static int
refuse_full(const struct eval *e, size_t at, const struct hostlist *list)
{
	return err_set_at(e->err, MUSTER_ERR_LIMIT, at,
	    "more than the %zu hosts allowed", list->max);
}

/* ---- hosts and wildcards ---- */

/* Names on their way from a pattern into a list. */
struct adding {
	struct eval *e;
	struct hostlist *out;
	const struct hostlist *known; /* wildcards only */
	const char *user;
	uint16_t port;
	size_t at;
	size_t n_matches; /* wildcards only */
};

static int
add_name(void *ctx, const char *name, size_t len)
{
	struct adding *a = ctx;
	struct hostref ref = {a->user, name, a->port};

	if (len > LIMIT_HOST_BYTES)
		return err_set_at(a->e->err, MUSTER_ERR_SYNTAX, a->at,
		    "a host name has %d bytes at most", LIMIT_HOST_BYTES);
	if (memchr(name, ':', len) != NULL && !hostname_is_ipv6(name, len))
		return err_set_at(a->e->err, MUSTER_ERR_SYNTAX, a->at,
		    "'%s' is no IPv6 address", name);
	if (!hostlist_add(a->out, &ref))
		return refuse_full(a->e, a->at, a->out);
	return 0;
}

static int
add_matches(void *ctx, const char *name, size_t len)
{
	struct adding *a = ctx;

	(void)len;
	for (size_t i = 0; i < a->known->n; i++) {
		struct hostref ref = a->known->items[i];

		if (!hostname_fits(name, ref.host))
			continue;
		if (a->user != NULL)
			ref.user = a->user;
		if (a->port != 0)
			ref.port = a->port;
		a->n_matches++;
		if (!hostlist_add(a->out, &ref))
			return refuse_full(a->e, a->at, a->out);
	}
	return 0;
}

/* The hosts a wildcard chooses from, added to `known`. */
static int
ask_known(const struct eval *e, struct adding *a, const char *text, int len,
    struct hostlist *known)
{
	const struct hostexpr_resolver *r = e->options->resolver;
	int rc = 0;

	if (r != NULL && r->all != NULL)
		rc = r->all(r->ctx, NULL, known, e->err);
	if (rc < 0)
		return -1;
	if (rc == 0 && !e->options->allow_empty)
		return err_set_at(e->err, MUSTER_ERR_UNKNOWN_NAME, a->at,
		    "no host list to match '%.*s' against", len, text);
	return 0;
}

static int
refuse_wildcard(struct adding *a, const char *text, size_t len)
{
	char near[2 * LIMIT_HOST_BYTES + 1];

	if (hostnear_wildcard(text, len, a->known, near, sizeof(near)))
		return err_set_at(a->e->err, MUSTER_ERR_UNKNOWN_NAME, a->at,
		    "no host matches '%.*s'; did you mean '%s'?", (int)len,
		    text, near);
	return err_set_at(a->e->err, MUSTER_ERR_UNKNOWN_NAME, a->at,
	    "no host matches '%.*s'", (int)len, text);
}

static int
eval_wildcard(struct eval *e, struct adding *a, const struct hostspec *s)
{
	struct hostlist asked;
	int rc = 0;

	hostlist_init(&asked, a->out->max, false);
	a->known = e->known;
	if (a->known == NULL) {
		rc = ask_known(e, a, s->host, (int)s->host_len, &asked);
		a->known = &asked;
	}
	if (rc == 0)
		rc = hostpat_each(&s->pattern, add_matches, a);
	if (rc == 0 && a->n_matches == 0 && !e->options->allow_empty)
		rc = refuse_wildcard(a, s->host, s->host_len);
	hostlist_clear(&asked);
	return rc == 0 ? 0 : -1;
}

/* Refuses more names than a list may hold before any is made. */
static int
check_count(struct eval *e, const struct hostpat *p, size_t at, size_t len,
    const struct hostlist *out)
{
	uint64_t count = hostpat_count(p);

	if (count <= out->max)
		return 0;
	return err_set_at(e->err, MUSTER_ERR_LIMIT, at,
	    "'%.*s' stands for %s%" PRIu64 " names, %zu are allowed",
	    len > 80 ? 80 : (int)len, e->expr + at,
	    count == UINT64_MAX ? "more than " : "",
	    count == UINT64_MAX ? UINT64_C(1000000000000000000) : count,
	    out->max);
}

static int
eval_host(struct eval *e, size_t at, size_t len, struct hostlist *out)
{
	struct hostspec s;
	struct adding a = {.e = e, .out = out, .at = at};
	char *user = NULL;
	int rc;

	if (hostspec_parse(&s, e->expr + at, len, at, e->err) != 0)
		return -1;
	if (s.user != NULL)
		a.user = user = mem_strndup(s.user, s.user_len);
	a.port = s.port;
	rc = check_count(e, &s.pattern, at, len, out);
	if (rc == 0)
		rc = s.is_wild ? eval_wildcard(e, &a, &s)
			       : hostpat_each(&s.pattern, add_name, &a);
	free(user);
	hostspec_clear(&s);
	return rc;
}

/* ---- groups ---- */

static int
refuse_group(struct adding *a, const char *source, const char *name)
{
	const struct hostexpr_resolver *r = a->e->options->resolver;
	char near[2 * LIMIT_NAME_BYTES + 2];
	const char *src = source == NULL ? "" : source;
	const char *colon = source == NULL ? "" : ":";

	if (a->e->options->allow_empty)
		return 0;
	if (r == NULL || r->group == NULL)
		return err_set_at(a->e->err, MUSTER_ERR_UNKNOWN_NAME, a->at,
		    "no group '%s%s%s': no inventory is read", src, colon,
		    name);
	if (r->suggest != NULL &&
	    r->suggest(r->ctx, source, name, near, sizeof(near)) == 1)
		return err_set_at(a->e->err, MUSTER_ERR_UNKNOWN_NAME, a->at,
		    "no group '%s%s%s'; did you mean '@%s'?", src, colon, name,
		    near);
	return err_set_at(a->e->err, MUSTER_ERR_UNKNOWN_NAME, a->at,
	    "no group '%s%s%s'", src, colon, name);
}

/* Adds the group called "name" or "source:name"; '*' is every host. */
static int
add_group(void *ctx, const char *text, size_t len)
{
	struct adding *a = ctx;
	const struct hostexpr_resolver *r = a->e->options->resolver;
	const char *colon = memchr(text, ':', len);
	const char *name = colon == NULL ? text : colon + 1;
	char *source = NULL;
	int rc = 0;

	if (*name == '\0')
		return err_set_at(a->e->err, MUSTER_ERR_SYNTAX, a->at,
		    "a group name is missing behind '@'");
	if (colon != NULL)
		source = mem_strndup(text, (size_t)(colon - text));
	if (strcmp(name, "*") == 0 && r != NULL && r->all != NULL)
		rc = r->all(r->ctx, source, a->out, a->e->err);
	else if (r != NULL && r->group != NULL)
		rc = r->group(r->ctx, source, name, a->out, a->e->err);
	if (rc == 0)
		rc = refuse_group(a, source, name);
	else if (rc < 0 && a->e->err != NULL)
		a->e->err->at = a->at;
	free(source);
	return rc < 0 ? -1 : 0;
}

static int
eval_group(struct eval *e, size_t at, size_t len, struct hostlist *out)
{
	struct adding a = {.e = e, .out = out, .at = at - 1};
	struct hostpat p;
	int rc;

	if (hostpat_parse(&p, e->expr + at, len, at, e->err) != 0)
		return -1;
	rc = check_count(e, &p, at, len, out);
	if (rc == 0)
		rc = hostpat_each(&p, add_group, &a);
	hostpat_clear(&p);
	if (rc == 0 && out->overflowed)
		return refuse_full(e, at - 1, out);
	return rc;
}

/* ---- files ---- */

static int eval_file(struct eval *e, const char *path, struct hostlist *out);

/* A line of a host file: "#include FILE", or an expression and a comment. */
static int
eval_line(struct eval *e, const struct textfile *f, char *line, size_t len,
    struct hostlist *out)
{
	static const char include[] = "#include";
	size_t n = sizeof(include) - 1;
	char *hash = memchr(line, '#', len), *path;
	struct eval inner = *e;
	struct hostlist list;
	int rc;

	if (len > n && memcmp(line, include, n) == 0 && str_is_space(line[n])) {
		for (path = line + n; str_is_space(*path); path++)
			;
		while (len > 0 && str_is_space(line[len - 1]))
			line[--len] = '\0';
		path = textfile_path(f->name, path);
		rc = eval_file(e, path, out);
		free(path);
		return rc;
	}
	inner.expr = line;
	inner.len = hash == NULL ? len : (size_t)(hash - line);
	hostlist_init(&list, out->max, out->keep_duplicates);
	rc = eval_text(&inner, &list);
	if (rc == 0 && !hostlist_append(out, &list))
		rc = refuse_full(e, 0, out);
	hostlist_clear(&list);
	return rc;
}

static int
eval_file(struct eval *e, const char *path, struct hostlist *out)
{
	struct textfile f;
	struct eval inner = *e;
	char *line;
	size_t len;
	int rc = 0;

	if (++inner.depth > LIMIT_INCLUDE_DEPTH)
		return err_set(e->err, MUSTER_ERR_FILE,
		    "'%s' is included more than %d deep", path,
		    LIMIT_INCLUDE_DEPTH);
	if (textfile_read(&f, path, e->err) != 0)
		return -1;
	while (rc == 0 && (line = textfile_next(&f, &len)) != NULL)
		rc = eval_line(&inner, &f, line, len, out);
	if (rc != 0 && e->err != NULL && e->err->at != MUSTER_NOWHERE)
		(void)textfile_blame(&f, e->err->at + 1, e->err);
	textfile_clear(&f);
	return rc;
}

static int
eval_file_operand(struct eval *e, size_t at, size_t len, struct hostlist *out)
{
	char *path = mem_strndup(e->expr + at, len);
	int rc = eval_file(e, path, out);

	if (rc != 0 && e->err != NULL)
		e->err->at = at - 1;
	free(path);
	return rc;
}

/* ---- filters ---- */

/* A compiled filter, and whether what it matches stays. */
struct filter {
	regex_t regex;
	bool keep;
};

static bool
keep_matching(void *ctx, const struct hostref *ref)
{
	struct filter *f = ctx;
	bool matches = regexec(&f->regex, ref->host, 0, NULL, 0) == 0;

	return matches == f->keep;
}

static int
compile_filter(struct eval *e, const struct hostexpr_scan *s, struct filter *f)
{
	char *text = mem_strndup(e->expr + s->start, s->end - s->start);
	char reason[128];
	int rc = regcomp(&f->regex, text, REG_EXTENDED | REG_NOSUB);

	free(text);
	if (rc == 0)
		return 0;
	(void)regerror(rc, &f->regex, reason, sizeof(reason));
	return err_set_at(e->err, MUSTER_ERR_SYNTAX, s->start,
	    "not a regular expression: %s", reason);
}

/* Drops what does not match, or with '-' what does. */
static int
apply_filter(
    struct eval *e, const struct hostexpr_scan *s, struct hostlist *list)
{
	struct filter f = {.keep = !s->is_exclusion};

	if (compile_filter(e, s, &f) != 0)
		return -1;
	hostlist_filter(list, keep_matching, &f);
	regfree(&f.regex);
	return 0;
}

/* Among exclusions a filter selects: it adds the known hosts that match. */
static int
eval_regex(struct eval *e, const struct hostexpr_scan *s, struct hostlist *out)
{
	struct filter f = {.keep = true};

	if (compile_filter(e, s, &f) != 0)
		return -1;
	for (size_t i = 0; i < e->known->n; i++)
		if (keep_matching(&f, &e->known->items[i]))
			(void)hostlist_add(out, &e->known->items[i]);
	regfree(&f.regex);
	return 0;
}

/* ---- terms ---- */

static int
eval_operand(
    struct eval *e, const struct hostexpr_scan *s, struct hostlist *out)
{
	size_t len = s->end - s->start;

	switch (s->kind) {
	case HOSTEXPR_GROUP:
		return eval_group(e, s->start, len, out);
	case HOSTEXPR_FILE:
		return eval_file_operand(e, s->start, len, out);
	case HOSTEXPR_REGEX:
		return eval_regex(e, s, out);
	case HOSTEXPR_HOST:
		break;
	}
	return eval_host(e, s->start, len, out);
}

/* Applies one selecting term. */
static int
select_term(
    struct eval *e, const struct hostexpr_scan *s, struct hostlist *list)
{
	struct hostlist right;
	int rc;

	if (s->op == ',')
		return eval_operand(e, s, list);
	hostlist_init(&right, list->max, list->keep_duplicates);
	rc = eval_operand(e, s, &right);
	if (rc == 0 && s->op == '!')
		hostlist_subtract(list, &right);
	else if (rc == 0 && s->op == '&')
		hostlist_intersect(list, &right);
	else if (rc == 0 && !hostlist_differ(list, &right))
		rc = refuse_full(e, s->start, list);
	hostlist_clear(&right);
	return rc;
}

/* Applies one exclusion or filter. */
static int
reduce_term(
    struct eval *e, const struct hostexpr_scan *s, struct hostlist *list)
{
	struct eval inner = *e;
	struct hostlist right;
	int rc;

	if (s->kind == HOSTEXPR_REGEX)
		return apply_filter(e, s, list);
	inner.known = list;
	hostlist_init(&right, list->max, false);
	rc = eval_operand(&inner, s, &right);
	if (rc == 0)
		hostlist_subtract(list, &right);
	hostlist_clear(&right);
	return rc;
}

/* Evaluates the whole of a text into an empty list. */
static int
eval_text(struct eval *e, struct hostlist *list)
{
	bool has_reductions = false;

	for (int pass = 0; pass < 1 + has_reductions; pass++) {
		struct hostexpr_scan s;
		int rc;

		hostexpr_scan_init(&s, e->expr, e->len);
		while ((rc = hostexpr_scan_next(&s, e->err)) == 1) {
			bool reduces =
			    s.is_exclusion ||
			    (s.kind == HOSTEXPR_REGEX && e->known == NULL);

			has_reductions |= reduces;
			if (reduces != (pass == 1))
				continue;
			e->selects |= pass == 0;
			rc = pass == 0 ? select_term(e, &s, list)
				       : reduce_term(e, &s, list);
			if (rc != 0)
				return -1;
		}
		if (rc < 0)
			return -1;
	}
	return 0;
}

int
hostexpr_expand(const char *expr, const struct hostexpr_options *options,
    struct hostlist *out, struct muster_error *err)
{
	struct eval e = {.options = options, .err = err};

	e.expr = expr;
	e.len = strlen(expr);
	if (eval_text(&e, out) != 0)
		return -1;
	if (out->n == 0 && !options->allow_empty)
		return err_set(err, MUSTER_ERR_EMPTY, "no host is selected%s",
		    e.selects ? ""
			      : ": /filters/ and -exclusions only take away "
				"from what else is listed");
	return 0;
}

int
hostexpr_expand_file(const char *path, const struct hostexpr_options *options,
    struct hostlist *out, struct muster_error *err)
{
	struct eval e = {.options = options, .err = err};

	return eval_file(&e, path, out);
}

int
hostexpr_exclude(const char *expr, const struct hostexpr_options *options,
    struct hostlist *hosts, struct muster_error *err)
{
	struct eval e = {.options = options, .known = hosts, .err = err};
	struct hostlist right;
	size_t n_left = 0;
	int rc;

	e.expr = expr;
	e.len = strlen(expr);
	hostlist_init(&right, hosts->max, false);
	rc = eval_text(&e, &right);
	for (size_t i = 0; rc == 0 && i < hosts->n; i++)
		n_left += !hostlist_matches(&right, &hosts->items[i]);
	if (rc == 0 && n_left == 0 && !options->allow_empty)
		rc = err_set(err, MUSTER_ERR_EMPTY, "every host is excluded");
	if (rc == 0)
		hostlist_subtract(hosts, &right);
	hostlist_clear(&right);
	return rc;
}
