/*
 * tap.h -- the bytes between a socket and libssh2.
 *
 * Room: engine/ssh.  May touch: base/.
 * libssh2 never sees the socket. What it reads is served from here, at most
 * LIMIT_RECV_BYTES_PER_CALL at a time, and nothing before the server's
 * identification string was found and found good; what it writes is always
 * taken whole, into a buffer that is flushed after each step. Bytes come
 * from a descriptor, or are pushed in and pulled out by whoever carries them
 * (a channel of another session, a test).
 */
#ifndef MUSTER_SSH_TAP_H
#define MUSTER_SSH_TAP_H

#include "base/buf.h"
#include "base/limits.h"

#include <sys/types.h>

enum tap_banner {
	TAP_BANNER_WAIT, /* no identification string yet */
	TAP_BANNER_OK,
	TAP_BANNER_NOT_SSH,
	TAP_BANNER_SSH1,
};

struct tap {
	struct buf rx;   /* arrived, not yet served */
	struct buf tx;   /* written, not yet sent */
	struct buf line; /* before the banner: the line being read */
	size_t budget;   /* bytes that may still be served in this step */
	size_t n_early;  /* bytes that came before authentication ended */
	bool early;      /* authentication has not ended */
	bool eof;        /* the peer closed */
	bool dead;       /* we gave up: reads end, writes fail */
	bool gated;      /* reads wait, so that requests go out together */
	int errnum;      /* of a socket that failed */
	enum tap_banner banner;
	char software[LIMIT_BANNER_BYTES + 1]; /* the banner, when OK */
	char before[LIMIT_PREBANNER_KEPT + 1]; /* text before the banner */
	uint64_t n_in, n_out;                  /* bytes in all */
};

void tap_init(struct tap *t);
void tap_clear(struct tap *t);

/* Reads once from `fd` (at most `size` bytes by way of `scratch`). Returns
 * false when nothing came: eof or errnum is set unless it would block. */
bool tap_fill(struct tap *t, int fd, uint8_t *scratch, size_t size);

/* Takes bytes that somebody else carried here. */
void tap_push(struct tap *t, const void *data, size_t len);

/* Sends what fits. What a peer that has gone cannot take is thrown away:
 * tap_fill() brings what it left behind, then the end. Returns false on
 * another error of the socket (errnum). */
bool tap_flush(struct tap *t, int fd);

/* Lets the next step have its share of bytes. */
void tap_grant(struct tap *t);

/* Whether bytes wait that the next step could serve. */
bool tap_has_more(const struct tap *t);

/* Over a ceiling: too much before authentication, or a peer that lets our
 * answers pile up. */
bool tap_is_over(const struct tap *t);

/* libssh2's RECV and SEND: bytes, 0 at the end, or -errno. */
ssize_t tap_recv(struct tap *t, void *buffer, size_t len);
ssize_t tap_send(struct tap *t, const void *data, size_t len);

#endif
