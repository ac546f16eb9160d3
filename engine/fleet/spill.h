/*
 * spill.h -- what is too much for memory, in a file without a name.
 *
 * Room: engine/fleet.  May touch: base/, files.
 * The file lies in $TMPDIR, else in /var/tmp or /tmp, and is gone when the
 * process is. Its chunks are used like memory, and count as such only for as
 * long as they are in use.
 */
#ifndef MUSTER_FLEET_SPILL_H
#define MUSTER_FLEET_SPILL_H

#include "muster.h"

#include <stddef.h>
#include <stdint.h>

#define SPILL_MIN_BYTES (16 * 1024)
#define SPILL_MAX_BYTES (1024 * 1024)

struct spill {
	int fd;         /* owned; -1: there is no file yet */
	uint64_t len;   /* of the file */
	uint64_t max;   /* its ceiling; falls when the disk is full */
	void **windows; /* owned; parts of the file, mapped */
	size_t n_windows, cap_windows;
	size_t used; /* bytes of the last window */
};

/* One of `max` bytes at most; 0: none. */
void spill_init(struct spill *s, uint64_t max);

/* Drops everything that was taken. */
void spill_clear(struct spill *s);

/* A chunk of `size` bytes: a power of two from SPILL_MIN_BYTES to
 * SPILL_MAX_BYTES. NULL when there is no more room, and from then on. Lent
 * until spill_clear(). */
void *spill_take(struct spill *s, size_t size);

/* The chunk is not looked at for a while: its bytes leave memory, and come
 * back when they are. */
void spill_rest(void *chunk, size_t size);

/* Opens such a file; `what` is to be kept in it, says the error.
 * Returns a descriptor, or -1: MUSTER_ERR_FILE. */
int spill_open_file(const char *what, struct muster_error *err);

#endif
