/*
 * write_lines.c -- -L: 'host: line', host by host, in their order.
 *
 * Room: src.  May touch: muster.h, heap.h, stream.h, writer.h.
 * A host is printed when it and all hosts before it are done. What waits for
 * that is gathered, equal texts once. Standard error is shown as it comes.
 */
#include "config.h"

#include "src/heap.h"
#include "src/stream.h"
#include "src/writer.h"

#include <stdlib.h>

#define PIECE_BYTES 65536

struct writer {
	const struct writer_run *run; /* borrowed */
	struct muster_gather *texts;  /* owned */
	struct stream *stream;        /* owned */
	bool *done;                   /* owned; a host each */
	size_t host;                  /* the one to print */
	uint64_t at;                  /* in its text */
};

static void *
open_writer(const struct writer_run *run, struct muster_error *err)
{
	size_t n = muster_n_hosts(run->m);
	struct writer *w = heap_array(1, sizeof(*w));

	(void)err;
	w->run = run;
	w->texts = muster_gather_new(n);
	w->stream = stream_new(n, STREAM_LINE_MAX, run->out, run->err);
	w->done = heap_array(n, sizeof(*w->done));
	for (size_t i = 0; i < n; i++)
		w->done[i] = !writer_has(run, i);
	return w;
}

static void
take(void *writer, const struct muster_event *event)
{
	struct writer *w = writer;

	if (event->type == MUSTER_EVENT_RESULT)
		w->done[event->host] = true;
	else if (event->type != MUSTER_EVENT_OUTPUT)
		return;
	else if (event->stream == MUSTER_STDOUT)
		muster_gather_add(
		    w->texts, event->host, event->data, event->len);
	else
		stream_add(w->stream, event->host, event->stream,
		    writer_label(w->run, event->host), event->data, event->len);
}

static bool
pump(void *writer)
{
	struct writer *w = writer;
	const char *label;
	const void *data;
	size_t len;

	if (w->host == muster_n_hosts(w->run->m) || !w->done[w->host])
		return false;
	label = writer_label(w->run, w->host);
	if (muster_gather_read(w->texts, w->host, w->at, &data, &len)) {
		len = len < PIECE_BYTES ? len : PIECE_BYTES;
		stream_add(w->stream, w->host, MUSTER_STDOUT, label, data, len);
		w->at += len;
		return true;
	}
	stream_end(w->stream, w->host, label);
	w->host++;
	w->at = 0;
	return true;
}

/* Hosts that never ended are as done as they will be. */
static void
end(void *writer, const struct writer_summary *summary)
{
	struct writer *w = writer;
	size_t n = muster_n_hosts(w->run->m);

	(void)summary;
	for (size_t i = 0; i < n; i++)
		w->done[i] = true;
	writer_check_whole(w->run, w->texts);
}

static void
close_writer(void *writer)
{
	struct writer *w = writer;

	muster_gather_free(w->texts);
	stream_free(w->stream);
	free(w->done);
	free(w);
}

const struct writer_ops write_lines_ops = {
    .open = open_writer,
    .take = take,
    .pump = pump,
    .end = end,
    .close = close_writer,
};
