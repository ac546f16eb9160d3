/*
 * client.h -- ssh(1) in place of libssh2, for what libssh2 cannot do.
 *
 * Room: engine/ssh.  May touch: this room, base/.
 * Such a session makes no connection of its own: each command is a process,
 * started when the command is asked for, which logs in and runs it. What ssh
 * tells of its doings (-E, LogLevel DEBUG1) says whether the command was sent
 * and whether a status was received: its exit code alone tells neither.
 */
#ifndef MUSTER_SSH_CLIENT_H
#define MUSTER_SSH_CLIENT_H

#include "ssh/session_impl.h"

/* OPEN and RUNNING of a session with target.client. */
enum next client_open(struct session *s);
enum next client_run(struct session *s);

/* Sends a few bytes to the standard input of the command. Returns how many, or
 * LIBSSH2_ERROR_EAGAIN. */
ssize_t client_say(struct session *s, const void *data, size_t len);

/* Ends the command under way with that outcome. */
void client_stop(struct session *s, enum muster_outcome outcome);

/* The time for logging in is over. */
void client_timeout(struct session *s);

/* Ends the process; NULL is fine. */
void client_free(struct client *c);

/* What a line of ssh's own, clean, means for a command that was not sent. */
enum muster_outcome client_outcome(const char *line);

#endif
