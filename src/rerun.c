/*
 * rerun.c -- the command line that repeats a run on some of its hosts.
 *
 * Room: src.  May touch: muster.h, args.h, heap.h, names.h, options.h, text.h.
 * All options but --keep and those that name hosts are repeated as they were
 * given.
 */
#include "config.h"

#include "src/rerun.h"

#include "src/args.h"
#include "src/heap.h"
#include "src/names.h"
#include "src/options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LIST_MAX 65536 /* half of what Linux takes as one argument */

static void
add_word(struct text *to, const char *word)
{
	char *quoted = muster_quote_words(&word, 1);

	text_addf(to, " %s", quoted);
	muster_string_free(quoted);
}

static void
add_option(struct text *to, const struct args_option *option)
{
	const struct option_row *row = option->row;
	struct text word = {0};

	if (option->is_long)
		text_addf(&word, "--%s", row->name);
	else
		text_addf(&word, "-%c", row->letter);
	if (option->value != NULL && row->bare != NULL)
		text_addf(&word, "=%s", option->value);
	add_word(to, text_str(&word));
	if (option->value != NULL && row->bare == NULL)
		add_word(to, option->value);
	text_clear(&word);
}

/* Whether a list may have the name in it: it is read back as it is. */
static bool
is_listable(const char *name)
{
	struct muster_hosts hosts;
	bool is_same = false;
	char *label;

	if (muster_expand(name, NULL, &hosts, NULL) < 0)
		return false;
	if (hosts.n == 1) {
		label = muster_host_label(&hosts.items[0]);
		is_same = strcmp(label, name) == 0;
		muster_string_free(label);
	}
	muster_hosts_clear(&hosts);
	return is_same;
}

void
rerun_name_hosts(const char *const *names, size_t n,
    void (*take)(void *arg, const char *option, const char *value), void *arg)
{
	const char **listed = heap_array(n, sizeof(*listed));
	struct text list = {0};
	size_t n_listed = 0;

	for (size_t i = 0; i < n; i++) {
		if (is_listable(names[i]))
			listed[n_listed++] = names[i];
		else
			take(arg, "host", names[i]);
	}
	if (n_listed > 0) {
		names_fold(listed, n_listed, &list);
		take(arg, "hosts", text_str(&list));
	}
	text_clear(&list);
	free(listed);
}

static void
add_host_option(void *arg, const char *option, const char *value)
{
	text_adds(arg, strcmp(option, "host") == 0 ? " -H" : " -w");
	add_word(arg, value);
}

bool
rerun_repeats(const struct args_option *option)
{
	return !option->row->names && strcmp(option->row->name, "keep") != 0;
}

size_t
rerun_write(const struct args *args, const char *const *names, size_t n,
    struct text *to)
{
	size_t before = to->len;
	struct text hosts = {0};

	rerun_name_hosts(names, n, add_host_option, &hosts);
	if (hosts.len <= LIST_MAX) {
		text_addf(to, "muster %s",
		    args->verb == VERB_PUSH   ? "push"
		    : args->verb == VERB_PULL ? "pull"
					      : "run");
		for (size_t i = 0; i < args->n_given; i++)
			if (rerun_repeats(&args->given[i]))
				add_option(to, &args->given[i]);
		text_add(to, hosts.mem, hosts.len);
		if (args->n_rest > 0 && args->rest[0][0] == '-')
			text_adds(to, " --");
		for (size_t i = 0; i < args->n_rest; i++)
			add_word(to, args->rest[i]);
	}
	text_clear(&hosts);
	return to->len - before;
}
