/*
 * stream.c -- the output of many hosts, cut into lines with labels.
 *
 * Room: src.  May touch: muster.h, heap.h, output.h, text.h.
 */
#include "config.h"

#include "src/stream.h"

#include "src/heap.h"
#include "src/output.h"
#include "src/text.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define N_STREAMS 2

/* A begun line. */
struct part {
	struct text text;          /* as it came */
	struct muster_clean clean; /* instead, for a terminal */
};

struct stream {
	size_t n_hosts;
	size_t line_max;
	struct output *to[N_STREAMS]; /* borrowed */
	struct part *parts;           /* owned; N_STREAMS a host */
};

struct stream *
stream_new(
    size_t n_hosts, size_t line_max, struct output *out, struct output *err)
{
	struct stream *s = heap_array(1, sizeof(*s));

	assert(line_max > 0);
	s->n_hosts = n_hosts;
	s->line_max = line_max;
	s->to[MUSTER_STDOUT] = out;
	s->to[MUSTER_STDERR] = err;
	s->parts = heap_array(n_hosts * N_STREAMS, sizeof(*s->parts));
	for (size_t i = 0; i < n_hosts * N_STREAMS; i++)
		muster_clean_init(&s->parts[i].clean, output_clean_flags());
	return s;
}

void
stream_free(struct stream *s)
{
	if (s == NULL)
		return;
	for (size_t i = 0; i < s->n_hosts * N_STREAMS; i++) {
		text_clear(&s->parts[i].text);
		muster_clean_clear(&s->parts[i].clean);
	}
	free(s->parts);
	free(s);
}

/* Sends a begun line off as a line. */
static void
send_part(struct text *part, struct output *to, const char *label)
{
	output_line(to, label, part->mem, part->len);
	text_clear(part);
}

/* Adds bytes that hold no newline to a begun line. */
static void
add_to_part(struct text *part, size_t line_max, struct output *to,
    const char *label, const char *data, size_t len)
{
	while (len > 0) {
		size_t room = line_max - part->len;
		size_t n = len < room ? len : room;

		if (n == 0) {
			send_part(part, to, label);
			continue;
		}
		text_add(part, data, n);
		data += n;
		len -= n;
	}
}

/* Cuts bytes into lines as they are. */
static void
add_bytes(struct text *part, size_t line_max, struct output *to,
    const char *label, const char *p, size_t len)
{
	const char *end = p + len;

	while (p < end) {
		const char *newline = memchr(p, '\n', (size_t)(end - p));
		size_t n = (size_t)((newline != NULL ? newline : end) - p);

		if (newline != NULL && part->len == 0 && n <= line_max) {
			output_line(to, label, p, n);
		} else {
			add_to_part(part, line_max, to, label, p, n);
			if (newline != NULL)
				send_part(part, to, label);
		}
		p += n + (newline != NULL);
	}
}

void
stream_add(struct stream *s, size_t host, enum muster_stream which,
    const char *label, const void *data, size_t len)
{
	struct part *part = &s->parts[host * N_STREAMS + which];
	struct output *to = s->to[which];
	const char *p = data;
	struct muster_line line;

	assert(host < s->n_hosts);
	if (!to->clean) {
		add_bytes(&part->text, s->line_max, to, label, p, len);
		return;
	}
	while (muster_clean_next(&part->clean, &p, &len, &line))
		output_line(to, label, line.text, line.len);
}

void
stream_end(struct stream *s, size_t host, const char *label)
{
	struct muster_line line;

	assert(host < s->n_hosts);
	for (int which = 0; which < N_STREAMS; which++) {
		struct part *part = &s->parts[host * N_STREAMS + which];

		if (part->text.len > 0)
			send_part(&part->text, s->to[which], label);
		while (muster_clean_last(&part->clean, &line))
			output_line(s->to[which], label, line.text, line.len);
		muster_clean_clear(&part->clean);
	}
}
