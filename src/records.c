/*
 * records.c -- what happens in a run, as the lines of muster-ndjson(5).
 *
 * Room: src.  May touch: muster.h, json.h, text.h, writer.h.
 */
#include "config.h"

#include "src/records.h"

#include "src/json.h"
#include "src/text.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#define FORMAT_VERSION 1

static int64_t
now_us(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_BOOTTIME, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static const char *
name_host(const void *m, size_t host)
{
	return muster_host_name(m, host);
}

int
records_init(
    struct records *r, const struct writer_run *run, struct muster_error *err)
{
	*r = (struct records){.run = run, .begun_us = now_us()};
	for (size_t i = 0; i < muster_n_hosts(run->m); i++) {
		char name[256];

		if (json_is_utf8(muster_host_name(run->m, i)))
			continue;
		(void)muster_clean_text(name, sizeof(name),
		    muster_host_name(run->m, i),
		    strlen(muster_host_name(run->m, i)));
		err->code = MUSTER_ERR_USAGE;
		err->at = MUSTER_NOWHERE;
		(void)snprintf(err->text, sizeof(err->text),
		    "host '%s': a name in JSON must be UTF-8", name);
		return -1;
	}
	return 0;
}

static struct json *
begin(const char *event)
{
	struct json *object = json_new();

	json_add_number(object, "v", FORMAT_VERSION);
	json_add_text(object, "event", event);
	return object;
}

/* An event at a time, of a host unless there is none. */
static struct json *
begin_at(const struct records *r, const char *event, int64_t at_us, size_t host)
{
	struct json *object = begin(event);

	json_add_seconds(
	    object, "t", at_us > r->begun_us ? at_us - r->begun_us : 0);
	if (host != MUSTER_NOWHERE) {
		json_add_text(
		    object, "host", muster_host_name(r->run->m, host));
		json_add_number(object, "rank", host);
	}
	return object;
}

static void
add_time(struct json *object, int64_t wall_us)
{
	struct timespec now = {.tv_sec = (time_t)(wall_us / 1000000),
	    .tv_nsec = wall_us % 1000000 * 1000};
	struct tm tm;
	char day[32], text[48];

	if (wall_us == 0)
		(void)clock_gettime(CLOCK_REALTIME, &now);
	if (gmtime_r(&now.tv_sec, &tm) == NULL)
		tm = (struct tm){.tm_mday = 1, .tm_year = 70};
	(void)strftime(day, sizeof(day), "%Y-%m-%dT%H:%M:%S", &tm);
	(void)snprintf(
	    text, sizeof(text), "%s.%03ldZ", day, now.tv_nsec / 1000000);
	json_add_text(object, "time", text);
}

void
records_add_plan(const struct records *r, struct text *to)
{
	struct json *object = begin("plan");
	const char *command = r->run->command;

	json_add_text(object, "program", PACKAGE_NAME " " PACKAGE_VERSION);
	add_time(object, r->run->wall_us);
	json_add_bytes(object, "command", command, strlen(command));
	json_add_list(
	    object, "hosts", muster_n_hosts(r->run->m), name_host, r->run->m);
	json_write(object, to);
}

void
records_add_state(const struct records *r, const struct muster_event *event,
    enum muster_state from, struct text *to)
{
	struct json *object =
	    begin_at(r, "host-state", event->at_us, event->host);

	json_add_text(object, "from", muster_state_word(from));
	json_add_text(object, "to", muster_state_word(event->state));
	json_write(object, to);
}

void
records_add_note(
    const struct records *r, const struct muster_event *event, struct text *to)
{
	struct json *object = begin_at(r, "note", event->at_us, event->host);

	json_add_bytes(object, "text", event->text, strlen(event->text));
	json_write(object, to);
}

void
records_add_gate(const struct records *r, const struct muster_event *event,
    const struct muster_rollout_view *view, struct text *to)
{
	static const char *const phases[] = {
	    [MUSTER_ROLLOUT_READY] = "ready",
	    [MUSTER_ROLLOUT_RUNNING] = "running",
	    [MUSTER_ROLLOUT_SOAKING] = "soaking",
	    [MUSTER_ROLLOUT_GATE] = "gate",
	    [MUSTER_ROLLOUT_STOPPING] = "stopping",
	    [MUSTER_ROLLOUT_OVER] = "over",
	};
	struct json *object = begin_at(r, "gate", event->at_us, MUSTER_NOWHERE);

	json_add_text(object, "phase", phases[view->phase]);
	json_add_number(object, "wave", view->wave + 1);
	json_add_number(object, "waves", view->n_waves);
	json_add_number(object, "ok", view->n_good);
	json_add_number(object, "failed", view->n_bad);
	json_add_number(object, "in_flight", view->n_in_flight);
	json_add_bytes(object, "text", event->text, strlen(event->text));
	json_write(object, to);
}

/* The hosts that wait for an answer. */
struct askers {
	const struct muster *m;
	const struct muster_prompt *prompt;
};

static const char *
name_asker(const void *askers, size_t i)
{
	const struct askers *a = askers;

	return muster_host_name(a->m, a->prompt->hosts[i]);
}

void
records_add_prompt(
    const struct records *r, const struct muster_event *event, struct text *to)
{
	const struct muster_prompt *p = event->prompt;
	const struct askers askers = {r->run->m, p};
	struct json *object =
	    begin_at(r, "prompt", event->at_us, MUSTER_NOWHERE);

	json_add_number(object, "id", p->id);
	json_add_text(object, "kind", muster_prompt_word(p->kind));
	json_add_list(object, "hosts", p->n_hosts, name_asker, &askers);
	json_add_bytes(object, "about", p->about, strlen(p->about));
	json_add_bytes(object, "text", p->text, strlen(p->text));
	json_add_bytes(object, "more", p->more, strlen(p->more));
	if (p->kind == MUSTER_PROMPT_HOSTKEY) {
		json_add_text(object, "key_type", p->key_type);
		json_add_text(object, "fingerprint", p->fingerprint);
	}
	json_add_number(object, "attempt", p->attempt);
	json_add_bool(object, "echo", p->echo);
	json_add_bool(object, "withdrawn", p->withdrawn);
	json_write(object, to);
}

void
records_add_out(
    const struct records *r, const struct record_line *line, struct text *to)
{
	struct json *object = begin_at(r, "out", line->at_us, line->host);

	json_add_text(object, "stream",
	    line->stream == MUSTER_STDOUT ? "stdout" : "stderr");
	json_add_number(object, "seq", line->seq);
	json_add_bytes(object, "data", line->data, line->len);
	json_add_bool(object, "eol", line->eol);
	json_write(object, to);
}

void
records_add_exit(
    const struct records *r, const struct muster_event *event, struct text *to)
{
	const struct muster_result *result = event->result;
	struct json *object = begin_at(r, "exit", event->at_us, event->host);

	json_add_bool(object, "ok", muster_result_is_ok(result));
	json_add_text(object, "reason", muster_outcome_word(result->outcome));
	if (result->outcome == MUSTER_EXIT)
		json_add_number(object, "rc", result->code);
	else
		json_add_null(object, "rc");
	if (result->outcome == MUSTER_SIGNAL)
		json_add_bytes(object, "signal", result->signal,
		    strnlen(result->signal, sizeof(result->signal)));
	else
		json_add_null(object, "signal");
	json_add_seconds(object, "dur", writer_duration_us(result));
	json_add_text(object, "stage", muster_state_word(result->stage));
	json_add_number(object, "attempts", result->attempts);
	json_add_number(object, "out_bytes", result->out_bytes);
	json_add_number(object, "err_bytes", result->err_bytes);
	json_add_bool(
	    object, "incomplete", (result->flags & MUSTER_INCOMPLETE) != 0);
	json_add_bytes(object, "text", result->text, strlen(result->text));
	json_write(object, to);
}

void
records_add_transfer(
    const struct records *r, const struct muster_event *event, struct text *to)
{
	const struct muster_transfer *t = event->transfer;
	struct json *object =
	    begin_at(r, "transfer", event->at_us, event->host);

	json_add_number(object, "bytes", t->bytes_done);
	json_add_number(object, "total", t->bytes);
	json_add_number(object, "rate", t->bytes_per_s);
	json_add_number(object, "files", t->files_done);
	json_add_number(object, "files_total", t->files);
	json_add_number(object, "files_same", t->files_same);
	json_add_number(object, "files_failed", t->files_failed);
	if (t->file[0] != '\0') {
		json_add_bytes(object, "file", t->file, strlen(t->file));
		json_add_number(object, "file_bytes", t->file_done);
		json_add_number(object, "file_total", t->file_bytes);
	}
	json_write(object, to);
}

void
records_add_summary(const struct records *r,
    const struct writer_summary *summary, struct text *to)
{
	const struct muster_tally *tally = &summary->tally;
	struct json *object = begin_at(r, "summary", now_us(), MUSTER_NOWHERE);

	json_add_number(object, "hosts", tally->n_hosts);
	json_add_number(object, "ok", tally->n_ok);
	json_add_number(object, "failed", tally->n_failed);
	json_add_number(object, "not_reached", tally->n_not_run);
	json_add_number(object, "unknown", tally->n_unknown);
	json_add_number(
	    object, "unfinished", tally->n_hosts - tally->n_finished);
	json_add_number(
	    object, "exitcode", (uint64_t)(unsigned)summary->exitcode);
	json_write(object, to);
}
