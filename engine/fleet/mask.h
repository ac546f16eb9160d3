/*
 * mask.h -- a line without what differs from host to host anyway.
 *
 * Room: engine/fleet.  May touch: base/.
 * For grouping outputs that are equal but for numbers, addresses, times and
 * the host's own name.
 */
#ifndef MUSTER_FLEET_MASK_H
#define MUSTER_FLEET_MASK_H

#include "base/buf.h"

/* Writes the line into `out`, which is emptied first. The host's name, whole
 * or up to its first dot, where it stands as a word, becomes "{host}"; a word
 * of hexadecimal digits with a decimal one among them, and every other run
 * of digits, becomes "#". `host` may be NULL. Returns false, leaving `out`
 * with what fitted, over its ceiling. */
bool mask_line(struct buf *out, const char *text, size_t len, const char *host);

#endif
