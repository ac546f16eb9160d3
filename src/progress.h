/*
 * progress.h -- how far a run is, in one line.
 *
 * Room: src.  May touch: muster.h, text.h.
 */
#ifndef MUSTER_SRC_PROGRESS_H
#define MUSTER_SRC_PROGRESS_H

#include "muster.h"
#include "src/text.h"

#include <stddef.h>

struct progress;

/* Of a run on hosts 0 to n_hosts - 1 of `m` (borrowed, for their names). */
struct progress *progress_new(const struct muster *m, size_t n_hosts);
void progress_free(struct progress *p);

/* A host that has no part in the run. */
void progress_leave_out(struct progress *p, size_t host);

void progress_state(struct progress *p, size_t host, enum muster_state state);
void progress_result(
    struct progress *p, size_t host, const struct muster_result *result);

/* A command runs there, or has printed something. */
void progress_heard(struct progress *p, size_t host, int64_t at_us);

/* How far a copy is; the line then tells of bytes. */
void progress_transfer(
    struct progress *p, size_t host, const struct muster_transfer *transfer);

/* Adds "12 of 24 hosts done, 2 not ok, 7 waiting, 5 at work: web[1-5], 1 stuck:
 * web4", without a newline. */
void progress_write(const struct progress *p, struct text *to);

/* Adds "12/24 done, 5 running, 2 failed, 1 stuck, 3.1/s, ETA 0:04", without a
 * newline;
 * `elapsed_ms` since the run began. */
void progress_write_rate(
    const struct progress *p, int64_t elapsed_ms, struct text *to);

#endif
