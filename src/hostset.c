/*
 * hostset.c -- the hosts that a command line names.
 *
 * Room: src.  May touch: muster.h, args.h, complain.h, exitcode.h.
 */
#include "config.h"

#include "src/hostset.h"

#include "src/args.h"
#include "src/complain.h"
#include "src/exitcode.h"

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
	return args->all || args->pattern || args->list > 0 || args->regroup ||
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
