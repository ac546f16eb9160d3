/*
 * rollout_order.c -- in which order hosts begin.
 *
 * Room: src.  May touch: muster.h, args.h, heap.h, number.h,
 * text.h.
 * To spread is to take hosts from each of their groups in turn, so that no
 * group is under change as a whole.
 */
#include "config.h"

#include "src/rollout_order.h"

#include "src/args.h"
#include "src/heap.h"
#include "src/number.h"
#include "src/text.h"

#include <regex.h>
#include <stdlib.h>
#include <string.h>

/* ---- by name, or by chance ---- */

static int
compare_names(const void *a, const void *b, void *m)
{
	const size_t *x = a, *y = b;
	int order =
	    strverscmp(muster_host_name(m, *x), muster_host_name(m, *y));

	return order != 0 ? order : *x < *y ? -1 : *x > *y;
}

static void
reverse(size_t *order, size_t n)
{
	for (size_t i = 0; i < n / 2; i++) {
		size_t other = order[i];

		order[i] = order[n - 1 - i];
		order[n - 1 - i] = other;
	}
}

/* The same for a seed on any machine. */
static uint32_t
draw(uint64_t *state, uint32_t n)
{
	uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return (uint32_t)((z ^ (z >> 31)) % n);
}

static void
shuffle(size_t *order, size_t n, uint32_t seed)
{
	uint64_t state = seed;

	for (size_t i = n; i > 1; i--) {
		size_t j = draw(&state, (uint32_t)i), other = order[i - 1];

		order[i - 1] = order[j];
		order[j] = other;
	}
}

bool
rollout_order_is_random(
    const struct args *args, const char *text, uint32_t *seed)
{
	*seed = args->rollout.seed;
	if (strcmp(text, "random") == 0)
		return true;
	return strncmp(text, "random:", 7) == 0 &&
	       number_u32(text + 7, 0, UINT32_MAX, seed);
}

static int
arrange(size_t *order, size_t n, const struct args *args,
    const struct muster *m, struct muster_error *err)
{
	const char *how = args->rollout.order;
	uint32_t seed;

	if (how == NULL || strcmp(how, "given") == 0)
		return 0;
	if (strcmp(how, "reverse") == 0)
		reverse(order, n);
	else if (strcmp(how, "sorted") == 0)
		qsort_r(order, n, sizeof(*order), compare_names,
		    (void *)(uintptr_t)m);
	else if (rollout_order_is_random(args, how, &seed))
		shuffle(order, n, seed);
	else
		return args_error(err,
		    "option '--order' wants 'given', 'sorted', 'reverse', "
		    "'random' or 'random:SEED', not '%s'",
		    how);
	return 0;
}

/* ---- the hosts of lists ---- */

/* Lists are read as -w is; an inventory is opened again for that. */
static int
open_lists(const struct args *args, struct muster_expand_options *lists,
    struct muster_error *err)
{
	int rc = 0;

	*lists = (struct muster_expand_options){
	    .inventory = muster_inventory_new(), .max_hosts = args->max_hosts};
	if (args->inventories.n == 0)
		rc = muster_inventory_add(lists->inventory, NULL, err);
	for (size_t i = 0; rc == 0 && i < args->inventories.n; i++)
		rc = muster_inventory_add(
		    lists->inventory, args->inventories.items[i], err);
	if (rc != 0)
		muster_inventory_free(lists->inventory);
	return rc;
}

/* The host of `m` that a list calls so, or MUSTER_NOWHERE. */
static size_t
find_host(const struct muster *m, const struct muster_host *host)
{
	char *label = muster_host_label(host);
	size_t n = muster_n_hosts(m), i = 0;

	while (i < n && strcmp(label, muster_host_list_name(m, i)) != 0 &&
	       strcmp(label, muster_host_name(m, i)) != 0)
		i++;
	muster_string_free(label);
	return i < n ? i : MUSTER_NOWHERE;
}

static void
move_to(size_t *order, size_t place, size_t host)
{
	size_t i = place;

	while (order[i] != host)
		i++;
	memmove(order + place + 1, order + place, (i - place) * sizeof(*order));
	order[place] = host;
}

static size_t
put_first(size_t *order, const struct muster *m,
    const struct muster_hosts *hosts, struct muster_error *err)
{
	size_t n = 0;

	for (size_t i = 0; i < hosts->n; i++) {
		size_t host = find_host(m, &hosts->items[i]);

		if (host == MUSTER_NOWHERE) {
			(void)args_error(err,
			    "the canary '%s' is none of the hosts",
			    hosts->items[i].name);
			return 0;
		}
		move_to(order, n++, host);
	}
	return n;
}

size_t
rollout_order_put_first(size_t *order, const struct args *args,
    const struct muster *m, const char *list, struct muster_error *err)
{
	struct muster_expand_options lists;
	struct muster_hosts hosts;
	size_t n = 0;

	if (open_lists(args, &lists, err) != 0)
		return 0;
	if (muster_expand(list, &lists, &hosts, err) == 0) {
		n = put_first(order, m, &hosts, err);
		muster_hosts_clear(&hosts);
	}
	muster_inventory_free(lists.inventory);
	return n;
}

