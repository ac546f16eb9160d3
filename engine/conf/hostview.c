/*
 * hostview.c -- host lists as other programs see them.
 *
 * Room: engine/conf.  May touch: base.
 * A struct muster_hosts is a view of a hostlist, made anew after a change.
 */
#include "config.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/str.h"
#include "conf/fold.h"
#include "conf/hostexpr.h"
#include "conf/hostname.h"
#include "conf/inventory/apply.h"
#include "conf/inventory/door.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* What a struct muster_hosts owns. */
struct hosts {
	struct hostlist list;
	struct apply apply; /* what the inventory added */
	struct muster_host *items;
	size_t n;
	char *notes;
};

static const struct muster_expand_options default_options;

/* ---- what looks like a mistake ---- */

/* "12" is the address 0.0.0.12 to the resolver. */
static void
note_numbers(const struct hostlist *l, struct buf *b)
{
	for (size_t i = 0; i < l->n; i++) {
		if (!hostname_is_number(l->items[i].host))
			continue;
		(void)buf_addf(b,
		    "the host name '%s' is a number, which is read as an "
		    "IPv4 address\n",
		    l->items[i].host);
		return;
	}
}

static bool
has_capital(const char *name)
{
	while (*name != '\0' && (*name < 'A' || *name > 'Z'))
		name++;
	return *name != '\0';
}

/* Puts `name` in lower case into dst[LIMIT_HOST_BYTES + 1]. */
static void
lower_name(char *dst, const char *name)
{
	(void)str_copy(dst, LIMIT_HOST_BYTES + 1, name);
	for (char *p = dst; *p != '\0'; p++)
		*p = (char)str_lower(*p);
}

/* "N1" and "n1" are one host to the DNS. */
static void
note_cases(const struct hostlist *l, struct buf *b)
{
	char lower[LIMIT_HOST_BYTES + 1];

	for (size_t i = 0; i < l->n; i++) {
		struct hostref ref = {.host = lower};

		if (!has_capital(l->items[i].host))
			continue;
		lower_name(lower, l->items[i].host);
		if (!hostlist_matches(l, &ref))
			continue;
		(void)buf_addf(b,
		    "'%s' and '%s' differ in case only, which the DNS "
		    "ignores\n",
		    l->items[i].host, lower);
		return;
	}
}

static char *
make_notes(const struct hostlist *l)
{
	struct buf b;

	buf_init(&b, LIMIT_NAME_BYTES * 4);
	note_numbers(l, &b);
	note_cases(l, &b);
	return buf_take_str(&b);
}

/* ---- views ---- */

/* Makes *out show what `h` has. */
static void
show(struct hosts *h, struct muster_hosts *out)
{
	free(h->notes);
	h->notes = make_notes(&h->list);
	*out = (struct muster_hosts){
	    .items = h->items,
	    .n = h->n,
	    .n_duplicates = h->list.n_duplicates,
	    .notes = h->notes,
	    .owned = h,
	};
}

/* Makes the items of the list, with what the inventory knows. */
static int
fill(struct hosts *h, const struct muster_expand_options *options,
    struct muster_error *err)
{
	const struct inventory *inv =
	    options->inventory == NULL || options->names_only
		? NULL
		: &options->inventory->inv;

	struct muster_host *items = mem_array(h->list.n + 1, sizeof(*h->items));

	for (size_t i = 0; i < h->list.n; i++)
		if (apply_inventory(&h->apply, inv, &h->list.items[i],
			&items[i], err) != 0) {
			free(items);
			return -1;
		}
	free(h->items);
	h->items = items;
	h->n = h->list.n;
	return 0;
}

static void
free_hosts(struct hosts *h)
{
	hostlist_clear(&h->list);
	apply_clear(&h->apply);
	free(h->items);
	free(h->notes);
	free(h);
}

