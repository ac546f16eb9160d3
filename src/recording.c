/*
 * recording.c -- a run written down, and its command line with it.
 *
 * Room: src.  May touch: muster.h, args.h, batch.h, complain.h, exitcode.h,
 * given.h, heap.h, options.h, rerun.h, rollout_plan.h, text.h.
 */
#include "config.h"

#include "src/recording.h"

#include "src/args.h"
#include "src/batch.h"
#include "src/complain.h"
#include "src/exitcode.h"
#include "src/given.h"
#include "src/heap.h"
#include "src/options.h"
#include "src/rerun.h"
#include "src/rollout_plan.h"

#include <stdlib.h>
#include <string.h>

/* Runs that stay at least, by their number, age and size. */
static const struct muster_retention kept = {
    .n_runs = 50, .n_days = 30, .n_bytes = 10ull << 30};

static const char *
verb_word(const struct args *args)
{
	return args->verb == VERB_PUSH   ? "push"
	       : args->verb == VERB_PULL ? "pull"
					 : "run";
}

static void
add_word(struct recording *r, const char *word)
{
	r->words[r->n_words++] = heap_strdup(word);
}

static void
add_option(struct recording *r, const struct args *args,
    const struct args_option *option)
{
	struct text word = {0};

	given_write(args, option, &word);
	add_word(r, text_str(&word));
	text_clear(&word);
}

static void
take_host_option(void *arg, const char *option, const char *value)
{
	struct text word = {0};

	text_addf(&word, "--%s=%s", option, value);
	add_word(arg, text_str(&word));
	text_clear(&word);
}

/* `hosts`: of a command of many, which has no others; NULL: as the options
 * name them. */
static void
take_words(struct recording *r, const struct args *args, const struct muster *m,
    const struct batch_hosts *hosts)
{
	size_t n_hosts = hosts != NULL ? hosts->n : 0;
	const char **names = heap_array(n_hosts, sizeof(*names));

	r->words = heap_array(
	    args->n_given + args->n_rest + n_hosts + 3, sizeof(*r->words));
	add_word(r, verb_word(args));
	for (size_t i = 0; i < args->n_given; i++)
		if (hosts == NULL || rerun_repeats(&args->given[i]))
			add_option(r, args, &args->given[i]);
	for (size_t i = 0; i < n_hosts; i++)
		names[i] = muster_host_list_name(m, hosts->items[i]);
	if (n_hosts > 0)
		rerun_name_hosts(names, n_hosts, take_host_option, r);
	add_word(r, "--");
	for (size_t i = 0; i < args->n_rest; i++)
		add_word(r, args->rest[i]);
	free(names);
}

static bool
is_wanted(const struct args *args)
{
	return (args->verb & (VERB_RUN | VERB_COPY)) != 0 && !args->no_record &&
	       !args->dry_run && !args->list_hosts;
}

static int
find_folder(struct recording *r)
{
	struct muster_error err;

	r->folder = muster_runs_folder(&err);
	if (r->folder != NULL)
		return EXITCODE_OK;
	complain("%s; --no-record does without", err.text);
	return EXITCODE_LOCAL;
}

int
recording_open(struct recording *r, const struct args *args,
    struct muster_options *options)
{
	*r = (struct recording){0};
	if (!is_wanted(args) || args->keep)
		return EXITCODE_OK;
	if (find_folder(r) != EXITCODE_OK)
		return EXITCODE_LOCAL;
	take_words(r, args, NULL, NULL);
	options->record = r->folder;
	options->record_words = (const char *const *)r->words;
	options->n_record_words = r->n_words;
	options->record_parent = args->rerun.parent;
	options->record_sync =
	    args->verb == VERB_PUSH || rollout_plan_is_wanted(args);
	return EXITCODE_OK;
}

int
recording_begin(struct recording *r, const struct args *args, struct muster *m,
    const struct batch_hosts *hosts)
{
	struct muster_record_next next = {
	    .hosts = hosts->items, .n_hosts = hosts->n};
	struct muster_error err;

	*r = (struct recording){0};
	if (!is_wanted(args))
		return EXITCODE_OK;
	if (find_folder(r) != EXITCODE_OK)
		return EXITCODE_LOCAL;
	take_words(r, args, m, hosts);
	next.folder = r->folder;
	next.words = (const char *const *)r->words;
	next.n_words = r->n_words;
	if (muster_record_begin(m, &next, &err) == 0)
		return EXITCODE_OK;
	complain("%s", err.text);
	return complain_exitcode(&err);
}

void
recording_close(struct recording *r)
{
	if (r->folder != NULL)
		(void)muster_runs_retain(r->folder, &kept);
	for (size_t i = 0; i < r->n_words; i++)
		free(r->words[i]);
	free(r->words);
	muster_string_free(r->folder);
	*r = (struct recording){0};
}

int
recording_end(struct muster *m, int exitcode)
{
	muster_record_close(m, exitcode);
	if (muster_record_failure(m) != NULL)
		complain("the record of run '%s' is not whole: %s",
		    muster_record_id(m), muster_record_failure(m));
	return exitcode;
}
