/*
 * verb_keys.c -- muster keys: the host keys of a fleet, seen and accepted.
 *
 * Room: src.  May touch: muster.h, args.h, ask.h, complain.h, exitcode.h,
 * fingerprints.h, heap.h, names.h, prompts.h, text.h, verb_run.h, verbs.h.
 * Hosts that show the same key stand in one line. What is new is accepted by
 * typing how many keys that is: a number that one has to look at.
 */
#include "config.h"

#include "src/args.h"
#include "src/ask.h"
#include "src/complain.h"
#include "src/exitcode.h"
#include "src/fingerprints.h"
#include "src/heap.h"
#include "src/names.h"
#include "src/prompts.h"
#include "src/verb_run.h"
#include "src/verbs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct keys {
	struct muster *m;
	const struct args *args;
	struct fingerprints *file; /* owned; NULL: no file to compare with */
	struct muster_result *results; /* owned; one a host */
	size_t *hosts;                 /* owned; that may be accepted */
	size_t n_hosts;
	size_t n[MUSTER_KEY_REVOKED + 1]; /* in each state */
	size_t n_accepted;
};

/* ---- seeing them ---- */

static void
gather(struct keys *k)
{
	size_t n = 0;

	while (n < muster_n_hosts(k->m)) {
		struct muster_event event;

		if (muster_next(k->m, 1000, &event) != 1)
			continue;
		if (event.type == MUSTER_EVENT_PROMPT)
			(void)prompts_put(k->m, event.prompt, -1);
		if (event.type != MUSTER_EVENT_RESULT)
			continue;
		k->results[event.host] = *event.result;
		n++;
	}
}

/* Whether a new key may be accepted. */
static bool
is_candidate(const struct keys *k, size_t host)
{
	const struct muster_host_key *key = muster_host_key(k->m, host);

	return key->state == MUSTER_KEY_UNKNOWN &&
	       (k->file == NULL ||
		   fingerprints_have(k->file, muster_host_name(k->m, host),
		       key->fingerprint));
}

static void
count(struct keys *k)
{
	for (size_t i = 0; i < muster_n_hosts(k->m); i++) {
		k->n[muster_host_key(k->m, i)->state]++;
		if (is_candidate(k, i))
			k->hosts[k->n_hosts++] = i;
	}
}

/* ---- showing them ---- */

static bool
is_alike(const struct keys *k, size_t a, size_t b)
{
	const struct muster_host_key *one = muster_host_key(k->m, a);
	const struct muster_host_key *other = muster_host_key(k->m, b);

	return one->state == other->state &&
	       strcmp(one->fingerprint, other->fingerprint) == 0 &&
	       strcmp(one->line, other->line) == 0 &&
	       is_candidate(k, a) == is_candidate(k, b);
}

/* The hosts that are like `host`, folded. */
static void
add_hosts(const struct keys *k, size_t host, bool *done, struct text *to)
{
	size_t n = muster_n_hosts(k->m), n_names = 0;
	const char **names = heap_array(n, sizeof(*names));

	for (size_t i = host; i < n; i++) {
		if (done[i] || !is_alike(k, host, i))
			continue;
		done[i] = true;
		names[n_names++] = muster_host_name(k->m, i);
	}
	names_fold(names, n_names, to);
	free(names);
}

static void
show_group(const struct keys *k, size_t host, bool *done)
{
	static const char *const words[] = {[MUSTER_KEY_UNKNOWN] = "unknown",
	    [MUSTER_KEY_CHANGED] = "CHANGED",
	    [MUSTER_KEY_REVOKED] = "REVOKED"};
	const struct muster_host_key *key = muster_host_key(k->m, host);
	const char *note = "";
	struct text line = {0};

	if (k->file != NULL && key->state == MUSTER_KEY_UNKNOWN)
		note = is_candidate(k, host) ? ", as the file says"
					     : ", NOT as the file says";
	text_addf(
	    &line, "%s %s %s ", words[key->state], key->type, key->fingerprint);
	add_hosts(k, host, done, &line);
	text_adds(&line, note);
	if (key->line[0] != '\0')
		text_addf(&line, "\n  but %s", key->line);
	(void)printf("%s\n", text_str(&line));
	text_clear(&line);
}