static const struct hostexpr_resolver *
get_resolver(
    struct hostexpr_resolver *resolver, struct muster_inventory *inventory)
{
	*resolver = (struct hostexpr_resolver){
	    .ctx = &inventory->inv,
	    .group = inventory_resolve_group,
	    .all = inventory_resolve_all,
	    .suggest = inventory_suggest,
	};
	return resolver;
}

static size_t
get_max(const struct muster_expand_options *options)
{
	if (options->max_hosts == 0)
		return LIMIT_HOSTS;
	return options->max_hosts < UINT32_MAX / 4 ? options->max_hosts
						   : UINT32_MAX / 4;
}

/* Evaluates what selects hosts: an expression or a pattern. */
static int
evaluate(struct hosts *h, const char *expr,
    const struct muster_expand_options *o, struct muster_error *err)
{
	struct hostexpr_resolver resolver;
	struct hostexpr_options inner = {.allow_empty = o->allow_empty};

	if (o->is_pattern && o->inventory == NULL)
		return err_set(
		    err, MUSTER_ERR_USAGE, "a pattern needs an inventory");
	if (o->is_pattern)
		return inventory_select(
		    &o->inventory->inv, expr, o->allow_empty, &h->list, err);
	if (o->inventory != NULL)
		inner.resolver = get_resolver(&resolver, o->inventory);
	return hostexpr_expand(expr, &inner, &h->list, err);
}

int
muster_expand(const char *expr, const struct muster_expand_options *options,
    struct muster_hosts *out, struct muster_error *err)
{
	const struct muster_expand_options *o =
	    options == NULL ? &default_options : options;
	struct hosts *h;

	assert(expr != NULL && out != NULL);
	*out = (struct muster_hosts){.notes = ""};
	h = mem_new(sizeof(*h));
	hostlist_init(&h->list, get_max(o), o->keep_duplicates);
	apply_init(&h->apply);
	if (evaluate(h, expr, o, err) != 0 || fill(h, o, err) != 0) {
		free_hosts(h);
		return -1;
	}
	show(h, out);
	return 0;
}

/* Keeps those of the items that are still in the list, which has them in
 * the same order. */
static void
keep_listed(struct hosts *h)
{
	size_t n = 0;

	for (size_t i = 0; n < h->list.n; i++)
		if (h->items[i].name == h->list.items[n].host) {
			h->items[n] = h->items[i];
			n++;
		}
	h->n = n;
}

int
muster_hosts_exclude(struct muster_hosts *hosts, const char *expr,
    const struct muster_expand_options *options, struct muster_error *err)
{
	const struct muster_expand_options *o =
	    options == NULL ? &default_options : options;
	struct hostexpr_resolver resolver;
	struct hostexpr_options inner = {.allow_empty = o->allow_empty};
	struct hosts *h = hosts->owned;

	assert(expr != NULL && h != NULL);
	if (o->inventory != NULL)
		inner.resolver = get_resolver(&resolver, o->inventory);
	if (hostexpr_exclude(expr, &inner, &h->list, err) != 0)
		return -1;
	keep_listed(h);
	show(h, hosts);
	return 0;
}

/* Changes the list by another one; false when it has no room. */
static bool
combine(struct hostlist *list, char op, const struct hostlist *right)
{
	switch (op) {
	case '!':
		hostlist_subtract(list, right);
		return true;
	case '&':
		hostlist_intersect(list, right);
		return true;
	case '^':
		return hostlist_differ(list, right);
	default:
		return hostlist_append(list, right);
	}
}

/* Makes all of `right` that of `h`, whose list is empty. */
static void
take_all(struct hosts *h, struct hosts *right)
{
	struct hosts kept = *h;

	right->list.n_duplicates += h->list.n_duplicates;
	h->list = right->list;
	h->apply = right->apply;
	h->items = right->items;
	h->n = right->n;
	right->list = kept.list;
	right->apply = kept.apply;
	right->items = kept.items;
}

