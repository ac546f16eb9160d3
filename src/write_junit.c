/*
 * write_junit.c -- --junit: how hosts ended, as CI systems read it.
 *
 * Room: src.  May touch: muster.h, args.h, heap.h, text.h, writer.h, xml.h.
 * Each host is a test case. The file gets its name when it is whole: a reader
 * finds an earlier one, or this.
 */
#include "config.h"

#include "src/args.h"
#include "src/heap.h"
#include "src/text.h"
#include "src/writer.h"
#include "src/xml.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define SHOWN_BYTES 65536 /* of each stream of a host: the last ones */

struct writer {
	const struct writer_run *run;  /* borrowed */
	const char *path;              /* borrowed */
	struct text temporary;         /* its name until it is whole */
	int fd;                        /* -1: closed */
	struct muster_gather *said[2]; /* owned; by stream */
	time_t begun;
	size_t n[3]; /* of each enum verdict */
};

enum verdict { FAILURE, ERROR, SKIPPED, SUCCESS };

static void
close_writer(void *writer)
{
	struct writer *w = writer;

	if (w->fd >= 0) {
		(void)close(w->fd);
		(void)unlink(text_str(&w->temporary));
	}
	text_clear(&w->temporary);
	muster_gather_free(w->said[0]);
	muster_gather_free(w->said[1]);
	free(w);
}

