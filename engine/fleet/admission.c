/*
 * admission.c -- who may go on now: the fan-out, and logins per address.
 *
 * Room: engine/fleet.  May touch: base/, ssh/loop.h.
 */
#include "config.h"

#include "fleet/admission.h"
#include "base/map.h"
#include "base/mem.h"
#include "ssh/loop.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>

struct gate {
	size_t n; /* inside, or told that they may */
	size_t limit;
	TAILQ_HEAD(, ticket) line;
	void *address; /* owned; NULL for the fan-out */
	size_t len;
};

struct admission {
	pthread_mutex_t lock; /* for everything here and in tickets */
	struct gate fanout;
	bool paused;
	size_t per_address;
	struct map *addresses; /* address -> struct gate */
};

struct admission *
admission_new(unsigned fanout, unsigned per_address)
{
	struct admission *a = mem_new(sizeof(*a));

	(void)pthread_mutex_init(&a->lock, NULL);
	a->fanout.limit = fanout;
	TAILQ_INIT(&a->fanout.line);
	a->per_address = per_address;
	a->addresses = map_new();
	return a;
}

static void
free_gate(void *arg)
{
	struct gate *g = arg;

	free(g->address);
	free(g);
}

void
admission_free(struct admission *a)
{
	if (a == NULL)
		return;
	map_free(a->addresses, free_gate);
	(void)pthread_mutex_destroy(&a->lock);
	free(a);
}

/* On the ticket's loop. The claim may have been given up meanwhile. */
static void
tell(void *arg)
{
	struct ticket *t = arg;
	struct admission *a = t->admission;
	bool granted;

	if (a == NULL)
		return;
	(void)pthread_mutex_lock(&a->lock);
	granted = t->state == TICKET_TOLD;
	if (granted)
		t->state = TICKET_HELD;
	(void)pthread_mutex_unlock(&a->lock);
	if (granted)
		t->granted(t->arg);
}

/* Under the lock. */
static void
let_in(struct admission *a, struct gate *g)
{
	struct ticket *t;

	while (g->n < g->limit && !(a->paused && g == &a->fanout) &&
	       (t = TAILQ_FIRST(&g->line)) != NULL) {
		TAILQ_REMOVE(&g->line, t, entry);
		t->state = TICKET_TOLD;
		g->n++;
		loop_post(t->loop, tell, t);
	}
}

static bool
enter(struct admission *a, struct gate *g, struct ticket *t)
{
	assert(t->state == TICKET_NONE);
	t->admission = a;
	t->gate = g;
	if (g->n < g->limit && TAILQ_EMPTY(&g->line) &&
	    !(a->paused && g == &a->fanout)) {
		t->state = TICKET_HELD;
		g->n++;
		return true;
	}
	t->state = TICKET_WAITING;
	TAILQ_INSERT_TAIL(&g->line, t, entry);
	return false;
}

bool
admission_enter(struct admission *a, struct ticket *t)
{
	bool in;

	(void)pthread_mutex_lock(&a->lock);
	in = enter(a, &a->fanout, t);
	(void)pthread_mutex_unlock(&a->lock);
	return in;
}

static struct gate *
gate_of(struct admission *a, const void *address, size_t len)
{
	struct gate *g = map_get(a->addresses, address, len);

	if (g != NULL)
		return g;
	g = mem_new(sizeof(*g));
	g->limit = a->per_address;
	TAILQ_INIT(&g->line);
	g->address = mem_dup(address, len);
	g->len = len;
	(void)map_put(a->addresses, address, len, g);
	return g;
}

bool
admission_enter_address(
    struct admission *a, struct ticket *t, const void *address, size_t len)
{
	bool in;

	(void)pthread_mutex_lock(&a->lock);
	in = enter(a, gate_of(a, address, len), t);
	(void)pthread_mutex_unlock(&a->lock);
	return in;
}

enum ticket_state
admission_look(const struct ticket *t)
{
	struct admission *a = t->admission;
	enum ticket_state state;

	if (a == NULL)
		return TICKET_NONE;
	(void)pthread_mutex_lock(&a->lock);
	state = t->state;
	(void)pthread_mutex_unlock(&a->lock);
	return state;
}

void
admission_leave(struct ticket *t)
{
	struct admission *a = t->admission;
	struct gate *g = t->gate;

	if (a == NULL)
		return;
	(void)pthread_mutex_lock(&a->lock);
	if (t->state == TICKET_WAITING)
		TAILQ_REMOVE(&g->line, t, entry);
	else if (t->state != TICKET_NONE)
		g->n--;
	t->state = TICKET_NONE;
	t->gate = NULL;
	if (g != NULL)
		let_in(a, g);
	if (g != NULL && g->n == 0 && g->address != NULL) {
		(void)map_remove(a->addresses, g->address, g->len);
		free_gate(g);
	}
	(void)pthread_mutex_unlock(&a->lock);
}

void
admission_set_fanout(struct admission *a, unsigned fanout)
{
	(void)pthread_mutex_lock(&a->lock);
	a->fanout.limit = fanout;
	let_in(a, &a->fanout);
	(void)pthread_mutex_unlock(&a->lock);
}

void
admission_pause(struct admission *a, bool paused)
{
	(void)pthread_mutex_lock(&a->lock);
	a->paused = paused;
	let_in(a, &a->fanout);
	(void)pthread_mutex_unlock(&a->lock);
}