static void
show(const struct keys *k)
{
	static const enum muster_key_state order[] = {
	    MUSTER_KEY_REVOKED, MUSTER_KEY_CHANGED, MUSTER_KEY_UNKNOWN};
	size_t n = muster_n_hosts(k->m);
	bool *done = heap_array(n, sizeof(*done));

	for (size_t s = 0; s < sizeof(order) / sizeof(order[0]); s++)
		for (size_t i = 0; i < n; i++)
			if (!done[i] &&
			    muster_host_key(k->m, i)->state == order[s])
				show_group(k, i, done);
	free(done);
	(void)fflush(stdout);
	for (size_t i = 0; i < n; i++)
		if (muster_host_key(k->m, i)->state == MUSTER_KEY_UNSEEN)
			complain("%s: %s: %s", muster_host_name(k->m, i),
			    muster_outcome_word(k->results[i].outcome),
			    k->results[i].text);
	if (!k->args->quiet)
		complain("%zu known, %zu unknown, %zu changed, %zu revoked, "
			 "%zu not seen",
		    k->n[MUSTER_KEY_KNOWN], k->n[MUSTER_KEY_UNKNOWN],
		    k->n[MUSTER_KEY_CHANGED], k->n[MUSTER_KEY_REVOKED],
		    k->n[MUSTER_KEY_UNSEEN]);
}

/* ---- accepting them ---- */

/* Whether a person types the number. */
static bool
is_typed(size_t n)
{
	char answer[ASK_BYTES], number[32];
	struct text question = {0};
	struct ask a = {.echo = true, .wake_fd = -1};
	bool right;

	if (isatty(STDIN_FILENO) == 0 || isatty(STDERR_FILENO) == 0)
		return false;
	(void)snprintf(number, sizeof(number), "%zu", n);
	text_addf(&question,
	    "muster: to accept %zu key%s, type how many that is: ", n,
	    n == 1 ? "" : "s");
	a.question = text_str(&question);
	right =
	    ask_person(&a, answer) == ASK_GIVEN && strcmp(answer, number) == 0;
	text_clear(&question);
	if (!right)
		complain("nothing is accepted");
	return right;
}

static int
accept_keys(struct keys *k)
{
	uint32_t said = k->args->accept;
	struct muster_error err;

	if (said != ARGS_UNSET && said != k->n_hosts) {
		complain("--accept says %u, but there are %zu keys to accept: "
			 "none is",
		    (unsigned)said, k->n_hosts);
		return EXITCODE_POLICY;
	}
	if (k->n_hosts == 0 || (said == ARGS_UNSET && !is_typed(k->n_hosts)))
		return EXITCODE_OK;
	if (muster_accept_keys(k->m, k->hosts, k->n_hosts, &err) != 0) {
		complain("%s", err.text);
		return EXITCODE_LOCAL;
	}
	k->n_accepted = k->n_hosts;
	if (!k->args->quiet)
		complain("%zu key%s accepted", k->n_accepted,
		    k->n_accepted == 1 ? " is" : "s are");
	return EXITCODE_OK;
}

static int
work(struct keys *k)
{
	size_t n_good;
	int rc;

	gather(k);
	count(k);
	show(k);
	rc = accept_keys(k);
	n_good = k->n[MUSTER_KEY_KNOWN] + k->n_accepted;
	if (rc == EXITCODE_OK && n_good < muster_n_hosts(k->m))
		rc = EXITCODE_NOT_RUN;
	return rc;
}

static int
run(struct muster *m, const struct args *args, const void *arg)
{
	size_t n = muster_n_hosts(m);
	struct keys k = {.m = m, .args = args};
	struct muster_error err;
	int rc = 0;

	(void)arg;
	if (args->fingerprints != NULL) {
		k.file = fingerprints_load(args->fingerprints, &err);
		rc = k.file == NULL ? -1 : 0;
	}
	if (rc == 0)
		rc = muster_start_keys(m, NULL, 0, &err);
	if (rc != 0) {
		complain("%s", err.text);
		rc = complain_exitcode(&err);
	} else {
		k.results = heap_array(n, sizeof(*k.results));
		k.hosts = heap_array(n, sizeof(*k.hosts));
		rc = work(&k);
	}
	free(k.results);
	free(k.hosts);
	fingerprints_free(k.file);
	return rc;
}

int
verb_keys(const struct args *args)
{
	if (args->n_rest > 0) {
		complain("keys takes no words: '%s' (see 'muster help keys')",
		    args->rest[0]);
		return EXITCODE_USAGE;
	}
	return verb_run_with(args, run, NULL);
}
