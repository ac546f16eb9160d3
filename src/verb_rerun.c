/*
 * verb_rerun.c -- muster rerun: a run again, on some of its hosts.
 *
 * Room: src.  May touch: muster.h, args.h, batch.h, commands.h, complain.h,
 * exitcode.h, heap.h, past.h, rerun_words.h, verb_run.h, verbs.h.
 * The command line that was written down is read again, and all that it names
 * must still be what it was: the hosts, and the command of each.
 */
#include "config.h"

#include "src/args.h"
#include "src/batch.h"
#include "src/commands.h"
#include "src/complain.h"
#include "src/exitcode.h"
#include "src/heap.h"
#include "src/past.h"
#include "src/rerun_words.h"
#include "src/verb_run.h"
#include "src/verbs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SHOWN_DIFFERENCES 10

struct again {
	const struct rerun_args *want; /* borrowed */
	struct past past;
	struct rerun_words words;
	bool is_new;              /* another command */
	bool *chosen;             /* owned; of hosts as lists name them now */
	size_t n;                 /* of those */
	struct commands commands; /* of the hosts chosen */
};

/* ---- what is still the same ---- */

static bool
is_same_host(const struct muster *m, size_t i, const struct muster_host *was)
{
	return strcmp(muster_host_name(m, i), was->name) == 0 &&
	       strcmp(muster_host_user(m, i), was->user) == 0 &&
	       muster_host_port(m, i) == was->port;
}

/* The index in the run of a host of `m`, or MUSTER_NOWHERE. */
static size_t
find_host(const struct again *a, const struct muster *m, size_t i)
{
	size_t n = a->past.about->n_hosts, at = i;

	if (i >= n || !is_same_host(m, i, muster_run_host(a->past.run, i)))
		at = past_find(&a->past, muster_host_name(m, i));
	return at != MUSTER_NOWHERE &&
		       is_same_host(m, i, muster_run_host(a->past.run, at))
		   ? at
		   : MUSTER_NOWHERE;
}

/* Says which hosts are new (+) or gone (-). Returns how many. */
static size_t
compare_hosts(const struct again *a, const struct muster *m, size_t *places)
{
	size_t n = a->past.about->n_hosts, n_differences = 0;
	bool *is_there = heap_array(n, sizeof(*is_there));

	for (size_t i = 0; i < muster_n_hosts(m); i++) {
		places[i] = find_host(a, m, i);
		if (places[i] != MUSTER_NOWHERE)
			is_there[places[i]] = true;
		else if (n_differences++ < SHOWN_DIFFERENCES)
			complain("+ %s@%s:%u", muster_host_user(m, i),
			    muster_host_name(m, i),
			    (unsigned)muster_host_port(m, i));
	}
	for (size_t h = 0; h < n; h++) {
		const struct muster_host *was = muster_run_host(a->past.run, h);

		if (!is_there[h] && n_differences++ < SHOWN_DIFFERENCES)
			complain("- %s@%s:%u", was->user, was->name,
			    (unsigned)was->port);
	}
	free(is_there);
	return n_differences;
}

static int
check_hosts(const struct again *a, const struct muster *m, size_t *places)
{
	size_t n = compare_hosts(a, m, places);

	if (n == 0 || a->want->accept_inventory)
		return EXITCODE_OK;
	complain("run '%s' was of other hosts: %zu differ%s; "
		 "--accept-inventory runs on those that are left",
	    a->past.about->id, n, n == 1 ? "s" : "");
	return EXITCODE_USAGE;
}

/* The command of a host that was told one is the one that it would be told
 * now: no script or table has changed. */
static int
check_command(
    const struct again *a, const struct commands *now, size_t i, size_t host)
{
	const char *was = past_command(&a->past, host);
	const char *is = now->items[now->n == 1 ? 0 : i];
	char clean[2][400];

	if (a->is_new || was == NULL || strcmp(was, is) == 0)
		return EXITCODE_OK;
	(void)muster_clean_text(clean[0], sizeof(clean[0]), was, strlen(was));
	(void)muster_clean_text(clean[1], sizeof(clean[1]), is, strlen(is));
	complain("- %s", clean[0]);
	complain("+ %s", clean[1]);
	complain("the command of '%s' is not what it was in run '%s'",
	    muster_run_host(a->past.run, host)->name, a->past.about->id);
	return EXITCODE_USAGE;
}

