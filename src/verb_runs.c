/*
 * verb_runs.c -- muster runs: the runs that were written down.
 *
 * Room: src.  May touch: muster.h, args.h, complain.h, exitcode.h, json.h,
 * past.h, report.h, text.h, verbs.h.
 * Without a word it lists them, the newest last; with the name of one it
 * tells how each of its hosts ended.
 */
#include "config.h"

#include "src/args.h"
#include "src/complain.h"
#include "src/exitcode.h"
#include "src/json.h"
#include "src/past.h"
#include "src/report.h"
#include "src/text.h"
#include "src/verbs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define FORMAT_VERSION 1
#define COMMAND_CHARS 200

static void
write_time(int64_t wall_us, char text[32])
{
	time_t seconds = (time_t)(wall_us / 1000000);
	struct tm tm;

	if (gmtime_r(&seconds, &tm) == NULL)
		tm = (struct tm){.tm_mday = 1, .tm_year = 70};
	(void)strftime(text, 32, "%Y-%m-%dT%H:%M:%SZ", &tm);
}

/* Each host by its last command. */
static struct report *
sum_up(const struct past *past)
{
	struct report *report = report_new();

	for (size_t h = 0; h < past->about->n_hosts; h++)
		report_add(report, muster_run_host(past->run, h)->name,
		    past_result(past, h));
	return report;
}

static const char *
last_command(const struct past *past)
{
	size_t n = past->about->n_orders;

	return n > 0 ? muster_run_command(past->run, n - 1) : "";
}

/* ---- a line a run ---- */

static void
add_run_line(
    const struct past *past, const struct muster_tally *t, struct text *to)
{
	const struct muster_run_about *about = past->about;
	const char *command = last_command(past);
	char when[32], clean[COMMAND_CHARS];

	write_time(about->wall_us, when);
	(void)muster_clean_text(clean, sizeof(clean), command, strlen(command));
	text_addf(to, "%s  %s  %-10s  %zu/%zu ok  %s\n", about->id, when,
	    past_state(past), t->n_ok, t->n_hosts, clean);
}

static void
add_run_json(
    const struct past *past, const struct muster_tally *t, struct text *to)
{
	const struct muster_run_about *about = past->about;
	const char *command = last_command(past);
	struct json *object = json_new();
	char when[32];

	write_time(about->wall_us, when);
	json_add_number(object, "v", FORMAT_VERSION);
	json_add_text(object, "run", about->id);
	json_add_text(object, "time", when);
	json_add_text(object, "state", past_state(past));
	json_add_bytes(object, "command", command, strlen(command));
	json_add_number(object, "hosts", t->n_hosts);
	json_add_number(object, "ok", t->n_ok);
	json_add_number(object, "failed", t->n_failed);
	json_add_number(object, "not_reached", t->n_not_run);
	json_add_number(object, "unknown", t->n_unknown);
	json_add_number(object, "unfinished", t->n_hosts - t->n_finished);
	if (about->is_closed)
		json_add_number(
		    object, "exitcode", (uint64_t)(unsigned)about->exitcode);
	else
		json_add_null(object, "exitcode");
	json_add_text(object, "damage", about->damage);
	json_write(object, to);
}

static void
list_run(const struct args *args, const char *id)
{
	struct muster_error err;
	struct report *report;
	struct text line = {0};
	struct past past;

	if (past_open(&past, id, &err) < 0) {
		complain("%s", err.text);
		return;
	}
	report = sum_up(&past);
	if (args->json)
		add_run_json(&past, report_tally(report), &line);
	else
		add_run_line(&past, report_tally(report), &line);
	(void)fwrite(line.mem, 1, line.len, stdout);
	text_clear(&line);
	report_free(report);
	past_close(&past);
}

static int
list_runs(const struct args *args, const char *folder)
{
	struct muster_error err;
	struct muster_names ids;

	if (muster_runs_list(folder, &ids, &err) != 0) {
		complain("%s", err.text);
		return complain_exitcode(&err);
	}
	for (size_t i = 0; i < ids.n; i++)
		list_run(args, ids.items[i]);
	muster_names_clear(&ids);
	return EXITCODE_OK;
}

/* ---- one of them ---- */

static void
add_host_json(const struct past *past, size_t host, struct text *to)
{
	const struct muster_result *r = past_result(past, host);
	const char *name = muster_run_host(past->run, host)->name;
	struct json *object = json_new();

	json_add_number(object, "v", FORMAT_VERSION);
	json_add_text(object, "run", past->about->id);
	json_add_bytes(object, "host", name, strlen(name));
	json_add_bool(object, "ok", muster_result_is_ok(r));
	json_add_text(object, "reason",
	    r->outcome != MUSTER_PENDING ? muster_outcome_word(r->outcome)
					 : NULL);
	if (r->outcome == MUSTER_EXIT)
		json_add_number(object, "rc", r->code);
	else
		json_add_null(object, "rc");
	json_add_number(object, "out_bytes", r->out_bytes);
	json_add_number(object, "err_bytes", r->err_bytes);
	json_add_bytes(object, "text", r->text, strlen(r->text));
	json_write(object, to);
}

/* What was decided while it went on, and when, in seconds from its start. */
static void
add_notes(const struct past *past, struct text *to)
{
	struct muster_event event;
	size_t at = 0, order;
	char clean[COMMAND_CHARS];

	while (muster_run_next(past->run, &at, &event, &order)) {
		if (event.type != MUSTER_EVENT_NOTE)
			continue;
		(void)muster_clean_text(
		    clean, sizeof(clean), event.text, strlen(event.text));
		text_addf(to, "%9.1fs  ",
		    (double)(event.at_us - past->about->begun_us) / 1e6);
		if (event.host != MUSTER_NOWHERE)
			text_addf(to, "%s: ",
			    muster_run_host(past->run, event.host)->name);
		text_addf(to, "%s\n", clean);
	}
}

static void
add_run(const struct args *args, const struct past *past, struct text *to)
{
	struct report *report = sum_up(past);

	if (args->json) {
		for (size_t h = 0; h < past->about->n_hosts; h++)
			add_host_json(past, h, to);
	} else {
		add_run_line(past, report_tally(report), to);
		text_addf(to, "exit status %d%s\n", past_exitcode(past),
		    past->about->is_closed ? "" : ", as far as it came");
		add_notes(past, to);
		report_write(report, true, to);
	}
	report_free(report);
}

static int
show_run(const struct args *args, const char *name)
{
	struct muster_error err;
	struct text text = {0};
	struct past past;

	if (past_open(&past, name, &err) < 0) {
		complain("%s", err.text);
		return complain_exitcode(&err);
	}
	add_run(args, &past, &text);
	(void)fwrite(text.mem, 1, text.len, stdout);
	if (past.about->damage != NULL)
		complain("run '%s' is damaged: %s", past.about->id,
		    past.about->damage);
	text_clear(&text);
	past_close(&past);
	return EXITCODE_OK;
}

int
verb_runs(const struct args *args)
{
	struct muster_error err;
	char *folder = muster_runs_folder(&err);
	int rc;

	if (folder == NULL) {
		complain("%s", err.text);
		return complain_exitcode(&err);
	}
	if (args->n_rest > 1) {
		complain(
		    "one run at a time: '%s' is one too many", args->rest[1]);
		rc = EXITCODE_USAGE;
	} else if (args->n_rest == 1) {
		rc = show_run(args, args->rest[0]);
	} else {
		rc = list_runs(args, folder);
	}
	muster_string_free(folder);
	if (fflush(stdout) != 0 && rc == EXITCODE_OK)
		rc = EXITCODE_LOCAL;
	return rc;
}
