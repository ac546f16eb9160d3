/*
 * hostspec.h -- [ssh://][user@]host[:port], with ranges in the host.
 *
 * Room: engine/conf.  May touch: conf/hostpat.h, muster.h.
 * The user ends at the last '@'. Digits behind the last ':' are a port,
 * unless the whole host is an IPv6 literal; one with a port is written
 * [address]:port.
 */
#ifndef MUSTER_CONF_HOSTSPEC_H
#define MUSTER_CONF_HOSTSPEC_H

#include "conf/hostpat.h"
#include "muster.h"

struct hostspec {
	const char *user; /* borrowed, not NUL-terminated; NULL: none */
	size_t user_len;
	const char *host; /* likewise; without brackets around IPv6 */
	size_t host_len;
	const char *port_text; /* likewise, the digits; NULL: none */
	size_t port_len;
	uint16_t port;          /* 0: none */
	bool is_wild;           /* has '*' or '?' */
	struct hostpat pattern; /* of the host; owned */
};

/* Cuts text[0..len), which must outlive the spec, and checks every part.
 * `at` is the offset of `text` in what the person wrote. Errors:
 * MUSTER_ERR_SYNTAX; the spec needs no clearing then. */
int hostspec_parse(struct hostspec *s, const char *text, size_t len, size_t at,
    struct muster_error *err);

void hostspec_clear(struct hostspec *s);

#endif
