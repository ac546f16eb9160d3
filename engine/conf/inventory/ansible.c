/*
 * ansible.c -- host entries with Ansible's ranges.
 *
 * Room: engine/conf/inventory.  May touch: base, conf.
 * "[01:50:7]" and "[a:c]" become the ranges of a struct hostpat; a bracket
 * that holds no ':' or an IPv6 literal is none.
 */
#include "config.h"

#include "conf/inventory/ansible.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/str.h"
#include "conf/hostname.h"
#include "conf/inventory/inventory.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_DIGITS = 18, MAX_PARTS = 32 };

/* ---- ranges ---- */

/* One bound of a range, between two ':'. */
struct bound {
	const char *text;
	size_t len;
};

static int
refuse_range(const char *entry, const char *where, struct muster_error *err)
{
	return err_set_at(err, MUSTER_ERR_SYNTAX, (size_t)(where - entry),
	    "not a range such as [01:50], [a:f] or [1:9:2]");
}

static bool
read_digits(const struct bound *b, uint64_t *number)
{
	*number = 0;
	if (b->len == 0 || b->len > MAX_DIGITS)
		return false;
	for (size_t i = 0; i < b->len; i++) {
		if (!str_is_digit(b->text[i]))
			return false;
		*number = *number * 10 + (uint64_t)(b->text[i] - '0');
	}
	return true;
}

static bool
read_letter(const struct bound *b, uint64_t *number)
{
	char c = b->len == 1 ? *b->text : '0';

	if (c >= 'a' && c <= 'z')
		*number = (uint64_t)(c - 'a');
	else if (c >= 'A' && c <= 'Z')
		*number = (uint64_t)(c - 'A') + 26;
	else
		return false;
	return true;
}

/* Cuts "low:high[:step]" at its colons. Returns how many bounds there are,
 * 4 for too many. */
static size_t
cut_bounds(const char *text, size_t len, struct bound bounds[3])
{
	size_t n = 0;

	for (const char *end = text + len; n < 3; n++) {
		const char *colon = memchr(text, ':', (size_t)(end - text));

		bounds[n].text = text;
		bounds[n].len = (size_t)((colon == NULL ? end : colon) - text);
		if (colon == NULL)
			return n + 1;
		text = colon + 1;
	}
	return 4;
}

static bool
read_range(const char *text, size_t len, struct hostpat_range *r)
{
	struct bound b[3];
	size_t n = cut_bounds(text, len, b);

	*r = (struct hostpat_range){.step = 1};
	if (n < 2 || n > 3)
		return false;
	if (n == 3 && (!read_digits(&b[2], &r->step) || r->step == 0))
		return false;
	if (read_letter(&b[0], &r->low) && read_letter(&b[1], &r->high)) {
		r->is_letters = true;
		return r->low <= r->high;
	}
	if (!read_digits(&b[1], &r->high) ||
	    (b[0].len > 0 && !read_digits(&b[0], &r->low)))
		return false;
	if (b[0].len > 1 && *b[0].text == '0') {
		r->width = (unsigned)b[0].len;
		if (b[0].len != b[1].len)
			return false;
	}
	return r->low <= r->high;
}

/* The '[' of the next range in text, and its ']'; NULL: none is left. */
static const char *
find_range(const char *text, const char *end, const char **close)
{
	for (; text < end; text++) {
		size_t len;

		if (*text != '[')
			continue;
		*close = memchr(text, ']', (size_t)(end - text));
		if (*close == NULL)
			return NULL;
		len = (size_t)(*close - text) - 1;
		if (memchr(text, ':', len + 1) != NULL &&
		    !hostname_is_ipv6(text + 1, len))
			return text;
		text = *close;
	}
	return NULL;
}

static void
add_part(struct hostpat *p, const char *text, size_t len)
{
	mem_grow(&p->parts, &p->cap_parts, p->n_parts + 1, sizeof(*p->parts));
	p->parts[p->n_parts++] = (struct hostpat_part){
	    .text = text, .len = len, .first = p->n_ranges};
}

static void
add_range(struct hostpat *p, const struct hostpat_range *range)
{
	mem_grow(&p->ranges, &p->cap_ranges, p->n_ranges + 1, sizeof(*range));
	p->ranges[p->n_ranges++] = *range;
	p->parts[p->n_parts - 1].n = 1;
}

