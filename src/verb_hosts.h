/*
 * verb_hosts.h -- the parts of 'muster hosts'.
 *
 * Room: src.  May touch: muster.h.
 */
#ifndef MUSTER_SRC_VERB_HOSTS_H
#define MUSTER_SRC_VERB_HOSTS_H

#include "src/text.h"

#include "muster.h"

#include <stdbool.h>

/* Adds the groups of the inventory to `out`, "@group" a line, and with their
 * hosts when `with_hosts`; only those with a host of `hosts` unless that is
 * NULL. Returns the exit code, having complained. */
int verb_hosts_list(const struct muster_expand_options *o,
    const struct muster_hosts *hosts, bool with_hosts, struct text *out);

/* Adds the names folded into groups that are among them as a whole, the
 * largest first, and what is left. Returns the exit code. */
int verb_hosts_regroup(const struct muster_expand_options *o,
    const struct muster_hosts *hosts, struct text *out);

#endif
