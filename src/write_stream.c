/*
 * write_stream.c -- 'host: line' as it comes.
 *
 * Room: src.  May touch: muster.h, heap.h, stream.h, writer.h.
 */
#include "config.h"

#include "src/heap.h"
#include "src/stream.h"
#include "src/writer.h"

#include <stdlib.h>

struct writer {
	const struct writer_run *run; /* borrowed */
	struct stream *stream;        /* owned */
};

static void *
open_writer(const struct writer_run *run, struct muster_error *err)
{
	struct writer *w = heap_array(1, sizeof(*w));

	(void)err;
	w->run = run;
	w->stream = stream_new(
	    muster_n_hosts(run->m), STREAM_LINE_MAX, run->out, run->err);
	return w;
}

static void
take(void *writer, const struct muster_event *event)
{
	struct writer *w = writer;

	if (event->type == MUSTER_EVENT_OUTPUT)
		stream_add(w->stream, event->host, event->stream,
		    writer_label(w->run, event->host), event->data, event->len);
	else if (event->type == MUSTER_EVENT_RESULT)
		stream_end(
		    w->stream, event->host, writer_label(w->run, event->host));
}

static void
close_writer(void *writer)
{
	struct writer *w = writer;

	stream_free(w->stream);
	free(w);
}

const struct writer_ops write_stream_ops = {
    .open = open_writer,
    .take = take,
    .close = close_writer,
};
