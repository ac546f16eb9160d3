/*
 * textfile.c -- a text file in memory, handed out line by line.
 *
 * Room: engine/conf.  May touch: base.
 */
#include "config.h"

#include "conf/textfile.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { READ_BYTES = 64 * 1024 };

static int
read_all(struct buf *b, int fd, const char *name, struct muster_error *err)
{
	for (;;) {
		uint8_t *room = buf_reserve(b, READ_BYTES);
		ssize_t n;

		if (room == NULL)
			return err_set(
			    err, MUSTER_ERR_FILE, "'%s' is too large", name);
		n = read(fd, room, READ_BYTES);
		if (n == 0)
			return 0;
		if (n > 0)
			buf_commit(b, (size_t)n);
		else if (errno != EINTR)
			return err_sys(err, MUSTER_ERR_FILE, errno,
			    "cannot read '%s'", name);
	}
}

/* Opens a file; one that is `own` is checked, and never waited for. */
static int
open_file(const char *path, bool is_own, struct muster_error *err)
{
	int flags = O_RDONLY | O_CLOEXEC | O_NOCTTY;
	int fd = open(path, is_own ? flags | O_NONBLOCK : flags);
	struct stat st;
	int rc = 0;

	if (fd < 0)
		return err_sys(
		    err, MUSTER_ERR_FILE, errno, "cannot open '%s'", path);
	if (fstat(fd, &st) == 0 && S_ISDIR(st.st_mode))
		rc = err_set(err, MUSTER_ERR_FILE,
		    "cannot read '%s': it is a directory", path);
	else if (is_own)
		rc = textfile_check(fd, path, true, err);
	if (rc == 0)
		return fd;
	(void)close(fd);
	return -1;
}

int
textfile_check(int fd, const char *path, bool is_own, struct muster_error *err)
{
	struct stat st;

	if (fstat(fd, &st) != 0)
		return err_sys(err, MUSTER_ERR_FILE, errno, "'%s'", path);
	if (!S_ISREG(st.st_mode))
		return err_set(
		    err, MUSTER_ERR_FILE, "'%s' is no regular file", path);
	if (is_own && st.st_uid != 0 && st.st_uid != getuid())
		return err_set(
		    err, MUSTER_ERR_FILE, "'%s' belongs to another user", path);
	if (is_own && (st.st_mode & 022) != 0)
		return err_set(err, MUSTER_ERR_FILE,
		    "'%s' may be written by others: chmod go-w", path);
	return 0;
}

void
textfile_init(
    struct textfile *f, const char *name, const char *text, size_t len)
{
	if (len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) {
		text += 3;
		len -= 3;
	}
	*f = (struct textfile){
	    .name = mem_strdup(name),
	    .text = mem_strndup(text, len),
	    .len = len,
	};
}

/* Refuses text with a NUL byte in it, which would hide what follows. */
static int
check_text(
    const char *name, const char *text, size_t len, struct muster_error *err)
{
	const char *nul = len > 0 ? memchr(text, '\0', len) : NULL;
	const char *line = text;
	size_t number = 1;

	if (nul == NULL)
		return 0;
	for (const char *p = text; p < nul; p++)
		if (*p == '\n') {
			number++;
			line = p + 1;
		}
	return err_set(err, MUSTER_ERR_FILE,
	    "%s:%zu:%zu: there is a NUL byte: this is no text", name, number,
	    (size_t)(nul - line) + 1);
}

/* Makes a file of what is in `b`, which is empty then. */
static void
take_text(struct textfile *f, const char *name, struct buf *b)
{
	if (b->len >= 3 && memcmp(buf_data(b), "\xef\xbb\xbf", 3) == 0)
		buf_drain(b, 3);
	*f = (struct textfile){.name = mem_strdup(name), .len = b->len};
	f->text = buf_take_str(b);
}

/* Reads all that the descriptor has. */
static int
read_text(struct textfile *f, int fd, const char *name, size_t limit,
    struct muster_error *err)
{
	struct buf b;
	int rc;

	buf_init(&b, limit);
	rc = read_all(&b, fd, name, err);
	if (rc == 0)
		rc = check_text(name, (const char *)buf_data(&b), b.len, err);
	if (rc == 0)
		take_text(f, name, &b);
	buf_clear(&b);
	return rc;
}

int
textfile_read(struct textfile *f, const char *path, struct muster_error *err)
{
	int fd, rc;

	if (strcmp(path, "-") == 0)
		return read_text(f, STDIN_FILENO, "standard input",
		    LIMIT_CONFIG_FILE_BYTES, err);
	fd = open_file(path, false, err);
	if (fd < 0)
		return -1;
	rc = read_text(f, fd, path, LIMIT_CONFIG_FILE_BYTES, err);
	(void)close(fd);
	return rc;
}

int
textfile_read_own(struct textfile *f, const char *path, size_t limit,
    struct muster_error *err)
{
	int fd = open_file(path, true, err);
	int rc;

	if (fd < 0)
		return -1;
	rc = read_text(f, fd, path, limit, err);
	(void)close(fd);
	return rc;
}

void
textfile_clear(struct textfile *f)
{
	free(f->name);
	free(f->text);
	*f = (struct textfile){0};
}

char *
textfile_next(struct textfile *f, size_t *len)
{
	char *line = f->text + f->next, *end;

	if (f->next >= f->len)
		return NULL;
	end = memchr(line, '\n', f->len - f->next);
	if (end == NULL)
		end = f->text + f->len;
	f->next = (size_t)(end - f->text) + 1;
	if (end > line && end[-1] == '\r')
		end--;
	*end = '\0';
	*len = (size_t)(end - line);
	f->line++;
	return line;
}

int
textfile_blame(
    const struct textfile *f, size_t column, struct muster_error *err)
{
	if (err != NULL && err->code == MUSTER_ERR_SYNTAX)
		err->code = MUSTER_ERR_FILE;
	return err_prefix(err, "%s:%u:%zu", f->name, f->line, column);
}

int
textfile_refuse(const struct textfile *f, size_t column,
    struct muster_error *err, const char *fmt, ...)
{
	char text[MUSTER_ERROR_MAX];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	return err_set(err, MUSTER_ERR_FILE, "%s:%u:%zu: %s", f->name, f->line,
	    column, text);
}

char *
textfile_path(const char *from, const char *path)
{
	const char *slash = strrchr(from, '/');

	if (*path == '/' || slash == NULL)
		return mem_strdup(path);
	return mem_printf("%.*s/%s", (int)(slash - from), from, path);
}
