/*
 * admission.h -- who may go on now: the fan-out, and logins per address.
 *
 * Room: engine/fleet.  May touch: base/, ssh/loop.h.
 * Shared by all workers. What does not fit waits in line, it does not fail:
 * a place that is given back goes to the first in line, whose worker is told
 * through its loop.
 */
#ifndef MUSTER_FLEET_ADMISSION_H
#define MUSTER_FLEET_ADMISSION_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/queue.h>

struct admission;
struct gate;
struct loop;

enum ticket_state { TICKET_NONE, TICKET_WAITING, TICKET_TOLD, TICKET_HELD };

/* A claim to a place; lives in whoever claims. Zeroed, then `loop`,
 * `granted` and `arg` set. */
struct ticket {
	TAILQ_ENTRY(ticket) entry;
	struct loop *loop; /* borrowed */
	void (*granted)(void *arg);
	void *arg;
	struct admission *admission; /* set while claimed */
	struct gate *gate;           /* waits at, or has passed */
	enum ticket_state state;
};

struct admission *admission_new(unsigned fanout, unsigned per_address);
void admission_free(struct admission *a);

/* Claims a place among the hosts at work. Returns true when it has one now;
 * otherwise granted(arg) is called later on the ticket's loop. */
bool admission_enter(struct admission *a, struct ticket *t);

/* Claims a place among the logins at an address (any bytes). The same. */
bool admission_enter_address(
    struct admission *a, struct ticket *t, const void *address, size_t len);

/* How a claim stands; TICKET_HELD after granted(arg). */
enum ticket_state admission_look(const struct ticket *t);

/* Gives the place back, or leaves the line; harmless without either. */
void admission_leave(struct ticket *t);

void admission_set_fanout(struct admission *a, unsigned fanout);

/* While paused nobody enters the fan-out. */
void admission_pause(struct admission *a, bool paused);

#endif
