/*
 * pull_resume.c -- the file here that a pull writes to, and goes on with.
 *
 * Room: engine/copy.  May touch: base/, beneath.h, land.h.
 * Its name while it is not whole is the same each time, so that what a pull
 * left that was cut is found again. Who writes to it holds a lock on it; it
 * is gone on with when nobody does, when it is ours alone, and when the host
 * has the same bytes.
 */
#include "config.h"

#include "copy/pull_file.h"

#include "base/mem.h"
#include "base/trace.h"
#include "copy/beneath.h"
#include "copy/copy.h"
#include "copy/helper.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define OURS (O_RDWR | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)

/* ---- the file ---- */

/* A file of ours that has this name alone, and that nobody works on. */
static bool
is_free(int folder, const char *name, int fd, off_t *size)
{
	struct stat there, st;

	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || st.st_nlink != 1 ||
	    st.st_uid != geteuid() || (st.st_mode & 07777) != 0600 ||
	    flock(fd, LOCK_EX | LOCK_NB) != 0 ||
	    fstatat(folder, name, &there, AT_SYMLINK_NOFOLLOW) != 0)
		return false;
	*size = st.st_size;
	return there.st_ino == st.st_ino && there.st_dev == st.st_dev;
}

/* Opens what was left; -1 when there is nothing to be had. */
static int
open_part(struct pull_file *f, int folder, const char *name)
{
	int fd = openat(folder, name, OURS);
	off_t size = 0;

	if (fd < 0)
		return -1;
	if (!is_free(folder, name, fd, &size)) {
		(void)close(fd);
		return -1;
	}
	if (size >= COPY_RESUME_BYTES && (uint64_t)size <= f->size) {
		f->kept = (uint64_t)size;
	} else if (ftruncate(fd, 0) != 0) {
		(void)close(fd);
		return -1;
	}
	return fd;
}

static int
make(int folder, const char *name)
{
	int fd = openat(folder, name, OURS | O_CREAT | O_EXCL, 0600);

	if (fd >= 0)
		(void)flock(fd, LOCK_EX | LOCK_NB);
	return fd;
}

bool
pull_make_here(struct pull_file *f)
{
	struct land *l = mem_new(sizeof(*l));
	const char *name;

	l->file = f;
	l->fd = -1;
	f->kept = 0;
	f->land = l;
	l->folder = beneath_open_parent(f->pull->root, f->item->local, &name);
	if (l->folder < 0) {
		bad_set_errno(&f->bad, errno, "cannot write it here");
		return false;
	}
	l->name = mem_strdup(name);
	l->temp = copy_part_name(name);
	l->fd = make(l->folder, l->temp);
	if (l->fd < 0 && errno == EEXIST)
		l->fd = open_part(f, l->folder, l->temp);
	if (l->fd < 0 && errno != ENOSPC && errno != EDQUOT) {
		/* Another muster's, or something strange: left alone. */
		free(l->temp);
		l->temp = copy_temp_name(name);
		l->fd = make(l->folder, l->temp);
	}
	if (l->fd >= 0)
		return true;
	bad_set_errno(&f->bad, errno, "cannot write it here");
	free(l->temp);
	l->temp = NULL;
	return false;
}

void
pull_keep_part(struct pull_file *f)
{
	struct land *l = f->land;

	if (l == NULL || l->temp == NULL || f->got < COPY_RESUME_BYTES)
		return;
	free(l->temp);
	l->temp = NULL;
}

/* ---- what is in it ---- */

static void
settle(struct pull_file *f, bool good)
{
	if (good)
		TRACE("copy", "'%s': goes on at %llu", f->item->path,
		    (unsigned long long)f->kept);
	else if (ftruncate(f->land->fd, 0) != 0)
		bad_set_errno(&f->bad, errno, "cannot write it here");
	if (!good)
		f->kept = 0;
	pull_file_heard(f);
}

static void
on_compared(void *arg)
{
	struct land *l = arg;
	struct pull_file *f = l->file;

	f->land = l;
	l->compare = false;
	free(l->digest);
	l->digest = NULL;
	settle(f, l->is_equal);
}

static void
on_digest(void *arg, const char *line)
{
	struct pull_file *f = arg;
	struct courier *c = &f->pull->courier;
	struct land *l = f->land;

	if (line == NULL) {
		settle(f, false);
		return;
	}
	l->digest = mem_strdup(line);
	l->compare = true;
	f->land = NULL;
	c->events->take_time(c->arg, land_work, on_compared, land_free, l);
}

void
pull_resume_begin(struct pull_file *f)
{
	struct courier *c = &f->pull->courier;

	if (!helper_ask_digest(c->helper, f->item->path, f->kept,
		(struct helper_then){on_digest, f}))
		settle(f, false);
}
