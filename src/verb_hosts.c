/*
 * verb_hosts.c -- muster hosts: expand, fold, count and combine host lists.
 *
 * Room: src.  May touch: muster.h, args.h, complain.h, exitcode.h, heap.h,
 * help.h, hostset.h, number.h, options.h, text.h.
 * As ClusterShell's nodeset, so that scripts can use either: lists are added
 * up, -x, -i and -X behind them apply in order, and what is printed is sorted
 * as a fold is.
 */
#include "config.h"

#include "src/verb_hosts.h"

#include "src/args.h"
#include "src/complain.h"
#include "src/exitcode.h"
#include "src/heap.h"
#include "src/help.h"
#include "src/hostset.h"
#include "src/number.h"
#include "src/options.h"
#include "src/verbs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

/* The lists of a command line, and how they are read. */
struct work {
	const struct args *args;
	struct muster_expand_options options;
	struct muster_hosts hosts;
};

/* ---- which hosts ---- */

/* Takes the hosts of a list away; wildcards choose from those so far. */
static int
exclude(struct work *w, const char *expr, struct muster_error *err)
{
	struct muster_expand_options empty = {
	    .allow_empty = true, .max_hosts = w->args->max_hosts};

	if (muster_hosts_exclude(&w->hosts, expr, &w->options, err) == 0)
		return 0;
	if (err->code != MUSTER_ERR_EMPTY)
		return -1;
	muster_hosts_clear(&w->hosts);
	return muster_expand("", &empty, &w->hosts, err);
}

/* Combines the hosts so far with those of a list; "-" is standard input. */
static int
combine(struct work *w, char op, const char *list)
{
	const char *expr = strcmp(list, "-") == 0 ? "^-" : list;
	struct muster_error err;
	int rc = op == '!' ? exclude(w, expr, &err)
			   : muster_hosts_combine(
				 &w->hosts, op, expr, &w->options, &err);

	return rc == 0 ? EXITCODE_OK : hostset_refuse(expr, &err);
}

static int
combine_all(struct work *w, char op, const struct args_list *lists)
{
	int rc = EXITCODE_OK;

	for (size_t i = 0; rc == EXITCODE_OK && i < lists->n; i++)
		rc = combine(w, op, lists->items[i]);
	return rc;
}

/* Reads the words behind the options. */
static int
combine_words(struct work *w)
{
	const struct args *args = w->args;
	int rc = EXITCODE_OK;

	for (size_t i = 0; rc == EXITCODE_OK && i < args->n_rest; i++) {
		const char *word = args->rest[i];
		char op = i == 0 ? 0 : options_operator(word);

		if (op != 0 && ++i == args->n_rest) {
			complain("option '%s' wants a list", word);
			return EXITCODE_USAGE;
		}
		rc = combine(w, op == 0 ? ',' : op, args->rest[i]);
	}
	return rc;
}

/* Whether no list is named, so that standard input has one. */
static bool
reads_stdin(const struct args *args)
{
	return args->n_rest == 0 && !args->all && args->list == 0;
}

static int
select_hosts(struct work *w)
{
	const struct args *args = w->args;
	struct muster_expand_options empty = {
	    .allow_empty = true, .max_hosts = args->max_hosts};
	struct muster_error err;
	int rc = EXITCODE_OK;

	if (muster_expand("", &empty, &w->hosts, &err) != 0)
		return hostset_refuse("", &err);
	if (args->all)
		rc = combine(w, ',', args->pattern ? "all" : "@*");
	if (rc == EXITCODE_OK && reads_stdin(args))
		rc = combine(w, ',', "-");
	if (rc == EXITCODE_OK)
		rc = combine_words(w);
	if (rc == EXITCODE_OK)
		rc = combine_all(w, '!', &args->excluded);
	if (rc == EXITCODE_OK)
		rc = combine_all(w, '&', &args->intersected);
	if (rc == EXITCODE_OK)
		rc = combine_all(w, '^', &args->xored);
	return rc;
}

/* ---- names ---- */

struct names {
	char **items; /* owned */
	size_t n;
};

static void
clear_names(struct names *names)
{
	for (size_t i = 0; i < names->n; i++)
		muster_string_free(names->items[i]);
	free(names->items);
}

