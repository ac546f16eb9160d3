/*
 * verb_run.c -- muster run: a command on hosts.
 *
 * Room: src.  May touch: muster.h, args.h, batch.h, complain.h, exitcode.h,
 * hostset.h, text.h, tracing.h.
 */
#include "config.h"

#include "src/args.h"
#include "src/batch.h"
#include "src/complain.h"
#include "src/exitcode.h"
#include "src/hostset.h"
#include "src/text.h"
#include "src/tracing.h"
#include "src/verbs.h"
#include "src/password.h"

#include <stdlib.h>
#include <string.h>

/* Takes the hosts of each -x away. */
static int
exclude(struct muster_hosts *hosts, const struct args *args,
    const struct muster_expand_options *o)
{
	struct muster_error err;

	for (size_t i = 0; i < args->excluded.n; i++) {
		const char *expr = args->excluded.items[i];

		if (muster_hosts_exclude(hosts, expr, o, &err) == 0)
			continue;
		if (err.code != MUSTER_ERR_EMPTY)
			return hostset_refuse(expr, &err);
		muster_hosts_clear(hosts); /* another list may have more */
		return EXITCODE_OK;
	}
	return EXITCODE_OK;
}

static int
add_host(struct muster *m, const struct muster_host *host)
{
	struct muster_error err;

	if (muster_add_host(m, host, &err) >= 0)
		return EXITCODE_OK;
	complain("%s", err.text);
	return EXITCODE_USAGE;
}

static int
add_expression(struct muster *m, const char *expr, const struct args *args,
    const struct muster_expand_options *o)
{
	struct muster_hosts hosts;
	struct muster_error err;
	int rc;

	if (muster_expand(expr, o, &hosts, &err) < 0)
		return hostset_refuse(expr, &err);
	if (!args->quiet)
		hostset_say_notes(&hosts);
	rc = exclude(&hosts, args, o);
	for (size_t i = 0; rc == EXITCODE_OK && i < hosts.n; i++)
		rc = add_host(m, &hosts.items[i]);
	muster_hosts_clear(&hosts);
	return rc;
}

static int
add_file(struct muster *m, const char *file, const struct args *args,
    const struct muster_expand_options *o)
{
	struct muster_expand_options plain = *o;
	struct text expr = {0};
	int rc;

	plain.is_pattern = false;
	text_addf(&expr, "^%s", file);
	rc = add_expression(m, text_str(&expr), args, &plain);
	text_clear(&expr);
	return rc;
}

static int
add_hosts(struct muster *m, const struct args *args,
    const struct muster_expand_options *o)
{
	int rc = EXITCODE_OK;

	if (args->all)
		rc = add_expression(m, args->pattern ? "all" : "@*", args, o);
	for (size_t i = 0; i < args->hosts.n && rc == EXITCODE_OK; i++)
		rc = add_expression(m, args->hosts.items[i], args, o);
	for (size_t i = 0; i < args->hostfiles.n && rc == EXITCODE_OK; i++)
		rc = add_file(m, args->hostfiles.items[i], args, o);
	for (size_t i = 0; i < args->literals.n && rc == EXITCODE_OK; i++) {
		struct muster_host host = {.name = args->literals.items[i]};

		rc = add_host(m, &host);
	}
	if (rc == EXITCODE_OK && muster_n_hosts(m) == 0) {
		complain(args->excluded.n > 0
			     ? "no hosts: -x takes all of them away"
			     : "no hosts: name them with -w, -H or --hostfile");
		rc = EXITCODE_USAGE;
	}
	return rc;
}

int
verb_run(const struct args *args)
{
	struct muster_expand_options lists = {0};
	struct muster_options options;
	struct muster_error err;
	struct muster *m = NULL;
	char *command = batch_join_words(args);
	char password[PASSWORD_BYTES];
	int rc;

	if (command == NULL) {
		complain("no command to run (see 'muster help run')");
		return EXITCODE_USAGE;
	}
	rc = tracing_open(args);
	if (rc == EXITCODE_OK)
		rc = hostset_open(args, false, &lists);
	batch_fill_options(args, &options);
	if (rc == EXITCODE_OK)
		rc = password_get(args, password, &options.password);
	m = rc == EXITCODE_OK ? muster_new(&options, &err) : NULL;
	password_wipe(password);
	if (m != NULL) {
		rc = add_hosts(m, args, &lists);
		if (rc == EXITCODE_OK)
			rc = batch_run(m, args, command);
	} else if (rc == EXITCODE_OK) {
		complain("%s", err.text);
		rc = complain_exitcode(&err);
	}
	muster_free(m);
	muster_inventory_free(lists.inventory);
	free(command);
	return rc;
}
