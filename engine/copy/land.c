/*
 * land.c -- a fetched file takes its place, on a helper thread.
 *
 * Room: engine/copy.  May touch: base/, crypto/.
 */
#include "config.h"

#include "copy/land.h"

#include "base/mem.h"
#include "crypto/digest.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PIECE_BYTES (256 * 1024)

/* Whether what is in the file has the digest that the host says. */
static bool
has_digest(const struct land *l)
{
	uint8_t *piece = mem_new(PIECE_BYTES);
	uint8_t digest[DIGEST_SHA256_BYTES];
	struct digest_sum sum;
	off_t at = 0;
	ssize_t n;

	digest_sum_init(&sum);
	while ((n = pread(l->fd, piece, PIECE_BYTES, at)) > 0) {
		digest_sum_add(&sum, piece, (size_t)n);
		at += n;
	}
	free(piece);
	digest_sum_value(&sum, digest);
	return n == 0 && courier_is_digest(l->digest, digest);
}

/* Only a file may be replaced: nobody is tricked into losing, or filling,
 * anything else. */
static bool
may_replace(struct land *l)
{
	struct stat st;

	if (fstatat(l->folder, l->name, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return errno == ENOENT;
	if (S_ISREG(st.st_mode))
		return true;
	if (S_ISLNK(st.st_mode))
		bad_set(&l->bad, MUSTER_XF_LINK, "a link is in its place here");
	else
		bad_set(&l->bad, MUSTER_XF_LOCAL,
		    S_ISDIR(st.st_mode)
			? "a folder is in its place here"
			: "what is in its place here is no file");
	return false;
}

static int
settle(struct land *l)
{
	struct timespec times[2];

	if (fchmod(l->fd, l->mode) != 0)
		return -1;
	if (l->has_mtime) {
		times[0] = times[1] =
		    (struct timespec){.tv_sec = (time_t)l->mtime};
		if (futimens(l->fd, times) != 0)
			return -1;
	}
	return fsync(l->fd);
}

void
land_work(void *arg)
{
	struct land *l = arg;

	if (l->compare) {
		l->is_equal = has_digest(l);
		return;
	}
	if (l->discard)
		return;
	if (l->digest != NULL && !has_digest(l)) {
		bad_set(&l->bad, MUSTER_XF_VERIFY,
		    "what arrived is not what is stored there");
		return;
	}
	if (settle(l) != 0) {
		bad_set_errno(&l->bad, errno, "cannot write it here");
		return;
	}
	if (!may_replace(l)) {
		bad_set_errno(&l->bad, errno, "cannot replace it here");
		return;
	}
	if (renameat(l->folder, l->temp, l->folder, l->name) != 0) {
		bad_set_errno(&l->bad, errno, "cannot rename it here");
		return;
	}
	free(l->temp);
	l->temp = NULL;
}

void
land_free(void *arg)
{
	struct land *l = arg;

	if (l->temp != NULL)
		(void)unlinkat(l->folder, l->temp, 0);
	if (l->fd >= 0)
		(void)close(l->fd);
	if (l->folder >= 0)
		(void)close(l->folder);
	free(l->temp);
	free(l->name);
	free(l->digest);
	free(l);
}
