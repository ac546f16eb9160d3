/*
 * hostset.c -- the hosts that a command line names.
 *
 * Room: src.  May touch: muster.h, args.h, complain.h, exitcode.h, text.h.
 */
#include "config.h"

#include "src/hostset.h"

#include "src/args.h"
#include "src/complain.h"
#include "src/exitcode.h"
#include "src/text.h"

#include <string.h>

int
hostset_refuse(const char *expr, const struct muster_error *err)
{
	complain_about(expr, err);
	return complain_exitcode(err);
}

void
hostset_say_notes(const struct muster_hosts *hosts)
{
	const char *notes = hosts->notes;

	while (*notes != '\0') {
		int n = (int)strcspn(notes, "\n");

		complain("%.*s", n, notes);
		notes += n + (notes[n] != '\0');
	}
}

/* Whether a list may have a group or a wildcard in it. */
static bool
needs_inventory(const struct args_list *lists)
{
	for (size_t i = 0; i < lists->n; i++)
		if (strpbrk(lists->items[i], "@*?^") != NULL)
			return true;
	return false;
}

/* The same for the words behind the options. Without one the list is on
 * standard input and may be anything. */
static bool
rest_needs_inventory(const struct args *args)
{
	for (size_t i = 0; i < args->n_rest; i++)
		if (strpbrk(args->rest[i], "@*?^") != NULL ||
		    strcmp(args->rest[i], "-") == 0)
			return true;
	return args->n_rest == 0;
}

static bool
wants_defaults(const struct args *args, bool rest_is_lists)
{
	return args->all || args->pattern || args->groups.n > 0 ||
	       args->excluded_groups.n > 0 || args->list > 0 || args->regroup ||
	       args->hostfiles.n > 0 ||
	       (rest_is_lists && rest_needs_inventory(args)) ||
	       needs_inventory(&args->hosts) ||
	       needs_inventory(&args->excluded) ||
	       needs_inventory(&args->intersected) ||
	       needs_inventory(&args->xored);
}

int
hostset_open(const struct args *args, bool rest_is_lists,
    struct muster_expand_options *o)
{
	struct muster_error err;
	int rc = 0;

	*o = (struct muster_expand_options){
	    .is_pattern = args->pattern,
	    .allow_empty = args->allow_empty,
	    .max_hosts = args->max_hosts,
	    .keep_duplicates = args->keep_dups,
	};
	if (args->inventories.n == 0 && !wants_defaults(args, rest_is_lists))
		return EXITCODE_OK;
	o->inventory = muster_inventory_new();
	if (args->inventories.n == 0)
		rc = muster_inventory_add(o->inventory, NULL, &err);
	for (size_t i = 0; rc == 0 && i < args->inventories.n; i++)
		rc = muster_inventory_add(
		    o->inventory, args->inventories.items[i], &err);
	if (rc == 0)
		return EXITCODE_OK;
	complain("%s", err.text);
	muster_inventory_free(o->inventory);
	o->inventory = NULL;
	return complain_exitcode(&err);
}

/* ---- selecting ---- */

static int
add_list(struct muster_hosts *hosts, const char *expr,
    const struct muster_expand_options *o)
{
	struct muster_error err;

	if (muster_hosts_combine(hosts, ',', expr, o, &err) == 0)
		return EXITCODE_OK;
	return hostset_refuse(expr, &err);
}

static int
add_file(struct muster_hosts *hosts, const char *file,
    const struct muster_expand_options *o)
{
	struct muster_expand_options plain = *o;
	struct text expr = {0};
	int rc;

	plain.is_pattern = false;
	text_addf(&expr, "^%s", file);
	rc = add_list(hosts, text_str(&expr), &plain);
	text_clear(&expr);
	return rc;
}

/* "web,src:db" as "@web,@src:db", into `to`. */
static void
name_groups(struct text *to, const char *names)
{
	bool in_brackets = false, begins = true;

	for (const char *p = names; *p != '\0'; p++) {
		bool between = !in_brackets && (*p == ',' || *p == ' ');

		if (begins && !between && *p != '@')
			text_adds(to, "@");
		text_add(to, p, 1);
		begins = between;
		if (*p == '[' || *p == ']')
			in_brackets = *p == '[';
	}
	(void)text_str(to);
}

