/*
 * dial.h -- a TCP connection to the first address that answers.
 *
 * Room: engine/ssh.  May touch: base/, loop.h, resolve.h.
 * Attempts overlap as in RFC 8305 (Happy Eyeballs): the next address is
 * tried 250 ms after the one before, or at once when that one failed; the
 * families take turns.
 */
#ifndef MUSTER_SSH_DIAL_H
#define MUSTER_SSH_DIAL_H

#include "muster.h"
#include "ssh/resolve.h"

struct dial;
struct loop;

#define DIAL_STAGGER_MS 250

struct dial_answer {
	enum muster_outcome outcome;   /* MUSTER_PENDING: fd is connected */
	int fd;                        /* non-blocking; the receiver's */
	const struct address *address; /* the one that answered or failed */
	int errnum;                    /* of the last failure */
};

/* Where to, and from where. All copied. */
struct dial_request {
	const struct address *addresses;
	size_t n;                   /* 1 to RESOLVE_MAX_ADDRESSES */
	const char *bind_address;   /* numeric; NULL: any */
	const char *bind_interface; /* NULL: any */
};

/* Connects to one of the addresses. done(arg, answer) is called once, never
 * from inside this call; the handle is gone then. There is no deadline in
 * here: dial_cancel(). */
struct dial *dial_start(struct loop *loop, const struct dial_request *request,
    void (*done)(void *arg, const struct dial_answer *answer), void *arg);

void dial_cancel(struct dial *d);

/* Sets what every SSH socket here has: TCP_NODELAY, and the kernel's
 * keepalive if wanted, and TCP_USER_TIMEOUT (0: none), as a net under our
 * own. */
void dial_tune(int fd, bool keepalive, uint32_t dead_after_ms);

#endif
