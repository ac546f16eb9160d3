/*
 * replay.c -- the door: what a run says, asked piece by piece.
 *
 * Room: engine/record.  May touch: base/, the room.
 */
#include "config.h"

#include "base/mem.h"
#include "record/reading.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const struct muster_run_about *
muster_run_about(const struct muster_run *run)
{
	return &run->about;
}

const struct muster_host *
muster_run_host(const struct muster_run *run, size_t host)
{
	assert(host < run->about.n_hosts);
	return &run->hosts[host];
}

const char *
muster_run_command(const struct muster_run *run, size_t order)
{
	assert(order < run->about.n_orders);
	return run->orders[order].command;
}

static const struct reading_end *
find_end(const struct muster_run *run, size_t order, size_t host)
{
	static const struct reading_end none;

	assert(order < run->about.n_orders && host < run->about.n_hosts);
	return host < run->orders[order].n_ends ? &run->orders[order].ends[host]
						: &none;
}

const struct muster_result *
muster_run_result(const struct muster_run *run, size_t order, size_t host)
{
	return &find_end(run, order, host)->result;
}

bool
muster_run_was_asked(const struct muster_run *run, size_t order, size_t host)
{
	return find_end(run, order, host)->asked;
}

/* ---- bytes ---- */

/* Reads from a segment; what cannot be read is missing. */
static size_t
read_file(const struct muster_run *run, const struct reading_event *e,
    uint64_t skip, void *data, size_t len)
{
	ssize_t n = pread(run->files[e->file], data,
	    len < e->len - skip ? len : (size_t)(e->len - skip),
	    (off_t)(e->at + skip));

	return n > 0 ? (size_t)n : 0;
}

struct key {
	uint32_t order, host;
	enum muster_stream stream;
	uint64_t offset;
};

static struct key
key_of(const struct reading_event *e)
{
	return (struct key){e->order, e->host, e->stream, e->offset};
}

static int
compare_keys(const struct key *a, const struct key *b)
{
	if (a->order != b->order)
		return a->order < b->order ? -1 : 1;
	if (a->host != b->host)
		return a->host < b->host ? -1 : 1;
	if (a->stream != b->stream)
		return a->stream < b->stream ? -1 : 1;
	return a->offset < b->offset ? -1 : a->offset > b->offset;
}

static int
compare_places(const void *x, const void *y, void *arg)
{
	const struct muster_run *run = arg;
	struct key a = key_of(&run->events[*(const size_t *)x]);
	struct key b = key_of(&run->events[*(const size_t *)y]);

	return compare_keys(&a, &b);
}

/* Made when it is first needed. */
static void
sort_outputs(struct muster_run *run)
{
	if (run->outputs.items != NULL)
		return;
	run->outputs.items = mem_array(run->n_events + 1, sizeof(size_t));
	for (size_t i = 0; i < run->n_events; i++)
		if (run->events[i].type == MUSTER_EVENT_OUTPUT)
			run->outputs.items[run->outputs.n++] = i;
	qsort_r(run->outputs.items, run->outputs.n, sizeof(size_t),
	    compare_places, run);
}

/* The last output at or before the key, or NULL. */
static const struct reading_event *
find_output(struct muster_run *run, const struct key *key)
{
	size_t low = 0, high;

	sort_outputs(run);
	high = run->outputs.n;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		struct key k = key_of(&run->events[run->outputs.items[middle]]);

		if (compare_keys(&k, key) <= 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low > 0 ? &run->events[run->outputs.items[low - 1]] : NULL;
}

size_t
muster_run_read(struct muster_run *run, size_t order, size_t host,
    enum muster_stream stream, uint64_t offset, void *data, size_t len)
{
	size_t done = 0;

	while (done < len) {
		const struct key key = {
		    (uint32_t)order, (uint32_t)host, stream, offset + done};
		const struct reading_event *e = find_output(run, &key);
		size_t n;

		if (e == NULL || e->order != order || e->host != host ||
		    e->stream != stream || key.offset - e->offset >= e->len)
			break;
		n = read_file(run, e, key.offset - e->offset,
		    (char *)data + done, len - done);
		if (n == 0)
			break;
		done += n;
	}
	return done;
}

/* ---- events ---- */

bool
muster_run_next(struct muster_run *run, size_t *at, struct muster_event *event,
    size_t *order)
{
	const struct reading_event *e;

	if (*at >= run->n_events)
		return false;
	e = &run->events[(*at)++];
	*order = e->order;
	*event = (struct muster_event){.type = e->type,
	    .host = e->host == UINT32_MAX ? MUSTER_NOWHERE : e->host,
	    .at_us = e->us,
	    .state = MUSTER_RUNNING,
	    .stream = e->stream,
	    .text = e->text};
	if (e->type == MUSTER_EVENT_RESULT)
		event->result = &run->orders[e->order].ends[e->host].result;
	if (e->type != MUSTER_EVENT_OUTPUT)
		return true;
	if (run->data == NULL)
		run->data = mem_new(SEGMENT_FRAME_BYTES);
	event->data = run->data;
	event->len = read_file(run, e, 0, run->data, e->len);
	return true;
}
