/*
 * write_gather.c -- -b, -B, --diff, --similar: what is equal once, at the end;
 * with -L a group as soon as nobody can join it any more.
 *
 * Room: src.  May touch: muster.h, args.h, gathered.h, heap.h, stream.h,
 * text.h, writer.h.
 * With -b standard error is shown as it comes. With -B it is gathered too, a
 * line at a time, so that a line of one stream never ends up within a line
 * of the other.
 */
#include "config.h"

#include "src/args.h"
#include "src/gathered.h"
#include "src/heap.h"
#include "src/stream.h"
#include "src/text.h"
#include "src/writer.h"

#include <stdlib.h>
#include <string.h>

#define EXIT_CODES 0x10000u /* `how` below it is an exit status */

/* A way to end that is no ordinary exit status. */
struct ending {
	enum muster_outcome outcome;
	uint32_t code;
	char signal[16];
};

struct writer {
	const struct writer_run *run; /* borrowed */
	struct gathered_form form;
	struct muster_gather *texts; /* owned */
	struct stream *stream;       /* owned; for what is not gathered */
	struct text *begun;          /* owned; -B: lines, two a host */
	struct ending *endings;      /* owned */
	size_t n_endings, cap_endings;
	struct gathered *gathered; /* owned; while something is printed */
	bool *ended;               /* owned; hosts with a result */
	bool *left;                /* owned; hosts that are not printed yet */
	bool *blocks;              /* owned; hosts that a group waits for */
	bool looks; /* -L: one has ended since groups were seen */
	bool over;  /* all have ended */
};

#define LINE_BYTES 512 /* of a text, for a glance */

static void *
open_writer(const struct writer_run *run, struct muster_error *err)
{
	size_t n = muster_n_hosts(run->m);
	struct gathered_form form;
	struct writer *w;

	if (gathered_read_form(run->args, &form, err) < 0)
		return NULL;
	w = heap_array(1, sizeof(*w));
	w->run = run;
	w->form = form;
	w->form.guards = true;
	w->texts = muster_gather_new(n);
	w->ended = heap_array(n, sizeof(*w->ended));
	w->left = heap_array(n, sizeof(*w->left));
	w->blocks = heap_array(n, sizeof(*w->blocks));
	memset(w->left, true, n * sizeof(*w->left));
	w->stream = stream_new(n, STREAM_LINE_MAX, run->out, run->err);
	if (run->args->gather_all)
		w->begun = heap_array(2 * n, sizeof(*w->begun));
	return w;
}

static void
add_begun(struct writer *w, size_t host, struct text *begun)
{
	muster_gather_add(w->texts, host, begun->mem, begun->len);
	text_clear(begun);
}

/* Gathers bytes of one of two streams, up to the last newline. */
static void
add_lines(struct writer *w, const struct muster_event *event)
{
	struct text *begun = &w->begun[2 * event->host + event->stream];
	const char *data = event->data;
	const char *newline = memrchr(data, '\n', event->len);
	size_t n = newline != NULL ? (size_t)(newline - data) + 1 : 0;

	if (n > 0) {
		if (begun->len > 0)
			add_begun(w, event->host, begun);
		muster_gather_add(w->texts, event->host, data, n);
	}
	text_add(begun, data + n, event->len - n);
	if (begun->len > STREAM_LINE_MAX)
		add_begun(w, event->host, begun);
}

/* Both streams are at their end: a last line gets its newline. */
static void
add_last_lines(struct writer *w, size_t host)
{
	for (int i = 0; i < 2; i++) {
		struct text *begun = &w->begun[2 * host + (size_t)i];

		if (begun->len == 0)
			continue;
		text_add(begun, "\n", 1);
		add_begun(w, host, begun);
	}
}

/* A number for each way to end, so that groups agree in it. Where texts are
 * compared, they alone count. */
static uint32_t
number_ending(struct writer *w, const struct muster_result *result)
{
	struct ending ending = {.outcome = result->outcome};
	size_t i;

	if (w->form.diff || w->form.similar > 0)
		return 0;
	if (result->outcome == MUSTER_EXIT && result->code < EXIT_CODES)
		return result->code;
	if (result->outcome == MUSTER_EXIT)
		ending.code = result->code;
	else if (result->outcome == MUSTER_SIGNAL)
		(void)memccpy(
		    ending.signal, result->signal, '\0', sizeof(ending.signal));
	for (i = 0; i < w->n_endings; i++) {
		const struct ending *e = &w->endings[i];

		if (e->outcome == ending.outcome && e->code == ending.code &&
		    strncmp(e->signal, ending.signal, sizeof(e->signal)) == 0)
			return EXIT_CODES + (uint32_t)i;
	}
	heap_grow(&w->endings, &w->cap_endings, w->n_endings + 1,
	    sizeof(*w->endings));
	w->endings[w->n_endings++] = ending;
	return EXIT_CODES + (uint32_t)i;
}

static void
take_output(struct writer *w, const struct muster_event *event)
{
	if (w->begun != NULL)
		add_lines(w, event);
	else if (event->stream == MUSTER_STDOUT)
		muster_gather_add(
		    w->texts, event->host, event->data, event->len);
	else
		stream_add(w->stream, event->host, event->stream,
		    writer_label(w->run, event->host), event->data, event->len);
}

