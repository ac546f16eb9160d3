/*
 * precaution.c -- what comes before the first host is contacted.
 *
 * Room: src.  May touch: muster.h, args.h, ask.h, commands.h, complain.h,
 * exitcode.h, rollout_plan.h, runlock.h, text.h.
 */
#include "config.h"

#include "src/precaution.h"

#include "src/args.h"
#include "src/ask.h"
#include "src/commands.h"
#include "src/complain.h"
#include "src/exitcode.h"
#include "src/rollout_plan.h"
#include "src/runlock.h"
#include "src/text.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define SHOWN_CHARS 400

static void
add_clean(struct text *to, const char *text)
{
	char clean[SHOWN_CHARS];

	(void)muster_clean_text(clean, sizeof(clean), text, strlen(text));
	text_adds(to, clean);
}

/* ---- --confirm ---- */

static int
judge(enum ask_end end, const char *answer, size_t n)
{
	char number[24];

	(void)snprintf(number, sizeof(number), "%zu", n);
	if (end == ASK_GIVEN && strcmp(answer, number) == 0)
		return EXITCODE_OK;
	if (end == ASK_NOBODY) {
		complain("--confirm: there is no terminal to ask on");
		return EXITCODE_USAGE;
	}
	complain("not confirmed: nothing was run");
	return end == ASK_CANCELLED ? EXITCODE_SIGNAL + SIGINT
				    : EXITCODE_POLICY;
}

static int
confirm(const struct muster *m, const char *what)
{
	size_t n = muster_n_hosts(m);
	struct text question = {0};
	char answer[ASK_BYTES];
	struct ask ask = {.echo = true, .wake_fd = -1};
	int rc;

	text_addf(&question, "muster: on %zu host%s: ", n, n == 1 ? "" : "s");
	add_clean(&question, what);
	text_adds(&question, "\nmuster: type the number of hosts to go on: ");
	ask.question = text_str(&question);
	rc = judge(ask_person(&ask, answer), answer, n);
	text_clear(&question);
	return rc;
}

/* ---- --lock ---- */

static int
lock(const struct muster *m, const char *name, int *fd)
{
	struct muster_error err;
	struct text who = {0};
	const char *id = muster_record_id(m);

	text_addf(&who, "process %ld", (long)getpid());
	if (id != NULL)
		text_addf(&who, ", run %s", id);
	*fd = runlock_take(name, text_str(&who), &err);
	text_clear(&who);
	if (*fd >= 0)
		return EXITCODE_OK;
	complain("%s", err.text);
	if (err.code == MUSTER_ERR_LIMIT)
		return EXITCODE_POLICY;
	return err.code == MUSTER_ERR_SYNTAX ? EXITCODE_USAGE : EXITCODE_LOCAL;
}

int
precaution_take(
    const struct muster *m, const struct args *args, const char *what, int *fd)
{
	int rc = EXITCODE_OK;

	*fd = -1;
	if (args->rollout.lock != NULL)
		rc = lock(m, args->rollout.lock, fd);
	if (rc == EXITCODE_OK && args->rollout.confirm)
		rc = confirm(m, what);
	return rc;
}

/* ---- --dry-run ---- */

static void
add_commands(const struct muster *m, const struct commands *c, struct text *to)
{
	for (size_t i = 0; i < c->n; i++) {
		text_adds(to, c->n == 1 ? "command" : muster_host_name(m, i));
		text_adds(to, ": ");
		add_clean(to, c->items[i]);
		text_adds(to, "\n");
	}
}

static void
add_gate(const struct args *args, struct text *to)
{
	const struct rollout_args *r = &args->rollout;

	if (r->wave_check != NULL) {
		text_adds(to, "check after each wave: ");
		add_clean(to, r->wave_check);
		text_adds(to, "\n");
	}
	if (r->soak_ms > 0)
		text_addf(to, "soak: %g s\n", r->soak_ms / 1000.0);
	if (r->gate != NULL)
		text_addf(to, "gate: %s\n", r->gate);
	if (r->progress_deadline_ms > 0)
		text_addf(to, "progress deadline: %g s\n",
		    r->progress_deadline_ms / 1000.0);
}

int
precaution_tell(const struct muster *m, const struct args *args,
    const struct commands *commands)
{
	struct rollout_plan made;
	const struct rollout_plan *plan = args->rollout.plan;
	struct muster_error err;
	struct text text = {0};
	bool written;

	if (plan == NULL && rollout_plan_make(&made, args, m, &err) != 0) {
		complain("%s", err.text);
		return complain_exitcode(&err);
	}
	rollout_plan_write(plan != NULL ? plan : &made, m, &text);
	add_gate(args, &text);
	add_commands(m, commands, &text);
	written = fwrite(text.mem, 1, text.len, stdout) == text.len &&
		  fflush(stdout) == 0;
	text_clear(&text);
	if (plan == NULL)
		rollout_plan_clear(&made);
	return written ? EXITCODE_OK : EXITCODE_LOCAL;
}
