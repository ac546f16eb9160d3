/*
 * dial.c -- a TCP connection to the first address that answers.
 *
 * Room: engine/ssh.  May touch: base/, loop.h, resolve.h.
 */
#include "config.h"

#include "ssh/dial.h"
#include "base/mem.h"
#include "base/trace.h"
#include "ssh/loop.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct attempt {
	struct dial *dial; /* borrowed */
	struct watch *watch;
	int fd; /* -1: not started, or over */
};

struct dial {
	struct loop *loop; /* borrowed */
	struct address addresses[RESOLVE_MAX_ADDRESSES];
	struct attempt attempts[RESOLVE_MAX_ADDRESSES];
	size_t n, n_started, n_failed, last;
	struct timer *stagger;
	char *bind_address, *bind_interface; /* owned */
	int errnum;
	bool answered;
	void (*done)(void *, const struct dial_answer *);
	void *arg;
};

static void start_next(void *arg);

static enum muster_outcome
outcome_of(int errnum)
{
	switch (errnum) {
	case ECONNREFUSED:
		return MUSTER_CONN_REFUSED;
	case ECONNRESET:
	case EPIPE:
		return MUSTER_CONN_RESET;
	case ETIMEDOUT:
		return MUSTER_CONN_TIMEOUT;
	case EMFILE:
	case ENFILE:
	case ENOBUFS:
	case ENOMEM:
	case EADDRNOTAVAIL:
	case EAGAIN:
		return MUSTER_LOCAL_RES;
	default:
		return MUSTER_CONN_UNREACH;
	}
}

static void
end_attempt(struct attempt *a)
{
	watch_free(a->watch);
	a->watch = NULL;
	if (a->fd >= 0)
		(void)close(a->fd);
	a->fd = -1;
}

static void
free_dial(void *arg)
{
	struct dial *d = arg;

	for (size_t i = 0; i < d->n_started; i++)
		end_attempt(&d->attempts[i]);
	timer_free(d->stagger);
	free(d->bind_address);
	free(d->bind_interface);
	free(d);
}

void
dial_cancel(struct dial *d)
{
	d->answered = true;
	timer_stop(d->stagger);
	for (size_t i = 0; i < d->n_started; i++)
		end_attempt(&d->attempts[i]);
	loop_later(d->loop, free_dial, d);
}

static void
answer(struct dial *d, struct attempt *winner)
{
	struct dial_answer a = {
	    .fd = -1, .errnum = d->errnum, .address = &d->addresses[d->last]};
	void (*done)(void *, const struct dial_answer *) = d->done;
	void *arg = d->arg;

	if (d->answered)
		return;
	if (winner != NULL) {
		a.fd = winner->fd;
		a.address = &d->addresses[winner - d->attempts];
		winner->fd = -1;
	} else {
		a.outcome = outcome_of(d->errnum);
	}
	done(arg, &a);
	dial_cancel(d);
}

static void
fail_attempt(struct attempt *a, int errnum)
{
	struct dial *d = a->dial;

	d->errnum = errnum;
	d->last = (size_t)(a - d->attempts);
	d->n_failed++;
	end_attempt(a);
	if (d->n_started < d->n)
		start_next(d);
	else if (d->n_failed == d->n)
		answer(d, NULL);
}

static void
on_writable(void *arg, unsigned what)
{
	struct attempt *a = arg;
	socklen_t len = sizeof(int);
	int errnum = 0;

	(void)what;
	if (getsockopt(a->fd, SOL_SOCKET, SO_ERROR, &errnum, &len) != 0)
		errnum = errno;
	if (errnum != 0) {
		fail_attempt(a, errnum);
		return;
	}
	watch_free(a->watch);
	a->watch = NULL;
	answer(a->dial, a);
}

/* As ssh_config(5) BindAddress and BindInterface. Returns 0 or -1, errno. */
static int
bind_socket(const struct dial *d, int fd, int family)
{
	struct addrinfo hints = {.ai_family = family,
	    .ai_socktype = SOCK_STREAM,
	    .ai_flags = AI_NUMERICHOST};
	struct addrinfo *from;
	int rc;

	if (d->bind_interface != NULL &&
	    setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, d->bind_interface,
		(socklen_t)strlen(d->bind_interface)) != 0)
		return -1;
	if (d->bind_address == NULL)
		return 0;
	errno = EADDRNOTAVAIL;
	if (getaddrinfo(d->bind_address, NULL, &hints, &from) != 0)
		return -1;
	rc = bind(fd, from->ai_addr, from->ai_addrlen);
	freeaddrinfo(from);
	return rc;
}

static void
start_next(void *arg)
{
	struct dial *d = arg;
	struct attempt *a = &d->attempts[d->n_started];
	const struct address *to = &d->addresses[d->n_started];

	if (d->answered || d->n_started == d->n)
		return;
	d->n_started++;
	a->dial = d;
	a->fd = socket(to->sa.ss_family,
	    SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP);
	if (a->fd < 0 || bind_socket(d, a->fd, to->sa.ss_family) != 0 ||
	    (connect(a->fd, (const struct sockaddr *)&to->sa, to->len) != 0 &&
		errno != EINPROGRESS)) {
		fail_attempt(a, errno);
		return;
	}
	a->watch = watch_new(d->loop, a->fd, on_writable, a);
	watch_want(a->watch, WATCH_WRITE);
	if (d->n_started < d->n)
		timer_set(d->stagger, DIAL_STAGGER_MS);
}

/* Copies the addresses so that families take turns, the first one first. */
static void
interleave(struct dial *d, const struct address *from, size_t n)
{
	sa_family_t first = from[0].sa.ss_family;
	size_t i = 0, j = 0;

	for (d->n = 0; d->n < n; d->n++) {
		bool want_first = d->n % 2 == 0;

		while (i < n && from[i].sa.ss_family != first)
			i++;
		while (j < n && from[j].sa.ss_family == first)
			j++;
		if ((want_first && i < n) || j >= n)
			d->addresses[d->n] = from[i++];
		else
			d->addresses[d->n] = from[j++];
	}
}

struct dial *
dial_start(struct loop *loop, const struct dial_request *request,
    void (*done)(void *arg, const struct dial_answer *answer), void *arg)
{
	struct dial *d = mem_new(sizeof(*d));

	d->loop = loop;
	d->done = done;
	d->arg = arg;
	d->bind_address = mem_strdup(request->bind_address);
	d->bind_interface = mem_strdup(request->bind_interface);
	for (size_t i = 0; i < RESOLVE_MAX_ADDRESSES; i++)
		d->attempts[i].fd = -1;
	interleave(d, request->addresses, request->n);
	d->stagger = timer_new(loop, start_next, d);
	loop_later(loop, start_next, d);
	return d;
}

static void
set_option(int fd, int level, int name, int value)
{
	/* A net under the net: an option that is refused costs nothing. */
	(void)setsockopt(fd, level, name, &value, sizeof(value));
}

void
dial_tune(int fd, bool keepalive, uint32_t dead_after_ms)
{
	set_option(fd, IPPROTO_TCP, TCP_NODELAY, 1);
	if (keepalive)
		set_option(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
	if (dead_after_ms == 0)
		return;
	set_option(
	    fd, IPPROTO_TCP, TCP_KEEPIDLE, (int)(dead_after_ms / 3000 + 1));
	set_option(
	    fd, IPPROTO_TCP, TCP_KEEPINTVL, (int)(dead_after_ms / 6000 + 1));
	set_option(fd, IPPROTO_TCP, TCP_KEEPCNT, 4);
#ifdef TCP_USER_TIMEOUT
	set_option(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, (int)dead_after_ms);
#endif
}
