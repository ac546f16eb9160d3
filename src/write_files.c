/*
 * write_files.c -- --outdir and --errdir: a file for each host.
 *
 * Room: src.  May touch: muster.h, args.h, filenames.h, heap.h, records.h,
 * text.h, writer.h.
 * All files are made before any host is contacted, and opened again for each
 * piece of output: descriptors are for the connections. No link is followed.
 * The first folder also has HOST.rc and summary.ndjson.
 */
#include "config.h"

#include "src/args.h"
#include "src/filenames.h"
#include "src/heap.h"
#include "src/records.h"
#include "src/text.h"
#include "src/writer.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SUMMARY "summary.ndjson"
#define OPEN_FLAGS (O_WRONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)

struct folder {
	const char *path; /* borrowed; NULL: there is none */
	int fd;
};

struct writer {
	const struct writer_run *run; /* borrowed */
	struct records records;
	struct folder folders[2];   /* of each stream */
	const struct folder *first; /* the one for what is not output */
	char **names;               /* owned, and each of them; a host each */
};

static int
fail(struct muster_error *err, const char *path, const char *name)
{
	int error = errno;

	err->code = MUSTER_ERR_FILE;
	err->at = MUSTER_NOWHERE;
	(void)snprintf(err->text, sizeof(err->text),
	    "cannot write '%.200s%s%.64s': %s", path, name != NULL ? "/" : "",
	    name != NULL ? name : "", strerror(error));
	return -1;
}

static int
open_folder(struct folder *folder, const char *path, struct muster_error *err)
{
	folder->path = path;
	if (path == NULL)
		return 0;
	if (mkdir(path, 0777) < 0 && errno != EEXIST)
		return fail(err, path, NULL);
	folder->fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return folder->fd >= 0 ? 0 : fail(err, path, NULL);
}

static bool
are_same(const struct folder *a, const struct folder *b)
{
	struct stat x, y;

	return a->path != NULL && b->path != NULL && fstat(a->fd, &x) == 0 &&
	       fstat(b->fd, &y) == 0 && x.st_dev == y.st_dev &&
	       x.st_ino == y.st_ino;
}

/* Makes a file, empty. */
static int
make(const struct folder *folder, const char *name, struct muster_error *err)
{
	int fd = openat(folder->fd, name, OPEN_FLAGS | O_CREAT | O_TRUNC, 0666);

	if (fd < 0 || close(fd) < 0)
		return fail(err, folder->path, name);
	return 0;
}

/* Removes what an earlier run may have left of a host that will not end. */
static int
make_host(struct writer *w, size_t host, struct muster_error *err)
{
	struct text rc = {0};

	for (int i = 0; i < 2; i++) {
		if (w->folders[i].path != NULL &&
		    make(&w->folders[i], w->names[host], err) < 0)
			return -1;
	}
	text_addf(&rc, "%s.rc", w->names[host]);
	(void)unlinkat(w->first->fd, text_str(&rc), 0);
	text_clear(&rc);
	return 0;
}

static void
name_hosts(struct writer *w)
{
	size_t n = muster_n_hosts(w->run->m);
	struct filenames *names = filenames_new();

	filenames_reserve(names, SUMMARY);
	w->names = heap_array(n, sizeof(*w->names));
	for (size_t i = 0; i < n; i++)
		w->names[i] =
		    filenames_add(names, muster_host_name(w->run->m, i));
	filenames_free(names);
}

/* Appends to a file that was made. */
static void
append(struct writer *w, const struct folder *folder, const char *name,
    const void *data, size_t len)
{
	const char *p = data;
	int fd =
	    openat(folder->fd, name, OPEN_FLAGS | O_APPEND | O_CREAT, 0666);
	ssize_t n = fd < 0 ? -1 : 0;

	while (n >= 0 && len > 0) {
		n = write(fd, p, len);
		if (n < 0 && errno == EINTR)
			n = 0;
		if (n > 0) {
			p += n;
			len -= (size_t)n;
		}
	}
	if (n < 0)
		writer_fail(w->run, errno, "cannot write '%s/%s': %s",
		    folder->path, name, strerror(errno));
	if (fd >= 0)
		(void)close(fd);
}

static void
append_record(struct writer *w, struct text *line)
{
	append(w, w->first, SUMMARY, line->mem, line->len);
	text_clear(line);
}

static int
make_all(struct writer *w, struct muster_error *err)
{
	if (make(w->first, SUMMARY, err) < 0)
		return -1;
	name_hosts(w);
	for (size_t i = 0; i < muster_n_hosts(w->run->m); i++) {
		if (make_host(w, i, err) < 0)
			return -1;
	}
	return 0;
}

static void
close_writer(void *writer)
{
	struct writer *w = writer;

	for (size_t i = 0; w->names != NULL && i < muster_n_hosts(w->run->m);
	     i++)
		free(w->names[i]);
	free(w->names);
	for (int i = 0; i < 2; i++) {
		if (w->folders[i].fd >= 0)
			(void)close(w->folders[i].fd);
	}
	free(w);
}

static void *
open_writer(const struct writer_run *run, struct muster_error *err)
{
	struct writer *w = heap_array(1, sizeof(*w));
	struct text line = {0};
	int r = 0;

	w->run = run;
	w->folders[0].fd = w->folders[1].fd = -1;
	w->first = &w->folders[run->args->outdir != NULL ? 0 : 1];
	if (records_init(&w->records, run, err) < 0 ||
	    open_folder(&w->folders[0], run->args->outdir, err) < 0 ||
	    open_folder(&w->folders[1], run->args->errdir, err) < 0)
		r = -1;
	else if (are_same(&w->folders[0], &w->folders[1]))
		r = args_error(
		    err, "--outdir and --errdir are the same folder");
	else
		r = make_all(w, err);
	if (r < 0) {
		close_writer(w);
		return NULL;
	}
	records_add_plan(&w->records, &line);
	append_record(w, &line);
	return w;
}

static void
take_result(struct writer *w, const struct muster_event *event)
{
	const struct muster_result *result = event->result;
	struct text name = {0}, line = {0};

	text_addf(&name, "%s.rc", w->names[event->host]);
	if (result->outcome == MUSTER_EXIT)
		text_addf(&line, "%lu\n", (unsigned long)result->code);
	else
		text_addf(&line, "%s\n", muster_outcome_word(result->outcome));
	append(w, w->first, text_str(&name), line.mem, line.len);
	text_clear(&name);
	text_clear(&line);
	records_add_exit(&w->records, event, &line);
	append_record(w, &line);
}

static void
take(void *writer, const struct muster_event *event)
{
	struct writer *w = writer;

	if (event->type == MUSTER_EVENT_OUTPUT) {
		const struct folder *folder = &w->folders[event->stream];

		if (folder->path != NULL)
			append(w, folder, w->names[event->host], event->data,
			    event->len);
	} else if (event->type == MUSTER_EVENT_RESULT) {
		take_result(w, event);
	}
}

static void
end(void *writer, const struct writer_summary *summary)
{
	struct writer *w = writer;
	struct text line = {0};

	records_add_summary(&w->records, summary, &line);
	append_record(w, &line);
}

const struct writer_ops write_files_ops = {
    .open = open_writer,
    .take = take,
    .end = end,
    .close = close_writer,
};
