/*
 * spill.c -- what is too much for memory, in a file without a name.
 *
 * Room: engine/fleet.  May touch: base/, files.
 * Room on the disk is taken before it is written to: a page without a place
 * there would be a SIGBUS later. The file is mapped in windows, for a process
 * may have so many mappings only.
 */
#include "config.h"

#include "fleet/spill.h"
#include "base/err.h"
#include "base/mem.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#define WINDOW_BYTES (64 * 1024 * 1024)

void
spill_init(struct spill *s, uint64_t max)
{
	*s = (struct spill){.fd = -1, .max = max, .used = WINDOW_BYTES};
}

void
spill_clear(struct spill *s)
{
	for (size_t i = 0; i < s->n_windows; i++)
		(void)munmap(s->windows[i], WINDOW_BYTES);
	free(s->windows);
	if (s->fd >= 0)
		(void)close(s->fd);
	spill_init(s, s->max);
}

int
spill_open_file(const char *what, struct muster_error *err)
{
	const char *folder = getenv("TMPDIR");
	char *path;
	int fd;

	if (folder == NULL || *folder != '/')
		folder = access("/var/tmp", W_OK) == 0 ? "/var/tmp" : "/tmp";
	path = mem_printf("%s/muster-spill.XXXXXX", folder);
	fd = mkostemp(path, O_CLOEXEC);
	if (fd >= 0)
		(void)unlink(path);
	free(path);
	if (fd < 0)
		(void)err_sys(err, MUSTER_ERR_FILE, errno,
		    "cannot keep %s in a file in '%s'", what, folder);
	return fd;
}

/* Maps the next part of the file, which need not be there yet. */
static bool
add_window(struct spill *s)
{
	void *window;

	if (s->fd < 0)
		s->fd = spill_open_file("outputs", NULL);
	if (s->fd < 0)
		return false;
	window = mmap(NULL, WINDOW_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED,
	    s->fd, (off_t)(s->n_windows * WINDOW_BYTES));
	if (window == MAP_FAILED)
		return false;
	mem_grow(&s->windows, &s->cap_windows, s->n_windows + 1,
	    sizeof(*s->windows));
	s->windows[s->n_windows++] = window;
	s->used = 0;
	return true;
}

/* Takes room in the file behind the last chunk, or in a new window. */
static bool
find_room(struct spill *s, size_t size)
{
	uint64_t at;

	if (s->used + size > WINDOW_BYTES && !add_window(s))
		return false;
	at = (s->n_windows - 1) * (uint64_t)WINDOW_BYTES + s->used;
	if (at + size > s->max ||
	    posix_fallocate(s->fd, (off_t)at, (off_t)size) != 0)
		return false;
	s->len = at + size;
	return true;
}

void *
spill_take(struct spill *s, size_t size)
{
	char *chunk;

	assert(size >= SPILL_MIN_BYTES && size <= SPILL_MAX_BYTES);
	if (s->len + size > s->max || !find_room(s, size)) {
		s->max = s->len;
		return NULL;
	}
	chunk = s->windows[s->n_windows - 1];
	chunk += s->used;
	s->used += size;
	return chunk;
}

void
spill_rest(void *chunk, size_t size)
{
	(void)madvise(chunk, size, MADV_DONTNEED);
}
