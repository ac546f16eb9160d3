/*
 * hostset.h -- the hosts that a command line names.
 *
 * Room: src.  May touch: muster.h.
 */
#ifndef MUSTER_SRC_HOSTSET_H
#define MUSTER_SRC_HOSTSET_H

#include "muster.h"

#include <stdbool.h>

struct args;

/* How lists are to be read; o->inventory is to be freed. Returns the exit
 * code, having complained. The inventories are those of -I, or what the
 * environment and the usual places have when a list may need them; the words
 * behind the options are lists when `rest_is_lists`. */
int hostset_open(const struct args *args, bool rest_is_lists,
    struct muster_expand_options *o);

/* Selects the hosts that -a, -w, --hostfile and -H name, without those of -x;
 * *hosts is to be cleared in any case. Returns the exit code, having
 * complained: no host at all is wrong unless --allow-empty lets it pass. */
int hostset_select(const struct args *args,
    const struct muster_expand_options *o, struct muster_hosts *hosts);

/* Complains about a list. Returns the exit code. */
int hostset_refuse(const char *expr, const struct muster_error *err);

/* Prints what looks like a mistake, a line each. */
void hostset_say_notes(const struct muster_hosts *hosts);

#endif
