/*
 * library.h -- libssh2 as a whole: started and stopped, and what it can do.
 *
 * Room: engine/ssh.  May touch: libssh2.
 */
#ifndef MUSTER_SSH_LIBRARY_H
#define MUSTER_SSH_LIBRARY_H

#include <stdbool.h>

struct buf;
struct muster_error;

/* Starts libssh2, which counts its users; not from two threads at a time.
 * Returns 0, or -1: MUSTER_ERR_SYSTEM. */
int library_start(struct muster_error *err);

/* Ends one use. */
void library_stop(void);

/* Whether it can forward an agent: from 1.11. */
bool library_forwards_agents(void);

/* Adds lines about what was built and runs: versions, and what they lack. */
void library_describe(struct buf *out);

#endif
