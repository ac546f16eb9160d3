/*
 * reading.c -- a run read back from its folder.
 *
 * Room: engine/record.  May touch: base/, the room.
 */
#include "config.h"

#include "record/reading.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "record/rundir.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAX_FILES 512 /* 32 GiB of output; more is not read */

void
reading_damaged(struct muster_run *run, const char *fmt, ...)
{
	char text[256];
	va_list args;

	if (run->damage != NULL)
		return;
	va_start(args, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	run->damage = mem_strdup(text);
	run->about.damage = run->damage;
}

struct reading_event *
reading_add_event(struct muster_run *run)
{
	mem_grow(&run->events, &run->cap_events, run->n_events + 1,
	    sizeof(*run->events));
	run->events[run->n_events] = (struct reading_event){0};
	return &run->events[run->n_events++];
}

struct reading_end *
reading_end(struct muster_run *run, size_t order, size_t host)
{
	struct reading_order *o = &run->orders[order];
	size_t n = run->about.n_hosts;

	if (host >= o->n_ends) {
		struct reading_end *ends = mem_array(n, sizeof(*ends));

		if (o->n_ends > 0)
			memcpy(ends, o->ends, o->n_ends * sizeof(*ends));
		free(o->ends);
		o->ends = ends;
		o->n_ends = n;
	}
	return &o->ends[host];
}

/* ---- segments ---- */

struct scan {
	struct muster_run *run;
	uint32_t file;
	bool strange; /* a frame that the journal does not explain */
};

static void
take_frame(void *arg, const struct segment_frame *f, uint64_t at)
{
	struct scan *scan = arg;
	struct muster_run *run = scan->run;
	struct reading_event *event;

	if (f->order == 0 || f->order > run->about.n_orders ||
	    f->host >= run->about.n_hosts ||
	    !reading_end(run, f->order - 1, f->host)->started) {
		scan->strange = true;
		return;
	}
	event = reading_add_event(run);
	*event = (struct reading_event){.us = f->at_us,
	    .type = MUSTER_EVENT_OUTPUT,
	    .order = f->order - 1,
	    .host = f->host,
	    .stream = f->stream,
	    .file = scan->file,
	    .len = f->len,
	    .offset = f->offset,
	    .at = at};
	if (f->at_us > run->about.last_us)
		run->about.last_us = f->at_us;
}

static void
take_file(struct muster_run *run, const char *name)
{
	struct scan scan = {.run = run, .file = (uint32_t)run->n_files};
	int fd = openat(
	    run->dir, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
	struct stat st;
	uint64_t end;

	if (fd < 0 || fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) ||
	    run->n_files == MAX_FILES) {
		reading_damaged(run, "%s: cannot be read", name);
		if (fd >= 0)
			(void)close(fd);
		return;
	}
	mem_grow(&run->files, &run->cap_files, run->n_files + 1,
	    sizeof(*run->files));
	run->files[run->n_files++] = fd;
	end = segment_scan(fd, take_frame, &scan);
	if (run->about.is_running)
		return;
	if (end < (uint64_t)st.st_size)
		reading_damaged(run, "%s: byte %llu of %llu on", name,
		    (unsigned long long)end, (unsigned long long)st.st_size);
	else if (scan.strange)
		reading_damaged(
		    run, "%s: output that the journal has not", name);
}

static int
is_segment(const struct dirent *entry)
{
	return str_starts(entry->d_name, "seg-") &&
	       str_ends(entry->d_name, ".log");
}

static void
take_segments(struct muster_run *run)
{
	struct dirent **entries = NULL;
	int n = scandirat(run->dir, ".", &entries, is_segment, alphasort);

	for (int i = 0; i < n; i++) {
		take_file(run, entries[i]->d_name);
		free(entries[i]);
	}
	free(entries);
}

/* ---- in order ---- */

/* What happened at one time: sent, printed, ended. */
static int
rank(const struct reading_event *e)
{
	switch (e->type) {
	case MUSTER_EVENT_STATE:
		return 0;
	case MUSTER_EVENT_OUTPUT:
		return 1;
	default:
		return 2;
	}
}

static int
compare_events(const void *x, const void *y)
{
	const struct reading_event *a = x, *b = y;

	if (a->us != b->us)
		return a->us < b->us ? -1 : 1;
	if (rank(a) != rank(b))
		return rank(a) - rank(b);
	if (a->file != b->file)
		return a->file < b->file ? -1 : 1;
	return a->at < b->at ? -1 : a->at > b->at;
}

/* A host that was sent its order and has no end may have run. */
static void
end_the_rest(struct muster_run *run)
{
	for (size_t o = 0; o < run->about.n_orders; o++)
		for (size_t h = 0; h < run->orders[o].n_ends; h++) {
			struct reading_end *end = &run->orders[o].ends[h];

			if (!end->started || end->ended ||
			    run->about.is_running)
				continue;
			end->result.outcome = MUSTER_LOST;
			end->result.stage = MUSTER_RUNNING;
			end->result.flags = MUSTER_INCOMPLETE;
			str_copy(end->result.text, sizeof(end->result.text),
			    "the run broke off while it ran");
		}
}

struct muster_run *
reading_new(int dir, const char *id, struct muster_error *err)
{
	struct muster_run *run = mem_new(sizeof(*run));

	run->dir = dir;
	if (reading_take_journal(run, err) != 0) {
		err_prefix(err, "run '%s'", id);
		reading_free(run);
		return NULL;
	}
	take_segments(run);
	if (run->n_events > 1)
		qsort(run->events, run->n_events, sizeof(*run->events),
		    compare_events);
	end_the_rest(run);
	return run;
}

static void
free_hosts(struct muster_run *run)
{
	for (size_t i = 0; i < run->about.n_hosts; i++) {
		free((void *)(uintptr_t)run->hosts[i].name);
		free((void *)(uintptr_t)run->hosts[i].user);
		free((void *)(uintptr_t)run->hosts[i].address);
	}
	free(run->hosts);
}

void
reading_free(struct muster_run *run)
{
	for (size_t i = 0; i < run->about.n_words; i++)
		free(run->words[i]);
	for (size_t i = 0; i < run->about.n_orders; i++) {
		free(run->orders[i].command);
		free(run->orders[i].ends);
	}
	for (size_t i = 0; i < run->n_events; i++)
		free(run->events[i].text);
	for (size_t i = 0; i < run->n_files; i++)
		(void)close(run->files[i]);
	free_hosts(run);
	free(run->words);
	free(run->orders);
	free(run->events);
	free(run->files);
	free(run->outputs.items);
	free(run->data);
	free(run->id);
	free(run->program);
	free(run->parent);
	free(run->damage);
	(void)close(run->dir);
	free(run);
}
