/*
 * check.h -- a command here that says whether things are well.
 *
 * Room: src.  May touch: libc.
 * It is waited for by a thread, so that its end can be polled for.
 */
#ifndef MUSTER_SRC_CHECK_H
#define MUSTER_SRC_CHECK_H

#include <stdbool.h>

struct check;

/* Starts `sh -c COMMAND` in a process group of its own, with nothing on its
 * standard input and its output on our standard error; `environment` are
 * "NAME=VALUE", ended by NULL, besides ours. NULL with errno when it cannot
 * be started. */
struct check *check_start(const char *command, const char *const *environment);

/* Readable once it has ended. */
int check_fd(const struct check *c);

/* How it ended: true for an exit status of 0. Waits for the end; frees it. */
bool check_finish(struct check *c);

/* Kills it, with all its process group, and frees it. NULL is fine. */
void check_kill(struct check *c);

#endif
