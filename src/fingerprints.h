/*
 * fingerprints.h -- a file of host key fingerprints, from whoever knows them.
 *
 * Room: src.  May touch: muster.h, heap.h.
 */
#ifndef MUSTER_SRC_FINGERPRINTS_H
#define MUSTER_SRC_FINGERPRINTS_H

#include "muster.h"

struct fingerprints;

/* Reads lines "HOST[,HOST...] ... SHA256:..." for those hosts, and
 * "SHA256:..." or "256 SHA256:..." (as ssh-keygen -l prints them) for any;
 * '#' begins a comment. NULL: MUSTER_ERR_FILE, MUSTER_ERR_SYNTAX naming the
 * line. */
struct fingerprints *fingerprints_load(
    const char *path, struct muster_error *err);
void fingerprints_free(struct fingerprints *f);

/* Whether the file says that the host has that key. */
bool fingerprints_have(
    const struct fingerprints *f, const char *host, const char *fingerprint);

#endif
