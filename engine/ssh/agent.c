/*
 * agent.c -- a client of ssh-agent(1) that never blocks.
 *
 * Room: engine/ssh.  May touch: base/, crypto/digest.h, ssh/loop.h.
 * Requests wait in a queue; the first is the one that is sent. A new request
 * sets a timer of no time, so that everything happens from the loop:
 *
 *	idle --request--> connect --> send --> receive --answer--> idle
 *	                     ^                    | closed, but the one before
 *	                     +--------------------+ was answered
 *	any of them --deadline, nonsense, error--> failed, for good
 */
#include "config.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "crypto/digest.h"
#include "ssh/agent.h"
#include "ssh/agent_wire.h"
#include "ssh/loop.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define CONNECT_RETRY_MS 20 /* while the agent's queue is full */
#define READ_BYTES 4096

struct agent_request {
	TAILQ_ENTRY(agent_request) entry;
	struct agent *agent; /* borrowed */
	bool cancelled;
	struct buf message;            /* what is sent */
	agent_keys_fn *keys_done;      /* one of the two */
	agent_signature_fn *sign_done; /* NULL: a list */
	void *arg;
	char fingerprint[DIGEST_FINGERPRINT_BYTES]; /* of the key that signs */
};

struct agent {
	struct loop *loop; /* borrowed */
	char *path;        /* owned */
	uint32_t timeout_ms;
	int fd;               /* -1: not connected */
	struct watch *watch;  /* owned; of fd */
	struct timer *errand; /* owned; fires when there is work */
	struct timer *deadline;
	struct buf in;
	struct buf out;
	size_t n_answered; /* on this connection */
	bool busy;         /* the first request has its deadline */
	bool failed;       /* for good, for `why` */
	struct muster_error why;
	bool has_keys;
	struct agent_keys keys;
	TAILQ_HEAD(, agent_request) requests; /* owned */
};

/* ---- requests ---- */

static void
request_free(struct agent_request *r)
{
	buf_clear(&r->message);
	free(r);
}

static struct agent_request *
add_request(struct agent *a, void *arg)
{
	struct agent_request *r = mem_new(sizeof(*r));

	r->agent = a;
	r->arg = arg;
	buf_init(&r->message, LIMIT_AGENT_BYTES + 4);
	TAILQ_INSERT_TAIL(&a->requests, r, entry);
	timer_set(a->errand, 0);
	return r;
}

/* Takes the first request out of the queue; it no longer has a deadline. */
static struct agent_request *
take_request(struct agent *a)
{
	struct agent_request *r = TAILQ_FIRST(&a->requests);

	assert(r != NULL);
	TAILQ_REMOVE(&a->requests, r, entry);
	a->busy = false;
	timer_stop(a->deadline);
	return r;
}

/* Fails the first request. */
static void
refuse(struct agent *a, const struct muster_error *err)
{
	struct agent_request *r = take_request(a);

	if (!r->cancelled && r->sign_done != NULL)
		r->sign_done(r->arg, NULL, err);
	else if (!r->cancelled)
		r->keys_done(r->arg, NULL, 0, err);
	request_free(r);
}

/* Answers the first request with the keys that are known by now. */
static void
deliver_keys(struct agent *a)
{
	struct agent_request *r = take_request(a);

	if (!r->cancelled)
		r->keys_done(r->arg, a->keys.list, a->keys.n, NULL);
	request_free(r);
}

/* ---- the connection ---- */

static void
hang_up(struct agent *a)
{
	watch_free(a->watch);
	a->watch = NULL;
	if (a->fd >= 0)
		close(a->fd);
	a->fd = -1;
	a->n_answered = 0;
	buf_clear(&a->in);
	buf_clear(&a->out);
}

/* Fails for good; a->why says why. The queue is emptied from the loop. */
static void
give_up(struct agent *a)
{
	a->failed = true;
	hang_up(a);
	timer_stop(a->deadline);
	timer_set(a->errand, 0);
}

/* The agent has gone away. */
static void
on_closed(struct agent *a)
{
	bool again = a->n_answered > 0 && a->in.len == 0;

	if (a->busy && !again) {
		(void)err_set(&a->why, MUSTER_ERR_AGENT,
		    "the agent at '%s' closed the connection", a->path);
		give_up(a);
		return;
	}
	hang_up(a);
	if (a->busy)
		timer_set(a->errand, 0);
}

