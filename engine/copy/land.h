/*
 * land.h -- a fetched file takes its place, on a helper thread.
 *
 * Room: engine/copy.  May touch: base/, crypto/.
 * To sync a file to disk takes as long as the disk likes, and so does
 * reading it for its digest: no loop waits for that.
 */
#ifndef MUSTER_COPY_LAND_H
#define MUSTER_COPY_LAND_H

#include "copy/courier_impl.h"

#include <sys/types.h>

/* All that it takes. */
struct land {
	void *file; /* the asker's */
	int fd;     /* owned; the file under its other name */
	int folder; /* owned; that both names are in */
	char *temp; /* owned; removed unless it is renamed */
	char *name; /* owned; what it shall be called */
	mode_t mode;
	bool has_mtime;
	int64_t mtime;
	char *digest; /* owned; the host's, in hex; NULL: none */
	bool discard; /* it is not wanted any more */
	bool compare; /* only whether `name`, fd, has that digest */
	/* What became of it. */
	struct bad bad;
	bool is_equal; /* compare */
};

/* On any thread. */
void land_work(void *arg);

/* Frees it; what was not renamed is removed. */
void land_free(void *arg);

#endif
