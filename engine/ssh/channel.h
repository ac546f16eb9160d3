/*
 * channel.h -- a session channel that is opened, for the files of this room.
 *
 * Room: engine/ssh.  May touch: everything of this room.
 */
#ifndef MUSTER_SSH_CHANNEL_H
#define MUSTER_SSH_CHANNEL_H

#include "ssh/session_impl.h"

/* Opens one with a window of that many bytes. FORWARD: *channel is open, owned
 * by libssh2; AGAIN; FAILED: refused, and *refusal says why in the server's
 * words (lent, unclean), or NULL: the session has failed. */
enum next channel_open(struct session *s, uint32_t window,
    LIBSSH2_CHANNEL **channel, const char **refusal);

/* Tells once that the server does what it is asked to, and no longer counts
 * this login among those under way. */
void channel_note_served(struct session *s);

#endif
