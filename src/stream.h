/*
 * stream.h -- the output of many hosts, cut into lines with labels.
 *
 * Room: src.  May touch: muster.h, output.h.
 * A line goes out when its newline has come; what has none yet waits here,
 * at most STREAM_LINE_MAX bytes a host and stream. A longer line goes out in
 * pieces of that size, each as a line.
 */
#ifndef MUSTER_SRC_STREAM_H
#define MUSTER_SRC_STREAM_H

#include "muster.h"

#include <stddef.h>

#define STREAM_LINE_MAX 65536

struct output;
struct stream;

/* For hosts 0 to n_hosts - 1. Lines go to `out` and `err`, both borrowed.
 * `line_max` is STREAM_LINE_MAX but in tests. */
struct stream *stream_new(
    size_t n_hosts, size_t line_max, struct output *out, struct output *err);
void stream_free(struct stream *s);

/* Takes bytes of a host. The label (NULL: none) is put before each line. */
void stream_add(struct stream *s, size_t host, enum muster_stream which,
    const char *label, const void *data, size_t len);

/* The host has ended: a last line without newline gets one. */
void stream_end(struct stream *s, size_t host, const char *label);

#endif
