/*
 * runlock.c -- a name that one run at a time may have, on this machine.
 *
 * Room: src.  May touch: muster.h, text.h.
 * A file of that name beside the folder of runs, locked as long as the run
 * lasts: a program that was killed holds nothing.
 */
#include "config.h"

#include "src/runlock.h"

#include "src/text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NAME_CHARS 64
#define WHAT_CHARS 160

__attribute__((format(printf, 3, 4))) static int
refuse(struct muster_error *err, enum muster_err code, const char *fmt, ...)
{
	va_list ap;

	*err = (struct muster_error){.code = code, .at = MUSTER_NOWHERE};
	va_start(ap, fmt);
	(void)vsnprintf(err->text, sizeof(err->text), fmt, ap);
	va_end(ap);
	return -1;
}

static bool
is_name(const char *name)
{
	static const char good[] = "abcdefghijklmnopqrstuvwxyz0123456789"
				   "ABCDEFGHIJKLMNOPQRSTUVWXYZ-_.";
	size_t n = strspn(name, good);

	return n > 0 && n <= NAME_CHARS && name[n] == '\0' && name[0] != '.';
}

/* Makes a folder and those it is in, if need be. */
static void
make_folders(struct text *path)
{
	(void)text_str(path);
	for (char *p = path->mem + 1; (p = strchr(p, '/')) != NULL; p++) {
		*p = '\0';
		(void)mkdir(path->mem, 0700);
		*p = '/';
	}
	(void)mkdir(path->mem, 0700);
}

static int
open_folder(struct muster_error *err)
{
	char *runs = muster_runs_folder(err);
	struct text path = {0};
	int fd;

	if (runs == NULL)
		return -1;
	text_add(&path, runs, (size_t)(strrchr(runs, '/') - runs));
	muster_string_free(runs);
	text_adds(&path, "/locks");
	make_folders(&path);
	fd = open(
	    text_str(&path), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		(void)refuse(err, MUSTER_ERR_FILE,
		    "cannot open the folder of locks '%s': %s", text_str(&path),
		    strerror(errno));
	text_clear(&path);
	return fd;
}

/* Who has it, as far as they say. */
static int
refuse_taken(int fd, const char *name, struct muster_error *err)
{
	char what[WHAT_CHARS] = "", clean[WHAT_CHARS];
	ssize_t n = pread(fd, what, sizeof(what) - 1, 0);

	(void)muster_clean_text(
	    clean, sizeof(clean), what, n > 0 ? (size_t)n : 0);
	return refuse(err, MUSTER_ERR_LIMIT,
	    "another run holds the lock '%s': %s", name, clean);
}

static int
take(int folder, const char *name, const char *what, struct muster_error *err)
{
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
	int fd = openat(
	    folder, name, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);

	if (fd < 0)
		return refuse(err, MUSTER_ERR_FILE, "cannot open lock '%s': %s",
		    name, strerror(errno));
	if (fcntl(fd, F_OFD_SETLK, &lock) != 0) {
		if (errno == EAGAIN || errno == EACCES)
			(void)refuse_taken(fd, name, err);
		else
			(void)refuse(err, MUSTER_ERR_FILE,
			    "cannot take lock '%s': %s", name, strerror(errno));
		(void)close(fd);
		return -1;
	}
	(void)!ftruncate(fd, 0);
	(void)!pwrite(fd, what, strlen(what), 0);
	return fd;
}

int
runlock_take(const char *name, const char *what, struct muster_error *err)
{
	int folder, fd;

	if (!is_name(name))
		return refuse(err, MUSTER_ERR_SYNTAX,
		    "option '--lock' wants a name of letters, digits and "
		    "'-_.', not '%s'",
		    name);
	folder = open_folder(err);
	if (folder < 0)
		return -1;
	fd = take(folder, name, what, err);
	(void)close(folder);
	return fd;
}

void
runlock_drop(int fd)
{
	if (fd >= 0)
		(void)close(fd);
}