static int
add_groups(struct muster_hosts *hosts, const char *names,
    const struct muster_expand_options *o)
{
	struct muster_expand_options plain = *o;
	struct text expr = {0};
	int rc;

	plain.is_pattern = false;
	name_groups(&expr, names);
	rc = add_list(hosts, text_str(&expr), &plain);
	text_clear(&expr);
	return rc;
}

static int
add_names(struct muster_hosts *hosts, const struct args_list *names,
    const struct muster_expand_options *o)
{
	struct muster_error err;

	if (muster_hosts_add(hosts, names->items, names->n, o, &err) == 0)
		return EXITCODE_OK;
	complain("option '--host': %s", err.text);
	return complain_exitcode(&err);
}

/* Takes the hosts of an expression away. */
static int
exclude(struct muster_hosts *hosts, const char *option, const char *expr,
    const struct muster_expand_options *o)
{
	struct muster_error err;

	if (hosts->n == 0 || muster_hosts_exclude(hosts, expr, o, &err) == 0)
		return EXITCODE_OK;
	if (err.code != MUSTER_ERR_EMPTY)
		return hostset_refuse(expr, &err);
	if (!o->allow_empty) {
		complain("no hosts: %s takes all of them away", option);
		return EXITCODE_USAGE;
	}
	muster_hosts_clear(hosts);
	return EXITCODE_OK;
}

/* Takes the hosts of each -x and -X away, until there are none. */
static int
exclude_all(struct muster_hosts *hosts, const struct args *args,
    const struct muster_expand_options *o)
{
	int rc = EXITCODE_OK;

	for (size_t i = 0; rc == EXITCODE_OK && i < args->excluded.n; i++)
		rc = exclude(hosts, "-x", args->excluded.items[i], o);
	for (size_t i = 0; rc == EXITCODE_OK && i < args->excluded_groups.n;
	     i++) {
		struct text expr = {0};

		name_groups(&expr, args->excluded_groups.items[i]);
		rc = exclude(hosts, "-X", text_str(&expr), o);
		text_clear(&expr);
	}
	return rc;
}

static int
add_all(struct muster_hosts *hosts, const struct args *args,
    const struct muster_expand_options *o)
{
	int rc = EXITCODE_OK;

	if (args->all)
		rc = add_list(hosts, args->pattern ? "all" : "@*", o);
	for (size_t i = 0; rc == EXITCODE_OK && i < args->hosts.n; i++)
		rc = add_list(hosts, args->hosts.items[i], o);
	for (size_t i = 0; rc == EXITCODE_OK && i < args->groups.n; i++)
		rc = add_groups(hosts, args->groups.items[i], o);
	for (size_t i = 0; rc == EXITCODE_OK && i < args->hostfiles.n; i++)
		rc = add_file(hosts, args->hostfiles.items[i], o);
	return rc == EXITCODE_OK ? add_names(hosts, &args->literals, o) : rc;
}

int
hostset_select(const struct args *args, const struct muster_expand_options *o,
    struct muster_hosts *hosts)
{
	struct muster_expand_options empty = *o;
	struct muster_error err;
	int rc;

	*hosts = (struct muster_hosts){.notes = ""};
	if (!args->all && args->hosts.n + args->groups.n + args->hostfiles.n +
				  args->literals.n ==
			      0) {
		complain("no hosts: name them with -w, -g, -H or --hostfile");
		return EXITCODE_USAGE;
	}
	empty.allow_empty = true;
	empty.is_pattern = false;
	if (muster_expand("", &empty, hosts, &err) != 0)
		return hostset_refuse("", &err);
	rc = add_all(hosts, args, o);
	if (rc == EXITCODE_OK && !args->quiet)
		hostset_say_notes(hosts);
	return rc == EXITCODE_OK ? exclude_all(hosts, args, o) : rc;
}
