/*
 * history.c -- what a person typed in earlier sessions.
 *
 * Room: src.  May touch: muster.h, complain.h, heap.h, text.h, files.
 */
#include "config.h"

#include "src/history.h"

#include "muster.h"

#include "src/complain.h"
#include "src/heap.h"
#include "src/text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct history_file {
	char *path; /* owned */
	int fd;     /* owned; what is written goes to its end */
};

/* Makes the folders of a path that are not there. */
static void
make_folders(char *path)
{
	for (char *at = strchr(path + 1, '/'); at != NULL;
	     at = strchr(at + 1, '/')) {
		*at = '\0';
		(void)mkdir(path, 0700);
		*at = '/';
	}
}

/* Beside the runs. */
static char *
find_path(struct muster_error *err)
{
	char *folder = muster_runs_folder(err), *slash;
	struct text path = {0};

	if (folder == NULL)
		return NULL;
	slash = strrchr(folder, '/');
	text_add(&path, folder, (size_t)(slash - folder));
	text_adds(&path, "/history");
	muster_string_free(folder);
	(void)text_str(&path);
	make_folders(path.mem);
	return path.mem;
}

/* Opens a file of ours, and no other. Returns -1 with errno. */
static int
open_own(const char *path, int flags)
{
	int fd = open(
	    path, flags | O_CREAT | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK, 0600);
	struct stat st;

	if (fd < 0)
		return -1;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
	    st.st_uid == geteuid() && fchmod(fd, 0600) == 0)
		return fd;
	(void)close(fd);
	errno = EPERM;
	return -1;
}

/* The lines of the file; the caller frees them. */
static char **
read_lines(int fd, size_t *n)
{
	FILE *file = fdopen(dup(fd), "re");
	char **lines = NULL, *line = NULL;
	size_t cap = 0, size = 0;
	ssize_t len;

	*n = 0;
	while (file != NULL && (len = getline(&line, &size, file)) > 0) {
		if (line[len - 1] == '\n')
			line[len - 1] = '\0';
		heap_grow(&lines, &cap, *n + 1, sizeof(*lines));
		lines[(*n)++] = heap_strdup(line);
	}
	free(line);
	if (file != NULL)
		(void)fclose(file);
	return lines;
}

/* Puts the file with these lines in the place of the old one. */
static void
rewrite(struct history_file *h, char *const *lines, size_t n)
{
	struct text path = {0}, all = {0};
	int fd;

	text_addf(&path, "%s.new", h->path);
	for (size_t i = 0; i < n; i++)
		text_addf(&all, "%s\n", lines[i]);
	fd = open_own(text_str(&path), O_RDWR | O_APPEND | O_TRUNC);
	if (fd >= 0 && write(fd, all.mem, all.len) == (ssize_t)all.len &&
	    rename(path.mem, h->path) == 0) {
		(void)close(h->fd);
		h->fd = fd;
	} else if (fd >= 0) {
		(void)close(fd);
		(void)unlink(path.mem);
	}
	text_clear(&path);
	text_clear(&all);
}

struct history_file *
history_open(void (*take)(void *arg, const char *line), void *arg)
{
	struct history_file *h = heap_array(1, sizeof(*h));
	struct muster_error err;
	char **lines;
	size_t n, from;

	h->fd = -1;
	h->path = find_path(&err);
	if (h->path == NULL)
		complain("what is typed is not kept: %s", err.text);
	else if ((h->fd = open_own(h->path, O_RDWR | O_APPEND)) < 0)
		complain("what is typed is not kept: '%s': %s", h->path,
		    strerror(errno));
	if (h->fd < 0) {
		history_free(h);
		return NULL;
	}
	lines = read_lines(h->fd, &n);
	from = n > HISTORY_LINES ? n - HISTORY_LINES : 0;
	if (n > 2 * HISTORY_LINES)
		rewrite(h, lines + from, n - from);
	for (size_t i = 0; i < n; i++) {
		if (i >= from)
			take(arg, lines[i]);
		free(lines[i]);
	}
	free(lines);
	return h;
}

void
history_free(struct history_file *h)
{
	if (h == NULL)
		return;
	if (h->fd >= 0)
		(void)close(h->fd);
	free(h->path);
	free(h);
}

void
history_add(struct history_file *h, const char *line)
{
	struct text all = {0};

	if (h == NULL)
		return;
	text_addf(&all, "%s\n", line);
	if (write(h->fd, all.mem, all.len) < 0)
		complain("what is typed is not kept: '%s': %s", h->path,
		    strerror(errno));
	text_clear(&all);
}
