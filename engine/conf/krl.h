/*
 * krl.h -- key revocation lists, as ssh-keygen(1) -k makes them.
 *
 * Room: engine/conf.  May touch: base.
 * Of their format (OpenSSH's PROTOCOL.krl) the keys count that are named
 * whole. What is said of certificates is passed over: no host has one here.
 */
#ifndef MUSTER_CONF_KRL_H
#define MUSTER_CONF_KRL_H

#include "base/buf.h"
#include "muster.h"

/* Whether the file is one. */
bool krl_is(const struct buf *file);

/* Adds "TYPE BASE64" of each key to `out`, a line each. Errors, with `path`
 * in the text: MUSTER_ERR_FILE for one that is broken or has keys named by
 * their fingerprints only, which could not be told here. */
int krl_list(const struct buf *file, const char *path, struct buf *out,
    struct muster_error *err);

#endif