static void
take(void *writer, const struct muster_event *event)
{
	struct writer *w = writer;

	if (event->type == MUSTER_EVENT_OUTPUT) {
		take_output(w, event);
		w->looks |= w->blocks[event->host];
	} else if (event->type == MUSTER_EVENT_RESULT) {
		stream_end(
		    w->stream, event->host, writer_label(w->run, event->host));
		if (w->begun != NULL)
			add_last_lines(w, event->host);
		muster_gather_end(
		    w->texts, event->host, number_ending(w, event->result));
		w->ended[event->host] = true;
		w->looks = w->run->args->lines;
	}
}

static const char *
name_host(const void *m, size_t host)
{
	return muster_host_name(m, host);
}

static struct gathered_texts
list_texts(const struct writer *w)
{
	return (struct gathered_texts){
	    w->texts, name_host, w->run->m, w->run->out};
}

/* Prints the groups of chosen hosts. */
static void
begin(struct writer *w, const bool *chosen)
{
	const struct gathered_texts texts = list_texts(w);

	w->gathered = gathered_new(&texts, &w->form, chosen);
}

/* Whether no host that goes on may yet print what this one has; the first that
 * may is looked at again when it prints more. */
static bool
is_complete(struct writer *w, uint32_t host)
{
	for (size_t i = 0; i < muster_n_hosts(w->run->m); i++)
		if (!w->ended[i] && writer_has(w->run, i) &&
		    muster_gather_may_become(w->texts, i, host)) {
			w->blocks[i] = true;
			return false;
		}
	return true;
}

/* Prints the groups that are complete. */
static void
begin_early(struct writer *w)
{
	size_t n_groups = muster_gather_group(w->texts, w->form.by_host);
	bool *chosen = heap_array(muster_n_hosts(w->run->m), sizeof(*chosen));
	bool any = false;

	w->looks = false;
	memset(w->blocks, false, muster_n_hosts(w->run->m));
	for (size_t i = 0; i < n_groups; i++) {
		size_t n;
		const uint32_t *hosts = muster_gather_hosts(w->texts, i, &n);

		if (!w->left[hosts[0]] || !is_complete(w, hosts[0]))
			continue;
		for (size_t j = 0; j < n; j++) {
			chosen[hosts[j]] = true;
			w->left[hosts[j]] = false;
		}
		any = true;
	}
	if (any)
		begin(w, chosen);
	free(chosen);
}

static void
end(void *writer, const struct writer_summary *summary)
{
	struct writer *w = writer;

	(void)summary;
	w->over = true;
	for (size_t i = 0; i < muster_n_hosts(w->run->m); i++) {
		const struct muster_result *result =
		    muster_host_result(w->run->m, i);

		if (result->outcome == MUSTER_PENDING && writer_has(w->run, i))
			muster_gather_end(
			    w->texts, i, number_ending(w, result));
	}
	writer_check_whole(w->run, w->texts);
	begin(w, w->left);
}

static bool
pump(void *writer)
{
	struct writer *w = writer;

	if (w->looks && !w->over && w->gathered == NULL)
		begin_early(w);
	if (w->gathered == NULL)
		return false;
	if (gathered_pump(w->gathered))
		return true;
	gathered_free(w->gathered);
	w->gathered = NULL;
	return false;
}

/* "web[1-38] (38): the first line", a group a line. */
static void
glance(void *writer, unsigned n, struct text *to)
{
	struct writer *w = writer;
	const struct gathered_texts texts = list_texts(w);
	size_t n_groups = muster_gather_group(w->texts, false);

	for (size_t i = 0; i < n_groups; i++) {
		size_t n_hosts, len = 0;
		const uint32_t *hosts =
		    muster_gather_hosts(w->texts, i, &n_hosts);
		char line[LINE_BYTES];
		const void *data = "";
		const char *end;

		if (i + 1 == n && n_groups > n) {
			text_addf(to, "and %zu more groups\n", n_groups - i);
			break;
		}
		(void)muster_gather_read(w->texts, hosts[0], 0, &data, &len);
		end = memchr(data, '\n', len);
		if (end != NULL)
			len = (size_t)(end - (const char *)data);
		(void)muster_clean_text(line, sizeof(line), data, len);
		gathered_add_names(&texts, hosts, n_hosts, to);
		text_addf(to, ": %s\n", line);
	}
}

static void
close_writer(void *writer)
{
	struct writer *w = writer;

	for (size_t i = 0;
	     w->begun != NULL && i < 2 * muster_n_hosts(w->run->m); i++)
		text_clear(&w->begun[i]);
	free(w->begun);
	free(w->endings);
	free(w->ended);
	free(w->left);
	free(w->blocks);
	gathered_free(w->gathered);
	stream_free(w->stream);
	muster_gather_free(w->texts);
	free(w);
}

const struct writer_ops write_gather_ops = {
    .open = open_writer,
    .take = take,
    .pump = pump,
    .glance = glance,
    .end = end,
    .close = close_writer,
};
