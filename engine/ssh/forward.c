/*
 * forward.c -- the user's ssh-agent, for what runs on a host.
 *
 * Room: engine/ssh.  May touch: this room, base/.
 * Only where it was asked for: else libssh2 has no callback, and refuses such
 * a channel. What comes in the callback comes from inside a read: the channel
 * is kept, and looked at by the next step. Bytes go to the agent and back as
 * they are; nobody here looks into them.
 */
#include "config.h"

#include "ssh/forward.h"
#include "base/mem.h"
#include "base/trace.h"
#include "ssh/loop.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* As many at once are more than any command of a person's needs. */
#define MAX_FORWARDS 8
/* The largest message that ssh-agent takes. */
#define MESSAGE_BYTES (256 * 1024)
#define PIECE_BYTES (16 * 1024)

struct forward {
	TAILQ_ENTRY(forward) entry; /* of session->forwards */
	struct session *session;    /* borrowed */
	LIBSSH2_CHANNEL *channel;   /* of libssh2's */
	int fd;                     /* to the agent; -1: closed */
	struct watch *watch;
	struct buf to_agent, to_host;
};

#ifdef LIBSSH2_CALLBACK_AUTHAGENT

static int
connect_agent(const char *path)
{
	struct sockaddr_un to = {.sun_family = AF_UNIX};
	size_t len = strlen(path);
	int fd;

	if (len >= sizeof(to.sun_path))
		return -1;
	memcpy(to.sun_path, path, len + 1);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd >= 0 &&
	    connect(fd, (const struct sockaddr *)&to, sizeof(to)) != 0) {
		(void)close(fd);
		fd = -1;
	}
	return fd;
}

static void
on_event(void *arg, unsigned what)
{
	struct forward *f = arg;

	(void)what;
	/* Once: the step looks how much there is. */
	watch_want(f->watch, 0);
	session_poke(f->session);
}

static void
on_channel(LIBSSH2_SESSION *ssh, LIBSSH2_CHANNEL *channel, void **abstract)
{
	struct session *s = *abstract;
	struct forward *f = mem_new(sizeof(*f)), *other;
	unsigned n = 0;

	(void)ssh;
	TAILQ_FOREACH (other, &s->forwards, entry)
		n++;
	f->session = s;
	f->channel = channel;
	buf_init(&f->to_agent, MESSAGE_BYTES);
	buf_init(&f->to_host, MESSAGE_BYTES);
	f->fd = n < MAX_FORWARDS ? connect_agent(s->env->forward_path) : -1;
	if (f->fd >= 0)
		f->watch = watch_new(s->env->loop, f->fd, on_event, f);
	TRACE("forward", "%s asks for the agent%s", s->target.name,
	    f->fd < 0 ? ": not now" : "");
	TAILQ_INSERT_TAIL(&s->forwards, f, entry);
	session_poke(s);
}

void
forward_allow(struct session *s)
{
	if (s->env->forward_path != NULL)
		(void)libssh2_session_callback_set2(s->ssh,
		    LIBSSH2_CALLBACK_AUTHAGENT,
		    (libssh2_cb_generic *)on_channel);
}

#else

void
forward_allow(struct session *s)
{
	(void)s;
}

#endif

/* ---- bytes ---- */

static void
close_agent(struct forward *f)
{
	watch_free(f->watch);
	f->watch = NULL;
	if (f->fd >= 0)
		(void)close(f->fd);
	f->fd = -1;
}

static void
destroy(struct session *s, struct forward *f)
{
	TAILQ_REMOVE(&s->forwards, f, entry);
	close_agent(f);
	buf_clear(&f->to_agent);
	buf_clear(&f->to_host);
	free(f);
}

/* From the host to the agent. Returns whether anything moved. */
static bool
ask(struct session *s, struct forward *f)
{
	char *scratch = (char *)loop_scratch(s->env->loop);
	size_t room = f->to_agent.max - f->to_agent.len;
	ssize_t n = 0;
	bool any = false;

	if (room >= PIECE_BYTES)
		n = libssh2_channel_read_ex(
		    f->channel, 0, scratch, PIECE_BYTES);
	if (n > 0)
		any = buf_add(&f->to_agent, scratch, (size_t)n);
	while (f->to_agent.len > 0) {
		n = send(f->fd, buf_data(&f->to_agent), f->to_agent.len,
		    MSG_NOSIGNAL);
		if (n <= 0) {
			if (n < 0 && errno != EAGAIN && errno != EINTR)
				close_agent(f);
			break;
		}
		buf_drain(&f->to_agent, (size_t)n);
	}
	return any;
}

/* And back. */
static bool
answer(struct session *s, struct forward *f)
{
	char *scratch = (char *)loop_scratch(s->env->loop);
	bool any = false;
	ssize_t n = -1;

	if (f->fd >= 0 && f->to_host.max - f->to_host.len >= PIECE_BYTES) {
		n = recv(f->fd, scratch, PIECE_BYTES, 0);
		if (n > 0)
			any = buf_add(&f->to_host, scratch, (size_t)n);
		else if (n == 0 || (errno != EAGAIN && errno != EINTR))
			close_agent(f);
	}
	while (f->to_host.len > 0) {
		n = libssh2_channel_write_ex(f->channel, 0,
		    (const char *)buf_data(&f->to_host), f->to_host.len);
		if (n <= 0)
			break;
		buf_drain(&f->to_host, (size_t)n);
	}
	return any;
}

static void
want_events(struct forward *f)
{
	if (f->watch != NULL)
		watch_want(f->watch,
		    WATCH_READ | (f->to_agent.len > 0 ? WATCH_WRITE : 0));
}

bool
forwards_run(struct session *s)
{
	struct forward *f, *next;
	bool any = false;

	for (f = TAILQ_FIRST(&s->forwards); f != NULL; f = next) {
		next = TAILQ_NEXT(f, entry);
		if (f->fd >= 0 && ask(s, f))
			any = true;
		if (answer(s, f))
			any = true;
		if (f->fd >= 0 && f->to_agent.len == 0 &&
		    libssh2_channel_eof(f->channel))
			close_agent(f);
		want_events(f);
		/* The peer answers in its own time. */
		if (f->fd < 0 && f->to_host.len == 0 &&
		    libssh2_channel_free(f->channel) != LIBSSH2_ERROR_EAGAIN)
			destroy(s, f);
	}
	return any;
}

void
forwards_drop(struct session *s)
{
	struct forward *f;

	while ((f = TAILQ_FIRST(&s->forwards)) != NULL)
		destroy(s, f);
}

/* ---- asking for it ---- */

enum next
forward_request(struct session *s)
{
	int rc;

	if (s->env->forward_path == NULL || s->exec.agent_asked)
		return FORWARD;
	rc = libssh2_channel_request_auth_agent(s->exec.channel);
	if (rc == LIBSSH2_ERROR_EAGAIN && !s->tap.eof)
		return AGAIN;
	if (rc != 0 && s->tap.eof)
		return session_fail_io(s, "asking to forward the agent");
	/* Refused: the command runs without, as by ssh(1). */
	TRACE("forward", "%s %s the agent", s->target.name,
	    rc == 0 ? "takes" : "refuses");
	s->exec.agent_asked = true;
	return FORWARD;
}