static void
on_deadline(void *arg)
{
	struct agent *a = arg;

	(void)err_set(&a->why, MUSTER_ERR_AGENT,
	    "the agent at '%s' gave no answer for %g seconds", a->path,
	    a->timeout_ms / 1000.0);
	give_up(a);
}

/* Sends what there is to send. */
static void
flush(struct agent *a)
{
	while (a->out.len > 0) {
		ssize_t n =
		    send(a->fd, buf_data(&a->out), a->out.len, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno != EAGAIN) {
			on_closed(a);
			return;
		}
		if (n < 0)
			break;
		buf_drain(&a->out, (size_t)n);
	}
	watch_want(a->watch, WATCH_READ | (a->out.len > 0 ? WATCH_WRITE : 0));
}

static void
answer_signature(struct agent *a, const uint8_t *message, size_t len)
{
	struct agent_request *r = TAILQ_FIRST(&a->requests);
	char algorithm[AGENT_ALGORITHM_BYTES];
	struct agent_signature sig;
	struct muster_error err;

	switch (agent_wire_read_signature(message, len, algorithm, &sig)) {
	case AGENT_ANSWER_GOOD:
		r = take_request(a);
		if (!r->cancelled)
			r->sign_done(r->arg, &sig, NULL);
		request_free(r);
		break;
	case AGENT_ANSWER_REFUSED:
		(void)err_set(&err, MUSTER_ERR_AGENT,
		    "the agent refused to sign with the key %s",
		    r->fingerprint);
		refuse(a, &err);
		break;
	case AGENT_ANSWER_GARBAGE:
		(void)err_set(&a->why, MUSTER_ERR_AGENT,
		    "the agent at '%s' sent a signature that makes no sense",
		    a->path);
		give_up(a);
		break;
	}
}

static void
answer_keys(struct agent *a, const uint8_t *message, size_t len)
{
	struct muster_error err;

	switch (agent_wire_read_keys(message, len, &a->keys)) {
	case AGENT_ANSWER_GOOD:
		a->has_keys = true;
		deliver_keys(a);
		break;
	case AGENT_ANSWER_REFUSED:
		(void)err_set(&err, MUSTER_ERR_AGENT,
		    "the agent at '%s' refused to list its keys", a->path);
		refuse(a, &err);
		break;
	case AGENT_ANSWER_GARBAGE:
		(void)err_set(&a->why, MUSTER_ERR_AGENT,
		    "the agent at '%s' sent a list of keys that makes no "
		    "sense",
		    a->path);
		give_up(a);
		break;
	}
}

/* Handles the message that is first in a->in, if it has come whole. */
static void
take_message(struct agent *a)
{
	uint64_t len = agent_wire_length(&a->in);
	struct buf message = a->in;

	if (len > LIMIT_AGENT_BYTES + 4 || (len > 0 && !a->busy)) {
		(void)err_set(&a->why, MUSTER_ERR_AGENT,
		    a->busy ? "the agent at '%s' sent an answer of %llu bytes"
			    : "the agent at '%s' spoke without being asked "
			      "(%llu bytes)",
		    a->path, (unsigned long long)len - 4);
		give_up(a);
		return;
	}
	if (len == 0 || a->in.len < len)
		return;
	/* The buffer may be gone after a callback; the message is not. */
	buf_init(&a->in, LIMIT_AGENT_BYTES + 4 + READ_BYTES);
	a->n_answered++;
	timer_set(a->errand, 0);
	if (TAILQ_FIRST(&a->requests)->sign_done != NULL)
		answer_signature(a, buf_data(&message) + 4, (size_t)len - 4);
	else
		answer_keys(a, buf_data(&message) + 4, (size_t)len - 4);
	/* Nothing was asked for that could come behind it. */
	if (message.len > len && !a->failed) {
		(void)err_set(&a->why, MUSTER_ERR_AGENT,
		    "the agent at '%s' spoke without being asked", a->path);
		give_up(a);
	}
	buf_clear(&message);
}

static void
receive(struct agent *a)
{
	uint8_t *to = buf_reserve(&a->in, READ_BYTES);
	ssize_t n;

	assert(to != NULL);
	n = recv(a->fd, to, READ_BYTES, 0);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0) {
		on_closed(a);
		return;
	}
	buf_commit(&a->in, (size_t)n);
	take_message(a);
}

static void
on_ready(void *arg, unsigned what)
{
	struct agent *a = arg;

	if (what & WATCH_READ)
		receive(a);
	else
		flush(a);
}

