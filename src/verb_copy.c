/*
 * verb_copy.c -- muster push, muster pull: files to and from hosts.
 *
 * Room: src.  May touch: muster.h, args.h, batch.h, complain.h, copy_args.h,
 * exitcode.h, text.h, verb_run.h.
 */
#include "config.h"

#include "src/args.h"
#include "src/batch.h"
#include "src/complain.h"
#include "src/copy_args.h"
#include "src/exitcode.h"
#include "src/text.h"
#include "src/verb_run.h"
#include "src/verbs.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int
start_push(struct muster *m, const void *arg, struct muster_error *err)
{
	return muster_push(m, NULL, 0, arg, err);
}

static int
start_pull(struct muster *m, const void *arg, struct muster_error *err)
{
	return muster_pull(m, NULL, 0, arg, err);
}

/* What is removed does not come back: a person is asked, a script says so
 * itself. */
static int
ask_leave(const struct muster *m, const struct args *args)
{
	char answer[16] = "";

	if (!args->remove || args->yes || args->dry_run)
		return EXITCODE_OK;
	if (isatty(STDIN_FILENO) != 1) {
		complain("--delete removes files on %zu hosts: say --yes too, "
			 "or see what it would do with --dry-run",
		    muster_n_hosts(m));
		return EXITCODE_USAGE;
	}
	(void)fprintf(stderr,
	    "muster: remove what is not sent, on %zu host%s? [y/N] ",
	    muster_n_hosts(m), muster_n_hosts(m) == 1 ? "" : "s");
	if (fgets(answer, sizeof(answer), stdin) != NULL &&
	    (strcmp(answer, "y\n") == 0 || strcmp(answer, "yes\n") == 0))
		return EXITCODE_OK;
	complain("nothing was done");
	return EXITCODE_POLICY;
}

/* What was asked for, before the hosts are known. */
struct wish {
	struct muster_copy copy;
	struct muster_become become;
	char owner[COPY_ARGS_OWNER_BYTES];
	const char *verb;
	int (*start)(
	    struct muster *m, const void *arg, struct muster_error *err);
};

static int
begin(struct muster *m, const struct args *args, const struct wish *wish,
    const struct muster_copy *copy)
{
	struct text what = {0};
	struct batch_work work = {.start = wish->start, .arg = copy};
	int rc = ask_leave(m, args);

	if (rc != EXITCODE_OK)
		return rc;
	text_adds(&what, wish->verb);
	for (size_t i = 0; i < args->n_rest; i++)
		text_addf(&what, " %s", args->rest[i]);
	work.what = text_str(&what);
	rc = batch_carry_out(m, args, &work);
	text_clear(&what);
	return rc;
}

static int
carry_out(struct muster *m, const struct args *args, const void *arg)
{
	const struct wish *wish = arg;
	struct muster_copy copy = wish->copy;
	struct muster_error err;
	char **dests = NULL;
	int rc;

	if (args->dest_file != NULL) {
		dests = copy_args_dests(m, args->dest_file, &err);
		if (dests == NULL) {
			complain("%s", err.text);
			return EXITCODE_USAGE;
		}
		copy.dests = (const char *const *)dests;
	}
	rc = begin(m, args, wish, &copy);
	copy_args_free(m, dests);
	return rc;
}

/* A copy has no terminal, which doas wants for its question. */
static int
choose_user(const struct args *args, struct wish *wish)
{
	const char *method = args->become_method;
	bool password =
	    args->ask_become_password || args->become_password_fd != ARGS_UNSET;

	if (args->sudo == NULL && method == NULL)
		return 0;
	if (password && method != NULL && strcmp(method, "doas") == 0) {
		complain("doas takes a password from a terminal alone, which a "
			 "copy has not: become another user by sudo or su");
		return -1;
	}
	wish->become.method = method;
	wish->become.user = args->sudo;
	wish->copy.become = &wish->become;
	return 0;
}

static int
copy_files(const struct args *args, struct wish *wish)
{
	struct muster_copy *copy = &wish->copy;
	struct muster_error err;

	if (args->n_rest < 2) {
		complain("%s wants files and a place for them: SRC... DEST",
		    wish->verb);
		return EXITCODE_USAGE;
	}
	if (copy_args_options(args, &copy->options, wish->owner, &err) < 0) {
		complain("%s", err.text);
		return EXITCODE_USAGE;
	}
	copy->sources = (const char *const *)args->rest;
	copy->n_sources = args->n_rest - 1;
	copy->dest = args->rest[args->n_rest - 1];
	copy->host_suffix = args->host_suffix;
	if (choose_user(args, wish) < 0)
		return EXITCODE_USAGE;
	return verb_run_with(args, carry_out, wish);
}

int
verb_push(const struct args *args)
{
	struct wish wish = {.verb = "push", .start = start_push};

	return copy_files(args, &wish);
}

int
verb_pull(const struct args *args)
{
	struct wish wish = {.verb = "pull", .start = start_pull};

	return copy_files(args, &wish);
}