/* ---- spreading ---- */

/* The group of each host, a number; 0: none. */
static void
mark_group(size_t *groups, size_t group, const struct muster *m,
    const char *name, const struct muster_expand_options *lists)
{
	struct muster_hosts hosts;

	if (muster_expand(name, lists, &hosts, NULL) != 0)
		return;
	for (size_t i = 0; i < hosts.n; i++) {
		size_t host = find_host(m, &hosts.items[i]);

		if (host != MUSTER_NOWHERE && groups[host] == 0)
			groups[host] = group;
	}
	muster_hosts_clear(&hosts);
}

/* "@rack": groups of that source; "@": of the default one. */
static int
group_by_source(size_t *groups, const struct args *args, const struct muster *m,
    const char *source, struct muster_error *err)
{
	struct muster_expand_options lists;
	struct muster_names names;
	int rc;

	if (open_lists(args, &lists, err) != 0)
		return -1;
	rc = muster_inventory_groups(
	    lists.inventory, *source != '\0' ? source : NULL, &names, err);
	for (size_t i = 0; rc == 0 && i < names.n; i++) {
		struct text name = {0};

		text_addf(&name, "@%s%s%s", source, *source != '\0' ? ":" : "",
		    names.items[i]);
		mark_group(groups, i + 1, m, text_str(&name), &lists);
		text_clear(&name);
	}
	if (rc == 0)
		muster_names_clear(&names);
	muster_inventory_free(lists.inventory);
	return rc;
}

/* The number of a word: that of the first host whose name has it. */
static size_t
number_word(char **words, size_t *n, const char *word, size_t len)
{
	size_t i = 0;

	while (i < *n &&
	       (strncmp(words[i], word, len) != 0 || words[i][len] != '\0'))
		i++;
	if (i == *n) {
		struct text copy = {0};

		text_add(&copy, word, len);
		(void)text_str(&copy); /* ends it */
		words[(*n)++] = copy.mem;
	}
	return i + 1;
}

/* By the part of a name that matches, or its first subexpression does. */
static int
group_by_name(size_t *groups, const struct muster *m, const char *pattern,
    struct muster_error *err)
{
	size_t n = muster_n_hosts(m), n_words = 0;
	char **words;
	regex_t regex;

	if (regcomp(&regex, pattern, REG_EXTENDED) != 0)
		return args_error(err,
		    "option '--spread' wants '@SOURCE' or a regular "
		    "expression, not '%s'",
		    pattern);
	words = heap_array(n, sizeof(*words));
	for (size_t i = 0; i < n; i++) {
		const char *name = muster_host_name(m, i);
		regmatch_t at[2] = {{0}};

		if (regexec(&regex, name, 2, at, 0) != 0)
			continue;
		if (regex.re_nsub == 0 || at[1].rm_so < 0)
			at[1] = at[0];
		groups[i] = number_word(words, &n_words, name + at[1].rm_so,
		    (size_t)(at[1].rm_eo - at[1].rm_so));
	}
	for (size_t i = 0; i < n_words; i++)
		free(words[i]);
	free(words);
	regfree(&regex);
	return 0;
}

/* Takes one host of each group in turn, groups as they first appear. */
static void
take_turns(size_t *order, size_t n, const size_t *groups)
{
	size_t *from = heap_array(n, sizeof(*from)), n_taken = 0;
	bool *taken = heap_array(n, sizeof(*taken));
	size_t *round_of = heap_array(n + 1, sizeof(*round_of));

	memcpy(from, order, n * sizeof(*from));
	for (size_t round = 1; n_taken < n; round++)
		for (size_t i = 0; i < n; i++) {
			size_t *last = &round_of[groups[from[i]]];

			if (taken[i] || *last == round)
				continue;
			*last = round;
			taken[i] = true;
			order[n_taken++] = from[i];
		}
	free(from);
	free(taken);
	free(round_of);
}

static int
spread(size_t *order, size_t n, const struct args *args, const struct muster *m,
    struct muster_error *err)
{
	const char *by = args->rollout.spread;
	size_t *groups = heap_array(n, sizeof(*groups));
	int rc;

	rc = by[0] == '@' ? group_by_source(groups, args, m, by + 1, err)
			  : group_by_name(groups, m, by, err);
	if (rc == 0)
		take_turns(order, n, groups);
	free(groups);
	return rc;
}

int
rollout_order_make(size_t *order, const struct args *args,
    const struct muster *m, struct muster_error *err)
{
	size_t n = muster_n_hosts(m);

	for (size_t i = 0; i < n; i++)
		order[i] = i;
	if (arrange(order, n, args, m, err) != 0)
		return -1;
	return args->rollout.spread != NULL ? spread(order, n, args, m, err)
					    : 0;
}
