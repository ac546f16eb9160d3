/*
 * ansible_pattern.c -- Ansible's patterns: "web:&prod:!db[0]", "~web[0-9]".
 *
 * Room: engine/conf/inventory.  May touch: base, conf.
 * Parts have ',' between, or ':' where there is no ','. Wherever they stand,
 * plain parts are added up first, then '&' cuts down to what is in both, then
 * '!' takes away. A part is a group, a host, a wildcard or "~regex" over both
 * and may end in a subscript, whose range includes its end.
 */
#include "config.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "conf/hostname.h"
#include "conf/inventory/inventory.h"

#include <fnmatch.h>
#include <regex.h>
#include <stdlib.h>
#include <string.h>

struct select {
	struct inventory *inv;
	const char *pattern;
	bool allow_empty;
	struct muster_error *err;
};

/* One part without its '&' or '!'. */
struct part {
	char op; /* '&', '!' or 0 */
	size_t at;
	char *text; /* owned; without the subscript */
	bool has_subscript;
	bool has_regex;
	long first, last; /* from the end where negative */
	regex_t regex;
};

/* ---- parts ---- */

/* The end of the part that begins at `p`. */
static const char *
find_end(const char *p, char sep)
{
	bool inside = false;

	for (; *p != '\0'; p++) {
		if (*p == '[')
			inside = true;
		else if (*p == ']')
			inside = false;
		else if (*p == sep && (sep == ',' || !inside))
			break;
	}
	return p;
}

/* Reads up to six digits, a '-' before them if `negative`. */
static bool
read_index(const char **p, bool negative, long *index)
{
	long sign = negative && **p == '-' ? -1 : 1;
	const char *start = sign < 0 ? ++*p : *p;

	*index = 0;
	for (; str_is_digit(**p) && *p - start < 6; ++*p)
		*index = *index * 10 + (**p - '0');
	*index *= sign;
	return *p > start;
}

/* Cuts "[1]", "[-1]", "[0:2]" or "[1:]" off the end. */
static void
cut_subscript(struct part *part)
{
	char *open = strrchr(part->text, '[');
	const char *p = open == NULL ? NULL : open + 1;

	if (p == NULL || open == part->text || !str_ends(open, "]"))
		return;
	if (!read_index(&p, true, &part->first))
		return;
	part->last = part->first;
	if (*p == ':' || *p == '-') {
		p++;
		part->last = -1;
		if (part->first < 0)
			return;
		if (str_is_digit(*p))
			(void)read_index(&p, false, &part->last);
	}
	if (strcmp(p, "]") != 0)
		return;
	part->has_subscript = true;
	*open = '\0';
}

static int
compile_regex(const struct select *s, struct part *part)
{
	char *anchored = mem_printf("^(%s)", part->text + 1), reason[128];
	int rc = regcomp(&part->regex, anchored, REG_EXTENDED | REG_NOSUB);

	free(anchored);
	if (rc == 0) {
		part->has_regex = true;
		return 0;
	}
	(void)regerror(rc, &part->regex, reason, sizeof(reason));
	return err_set_at(s->err, MUSTER_ERR_SYNTAX, part->at,
	    "not a regular expression: %s", reason);
}

/* Makes a part of text[0..len), which may have blanks around it. */
static int
init_part(
    const struct select *s, struct part *part, const char *text, size_t len)
{
	while (len > 0 && str_is_space(*text))
		text++, len--;
	while (len > 0 && str_is_space(text[len - 1]))
		len--;
	*part = (struct part){.at = (size_t)(text - s->pattern)};
	if (len > 0 && (*text == '&' || *text == '!')) {
		part->op = *text++;
		len--;
		if (len == 0)
			return err_set_at(s->err, MUSTER_ERR_SYNTAX, part->at,
			    "a name is missing behind '%c'", part->op);
	}
	part->text = mem_strndup(text, len);
	if (*part->text == '~')
		return compile_regex(s, part);
	cut_subscript(part);
	return 0;
}

static void
clear_part(struct part *part)
{
	free(part->text);
	if (part->has_regex)
		regfree(&part->regex);
}

/* ---- matching ---- */

static bool
is_match(const struct part *part, const char *name)
{
	if (part->has_regex)
		return regexec(&part->regex, name, 0, NULL, 0) == 0;
	return strcmp(part->text, name) == 0 ||
	       fnmatch(part->text, name, FNM_NOESCAPE) == 0;
}

static bool
may_match_hosts(const struct part *part, bool found_group)
{
	return !found_group || part->has_regex ||
	       strpbrk(part->text, ".?*[") != NULL;
}

