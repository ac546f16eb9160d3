/*
 * verb_demo.c -- muster demo: a command on a fleet made up for the purpose.
 *
 * Room: src.  May touch: muster.h, args.h, batch.h, complain.h, fleet.h,
 * tracing.h, verbs.h.
 * The fleet is real as far as SSH goes, and on loopback; the command, its
 * output, the report and the exit code take the path of 'run'.
 */
#include "config.h"

#include "src/args.h"
#include "src/batch.h"
#include "src/commands.h"
#include "src/complain.h"
#include "src/exitcode.h"
#include "src/fleet.h"
#include "src/tracing.h"
#include "src/verbs.h"

#include <stdio.h>
#include <stdlib.h>

static const char default_command[] =
    "echo \"$(uname -sr), load $(cut -d' ' -f1-3 </proc/loadavg)\"";

/* 24 hosts of different temper; tests/fleetsim/fleetsim.h has the words. */
static const char description[] =
    "web[01-08]\n"
    "app[1-4] delay=300ms\n"
    "db[1-2] delay=1200ms\n"
    "db3 exit=3\n"
    "cache1 exit=1\n"
    "cache2 signal=KILL\n"
    "log[1-2] exec=canned lines=8 every=150ms\n"
    "build1 exec=canned stdout=\"cc -c main.c\\n\""
    " stderr=\"main.c:7: error: ';' expected\\n\" exit=2\n"
    "lab[1-2] greetdelay=400ms authdelay=200ms\n"
    "edge1 down=yes\n"
    "old1 known=other\n";

static int
add_hosts(struct muster *m, const struct fleet *fleet)
{
	size_t n;
	const struct fleet_host *hosts = fleet_hosts(fleet, &n);
	struct muster_error err;

	for (size_t i = 0; i < n; i++) {
		struct muster_host host = {
		    .name = hosts[i].name,
		    .address = hosts[i].address,
		    .port = hosts[i].port,
		};

		if (muster_add_host(m, &host, &err) >= 0)
			continue;
		complain("%s", err.text);
		return EXITCODE_LOCAL;
	}
	return EXITCODE_OK;
}

/* Says what this is, on standard error: the output stays a command's. */
static void
introduce(const struct fleet *fleet, const char *command, bool quiet)
{
	size_t n;

	(void)fleet_hosts(fleet, &n);
	if (!quiet)
		(void)fprintf(stderr,
		    "muster: %zu made-up hosts on loopback; some of them are"
		    " meant to fail\nmuster: running: %s\n",
		    n, command);
}

static int
run_on(const struct fleet *fleet, const struct args *args, const char *command)
{
	const char *identity = fleet_identity(fleet);
	const char *known_hosts = fleet_known_hosts(fleet);
	struct muster_options options;
	struct muster_error err;
	struct muster *m;
	int rc;

	batch_fill_options(args, &options);
	options.identities = &identity;
	options.n_identities = 1;
	options.known_hosts = &known_hosts;
	options.n_known_hosts = 1;
	options.agent_path = "";
	options.no_env_files = true;
	options.user = "demo";
	m = muster_new(&options, &err);
	if (m == NULL) {
		complain("%s", err.text);
		return complain_exitcode(&err);
	}
	rc = add_hosts(m, fleet);
	if (rc == EXITCODE_OK) {
		struct commands commands;

		commands_set(&commands, command);
		rc = batch_run(m, args, &commands, NULL);
		commands_clear(&commands);
	}
	muster_free(m);
	return rc;
}

int
verb_demo(const struct args *args)
{
	char *words = batch_join_words(args);
	const char *command = words != NULL ? words : default_command;
	struct muster_error err;
	struct fleet *fleet;
	int rc = tracing_open(args);

	if (rc == EXITCODE_OK) {
		fleet = fleet_start(description, &err);
		if (fleet == NULL) {
			complain("%s", err.text);
			rc = EXITCODE_LOCAL;
		} else {
			introduce(fleet, command, args->quiet);
			rc = run_on(fleet, args, command);
		}
		fleet_stop(fleet);
	}
	free(words);
	return rc;
}