/* ---- which hosts ---- */

static bool
is_of_kind(const struct again *a, const struct muster_result *r)
{
	const struct rerun_args *w = a->want;

	switch (muster_outcome_family(r->outcome)) {
	case MUSTER_FAMILY_RAN:
		return w->all || (w->failed && !muster_result_is_ok(r));
	case MUSTER_FAMILY_UNKNOWN:
		return w->all || w->lost;
	case MUSTER_FAMILY_PENDING:
	case MUSTER_FAMILY_NOT_RUN:
		break;
	}
	return w->all || w->unreached ||
	       (!w->failed && !w->lost && w->only == NULL);
}

/* Marks the hosts of --only, which must be of the run. */
static int
mark_only(const struct again *a, bool *marks)
{
	struct muster_hosts hosts;
	struct muster_error err;
	int rc = EXITCODE_OK;

	if (muster_expand(a->want->only, NULL, &hosts, &err) < 0) {
		complain_about(a->want->only, &err);
		return complain_exitcode(&err);
	}
	for (size_t i = 0; i < hosts.n && rc == EXITCODE_OK; i++) {
		char *label = muster_host_label(&hosts.items[i]);
		size_t at = past_find(&a->past, label);

		if (at != MUSTER_NOWHERE) {
			marks[at] = true;
		} else {
			complain("run '%s' had no host '%s'", a->past.about->id,
			    label);
			rc = EXITCODE_USAGE;
		}
		muster_string_free(label);
	}
	muster_hosts_clear(&hosts);
	return rc;
}

static void
say_left_out(const struct again *a, size_t n)
{
	if (n > 0)
		complain("%zu host%s of run '%s' may have run the command and "
			 "%s left out: --include-unknown runs it there again",
		    n, n == 1 ? "" : "s", a->past.about->id,
		    n == 1 ? "is" : "are");
}

/* Fills a->chosen. Returns how many there are. */
static size_t
choose(struct again *a, const size_t *places, size_t n, const bool *only)
{
	bool may_repeat = a->is_new || a->want->include_unknown;
	size_t n_chosen = 0, n_left_out = 0;

	for (size_t i = 0; i < n; i++) {
		const struct muster_result *r;

		if (places[i] == MUSTER_NOWHERE)
			continue;
		r = past_result(&a->past, places[i]);
		if (!is_of_kind(a, r) && !only[places[i]])
			continue;
		if (muster_outcome_family(r->outcome) ==
			MUSTER_FAMILY_UNKNOWN &&
		    !may_repeat) {
			n_left_out++;
			continue;
		}
		a->chosen[i] = true;
		n_chosen++;
	}
	say_left_out(a, n_left_out);
	return n_chosen;
}

/* ---- both together ---- */

/* Keeps the commands of the hosts chosen. */
static int
take_commands(struct again *a, struct commands *now, const size_t *places,
    size_t n, size_t n_chosen)
{
	struct commands *c = &a->commands;

	c->items = heap_array(n_chosen, sizeof(*c->items));
	c->input = now->input;
	c->shown = now->shown;
	now->input = now->shown = NULL;
	for (size_t i = 0; i < n; i++) {
		if (!a->chosen[i])
			continue;
		if (check_command(a, now, i, places[i]) != EXITCODE_OK)
			return EXITCODE_USAGE;
		if (now->n > 1 || c->n == 0)
			c->items[c->n++] =
			    heap_strdup(now->items[now->n == 1 ? 0 : i]);
	}
	return EXITCODE_OK;
}

static int
plan_with(struct again *a, const struct muster *m, struct commands *now,
    size_t *places)
{
	size_t n = muster_n_hosts(m), n_chosen;
	bool *only = heap_array(a->past.about->n_hosts + 1, sizeof(*only));
	int rc = check_hosts(a, m, places);

	if (rc == EXITCODE_OK && a->want->only != NULL)
		rc = mark_only(a, only);
	if (rc == EXITCODE_OK) {
		n_chosen = choose(a, places, n, only);
		if (n_chosen > 0) {
			rc = take_commands(a, now, places, n, n_chosen);
		} else {
			complain("no host of run '%s' is to run it again",
			    a->past.about->id);
			rc = EXITCODE_USAGE;
		}
	}
	free(only);
	return rc;
}