static char *
fold(const struct work *w, char *const *names, size_t n)
{
	const struct muster_fold_options options = {
	    .autostep = w->args->autostep,
	    .axis = w->args->axis,
	    .separator = w->args->fold ? w->args->separator : NULL,
	};
	struct muster_error err;
	char *text = muster_fold((const char *const *)names, n, &options, &err);

	if (text == NULL)
		complain("--axis: %s", err.text);
	return text;
}

static void
take_names(const struct muster_hosts *hosts, struct names *names)
{
	names->items = heap_array(hosts->n + 1, sizeof(*names->items));
	names->n = hosts->n;
	for (size_t i = 0; i < hosts->n; i++)
		names->items[i] = muster_host_label(&hosts->items[i]);
}

/* The labels of the hosts in the order in which a fold has them. */
static void
sort_names(const struct muster_hosts *hosts, struct names *names)
{
	const struct muster_expand_options lenient = {
	    .max_hosts = hosts->n + 1, .allow_empty = true};
	struct muster_hosts sorted;
	char *folded;

	take_names(hosts, names);
	folded = muster_fold(
	    (const char *const *)names->items, names->n, NULL, NULL);
	/* A name of an inventory that no expression can say stays where it
	 * is. */
	if (muster_expand(folded, &lenient, &sorted, NULL) == 0 &&
	    sorted.n == names->n) {
		clear_names(names);
		take_names(&sorted, names);
	}
	muster_hosts_clear(&sorted);
	muster_string_free(folded);
}

/* Keeps `n` names at random, in their order: each one with the chance that
 * fills the places left from the names left. */
static int
pick(struct names *names, size_t n)
{
	uint64_t random = 0;
	size_t kept = 0;
	int rc = EXITCODE_OK;

	for (size_t i = 0; i < names->n; i++) {
		if (rc == EXITCODE_OK &&
		    getentropy(&random, sizeof(random)) != 0) {
			complain("no random numbers from the system");
			rc = EXITCODE_LOCAL;
		}
		if (rc != EXITCODE_OK || random % (names->n - i) < n - kept)
			names->items[kept++] = names->items[i];
		else
			muster_string_free(names->items[i]);
	}
	names->n = kept;
	return rc;
}

/* Reads the number at *p and moves on. */
static bool
read_place(const char **p, size_t *place)
{
	size_t n = strspn(*p, "0123456789");
	char digits[12] = "";
	uint32_t number;

	if (n == 0 || n >= sizeof(digits))
		return false;
	memcpy(digits, *p, n);
	if (!number_u32(digits, 0, UINT32_MAX, &number))
		return false;
	*place = number;
	*p += n;
	return true;
}

struct places {
	size_t low, high, step;
};

/* Reads "3", "3-9" or "3-9/2" at *p and moves on. */
static bool
read_places(const char **p, struct places *r)
{
	if (!read_place(p, &r->low))
		return false;
	r->high = r->low;
	r->step = 1;
	if (**p == '-') {
		(*p)++;
		if (!read_place(p, &r->high))
			return false;
		if (**p == '/') {
			(*p)++;
			if (!read_place(p, &r->step))
				return false;
		}
	}
	return r->low <= r->high && r->step > 0;
}

/* Marks the places of ranges such as "0-9,20-30/2" in keep[0..n). */
static bool
mark_places(const char *ranges, bool *keep, size_t n)
{
	for (const char *p = ranges;; p++) {
		struct places r;

		if (!read_places(&p, &r))
			return false;
		for (size_t i = r.low; i <= r.high && i < n; i += r.step)
			keep[i] = true;
		if (*p != ',')
			return *p == '\0';
	}
}

static int
slice(struct names *names, const char *ranges)
{
	bool *keep = heap_array(names->n + 1, sizeof(*keep));
	bool good = mark_places(ranges, keep, names->n);
	size_t n = 0;

	for (size_t i = 0; good && i < names->n; i++) {
		if (keep[i])
			names->items[n++] = names->items[i];
		else
			muster_string_free(names->items[i]);
	}
	free(keep);
	if (!good) {
		complain(
		    "--slice wants places such as 0-9,20, not '%s'", ranges);
		return EXITCODE_USAGE;
	}
	names->n = n;
	return EXITCODE_OK;
}

