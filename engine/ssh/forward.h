/*
 * forward.h -- the user's ssh-agent, for what runs on a host.
 *
 * Room: engine/ssh.  May touch: this room, base/.
 * Needs libssh2 1.11: see library_forwards_agents().
 */
#ifndef MUSTER_SSH_FORWARD_H
#define MUSTER_SSH_FORWARD_H

#include "ssh/session_impl.h"

/* Lets the server open channels to the agent, if env->forward_path is set. */
void forward_allow(struct session *s);

/* Says so on the channel of the command, once, before the command. */
enum next forward_request(struct session *s);

/* Carries bytes both ways. Returns whether there were any: there may be
 * more, of other channels too. */
bool forwards_run(struct session *s);

/* The session is over, or its libssh2 is. */
void forwards_drop(struct session *s);

#endif
