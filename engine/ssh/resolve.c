/*
 * resolve.c -- names to addresses, as the system's own programs see them.
 *
 * Room: engine/ssh.  May touch: base/, loop.h, pool.h.
 */
#include "config.h"

#include "ssh/resolve.h"
#include "base/mem.h"
#include "base/str.h"
#include "ssh/loop.h"
#include "ssh/pool.h"

#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct resolve {
	char *name; /* owned */
	char service[8];
	int family;
	void (*done)(void *, const struct resolve_answer *);
	void *arg;
	struct job *job; /* borrowed; NULL for a numeric address */
	bool cancelled;
	struct resolve_answer answer;
};

static void
drop(void *arg)
{
	struct resolve *r = arg;

	free(r->name);
	free(r);
}

/* What getaddrinfo(3) said, as an outcome. */
static void
fail(struct resolve_answer *a, int code)
{
	a->text = gai_strerror(code);
	switch (code) {
	case EAI_NONAME:
#ifdef EAI_NODATA
	case EAI_NODATA:
#endif
#ifdef EAI_ADDRFAMILY
	case EAI_ADDRFAMILY:
#endif
		a->outcome = MUSTER_DNS_NXDOMAIN;
		break;
	case EAI_MEMORY:
	case EAI_SYSTEM:
		a->outcome = MUSTER_LOCAL_RES;
		break;
	default:
		a->outcome = MUSTER_DNS_FAIL;
		break;
	}
}

static void
keep(struct resolve_answer *a, const struct addrinfo *list)
{
	for (; list != NULL && a->n < RESOLVE_MAX_ADDRESSES;
	     list = list->ai_next) {
		struct address *to = &a->addresses[a->n];

		if (list->ai_addrlen > sizeof(to->sa))
			continue;
		memcpy(&to->sa, list->ai_addr, list->ai_addrlen);
		to->len = list->ai_addrlen;
		a->n++;
	}
	if (a->n == 0) {
		a->outcome = MUSTER_DNS_FAIL;
		a->text = "no address";
	}
}

static int
look_up(struct resolve *r, int flags)
{
	struct addrinfo hints = {.ai_family = r->family,
	    .ai_socktype = SOCK_STREAM,
	    .ai_flags = flags | AI_NUMERICSERV};
	struct addrinfo *list = NULL;
	int code = getaddrinfo(r->name, r->service, &hints, &list);

	if (code == 0)
		keep(&r->answer, list);
	else
		fail(&r->answer, code);
	if (list != NULL)
		freeaddrinfo(list);
	return code;
}

static void
work(void *arg)
{
	struct resolve *r = arg;

	r->answer = (struct resolve_answer){0};
	(void)look_up(r, 0);
}

static void
deliver(void *arg)
{
	struct resolve *r = arg;

	if (!r->cancelled)
		r->done(r->arg, &r->answer);
	drop(r);
}

struct resolve *
resolve_start(struct pool *pool, struct loop *loop,
    const struct resolve_question *question,
    void (*done)(void *arg, const struct resolve_answer *answer), void *arg)
{
	struct resolve *r = mem_new(sizeof(*r));

	r->name = mem_strdup(question->name);
	(void)snprintf(r->service, sizeof(r->service), "%u", question->port);
	r->family = question->family;
	r->done = done;
	r->arg = arg;
	if (look_up(r, AI_NUMERICHOST) == 0)
		loop_later(loop, deliver, r);
	else
		r->job = pool_submit(pool, loop, work, deliver, r);
	return r;
}

void
resolve_cancel(struct resolve *r)
{
	if (r->job != NULL)
		job_cancel(r->job, drop);
	else
		r->cancelled = true;
}

void
address_text(const struct address *address, char text[ADDRESS_TEXT_MAX])
{
	if (getnameinfo((const struct sockaddr *)&address->sa, address->len,
		text, ADDRESS_TEXT_MAX, NULL, 0, NI_NUMERICHOST) != 0)
		(void)str_copy(text, ADDRESS_TEXT_MAX, "?");
}
