/*
 * input.c -- where the stdin of one host's command comes from.
 *
 * Room: engine/fleet.  May touch: feed.h, files.
 */
#include "config.h"

#include "fleet/input.h"
#include "base/err.h"
#include "ssh/session.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

_Static_assert(
    FEED_END == SESSION_INPUT_END && FEED_BROKEN == SESSION_INPUT_BROKEN,
    "a feed speaks as a session listens");

int
input_begin(struct input *in, const char *path, struct muster_error *err)
{
	struct stat st;

	if (path == NULL)
		return 0;
	in->is_file = true;
	/* A FIFO would block here and for ever. */
	in->fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (in->fd < 0)
		return err_sys(
		    err, MUSTER_ERR_FILE, errno, "cannot read '%s'", path);
	if (fstat(in->fd, &st) == 0 && S_ISREG(st.st_mode))
		return 0;
	input_end(in);
	return err_set(
	    err, MUSTER_ERR_FILE, "'%s' is not a regular file", path);
}

void
input_end(struct input *in)
{
	if (in->is_file)
		(void)close(in->fd);
	in->is_file = false;
}

/* Of the bytes that were known before: none when they are over. */
static long
read_known(struct input *in, void *dst, size_t size)
{
	size_t left = in->len - in->n_taken;
	ssize_t n;

	if (!in->is_file) {
		n = (ssize_t)(left < size ? left : size);
		if (n > 0)
			memcpy(dst, in->data + in->n_taken, (size_t)n);
		return (long)n;
	}
	do
		n = pread(in->fd, dst, size, (off_t)in->n_taken);
	while (n < 0 && errno == EINTR);
	return n < 0 ? SESSION_INPUT_BROKEN : (long)n;
}

long
input_read(struct input *in, size_t host, void *dst, size_t size)
{
	long n = read_known(in, dst, size);

	if (n != 0)
		return n;
	if (in->feed == NULL)
		return SESSION_INPUT_END;
	n = feed_read(in->feed, &in->place, host, dst, size);
	in->hungry = n == 0;
	return n;
}

bool
input_taken(struct input *in, size_t n)
{
	if (in->is_file || in->n_taken < in->len) {
		in->n_taken += n;
		return false;
	}
	return in->feed != NULL && feed_taken(in->feed, &in->place, n);
}
