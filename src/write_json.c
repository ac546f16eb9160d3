/*
 * write_json.c -- -j: everything that happens, an event a line.
 *
 * Room: src.  May touch: muster.h, heap.h, output.h, records.h, stream.h,
 * text.h, writer.h.
 * Output is cut into lines; one that is longer than STREAM_LINE_MAX comes in
 * pieces that do not cut a character in two.
 */
#include "config.h"

#include "src/heap.h"
#include "src/output.h"
#include "src/records.h"
#include "src/stream.h"
#include "src/text.h"
#include "src/writer.h"

#include <stdlib.h>
#include <string.h>

struct host {
	struct text
	    begun[2]; /* a line of each stream, STREAM_LINE_MAX at most */
	uint64_t n_lines;
	enum muster_state state;
};

struct writer {
	const struct writer_run *run; /* borrowed */
	struct records records;
	struct host *hosts; /* owned */
};

static void
send(struct writer *w, struct text *line)
{
	if (w->run->out->error == 0)
		text_add(&w->run->out->lines, line->mem, line->len);
	text_clear(line);
}

static void *
open_writer(const struct writer_run *run, struct muster_error *err)
{
	struct writer *w = heap_array(1, sizeof(*w));
	struct text line = {0};

	w->run = run;
	if (records_init(&w->records, run, err) < 0) {
		free(w);
		return NULL;
	}
	w->hosts = heap_array(muster_n_hosts(run->m), sizeof(*w->hosts));
	records_add_plan(&w->records, &line);
	send(w, &line);
	return w;
}

/* How many bytes at the end are the beginning of a character. */
static size_t
count_torn(const struct text *t)
{
	for (size_t i = 1; i <= 3 && i <= t->len; i++) {
		unsigned char c = (unsigned char)t->mem[t->len - i];
		size_t want = c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : 2;

		if (c < 0x80)
			return 0;
		if (c >= 0xc0)
			return want > i ? i : 0;
	}
	return 0;
}

/* Sends the first `len` bytes of a begun line. */
static void
send_begun(struct writer *w, const struct muster_event *event,
    enum muster_stream stream, size_t len, bool eol)
{
	struct host *host = &w->hosts[event->host];
	struct text *begun = &host->begun[stream];
	struct record_line line = {
	    .host = event->host,
	    .stream = stream,
	    .seq = host->n_lines++,
	    .at_us = event->at_us,
	    .data = begun->mem,
	    .len = len,
	    .eol = eol,
	};
	struct text record = {0};

	records_add_out(&w->records, &line, &record);
	send(w, &record);
	text_drain(begun, len);
	if (begun->len == 0)
		text_clear(begun);
}

/* Adds bytes that hold no newline. */
static void
add_part(struct writer *w, const struct muster_event *event, const char *p,
    size_t len)
{
	struct text *begun = &w->hosts[event->host].begun[event->stream];

	while (len > 0) {
		size_t room = STREAM_LINE_MAX - begun->len;
		size_t n = len < room ? len : room;

		text_add(begun, p, n);
		p += n;
		len -= n;
		if (len > 0)
			send_begun(w, event, event->stream,
			    begun->len - count_torn(begun), false);
	}
}

static void
take_output(struct writer *w, const struct muster_event *event)
{
	struct text *begun = &w->hosts[event->host].begun[event->stream];
	const char *p = event->data;
	const char *end = p + event->len;

	while (p < end) {
		const char *newline = memchr(p, '\n', (size_t)(end - p));

		add_part(w, event, p,
		    (size_t)((newline != NULL ? newline : end) - p));
		if (newline == NULL)
			break;
		send_begun(w, event, event->stream, begun->len, true);
		p = newline + 1;
	}
}

static void
take_result(struct writer *w, const struct muster_event *event)
{
	struct text line = {0};

	for (int i = 0; i < 2; i++) {
		struct text *begun = &w->hosts[event->host].begun[i];

		if (begun->len > 0)
			send_begun(
			    w, event, (enum muster_stream)i, begun->len, false);
	}
	records_add_exit(&w->records, event, &line);
	send(w, &line);
}

static void
take(void *writer, const struct muster_event *event)
{
	struct writer *w = writer;
	struct text line = {0};

	switch (event->type) {
	case MUSTER_EVENT_STATE:
		records_add_state(
		    &w->records, event, w->hosts[event->host].state, &line);
		w->hosts[event->host].state = event->state;
		send(w, &line);
		break;
	case MUSTER_EVENT_OUTPUT:
		take_output(w, event);
		break;
	case MUSTER_EVENT_RESULT:
		take_result(w, event);
		break;
	case MUSTER_EVENT_NOTE:
		if (w->run->rollout != NULL)
			records_add_gate(
			    &w->records, event, w->run->rollout, &line);
		else
			records_add_note(&w->records, event, &line);
		send(w, &line);
		break;
	case MUSTER_EVENT_TRANSFER:
		records_add_transfer(&w->records, event, &line);
		send(w, &line);
		break;
	case MUSTER_EVENT_PROMPT:
		records_add_prompt(&w->records, event, &line);
		send(w, &line);
		break;
	case MUSTER_EVENT_INPUT: /* not asked for here */
	case MUSTER_EVENT_SNAPSHOT:
		break;
	}
}

static void
end(void *writer, const struct writer_summary *summary)
{
	struct writer *w = writer;
	struct text line = {0};

	records_add_summary(&w->records, summary, &line);
	send(w, &line);
}

static void
close_writer(void *writer)
{
	struct writer *w = writer;

	for (size_t i = 0; i < muster_n_hosts(w->run->m); i++) {
		text_clear(&w->hosts[i].begun[0]);
		text_clear(&w->hosts[i].begun[1]);
	}
	free(w->hosts);
	free(w);
}

const struct writer_ops write_json_ops = {
    .open = open_writer,
    .take = take,
    .end = end,
    .close = close_writer,
};
