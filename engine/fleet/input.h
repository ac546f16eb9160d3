/*
 * input.h -- where the stdin of one host's command comes from.
 *
 * Room: engine/fleet.  May touch: feed.h, files.
 * First the bytes of the order, or a file; then, if there may be more, what
 * is sent while it runs.
 */
#ifndef MUSTER_FLEET_INPUT_H
#define MUSTER_FLEET_INPUT_H

#include "fleet/feed.h"

struct input {
	const char *data; /* borrowed; the bytes that are known */
	size_t len, n_taken;
	bool is_file;
	int fd;            /* of the file, once it is open */
	struct feed *feed; /* borrowed; NULL: none */
	struct feed_place place;
	bool hungry; /* the feed had no more: it is to be told */
};

/* Opens `path` (NULL: no file) and begins. Returns 0, or -1:
 * MUSTER_ERR_FILE. */
int input_begin(struct input *in, const char *path, struct muster_error *err);

/* Closes what was opened; harmless without. */
void input_end(struct input *in);

/* As `input` of struct session_events. */
long input_read(struct input *in, size_t host, void *dst, size_t size);

/* The reader is done with `n` bytes. Returns what feed_taken() says. */
bool input_taken(struct input *in, size_t n);

#endif