/* Adds `right` to the list by `op`, and what is known about its hosts. */
static int
join(struct hosts *h, char op, struct hosts *right,
    const struct muster_expand_options *o, struct muster_error *err)
{
	/* What cannot be used must show before anything is changed. */
	if ((op == ',' || op == '^') && fill(right, o, err) != 0)
		return -1;
	if (op == ',' && h->list.n == 0) {
		take_all(h, right);
		return 0;
	}
	if (!combine(&h->list, op, &right->list))
		return err_set(err, MUSTER_ERR_LIMIT,
		    "more than the %zu hosts allowed", h->list.max);
	return fill(h, o, err);
}

/* A list to be joined with that of `h`. */
static void
init_right(struct hosts *right, const struct hosts *h)
{
	*right = (struct hosts){.notes = NULL};
	hostlist_init(&right->list, h->list.max, h->list.keep_duplicates);
	apply_init(&right->apply);
}

static void
clear_right(struct hosts *right)
{
	hostlist_clear(&right->list);
	apply_clear(&right->apply);
	free(right->items);
}

int
muster_hosts_combine(struct muster_hosts *hosts, char op, const char *expr,
    const struct muster_expand_options *options, struct muster_error *err)
{
	const struct muster_expand_options *o =
	    options == NULL ? &default_options : options;
	struct hosts *h = hosts->owned;
	struct hosts right;
	int rc;

	assert(h != NULL && op != '\0' && strchr(",!&^", op) != NULL);
	init_right(&right, h);
	rc = evaluate(&right, expr, o, err);
	if (rc == 0)
		rc = join(h, op, &right, o, err);
	if (rc == 0)
		show(h, hosts);
	clear_right(&right);
	return rc;
}

/* Adds a name in which nothing is special. */
static int
add_name(struct hostlist *list, const char *name, struct muster_error *err)
{
	const struct hostref ref = {.host = name};

	if (!hostname_is_valid(name))
		return err_set(
		    err, MUSTER_ERR_SYNTAX, "not a host name: '%.80s'", name);
	if (!hostlist_add(list, &ref))
		return err_set(err, MUSTER_ERR_LIMIT,
		    "more than the %zu hosts allowed", list->max);
	return 0;
}

int
muster_hosts_add(struct muster_hosts *hosts, const char *const *names, size_t n,
    const struct muster_expand_options *options, struct muster_error *err)
{
	const struct muster_expand_options *o =
	    options == NULL ? &default_options : options;
	struct hosts *h = hosts->owned;
	struct hosts right;
	int rc = 0;

	assert(h != NULL && (names != NULL || n == 0));
	init_right(&right, h);
	for (size_t i = 0; rc == 0 && i < n; i++)
		rc = add_name(&right.list, names[i], err);
	if (rc == 0)
		rc = join(h, ',', &right, o, err);
	if (rc == 0)
		show(h, hosts);
	clear_right(&right);
	return rc;
}

void
muster_hosts_clear(struct muster_hosts *hosts)
{
	if (hosts->owned != NULL)
		free_hosts(hosts->owned);
	*hosts = (struct muster_hosts){.notes = ""};
}

char *
muster_host_label(const struct muster_host *host)
{
	const char *user = host->user == NULL ? "" : host->user;
	const char *sign = host->user == NULL ? "" : "@";
	bool brackets = strchr(host->name, ':') != NULL;

	if (host->port == 0)
		return mem_printf("%s%s%s", user, sign, host->name);
	return mem_printf("%s%s%s%s%s:%u", user, sign, brackets ? "[" : "",
	    host->name, brackets ? "]" : "", host->port);
}

char *
muster_fold(const char *const *names, size_t n,
    const struct muster_fold_options *options, struct muster_error *err)
{
	static const struct muster_fold_options plain;

	assert(names != NULL || n == 0);
	return fold_names(names, n, options == NULL ? &plain : options, err);
}

void
muster_string_free(char *text)
{
	free(text);
}
