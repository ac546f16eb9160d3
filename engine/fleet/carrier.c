/*
 * carrier.c -- a stream of a host that may become another user first.
 *
 * Room: engine/fleet.  May touch: base/, ssh/, host.h.
 *
 *	opened -> (the talk of become.h) -> our word has left -> lent to the
 *	courier
 */
#include "config.h"

#include "fleet/carrier.h"

#include "base/limits.h"
#include "base/mem.h"
#include "base/secret.h"
#include "fleet/host.h"
#include "fleet/order.h"
#include "ssh/become.h"
#include "ssh/loop.h"

#include <stdlib.h>
#include <string.h>

#define QUIET_MS 100
#define BRAKE_MS 50

struct carrier {
	struct host *host;     /* borrowed */
	struct stream *stream; /* owned */
	struct buf *out;       /* borrowed; for the time after the talk */
	struct buf say;        /* of the talk */
	struct become become;
	bool becomes;        /* the talk is not over */
	bool gave;           /* the password, and nothing came of it yet */
	bool waits;          /* for the brake */
	struct timer *after; /* owned */
	const struct stream_events *events;
	void *arg;
};

/* ---- the talk ---- */

static void
show_nothing(void *arg, const void *data, size_t len)
{
	(void)arg;
	(void)data;
	(void)len;
}

static void
wipe(struct carrier *c)
{
	if (c->say.mem != NULL)
		secret_wipe(c->say.mem, c->say.cap);
	buf_clear(&c->say);
}

static void
tell_brake(struct carrier *c, bool accepted)
{
	if (c->gave)
		host_became(c->host, accepted);
	c->gave = false;
}

static void
fail(struct carrier *c, enum muster_outcome outcome, const char *text)
{
	tell_brake(c, false);
	timer_stop(c->after);
	c->becomes = false;
	c->events->closed(c->arg, outcome, text);
}

static void
give_password(struct carrier *c)
{
	const struct secret *password = c->host->worker->env->become_password;

	switch (host_may_become(c->host)) {
	case SESSION_WAIT:
		c->waits = true;
		timer_set(c->after, BRAKE_MS);
		return;
	case SESSION_NEVER:
		fail(c, MUSTER_SUDO_BADPASS,
		    "the password was not tried: other hosts refused it");
		return;
	case SESSION_GO:
		break;
	}
	c->gave = true;
	c->become.password = password;
	c->become.phase = BECOME_GIVEN;
	(void)buf_add(&c->say, secret_data(password), secret_len(password));
	(void)buf_addc(&c->say, '\n');
	stream_poke(c->stream);
}

static void
talk(struct carrier *c)
{
	switch (c->become.phase) {
	case BECOME_PROMPTED:
		give_password(c);
		break;
	case BECOME_REFUSED:
		fail(c, MUSTER_SUDO_BADPASS, "the password was refused");
		break;
	case BECOME_LET_IN:
		tell_brake(c, true);
		c->become.phase = BECOME_GONE;
		(void)buf_addc(&c->say, '\n');
		stream_poke(c->stream);
		break;
	case BECOME_ASKING:
	case BECOME_GIVEN:
	case BECOME_GONE:
		break;
	}
}

static void
on_after(void *arg)
{
	struct carrier *c = arg;

	if (!c->becomes)
		return;
	if (!c->waits)
		become_quiet(&c->become);
	c->waits = false;
	talk(c);
}

/* ---- the stream ---- */

static void
on_opened(void *arg)
{
	struct carrier *c = arg;

	if (!c->becomes)
		c->events->opened(c->arg);
}

static void
on_data(void *arg, enum muster_stream which, const void *data, size_t len)
{
	struct carrier *c = arg;

	if (!c->becomes) {
		c->events->data(c->arg, which, data, len);
		return;
	}
	if (which != MUSTER_STDERR || c->become.phase == BECOME_GONE)
		return;
	become_take(&c->become, data, len, show_nothing, NULL);
	if (become_waits(&c->become) && !c->waits)
		timer_set(c->after, QUIET_MS);
	if (!c->waits)
		talk(c);
}

static void
on_room(void *arg)
{
	struct carrier *c = arg;

	if (!c->becomes) {
		c->events->room(c->arg);
		return;
	}
	if (c->become.phase != BECOME_GONE || c->say.len > 0)
		return;
	c->becomes = false;
	timer_stop(c->after);
	wipe(c);
	stream_lend(c->stream, c->out);
	c->events->opened(c->arg);
}

static void
on_closed(void *arg, enum muster_outcome outcome, const char *text)
{
	struct carrier *c = arg;
	bool has_password = c->host->worker->env->become_password != NULL;
	char why[LIMIT_REMOTE_TEXT];

	if (!c->becomes || outcome != MUSTER_LOST) {
		c->events->closed(c->arg, outcome, text);
		return;
	}
	become_end(&c->become, show_nothing, NULL);
	fail(
	    c, become_explain(&c->become, has_password, why, sizeof(why)), why);
}

/* ---- life ---- */

/* The text of a command as another user. NULL: it is too long. */
static char *
compose(struct carrier *c, const char *command)
{
	const struct order *o = c->host->order;
	const struct become_order how = {.command = command,
	    .user = o->user != NULL ? o->user : "root",
	    .method = o->method,
	    .becomes = true,
	    .password = c->host->worker->env->become_password != NULL};
	struct buf text;

	become_init(&c->become, &how);
	buf_init(&text, LIMIT_COMMAND_BYTES);
	(void)become_compose(&c->become, &how, &text);
	return buf_take_str(&text);
}

struct carrier *
carrier_new(struct host *h, const struct stream_request *request,
    const char *command, const struct stream_events *events, void *arg)
{
	static const struct stream_events own = {
	    .opened = on_opened,
	    .data = on_data,
	    .room = on_room,
	    .closed = on_closed,
	};
	struct stream_request wanted = *request;
	struct carrier *c = mem_new(sizeof(*c));
	char *text = NULL;

	c->host = h;
	c->out = request->out;
	c->events = events;
	c->arg = arg;
	c->after = timer_new(h->worker->loop, on_after, c);
	c->becomes = h->order->becomes;
	buf_init(&c->say, LIMIT_COMMAND_BYTES);
	if (c->becomes) {
		text = compose(c, command);
		wanted = (struct stream_request){.what = text, .out = &c->say};
	}
	c->stream = stream_new(h->session, &wanted, &own, c);
	free(text);
	return c;
}

void
carrier_free(struct carrier *c)
{
	if (c == NULL)
		return;
	tell_brake(c, false);
	timer_free(c->after);
	stream_free(c->stream);
	wipe(c);
	free(c);
}

void
carrier_poke(struct carrier *c)
{
	stream_poke(c->stream);
}
