/*
 * batch_options.c -- what a command line asks of the engine.
 *
 * Room: src.  May touch: muster.h, args.h, batch.h, onscreen.h,
 * rollout_plan.h, text.h.
 */
#include "config.h"

#include "src/args.h"
#include "src/batch.h"
#include "src/onscreen.h"
#include "src/rollout_plan.h"
#include "src/text.h"

#include <string.h>

void
batch_fill_options(const struct args *args, struct muster_options *options)
{
	muster_options_init(options);
	options->n_workers = args->workers;
	options->fanout = args->fanout;
	options->retries = args->retries;
	if (args->connect_timeout_ms != ARGS_UNSET)
		options->connect_timeout_ms = args->connect_timeout_ms > 0
						  ? args->connect_timeout_ms
						  : MUSTER_FOREVER;
	options->ssh_config = args->ssh_config;
	options->jump = args->jump;
	options->forward_agent = args->forward_agent;
	options->openssh =
	    args->transport != NULL && strcmp(args->transport, "openssh") == 0;
	options->ssh_options =
	    args->ssh_options.n > 0 ? args->ssh_options.items : NULL;
	options->n_ssh_options = args->ssh_options.n;
	options->auth_timeout_ms = args->auth_timeout_ms;
	options->ask = args->ask;
	options->command_timeout_ms = args->command_timeout_ms;
	options->idle_timeout_ms = args->idle_timeout_ms;
	options->output_limit_bytes = args->max_output;
	options->input_limit_bytes = args->stdin_max;
	options->user = args->user;
	options->port = (uint16_t)args->port;
	options->identities =
	    args->identities.n > 0 ? args->identities.items : NULL;
	options->n_identities = args->identities.n;
	options->known_hosts =
	    args->known_hosts.n > 0 ? args->known_hosts.items : NULL;
	options->n_known_hosts = args->known_hosts.n;
	options->keep_lines = onscreen_is_possible(args);
	options->skip_twins =
	    args->rollout.plan != NULL || rollout_plan_is_wanted(args);
	options->keep_duplicates = args->keep_dups;
	options->keep_open = args->keep || onscreen_is_wanted(args);
}

char *
batch_join_words(const struct args *args)
{
	struct text t = {0};

	for (size_t i = 0; i < args->n_rest; i++) {
		if (i > 0)
			text_add(&t, " ", 1);
		text_adds(&t, args->rest[i]);
	}
	if (text_str(&t)[strspn(t.mem, " ")] != '\0')
		return t.mem;
	text_clear(&t);
	return NULL;
}