/* Connects. Returns 0; 1 when that has to be tried again; -1 with a->why. */
static int
dial(struct agent *a)
{
	struct sockaddr_un to = {.sun_family = AF_UNIX};
	int fd, errnum;

	if (a->path[0] == '\0')
		return err_set(&a->why, MUSTER_ERR_AGENT,
		    "there is no agent: SSH_AUTH_SOCK is not set");
	if (strlen(a->path) >= sizeof(to.sun_path))
		return err_set(&a->why, MUSTER_ERR_AGENT,
		    "the path of the agent is too long: '%s'", a->path);
	memcpy(to.sun_path, a->path, strlen(a->path));
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd >= 0 &&
	    connect(fd, (const struct sockaddr *)&to, sizeof(to)) == 0) {
		a->fd = fd;
		a->watch = watch_new(a->loop, fd, on_ready, a);
		watch_want(a->watch, WATCH_READ);
		return 0;
	}
	errnum = errno;
	if (fd >= 0)
		close(fd);
	if (errnum == EAGAIN)
		return 1;
	return err_sys(&a->why, MUSTER_ERR_AGENT, errnum,
	    "cannot connect to the agent at '%s'", a->path);
}

/* ---- the queue ---- */

/* Sends the first request; connects if need be. */
static void
send_request(struct agent *a)
{
	int rc = 0;

	if (!a->busy)
		timer_set(a->deadline, a->timeout_ms);
	a->busy = true;
	if (a->fd < 0)
		rc = dial(a);
	if (rc < 0)
		give_up(a);
	else if (rc > 0)
		timer_set(a->errand, CONNECT_RETRY_MS);
	else {
		struct agent_request *r = TAILQ_FIRST(&a->requests);

		(void)buf_add(&a->out, buf_data(&r->message), r->message.len);
		flush(a);
	}
}

/* Does what there is to do for the first request, and for those behind it
 * as far as nobody has to be asked. */
static void
go_on(void *arg)
{
	struct agent *a = arg;
	struct agent_request *r;

	while ((r = TAILQ_FIRST(&a->requests)) != NULL) {
		if (a->failed)
			refuse(a, &a->why);
		else if (r->cancelled && !a->busy)
			request_free(take_request(a));
		else if (r->sign_done == NULL && a->has_keys)
			deliver_keys(a);
		else {
			/* Under way already, unless the line broke. */
			if (!a->busy || a->fd < 0)
				send_request(a);
			return;
		}
	}
}

/* ---- the door ---- */

struct agent *
agent_new(struct loop *loop, const char *path, uint32_t timeout_ms)
{
	struct agent *a = mem_new(sizeof(*a));

	a->loop = loop;
	a->path = mem_strdup(path != NULL ? path : "");
	a->timeout_ms = timeout_ms;
	a->fd = -1;
	a->errand = timer_new(loop, go_on, a);
	a->deadline = timer_new(loop, on_deadline, a);
	buf_init(&a->in, LIMIT_AGENT_BYTES + 4 + READ_BYTES);
	buf_init(&a->out, LIMIT_AGENT_BYTES + 4);
	agent_keys_init(&a->keys);
	TAILQ_INIT(&a->requests);
	return a;
}

void
agent_free(struct agent *a)
{
	struct agent_request *r;

	if (a == NULL)
		return;
	while ((r = TAILQ_FIRST(&a->requests)) != NULL)
		request_free(take_request(a));
	hang_up(a);
	timer_free(a->errand);
	timer_free(a->deadline);
	agent_keys_clear(&a->keys);
	free(a->path);
	free(a);
}

struct agent_request *
agent_list(struct agent *a, agent_keys_fn *done, void *arg)
{
	struct agent_request *r = add_request(a, arg);

	r->keys_done = done;
	(void)agent_wire_ask_keys(&r->message);
	return r;
}

struct agent_request *
agent_sign(struct agent *a, const struct agent_wish *wish,
    agent_signature_fn *done, void *arg)
{
	struct agent_request *r = add_request(a, arg);
	bool fits;

	r->sign_done = done;
	digest_fingerprint(wish->blob, wish->blob_len, r->fingerprint);
	fits = agent_wire_ask_signature(&r->message, wish);
	assert(fits);
	return r;
}

void
agent_cancel(struct agent_request *r)
{
	struct agent *a = r->agent;

	/* What has been sent will be answered: it keeps its place. */
	r->cancelled = true;
	if (a->busy && r == TAILQ_FIRST(&a->requests))
		return;
	TAILQ_REMOVE(&a->requests, r, entry);
	request_free(r);
}
