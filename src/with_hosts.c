/*
 * with_hosts.c -- what comes before and after any work on hosts.
 *
 * Room: src.  May touch: muster.h, args.h, batch.h, complain.h, exitcode.h,
 * hostset.h, password.h, recording.h, tracing.h, verb_run.h.
 */
#include "config.h"

#include "src/args.h"
#include "src/batch.h"
#include "src/complain.h"
#include "src/exitcode.h"
#include "src/hostset.h"
#include "src/password.h"
#include "src/recording.h"
#include "src/tracing.h"
#include "src/verb_run.h"

#include <stdio.h>
#include <string.h>

/* Hosts that were named again, or that are the same once ssh_config has
 * filled in user and port, are used once, which is said. */
static void
say_duplicates(size_t n)
{
	if (n > 0)
		complain("%zu host%s named again: each is used once", n,
		    n == 1 ? " was" : "s were");
}

static int
add_hosts(
    struct muster *m, const struct args *args, const struct muster_hosts *hosts)
{
	size_t n_duplicates = hosts->n_duplicates;
	const bool *chosen = args->rerun.chosen;
	struct muster_error err;

	if (chosen != NULL && hosts->n != args->rerun.n_chosen) {
		complain("the hosts have changed meanwhile");
		return EXITCODE_USAGE;
	}
	for (size_t i = 0; i < hosts->n; i++) {
		int added;

		if (chosen != NULL && !chosen[i])
			continue;
		added = muster_add_host(m, &hosts->items[i], &err);
		if (added < 0) {
			complain("%s", err.text);
			return EXITCODE_USAGE;
		}
		n_duplicates += added == 0;
	}
	if (!args->quiet && !args->keep_dups)
		say_duplicates(n_duplicates);
	muster_label_hosts(m, (enum muster_label)args->label);
	return EXITCODE_OK;
}

/* Says with -v which variables of the inventory were left alone. */
static void
say_ignored(const struct args *args, const struct muster_inventory *inventory)
{
	struct muster_names names;

	if (args->verbose == 0 || inventory == NULL)
		return;
	muster_inventory_ignored(inventory, &names);
	for (size_t i = 0; i < names.n; i++)
		complain("the inventory's '%s' means nothing to muster",
		    names.items[i]);
	muster_names_clear(&names);
}

static void
print_hosts(const struct muster *m)
{
	for (size_t i = 0; i < muster_n_hosts(m); i++)
		(void)puts(muster_host_name(m, i));
}

static int
choose_hosts(struct muster *m, const struct args *args,
    const struct muster_expand_options *lists)
{
	struct muster_hosts hosts;
	int rc = hostset_select(args, lists, &hosts);

	say_ignored(args, lists->inventory);
	if (rc == EXITCODE_OK)
		rc = add_hosts(m, args, &hosts);
	muster_hosts_clear(&hosts);
	if (rc == EXITCODE_OK && muster_n_hosts(m) == 0)
		complain("no host is selected: nothing is run");
	return rc;
}

static int
check_transport(const struct args *args)
{
	const char *name = args->transport;

	if (name == NULL || strcmp(name, "libssh2") == 0)
		return EXITCODE_OK;
	if (strcmp(name, "openssh") != 0) {
		complain("option '--transport' wants 'libssh2' or 'openssh', "
			 "not '%s'",
		    name);
		return EXITCODE_USAGE;
	}
	if (args->verbose > 0)
		complain("connecting by the ssh program, not by libssh2");
	return EXITCODE_OK;
}

int
verb_run_with(const struct args *args,
    int (*run)(struct muster *m, const struct args *args, const void *arg),
    const void *arg)
{
	struct muster_expand_options lists = {0};
	struct muster_options options;
	struct muster_error err;
	struct muster *m = NULL;
	struct recording recording = {0};
	struct passwords passwords;
	struct args known = *args;
	int rc;

	rc = check_transport(args);
	if (rc == EXITCODE_OK)
		rc = tracing_open(args);
	if (rc == EXITCODE_OK)
		rc = passwords_check(args);
	if (rc == EXITCODE_OK)
		rc = hostset_open(args, false, &lists);
	batch_fill_options(args, &options);
	if (rc == EXITCODE_OK && !args->list_hosts)
		rc = passwords_get(args, &passwords, &options);
	if (rc == EXITCODE_OK)
		rc = recording_open(&recording, args, &options);
	m = rc == EXITCODE_OK ? muster_new(&options, &err) : NULL;
	passwords_wipe(&passwords);
	if (m != NULL) {
		rc = choose_hosts(m, args, &lists);
		known.inventory = lists.inventory;
		if (rc == EXITCODE_OK && args->list_hosts)
			print_hosts(m);
		else if (rc == EXITCODE_OK && muster_n_hosts(m) > 0)
			rc = run(m, &known, arg);
	} else if (rc == EXITCODE_OK) {
		complain("%s", err.text);
		rc = complain_exitcode(&err);
	}
	muster_free(m);
	recording_close(&recording);
	muster_inventory_free(lists.inventory);
	return rc;
}
