/*
 * resolve.h -- names to addresses, as the system's own programs see them.
 *
 * Room: engine/ssh.  May touch: base/, loop.h, pool.h.
 * getaddrinfo(3) on a helper thread, so that NSS (hosts, DNS, LDAP, mDNS)
 * answers as it does for ssh(1). Numeric addresses need no thread.
 */
#ifndef MUSTER_SSH_RESOLVE_H
#define MUSTER_SSH_RESOLVE_H

#include "muster.h"

#include <sys/socket.h>

struct loop;
struct pool;
struct resolve;

#define RESOLVE_MAX_ADDRESSES 16

struct address {
	struct sockaddr_storage sa;
	socklen_t len;
};

struct resolve_question {
	const char *name; /* copied */
	uint16_t port;
	int family; /* AF_UNSPEC, AF_INET or AF_INET6 */
};

struct resolve_answer {
	enum muster_outcome outcome; /* MUSTER_PENDING: addresses follow */
	struct address addresses[RESOLVE_MAX_ADDRESSES]; /* RFC 6724 order */
	size_t n;
	const char *text; /* of a failure; static */
};

/* Looks a name up for TCP. The answer comes by done(arg, answer), never from
 * inside this call, and is lent until done returns; the handle is gone
 * then. */
struct resolve *resolve_start(struct pool *pool, struct loop *loop,
    const struct resolve_question *question,
    void (*done)(void *arg, const struct resolve_answer *answer), void *arg);

/* Ends a look-up; done is not called. */
void resolve_cancel(struct resolve *r);

/* "192.0.2.1" or "2001:db8::1" of an address, into `text`. */
#define ADDRESS_TEXT_MAX 64
void address_text(const struct address *address, char text[ADDRESS_TEXT_MAX]);

#endif
