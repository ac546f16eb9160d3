/*
 * brake.c -- a password for many hosts, and no account locked out.
 *
 * Room: engine/fleet.  May touch: base/, admission.h.
 */
#include "config.h"

#include "fleet/brake.h"
#include "base/mem.h"
#include "fleet/admission.h"

#include <limits.h>
#include <stdatomic.h>
#include <stdlib.h>

#define MAX_REFUSALS 3

struct brake {
	struct admission *line; /* owned; lets one in until it is decided */
	atomic_uint n_refused;
	atomic_bool accepted;
};

struct brake *
brake_new(void)
{
	struct brake *b = mem_new(sizeof(*b));

	b->line = admission_new(1, 1);
	return b;
}

void
brake_free(struct brake *b)
{
	if (b == NULL)
		return;
	admission_free(b->line);
	free(b);
}

enum session_leave
brake_ask(struct brake *b, struct ticket *t)
{
	switch (admission_look(t)) {
	case TICKET_NONE:
		if (!admission_enter(b->line, t))
			return SESSION_WAIT;
		break;
	case TICKET_WAITING:
	case TICKET_TOLD:
		return SESSION_WAIT;
	case TICKET_HELD:
		break;
	}
	if (!atomic_load(&b->accepted) &&
	    atomic_load(&b->n_refused) >= MAX_REFUSALS) {
		admission_leave(t);
		return SESSION_NEVER;
	}
	return SESSION_GO;
}

void
brake_tell(struct brake *b, struct ticket *t, bool accepted)
{
	bool decided = accepted;

	if (accepted)
		atomic_store(&b->accepted, true);
	else
		decided =
		    atomic_fetch_add(&b->n_refused, 1) + 1 >= MAX_REFUSALS;
	if (decided)
		admission_set_fanout(b->line, UINT_MAX);
	admission_leave(t);
}
