/*
 * verb_rerun.c -- muster rerun: a run again, on some of its hosts.
 *
 * Room: src.  May touch: muster.h, again.h, args.h, batch.h, complain.h,
 * exitcode.h, exitcode.h, heap.h, runlock.h,
 * verb_run.h, verbs.h.
 * The command line that was written down is read again, and all that it names
 * must still be what it was: the hosts, and the command of each.
 */
#include "config.h"

#include "src/again.h"
#include "src/args.h"
#include "src/batch.h"
#include "src/complain.h"
#include "src/exitcode.h"
#include "src/heap.h"
#include "src/options.h"
#include "src/runlock.h"
#include "src/verb_run.h"
#include "src/verbs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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
		if (again_check_command(a, now, i, places[i]) != EXITCODE_OK)
			return EXITCODE_USAGE;
		if (now->n > 1 || c->n == 0)
			c->items[c->n++] =
			    heap_strdup(now->items[now->n == 1 ? 0 : i]);
	}
	return EXITCODE_OK;
}

/* Hosts that did not end well and are not to run again. */
static size_t
count_bad(const struct again *a, const size_t *places)
{
	size_t n_bad = 0;

	for (size_t i = 0; i < a->n; i++) {
		const struct muster_result *r;

		if (a->chosen[i] || places[i] == MUSTER_NOWHERE)
			continue;
		r = past_result(&a->past, places[i]);
		n_bad +=
		    r->outcome != MUSTER_PENDING && muster_result_is_failure(r);
	}
	return a->is_new ? 0 : n_bad;
}

/* A rollout goes on with the waves that it had, without the hosts that had
 * their turn; those that failed count. */
static int
take_plan(struct again *a, const struct args *args, const struct muster *m,
    const size_t *places)
{
	struct muster_error err;

	if (!rollout_plan_is_wanted(args))
		return EXITCODE_OK;
	if (rollout_plan_make(&a->plan, args, m, &err) != 0) {
		complain("%s", err.text);
		return complain_exitcode(&err);
	}
	a->is_rollout = true;
	rollout_plan_keep(&a->plan, a->chosen, count_bad(a, places));
	return EXITCODE_OK;
}

static int
plan_with(struct again *a, const struct muster *m, struct commands *now,
    size_t *places)
{
	size_t n = muster_n_hosts(m);
	bool *only = heap_array(a->past.about->n_hosts + 1, sizeof(*only));
	int rc = again_check_hosts(a, m, places);

	if (rc == EXITCODE_OK && a->want->only != NULL)
		rc = mark_only(a, only);
	if (rc == EXITCODE_OK) {
		a->n_chosen = choose(a, places, n, only);
		if (a->n_chosen > 0 && a->verb == VERB_RUN) {
			rc = take_commands(a, now, places, n, a->n_chosen);
		} else if (a->n_chosen == 0) {
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
	struct commands now = {0};
	struct muster_error err;
	size_t *places;
	int rc;

	if (a->verb == VERB_RUN && commands_make(&now, m, args, &err) < 0) {
		complain("%s", err.text);
		return complain_exitcode(&err);
	}
	places = heap_array(n, sizeof(*places));
	a->n = n;
	a->names_run = args->env_wrap;
	a->chosen = heap_array(n, sizeof(*a->chosen));
	rc = plan_with(a, m, &now, places);
	if (rc == EXITCODE_OK)
		rc = take_plan(a, args, m, places);
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
	return a->n_chosen > 0 ? EXITCODE_OK : EXITCODE_USAGE;
}

static int
repeat(struct again *a, const struct args *args)
{
	switch (a->verb) {
	case VERB_PUSH:
		return verb_push(args);
	case VERB_PULL:
		return verb_pull(args);
	default:
		return verb_run_with(args, run_chosen, a);
	}
}

static int
carry_out(struct again *a)
{
	struct muster_error err;
	struct args args;
	int rc;

	args_init(&args);
	if (rerun_words_parse(&a->words, a->verb, &args, &err) < 0) {
		complain("run '%s': %s", a->past.about->id, err.text);
		rc = EXITCODE_USAGE;
	} else {
		rc = a->verb == VERB_PUSH ? again_check_files(a, &args)
					  : EXITCODE_OK;
	}
	if (rc == EXITCODE_OK)
		rc = look(a, &args);
	if (rc == EXITCODE_OK) {
		args.rerun.chosen = a->chosen;
		args.rerun.n_chosen = a->n;
		args.rerun.parent = a->is_new ? NULL : a->past.about->id;
		args.rollout.plan = a->is_rollout ? &a->plan : NULL;
		rc = repeat(a, &args);
	}
	args_clear(&args);
	return rc;
}

static int
check(const struct again *a)
{
	const struct rerun_args *w = a->want;
	const struct muster_run_about *about = a->past.about;

	if (past_damage(&a->past) != NULL)
		complain("run '%s' is damaged: %s", about->id,
		    past_damage(&a->past));
	else if (past_is_running(&a->past))
		complain("run '%s' still goes on", about->id);
	else if (a->verb == 0)
		complain("run '%s' was no command and no copy", about->id);
	else if (a->is_new && a->verb != VERB_RUN)
		complain("run '%s' was a copy: it takes no command", about->id);
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

static unsigned
find_verb(const struct muster_run_about *about)
{
	const char *word = about->n_words > 0 ? about->words[0] : "";

	return strcmp(word, "run") == 0    ? VERB_RUN
	       : strcmp(word, "push") == 0 ? VERB_PUSH
	       : strcmp(word, "pull") == 0 ? VERB_PULL
					   : 0;
}

/* Two that repeat the same run at a time would run hosts twice. */
static int
open_alone(struct again *a, const char *name, struct muster_error *err)
{
	struct text lock = {0}, who = {0};

	a->lock = -1;
	if (past_open_chain(&a->past, name, err) < 0)
		return -1;
	text_addf(&lock, "rerun-%s", a->past.about->id);
	text_addf(&who, "process %ld", (long)getpid());
	a->lock = runlock_take(text_str(&lock), text_str(&who), err);
	text_clear(&lock);
	text_clear(&who);
	if (a->lock < 0)
		return -1;
	/* Another may have ended meanwhile. */
	past_close(&a->past);
	return past_open_chain(&a->past, name, err);
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
	if (open_alone(&a, args->rest[0], &err) < 0) {
		complain("%s", err.text);
		past_close(&a.past);
		return err.code == MUSTER_ERR_LIMIT ? EXITCODE_LOCAL
						    : complain_exitcode(&err);
	}
	a.verb = find_verb(a.past.about);
	rc = check(&a);
	if (rc == EXITCODE_OK) {
		rerun_words_make(&a.words, a.past.about, args, a.verb);
		rc = carry_out(&a);
	}
	rerun_words_clear(&a.words);
	rollout_plan_clear(&a.plan);
	free(a.chosen);
	commands_clear(&a.commands);
	past_close(&a.past);
	runlock_drop(a.lock);
	return rc;
}