/* ---- printing ---- */

/* Prints what stands between names; a backslash and n are an end of line, as
 * for nodeset. */
static void
print_separator(const char *between)
{
	for (; *between != '\0'; between++) {
		bool is_end = between[0] == '\\' && between[1] == 'n';

		(void)putchar(is_end ? '\n' : *between);
		between += is_end;
	}
}

/* Prints names[0..n) on a line. */
static int
print_names(const struct work *w, char *const *names, size_t n)
{
	const char *between = w->args->separator;
	char *folded;

	if (between == NULL)
		between = " ";
	if (!w->args->expand) {
		folded = fold(w, names, n);
		if (folded == NULL)
			return EXITCODE_USAGE;
		(void)puts(folded);
		muster_string_free(folded);
		return EXITCODE_OK;
	}
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			print_separator(between);
		(void)fputs(names[i], stdout);
	}
	(void)putchar('\n');
	return EXITCODE_OK;
}

/* Prints parts whose sizes differ by one at most, the larger ones first. */
static int
print_parts(const struct work *w, const struct names *names)
{
	size_t parts = w->args->split == 0 ? 1 : w->args->split, at = 0;
	int rc = EXITCODE_OK;

	if (parts > names->n && names->n > 0)
		parts = names->n;
	for (size_t i = 0; rc == EXITCODE_OK && i < parts; i++) {
		size_t n = names->n / parts + (i < names->n % parts);

		rc = print_names(w, names->items + at, n);
		at += n;
	}
	return rc;
}

/* Whether it counts which name comes first; a fold has an order of its own. */
static bool
needs_order(const struct args *args)
{
	return args->expand || args->slice != NULL || args->split > 1;
}

static int
print_hosts(const struct work *w)
{
	const struct args *args = w->args;
	struct names names;
	int rc = EXITCODE_OK;

	if (needs_order(args))
		sort_names(&w->hosts, &names);
	else
		take_names(&w->hosts, &names);
	if (args->slice != NULL)
		rc = slice(&names, args->slice);
	if (rc == EXITCODE_OK && args->pick > 0)
		rc = pick(&names, args->pick);
	if (rc == EXITCODE_OK && args->count)
		(void)printf("%zu\n", names.n);
	else if (rc == EXITCODE_OK)
		rc = print_parts(w, &names);
	clear_names(&names);
	return rc;
}

static int
print_groups(const struct work *w)
{
	const struct args *args = w->args;
	struct text out = {0};
	int rc;

	if (args->list > 0)
		rc = verb_hosts_list(&w->options,
		    args->n_rest > 0 || args->all ? &w->hosts : NULL,
		    args->list > 1, &out);
	else
		rc = verb_hosts_regroup(&w->options, &w->hosts, &out);
	if (rc == EXITCODE_OK && out.len > 0)
		(void)fputs(text_str(&out), stdout);
	text_clear(&out);
	return rc;
}

/* Complains unless one thing at most is asked for. */
static int
check_args(const struct args *args)
{
	int n = args->expand + args->fold + args->count + args->regroup +
		(args->list > 0);

	if (n > 1) {
		complain("only one of -e, -f, -c, -l and -r can be given");
		return EXITCODE_USAGE;
	}
	if (reads_stdin(args) && isatty(STDIN_FILENO)) {
		complain("no host list (see 'muster help hosts')");
		return EXITCODE_USAGE;
	}
	return EXITCODE_OK;
}

int
verb_hosts(const struct args *args)
{
	struct work w = {.args = args};
	int rc = check_args(args);

	if (rc == EXITCODE_OK)
		rc = hostset_open(args, true, &w.options);
	w.options.names_only = true;
	if (rc == EXITCODE_OK)
		rc = select_hosts(&w);
	if (rc == EXITCODE_OK && w.hosts.n == 0 && args->list == 0 &&
	    !args->allow_empty) {
		complain("no host is selected");
		rc = EXITCODE_USAGE;
	}
	if (rc == EXITCODE_OK)
		rc = args->list > 0 || args->regroup ? print_groups(&w)
						     : print_hosts(&w);
	muster_hosts_clear(&w.hosts);
	muster_inventory_free(w.options.inventory);
	return rc == EXITCODE_OK ? help_finish(stdout) : rc;
}