static bool
is_folder(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static void *
open_writer(const struct writer_run *run, struct muster_error *err)
{
	struct writer *w = heap_array(1, sizeof(*w));

	w->run = run;
	w->path = run->args->junit;
	w->begun = time(NULL);
	text_addf(&w->temporary, "%s.%ld.tmp", w->path, (long)getpid());
	errno = EISDIR;
	w->fd = is_folder(w->path)
		    ? -1
		    : open(text_str(&w->temporary),
			  O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
			  0666);
	if (w->fd < 0) {
		(void)snprintf(err->text, sizeof(err->text),
		    "cannot write '%.250s': %s", w->path, strerror(errno));
		err->code = MUSTER_ERR_FILE;
		err->at = MUSTER_NOWHERE;
		close_writer(w);
		return NULL;
	}
	for (int i = 0; i < 2; i++)
		w->said[i] = muster_gather_new(muster_n_hosts(run->m));
	return w;
}

static void
take(void *writer, const struct muster_event *event)
{
	struct writer *w = writer;

	if (event->type == MUSTER_EVENT_OUTPUT)
		muster_gather_add(w->said[event->stream], event->host,
		    event->data, event->len);
}

static enum verdict
judge(const struct muster_result *result)
{
	if (muster_result_is_ok(result))
		return SUCCESS;
	if (muster_outcome_family(result->outcome) == MUSTER_FAMILY_RAN)
		return FAILURE;
	return muster_result_is_failure(result) ? ERROR : SKIPPED;
}

static void
add_seconds(struct text *to, int64_t us)
{
	text_addf(to, " time=\"%lld.%03lld\"", (long long)(us / 1000000),
	    (long long)(us / 1000 % 1000));
}

static void
add_reason(struct text *to, const struct muster_result *result)
{
	static const char *const elements[] = {"failure", "error", "skipped"};
	enum verdict verdict = judge(result);
	struct text message = {0};

	if (verdict == SUCCESS)
		return;
	if (result->outcome == MUSTER_EXIT)
		text_addf(&message, "exit %lu", (unsigned long)result->code);
	else if (result->outcome == MUSTER_SIGNAL)
		text_addf(&message, "signal %.16s", result->signal);
	else
		text_adds(&message, result->text);
	text_addf(to, "<%s", elements[verdict]);
	xml_add_attribute(to, "message", text_str(&message));
	if (verdict != SKIPPED)
		xml_add_attribute(to, "type",
		    result->outcome != MUSTER_PENDING
			? muster_outcome_word(result->outcome)
			: "STILL_RUNNING");
	text_adds(to, "/>\n");
	text_clear(&message);
}

/* Adds the end of what a host wrote on a stream. */
static void
add_output(const struct writer *w, size_t host, int stream, struct text *to)
{
	const char *name =
	    stream == MUSTER_STDOUT ? "system-out" : "system-err";
	const struct muster_gather *said = w->said[stream];
	struct text text = {0};
	uint64_t at = 0;
	const void *data;
	size_t len;

	while (muster_gather_read(said, host, at, &data, &len)) {
		at += len;
		text_add(&text, data, len);
		if (text.len > 2 * (size_t)SHOWN_BYTES)
			text_drain(&text, text.len - SHOWN_BYTES);
	}
	if (text.len > SHOWN_BYTES)
		text_drain(&text, text.len - SHOWN_BYTES);
	if (text.len > 0) {
		text_addf(to, "<%s>", name);
		if (at > text.len)
			text_addf(to, "[%llu bytes before this]\n",
			    (unsigned long long)(at - text.len));
		xml_add_text(to, text.mem, text.len);
		if (!muster_gather_is_whole(said, host))
			text_adds(to, "[more was written]\n");
		text_addf(to, "</%s>\n", name);
	}
	text_clear(&text);
}

static void
add_case(const struct writer *w, size_t host, struct text *to)
{
	const struct muster_result *result =
	    muster_host_result(w->run->m, host);

	text_adds(to, "<testcase");
	xml_add_attribute(to, "name", muster_host_name(w->run->m, host));
	xml_add_attribute(to, "classname", "muster");
	add_seconds(to, writer_duration_us(result));
	text_adds(to, ">\n");
	add_reason(to, result);
	add_output(w, host, MUSTER_STDOUT, to);
	add_output(w, host, MUSTER_STDERR, to);
	text_adds(to, "</testcase>\n");
}

static void
add_head(struct writer *w, struct text *to)
{
	size_t n = muster_n_hosts(w->run->m);
	int64_t longest_us = 0;
	struct tm tm = {.tm_mday = 1, .tm_year = 70};
	char day[32];

	for (size_t i = 0; i < n; i++) {
		const struct muster_result *result =
		    muster_host_result(w->run->m, i);
		int64_t us = writer_duration_us(result);

		longest_us = us > longest_us ? us : longest_us;
		if (judge(result) != SUCCESS)
			w->n[judge(result)]++;
	}
	(void)gmtime_r(&w->begun, &tm);
	(void)strftime(day, sizeof(day), "%Y-%m-%dT%H:%M:%S", &tm);
	text_adds(to, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
	text_addf(to,
	    "<testsuites tests=\"%zu\" failures=\"%zu\" errors=\"%zu\">\n"
	    "<testsuite",
	    n, w->n[FAILURE], w->n[ERROR]);
	xml_add_attribute(to, "name", w->run->command);
	text_addf(to,
	    " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" skipped=\"%zu\"", n,
	    w->n[FAILURE], w->n[ERROR], w->n[SKIPPED]);
	add_seconds(to, longest_us);
	xml_add_attribute(to, "timestamp", day);
	text_adds(to, ">\n");
}

/* Writes what is held. Returns false with errno. */
static bool
send(struct writer *w, struct text *text)
{
	size_t done = 0;

	while (done < text->len) {
		ssize_t n = write(w->fd, text->mem + done, text->len - done);

		if (n < 0 && errno != EINTR)
			return false;
		done += n > 0 ? (size_t)n : 0;
	}
	text_clear(text);
	return true;
}

static void
end(void *writer, const struct writer_summary *summary)
{
	struct writer *w = writer;
	struct text text = {0};
	bool good;

	(void)summary;
	add_head(w, &text);
	good = send(w, &text);
	for (size_t i = 0; good && i < muster_n_hosts(w->run->m); i++) {
		add_case(w, i, &text);
		good = send(w, &text);
	}
	text_adds(&text, "</testsuite>\n</testsuites>\n");
	good = good && send(w, &text) && fsync(w->fd) == 0 &&
	       rename(text_str(&w->temporary), w->path) == 0;
	text_clear(&text);
	if (!good) {
		writer_fail(w->run, errno, "cannot write '%s': %s", w->path,
		    strerror(errno));
		return;
	}
	(void)close(w->fd);
	w->fd = -1;
}

const struct writer_ops write_junit_ops = {
    .open = open_writer,
    .take = take,
    .end = end,
    .close = close_writer,
};
