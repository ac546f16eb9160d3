/*
 * spawn.h -- runs a local program and reads what it prints.
 *
 * Room: engine/conf.  May touch: base/buf.h, muster.h.
 */
#ifndef MUSTER_CONF_SPAWN_H
#define MUSTER_CONF_SPAWN_H

#include "base/buf.h"
#include "muster.h"

/* Runs argv[0], looked up in PATH, in a process group of its own and with
 * nothing on its standard input, until it ends; adds its standard output to
 * `out`, up to the ceiling of that. Errors, which kill the whole group:
 * MUSTER_ERR_TIMEOUT after `timeout_ms`, MUSTER_ERR_LIMIT when it prints too
 * much, MUSTER_ERR_SYSTEM when it cannot be started. MUSTER_ERR_FILE for an
 * exit code other than 0 or a signal; the text ends with the last line of
 * its standard error. */
int spawn_read(char *const argv[], uint32_t timeout_ms, struct buf *out,
    struct muster_error *err);

#endif
