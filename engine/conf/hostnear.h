/*
 * hostnear.h -- the wildcard that was meant.
 *
 * Room: engine/conf.  May touch: conf/hostlist.h.
 */
#ifndef MUSTER_CONF_HOSTNEAR_H
#define MUSTER_CONF_HOSTNEAR_H

#include "conf/hostlist.h"

/* For a wildcard of `len` bytes that matches none of the hosts: puts one that
 * does, and begins or ends nearly as it, into out[0..size). Returns whether
 * there is one. */
bool hostnear_wildcard(const char *wildcard, size_t len,
    const struct hostlist *hosts, char *out, size_t size);

#endif
