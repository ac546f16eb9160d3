/*
 * aside.h -- a call that may stop in its middle and be taken up again.
 *
 * Room: engine/ssh.  May touch: libc.
 * For what libssh2 wants answered at once by a callback, and a person answers.
 * The call has a thread of its own, for its stack: whoever runs it stands
 * still until it stops or ends, so that nothing is touched by two at a time.
 */
#ifndef MUSTER_SSH_ASIDE_H
#define MUSTER_SSH_ASIDE_H

#include <stdbool.h>

struct aside;
struct muster_error;

/* NULL: MUSTER_ERR_SYSTEM. */
struct aside *aside_new(
    void (*call)(void *arg), void *arg, struct muster_error *err);

/* The call must have ended, or never been run. */
void aside_free(struct aside *a);

/* Makes the call, or takes it up where it stopped. Returns whether it ended;
 * then the next run makes it anew. */
bool aside_run(struct aside *a);

/* Whether it stands in its middle. */
bool aside_is_stopped(const struct aside *a);

/* From inside the call: stops until it is taken up again. */
void aside_stop(struct aside *a);

#endif