/* Looks at all hosts that the command line names now. */
static int
plan(struct muster *m, const struct args *args, const void *arg)
{
	struct again *a = (struct again *)(uintptr_t)arg;
	size_t n = muster_n_hosts(m);
	struct commands now;
	struct muster_error err;
	size_t *places;
	int rc;

	if (commands_make(&now, m, args, &err) < 0) {
		complain("%s", err.text);
		return complain_exitcode(&err);
	}
	places = heap_array(n, sizeof(*places));
	a->n = n;
	a->chosen = heap_array(n, sizeof(*a->chosen));
	rc = plan_with(a, m, &now, places);
	free(places);
	commands_clear(&now);
	return rc;
}

static int
run_chosen(struct muster *m, const struct args *args, const void *arg)
{
	const struct again *a = arg;
	char note[64];

	(void)snprintf(note, sizeof(note), "repeats run %s", a->past.about->id);
	muster_record_note(m, MUSTER_NOWHERE, note);
	return batch_run(m, args, &a->commands, NULL);
}

/* Nothing is asked and nothing written down by a look at what there is. */
static int
look(struct again *a, const struct args *args)
{
	struct args quiet = *args;

	quiet.ask = quiet.ask_password = quiet.ask_become_password = false;
	quiet.password_fd = quiet.become_password_fd = ARGS_UNSET;
	quiet.no_record = true;
	quiet.verbose = 0;
	if (verb_run_with(&quiet, plan, a) != EXITCODE_OK)
		return EXITCODE_USAGE;
	return a->commands.n > 0 ? EXITCODE_OK : EXITCODE_USAGE;
}

static int
carry_out(struct again *a)
{
	struct muster_error err;
	struct args args;
	int rc;

	args_init(&args);
	if (rerun_words_parse(&a->words, &args, &err) < 0) {
		complain("run '%s': %s", a->past.about->id, err.text);
		rc = EXITCODE_USAGE;
	} else {
		rc = look(a, &args);
	}
	if (rc == EXITCODE_OK) {
		args.rerun.chosen = a->chosen;
		args.rerun.n_chosen = a->n;
		rc = verb_run_with(&args, run_chosen, a);
	}
	args_clear(&args);
	return rc;
}

static int
check(const struct again *a)
{
	const struct rerun_args *w = a->want;
	const struct muster_run_about *about = a->past.about;

	if (about->damage != NULL)
		complain("run '%s' is damaged: %s", about->id, about->damage);
	else if (about->is_running)
		complain("run '%s' still goes on", about->id);
	else if (about->n_words == 0 || strcmp(about->words[0], "run") != 0)
		complain("run '%s' was no command: only those are repeated",
		    about->id);
	else if (a->is_new && !w->failed && !w->unreached && !w->lost &&
		 !w->all && w->only == NULL)
		complain("the command of run '%s' is not to be changed when "
			 "it is taken up again: say which hosts shall run "
			 "another, as with --failed",
		    about->id);
	else
		return EXITCODE_OK;
	return EXITCODE_USAGE;
}

int
verb_rerun(const struct args *args)
{
	struct again a = {.want = &args->rerun, .is_new = args->n_rest > 1};
	struct muster_error err;
	int rc;

	if (args->n_rest == 0) {
		complain("which run? 'muster runs' lists them, 'last' is the "
			 "last one");
		return EXITCODE_USAGE;
	}
	if (past_open(&a.past, args->rest[0], &err) < 0) {
		complain("%s", err.text);
		return complain_exitcode(&err);
	}
	rc = check(&a);
	if (rc == EXITCODE_OK) {
		rerun_words_make(&a.words, a.past.about, args);
		rc = carry_out(&a);
	}
	rerun_words_clear(&a.words);
	free(a.chosen);
	commands_clear(&a.commands);
	past_close(&a.past);
	return rc;
}
