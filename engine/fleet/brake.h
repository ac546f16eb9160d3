/*
 * brake.h -- a password for many hosts, and no account locked out.
 *
 * Room: engine/fleet.  May touch: base/, admission.h.
 * A password is tried on one host at a time until one has taken it; then on
 * all. When three have refused it and none has taken it, it is given to no
 * other. Shared by all workers.
 */
#ifndef MUSTER_FLEET_BRAKE_H
#define MUSTER_FLEET_BRAKE_H

#include "ssh/session.h"

struct brake;
struct ticket;

struct brake *brake_new(void);
void brake_free(struct brake *b);

/* Whether the holder of the ticket may give the password now. After
 * SESSION_WAIT its granted(arg) is called, and it asks again. */
enum session_leave brake_ask(struct brake *b, struct ticket *t);

/* Tells what became of it. */
void brake_tell(struct brake *b, struct ticket *t, bool accepted);

#endif