/* ---- entries ---- */

/* Where the name ends: before ":port", if there is one. */
static const char *
find_name_end(const char *entry, uint16_t *port)
{
	const char *end = entry + strlen(entry);
	const char *colon = strrchr(entry, ':');
	uint32_t number;

	*port = 0;
	if (colon == NULL || hostname_is_ipv6(entry, (size_t)(end - entry)) ||
	    !str_u32(colon + 1, 1, UINT16_MAX, &number))
		return end;
	*port = (uint16_t)number;
	return colon;
}

/* Whether the '[' that a name begins with is closed by its last byte, and has
 * a range in it: "[2001:db8::[1:9]]". */
static bool
is_in_brackets(const char *name, const char *end)
{
	bool has_range = false;
	int depth = 0;

	for (const char *p = name; p < end; p++) {
		if (*p == '[')
			has_range |= depth++ == 1;
		else if (*p == ']' && --depth == 0)
			return has_range && p == end - 1;
	}
	return false;
}

int
ansible_parse_entry(const char *entry, struct hostpat *pattern, uint16_t *port,
    struct muster_error *err)
{
	const char *end = find_name_end(entry, port), *p = entry;
	const char *open, *close = end;

	*pattern = (struct hostpat){0};
	if (*p == '[' && end > p && end[-1] == ']' &&
	    hostname_is_ipv6(p + 1, (size_t)(end - p) - 2)) {
		add_part(pattern, p + 1, (size_t)(end - p) - 2);
		return 0;
	}
	if (is_in_brackets(p, end)) {
		p++;
		end--;
	}
	while ((open = find_range(p, end, &close)) != NULL) {
		struct hostpat_range range;
		size_t len = (size_t)(close - open) - 1;

		add_part(pattern, p, (size_t)(open - p));
		if (!read_range(open + 1, len, &range) ||
		    pattern->n_parts > MAX_PARTS) {
			hostpat_clear(pattern);
			return refuse_range(entry, open, err);
		}
		add_range(pattern, &range);
		p = close + 1;
	}
	if (p < end || pattern->n_parts == 0)
		add_part(pattern, p, (size_t)(end - p));
	return 0;
}

bool
ansible_may_name_group(const char *name)
{
	return *name != '\0' && strpbrk(name, " \t,!&^[]:") == NULL;
}

size_t
ansible_group(struct inventory *inv, const char *name, const char *where)
{
	return inventory_open_group(inv, "ansible", name, where);
}

/* Names on their way into the inventory. */
struct adding {
	struct inventory *inv;
	size_t all; /* the group */
	char port[8];
	int (*each)(void *ctx, size_t host);
	void *ctx;
	struct muster_error *err;
};

static int
add_name(void *ctx, const char *name, size_t len)
{
	struct adding *a = ctx;
	struct hostref ref = {.host = name};
	size_t n = a->inv->hosts.n, host;

	(void)len;
	if (inventory_add_host(a->inv, &ref, &host, a->err) != 0)
		return -1;
	if (a->inv->hosts.n > n)
		inventory_join(a->inv, a->all, host);
	if (*a->port != '\0')
		inventory_set_host(a->inv, host, INVENTORY_PORT, a->port);
	return a->each == NULL ? 0 : a->each(a->ctx, host);
}

int
ansible_add_entry(struct inventory *inv, const char *entry,
    int (*each)(void *ctx, size_t host), void *ctx, struct muster_error *err)
{
	struct adding a = {.inv = inv, .each = each, .ctx = ctx, .err = err};
	struct hostpat pattern;
	uint16_t port;
	int rc;

	if (ansible_parse_entry(entry, &pattern, &port, err) != 0)
		return -1;
	a.all = ansible_group(inv, "all", NULL);
	if (port != 0)
		(void)snprintf(a.port, sizeof(a.port), "%u", port);
	if (hostpat_count(&pattern) > LIMIT_INVENTORY_HOSTS)
		rc = err_set_at(err, MUSTER_ERR_LIMIT, 0,
		    "'%.80s' stands for more than %d hosts", entry,
		    LIMIT_INVENTORY_HOSTS);
	else
		rc = hostpat_each(&pattern, add_name, &a);
	hostpat_clear(&pattern);
	return rc;
}
