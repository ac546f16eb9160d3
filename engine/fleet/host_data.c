/*
 * host_data.c -- what goes in and out of a host: input, output, passwords.
 *
 * Room: engine/fleet.  May touch: base/, ssh/, brake.h, host.h, lines.h,
 * order.h, profile.h, twins.h, worker.h.
 */
#include "config.h"

#include "fleet/host.h"
#include "base/secret.h"
#include "fleet/lines.h"
#include "fleet/order.h"
#include "fleet/profile.h"
#include "fleet/twins.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

long
host_input(void *arg, void *dst, size_t size)
{
	struct host *h = arg;

	return input_read(&h->run->input, h->index, dst, size);
}

void
host_input_taken(void *arg, size_t n)
{
	struct host *h = arg;
	struct parcel *p;

	if (!input_taken(&h->run->input, n))
		return;
	p = parcel_new(MUSTER_EVENT_INPUT, NULL);
	p->event.host = MUSTER_NOWHERE;
	worker_emit(h->worker, p);
}

void
host_feed(struct host *h)
{
	if (h->run != NULL && h->run->input.hungry && h->session != NULL)
		session_proceed(h->session);
}

size_t
host_let_through(struct host *h, enum muster_stream stream, size_t len)
{
	uint64_t limit = h->worker->env->options->output_limit_bytes;
	uint64_t before = h->result.out_bytes + h->result.err_bytes;

	if (stream == MUSTER_STDOUT)
		h->result.out_bytes += len;
	else
		h->result.err_bytes += len;
	if (limit == 0 || before + len <= limit)
		return len;
	h->result.flags |= MUSTER_TRUNCATED;
	return before < limit ? (size_t)(limit - before) : 0;
}

/* ---- passwords ---- */

enum session_leave
host_may_give_password(void *arg, struct secret **password, const char **why)
{
	struct host *h = arg;

	return brake_ask(
	    &h->claim, h->profile->password_prompts, password, why);
}

void
host_password_given(void *arg, enum session_given given)
{
	struct host *h = arg;

	brake_tell(&h->claim, given);
}

/* The session has the password of the fleet: the brake only says when. */
enum session_leave
host_may_become(void *arg)
{
	struct host *h = arg;
	struct secret *password = NULL;
	const char *why;
	enum session_leave may =
	    brake_ask(&h->become_claim, 1, &password, &why);

	secret_free(password);
	return may;
}

void
host_became(void *arg, bool accepted)
{
	struct host *h = arg;

	brake_tell(&h->become_claim, accepted ? GIVEN_TAKEN : GIVEN_REFUSED);
}

void
host_clear(struct host *h)
{
	free(h->name);
	free(h->alias);
	free(h->listed);
	free(h->key_name);
	free(h->address);
	free(h->user);
	free(h->proxy_command);
	free(h->gate);
	free(h->become_user);
	shown_key_free(h->shown);
	fleet_forget_openssh(h);
}

void
host_look(struct host *h, const struct muster_look *look)
{
	struct parcel *p =
	    h->lines != NULL ? lines_look(h->lines, look) : parcel_snapshot(0);

	p->event.host = h->index;
	worker_emit(h->worker, p);
}

void
host_begin_masks(struct host *h)
{
	if (h->lines != NULL)
		lines_begin_masks(h->lines);
}

void
host_note(void *arg, const char *text)
{
	struct host *h = arg;
	struct parcel *p = parcel_new(MUSTER_EVENT_NOTE, text);

	p->event.host = h->index;
	worker_emit(h->worker, p);
}

void
host_meet(struct host *h)
{
	char server[160], text[512];
	const char *first;

	if (h->met || !session_server(h->session, server, sizeof(server)))
		return;
	h->met = true;
	first = twins_meet(h->worker->env->twins, h->user, server, h->alias);
	if (strcmp(first, h->alias) == 0)
		return;
	h->twin_of = first;
	(void)snprintf(
	    text, sizeof(text), "the same host as %s: %s", first, server);
	host_note(h, text);
}
