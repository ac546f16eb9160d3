/*
 * stream.h -- a channel of a session that carries bytes both ways.
 *
 * Room: engine/ssh.  May touch: this room, base/.
 * Beside the one command of a session (exec.c): a subsystem, or a program
 * that is talked to. Any number of them run while the session is READY. Both
 * directions are as fast as the windows and the wire are; what is received
 * must be taken at once.
 */
#ifndef MUSTER_SSH_STREAM_H
#define MUSTER_SSH_STREAM_H

#include "muster.h"

struct buf;
struct session;
struct stream;

struct stream_events {
	/* The server has granted it. */
	void (*opened)(void *arg);
	/* Bytes came; lent. */
	void (*data)(
	    void *arg, enum muster_stream which, const void *data, size_t len);
	/* What waited to be sent has left, or most of it. */
	void (*room)(void *arg);
	/* It was refused (MUSTER_CHAN_REFUSED, MUSTER_SUBSYS_REFUSED), or
	 * the server closed it (MUSTER_LOST); `text` is clean. Nothing comes
	 * after it. When the whole session ends, nothing is said here. */
	void (*closed)(
	    void *arg, enum muster_outcome outcome, const char *text);
};

struct stream_request {
	bool is_subsystem;
	const char *what; /* a subsystem's name, or a command; borrowed */
	/* What is to be sent: drained as it is, by the session. Borrowed
	 * until the stream is freed. */
	struct buf *out;
};

/* Asks a session that is READY for a channel. */
struct stream *stream_new(struct session *s,
    const struct stream_request *request, const struct stream_events *events,
    void *arg);

/* No event any more; the channel is closed in time. Allowed in events. NULL
 * is fine. */
void stream_free(struct stream *st);

/* What is sent from now on is in `out`, borrowed as in the request. */
void stream_lend(struct stream *st, struct buf *out);

/* There is something to send. */
void stream_poke(struct stream *st);

/* The step of a session that is READY. Returns false when it has failed. */
bool streams_run(struct session *s);

/* The session is over: so are its streams. */
void streams_lose(struct session *s);

#endif
