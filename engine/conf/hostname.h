/*
 * hostname.h -- what may be a host name or a user name, and wildcards.
 *
 * Room: engine/conf.  May touch: base/limits.h.
 * Names end up in file names, in the arguments of other programs and on the
 * terminal: what could be taken for more than a name there is refused.
 */
#ifndef MUSTER_CONF_HOSTNAME_H
#define MUSTER_CONF_HOSTNAME_H

#include <stdbool.h>
#include <stddef.h>

/* The offset of the first byte of text[0..len) that no host name may have
 * (controls, blanks, '/', what a shell or a host expression reads as more
 * than text), or `len` when all are fine. */
size_t hostname_span(const char *text, size_t len);

/* The same for user names, which may have more: '\', '/' and '@' in the
 * middle belong to directory services. */
size_t username_span(const char *text, size_t len);

/* Whether `name` can be a host: not empty, not too long, no '-' in front,
 * and nothing in it that hostname_span() refuses; ':' in IPv6 only. */
bool hostname_is_valid(const char *name);

/* Whether text[0..len) is an IPv6 literal, with or without %zone. */
bool hostname_is_ipv6(const char *text, size_t len);

/* Whether `name` is made of digits alone. */
bool hostname_is_number(const char *name);

/* Whether text[0..len) has a '*' or '?'. */
bool hostname_is_wild(const char *text, size_t len);

/* Whether all of `name` fits a pattern in which '*' stands for any text and
 * '?' for one byte. */
bool hostname_fits(const char *pattern, const char *name);

#endif