/* Adds what a part stands for, before its subscript. */
static int
match_all(const struct select *s, const struct part *part, struct hostlist *out)
{
	struct inventory *inv = s->inv;
	bool found_group = false;

	if (strcmp(part->text, "all") == 0 || strcmp(part->text, "*") == 0) {
		(void)hostlist_append(out, &inv->hosts);
		return 0;
	}
	for (size_t i = 0; i < inv->n_groups; i++) {
		if (!is_match(part, inv->groups[i].name))
			continue;
		found_group = true;
		if (inventory_add_group(inv, i, out, s->err) != 0)
			return -1;
	}
	if (!may_match_hosts(part, found_group))
		return 0;
	for (size_t i = 0; i < inv->hosts.n; i++)
		if (is_match(part, inv->hosts.items[i].host))
			(void)hostlist_add(out, &inv->hosts.items[i]);
	return 0;
}

/* Keeps the items that the subscript names. */
static void
apply_subscript(const struct part *part, struct hostlist *list)
{
	long n = (long)list->n;
	long first = part->first < 0 ? part->first + n : part->first;
	long last = part->last < 0 ? part->last + n : part->last;
	struct hostlist kept;

	if (!part->has_subscript)
		return;
	hostlist_init(&kept, list->max, false);
	for (long i = first < 0 ? n : first; i <= last && i < n; i++)
		(void)hostlist_add(&kept, &list->items[i]);
	hostlist_clear(list);
	*list = kept;
}

static int
refuse_unmatched(const struct select *s, const struct part *part)
{
	char near[256];

	if (s->allow_empty)
		return 0;
	if (inventory_suggest(s->inv, NULL, part->text, near, sizeof(near)))
		return err_set_at(s->err, MUSTER_ERR_UNKNOWN_NAME, part->at,
		    "no group or host matches '%s'; did you mean '%s'?",
		    part->text, near);
	return err_set_at(s->err, MUSTER_ERR_UNKNOWN_NAME, part->at,
	    "no group or host matches '%s%s'", part->text,
	    part->has_subscript ? "[...]" : "");
}

static int
apply_part(
    const struct select *s, const struct part *part, struct hostlist *out)
{
	struct hostlist list;
	int rc;

	hostlist_init(&list, out->max, false);
	rc = match_all(s, part, &list);
	if (rc == 0)
		apply_subscript(part, &list);
	if (rc == 0 && list.n == 0)
		rc = refuse_unmatched(s, part);
	if (rc == 0 && part->op == '&')
		hostlist_intersect(out, &list);
	else if (rc == 0 && part->op == '!')
		hostlist_subtract(out, &list);
	else if (rc == 0)
		(void)hostlist_append(out, &list);
	hostlist_clear(&list);
	return rc;
}

/* ---- the whole ---- */

/* What separates the parts; '\0' for an address, which is one part. */
static char
find_separator(const char *pattern)
{
	if (strchr(pattern, ',') != NULL)
		return ',';
	return hostname_is_ipv6(pattern, strlen(pattern)) ? '\0' : ':';
}

/* Applies the parts whose operator is `op`. Returns how many, or -1. */
static int
apply_parts(const struct select *s, char op, struct hostlist *out)
{
	char sep = find_separator(s->pattern);
	int n = 0;

	for (const char *p = s->pattern, *end;; p = end + 1) {
		struct part part;
		int rc;

		end = sep == '\0' ? p + strlen(p) : find_end(p, sep);
		rc = init_part(s, &part, p, (size_t)(end - p));
		if (rc == 0 && part.op == op && *part.text != '\0') {
			n++;
			rc = apply_part(s, &part, out);
		}
		clear_part(&part);
		if (rc != 0)
			return -1;
		if (*end == '\0')
			return n;
	}
}

int
inventory_select(struct inventory *inv, const char *pattern, bool allow_empty,
    struct hostlist *out, struct muster_error *err)
{
	const struct select s = {inv, pattern, allow_empty, err};
	int n_plain = apply_parts(&s, '\0', out);
	int n_both, n_not;

	if (n_plain < 0)
		return -1;
	if (n_plain == 0)
		(void)hostlist_append(out, &inv->hosts);
	n_both = apply_parts(&s, '&', out);
	n_not = n_both < 0 ? -1 : apply_parts(&s, '!', out);
	if (n_not < 0)
		return -1;
	if (n_plain + n_both + n_not == 0)
		hostlist_clear(out);
	if (out->n == 0 && !allow_empty)
		return err_set(err, MUSTER_ERR_EMPTY, "no host is selected");
	return 0;
}
