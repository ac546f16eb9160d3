/*
 * client.c -- ssh(1) in place of libssh2: the OPEN and RUNNING steps.
 *
 * Room: engine/ssh.  May touch: this room, base/.
 * Its log comes by a FIFO in a folder of its own, which is gone as soon as
 * ssh has opened it. ssh writes a line before it sends what the line is of:
 * the log is read first, then the output. The end of its standard output is
 * its own end; then it is waited for on a helper thread.
 */
#include "config.h"

#include "ssh/client.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/trace.h"
#include "ssh/channel.h"
#include "ssh/loop.h"
#include "ssh/proxy.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define LINE_MAX_BYTES 1024
#define READ_BYTES (32 * 1024)
#define WRITE_BYTES (32 * 1024)

struct client {
	struct proxy *proxy; /* owned */
	int fd;              /* its standard input and output, owned */
	int log;             /* the FIFO, owned */
	struct watch *io, *errors, *telling;
	char *folder, *fifo; /* owned; NULL: gone */
	struct buf line;     /* of the log, as far as it has come */
	bool is_full;        /* it takes no more input now */
	bool too_long;       /* the rest of the line is of no interest */

	/* What the log has told. */
	bool sent, has_status, has_signal;
	enum muster_outcome outcome; /* of a failure; PENDING: none yet */
	char why[LIMIT_REMOTE_TEXT];

	char said[LIMIT_REMOTE_TEXT]; /* on stderr, before the command */
	bool out_eof, err_eof;
	bool ended;
	int status; /* of waitpid(2) */
};

/* ---- its end ---- */

static void
remove_fifo(struct client *c)
{
	if (c->fifo != NULL)
		(void)unlink(c->fifo);
	if (c->folder != NULL)
		(void)rmdir(c->folder);
	free(c->fifo);
	free(c->folder);
	c->fifo = c->folder = NULL;
}

void
client_free(struct client *c)
{
	if (c == NULL)
		return;
	watch_free(c->io);
	watch_free(c->errors);
	watch_free(c->telling);
	if (c->fd >= 0)
		(void)close(c->fd);
	if (c->log >= 0)
		(void)close(c->log);
	proxy_free(c->proxy);
	remove_fifo(c);
	buf_clear(&c->line);
	free(c);
}

static void
on_exited(void *arg, int status)
{
	struct session *s = arg;

	s->client->ended = true;
	s->client->status = status;
	session_drive(s);
}

static void
note_out_eof(struct session *s)
{
	struct client *c = s->client;

	if (c->out_eof)
		return;
	c->out_eof = true;
	proxy_await_exit(c->proxy, on_exited, s);
}

/* ---- its log ---- */

/* What is said of every connection. */
static bool
is_chatter(const char *line)
{
	static const char *const starts[] = {"debug", "OpenSSH_",
	    "Authenticated ", "Transferred: ", "Bytes per "};

	for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++)
		if (str_starts(line, starts[i]))
			return true;
	return line[0] == '\0';
}

static void
note_line(struct session *s, const char *line)
{
	struct client *c = s->client;
	enum muster_outcome outcome = client_outcome(line);

	TRACE("client", "%s: %s", s->target.name, line);
	if (str_starts(line, "debug1: Sending command"))
		c->sent = true;
	else if (strstr(line, " rtype exit-status ") != NULL)
		c->has_status = true;
	else if (strstr(line, " rtype exit-signal ") != NULL)
		c->has_signal = true;
	/* The first that tells the cause; what follows tells less. */
	if (c->outcome != MUSTER_PENDING ||
	    (is_chatter(line) && outcome != MUSTER_THROTTLED))
		return;
	c->outcome = outcome;
	(void)str_copy(c->why, sizeof(c->why), line);
}

static void
end_line(struct session *s)
{
	struct client *c = s->client;
	char line[LIMIT_REMOTE_TEXT];
	size_t len = c->line.len;

	if (len > 0 && buf_data(&c->line)[len - 1] == '\r')
		len--;
	(void)muster_clean_text(
	    line, sizeof(line), (const char *)buf_data(&c->line), len);
	note_line(s, line);
	buf_reset(&c->line);
	c->too_long = false;
}

static void
hear_log(struct session *s)
{
	struct client *c = s->client;
	char data[4096];
	ssize_t n;

	while ((n = read(c->log, data, sizeof(data))) > 0) {
		remove_fifo(c);
		for (ssize_t i = 0; i < n; i++)
			if (data[i] == '\n')
				end_line(s);
			else if (!c->too_long)
				c->too_long =
				    !buf_addc(&c->line, (uint8_t)data[i]);
	}
}

/* ---- its standard error before the command ---- */

static void
hear_errors(struct session *s)
{
	struct client *c = s->client;
	char data[1024];
	ssize_t n;

	while ((n = read(proxy_errors(c->proxy), data, sizeof(data))) > 0) {
		while (n > 0 && (data[n - 1] == '\n' || data[n - 1] == '\r'))
			n--;
		if (n > 0)
			(void)muster_clean_text(
			    c->said, sizeof(c->said), data, (size_t)n);
	}
	c->err_eof = c->err_eof || n == 0;
}

/* ---- starting ---- */

static void
on_event(void *arg, unsigned what)
{
	(void)what;
	session_drive(arg);
}

static int
make_fifo(struct client *c)
{
	const char *tmp = getenv("TMPDIR");

	c->folder = mem_printf(
	    "%s/muster-XXXXXX", tmp != NULL && tmp[0] == '/' ? tmp : "/tmp");
	if (mkdtemp(c->folder) == NULL) {
		free(c->folder);
		c->folder = NULL;
		return -1;
	}
	c->fifo = mem_printf("%s/log", c->folder);
	if (mkfifo(c->fifo, 0600) != 0)
		return -1;
	/* Both ends: it never ends, and opening it waits for nobody. */
	c->log = open(c->fifo, O_RDWR | O_NONBLOCK | O_CLOEXEC);
	return c->log < 0 ? -1 : 0;
}

/* The target's words, then ours. Free the list alone. */
static const char **
make_argv(const struct session *s)
{
	const char *const *base = s->target.client;
	const struct session_command *c = &s->exec.command;
	size_t n = 0, i = 0;
	const char **argv;

	while (base[n] != NULL)
		n++;
	argv = mem_array(n + 7, sizeof(*argv));
	for (; i < n; i++)
		argv[i] = base[i];
	argv[i++] = c->pty ? "-tt" : "-T";
	argv[i++] = "-E";
	argv[i++] = s->client->fifo;
	argv[i++] = "--";
	argv[i++] = s->target.client_name;
	argv[i++] = c->command;
	argv[i] = NULL;
	return argv;
}

static enum next
start(struct session *s)
{
	struct loop *loop = s->env->loop;
	struct client *c = mem_new(sizeof(*c));
	struct muster_error err;
	const char **argv;

	c->fd = c->log = -1;
	buf_init(&c->line, LINE_MAX_BYTES);
	s->client = c;
	if (make_fifo(c) != 0)
		return session_fail(s, MUSTER_LOCAL_RES,
		    "cannot make a folder for ssh's log: %s", strerror(errno));
	argv = make_argv(s);
	c->proxy = proxy_spawn(
	    loop, s->env->pool, (char *const *)(uintptr_t)argv, &c->fd, &err);
	free(argv);
	if (c->proxy == NULL)
		return session_fail(s, MUSTER_LOCAL_RES, "%s", err.text);
	c->io = watch_new(loop, c->fd, on_event, s);
	c->errors = watch_new(loop, proxy_errors(c->proxy), on_event, s);
	c->telling = watch_new(loop, c->log, on_event, s);
	watch_want(c->io, WATCH_READ);
	watch_want(c->errors, WATCH_READ);
	watch_want(c->telling, WATCH_READ);
	return FORWARD;
}

/* ---- OPEN ---- */

/* Why there was no command. */
static enum next
fail_unsent(struct session *s)
{
	const struct client *c = s->client;
	enum muster_outcome outcome = c->outcome;
	const char *why = c->why[0] != '\0'    ? c->why
			  : c->said[0] != '\0' ? c->said
					       : "it does not say why";

	if (outcome == MUSTER_PENDING)
		outcome = MUSTER_EARLY_PROTO;
	return session_fail(s, outcome, "ssh: %s", why);
}

enum next
client_open(struct session *s)
{
	struct client *c;
	char byte;
	ssize_t n;

	if (s->client == NULL && start(s) == FAILED)
		return FAILED;
	c = s->client;
	hear_log(s);
	if (!c->sent) {
		hear_errors(s);
		n = recv(c->fd, &byte, 1, MSG_PEEK);
		if (n == 0) {
			watch_want(c->io, 0);
			note_out_eof(s);
		}
		if (c->err_eof)
			watch_want(c->errors, 0);
		return c->ended ? fail_unsent(s) : AGAIN;
	}
	channel_note_served(s);
	if (exec_has_begun(s)) {
		s->exec.sent = true;
		s->events->started(s->arg);
	}
	return s->over ? FAILED : FORWARD;
}

/* ---- RUNNING ---- */

/* Sends what there is of the input; returns whether more may go. At its end
 * the program sees the end of its own. */
static bool
write_some(struct session *s)
{
	char *scratch = (char *)loop_scratch(s->env->loop);
	long n = s->events->input(s->arg, scratch, WRITE_BYTES);
	ssize_t done = 0;

	if (n == SESSION_INPUT_BROKEN)
		session_fail(s, MUSTER_KILLED_LOCAL,
		    "its input cannot be read here any more; the command may "
		    "still run");
	if (n > 0)
		done = send(s->client->fd, scratch, (size_t)n, MSG_NOSIGNAL);
	s->client->is_full = done < 0 && errno == EAGAIN;
	if (done > 0) {
		s->events->input_taken(s->arg, (size_t)done);
		return true;
	}
	if (n == SESSION_INPUT_END ||
	    (done < 0 && errno != EAGAIN && errno != EINTR)) {
		(void)shutdown(s->client->fd, SHUT_WR);
		s->exec.eof_sent = true; /* or it reads no more */
	}
	return false;
}

static void
write_input(struct session *s)
{
	while (!s->over && !s->exec.eof_sent && write_some(s))
		;
}

/* Passes on what one stream has, once: the rest is for the next round.
 * Returns whether that was its end. */
static bool
pass_on(struct session *s, int fd, enum muster_stream stream)
{
	char *scratch = (char *)loop_scratch(s->env->loop);
	ssize_t n = read(fd, scratch, READ_BYTES);

	if (n > 0) {
		s->exec.n_read += (uint64_t)n;
		exec_show(s, stream, scratch, (size_t)n);
	}
	return n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR);
}

static void
want_events(struct session *s)
{
	struct client *c = s->client;
	unsigned io = 0;

	if (!c->out_eof && !s->held)
		io |= WATCH_READ;
	if (c->is_full && !s->exec.eof_sent && !c->out_eof)
		io |= WATCH_WRITE;
	watch_want(c->io, io);
	watch_want(c->errors, !c->err_eof && !s->held ? WATCH_READ : 0);
}

/* The same before the command was let begin as another user. */
static enum next
conclude_talk(struct session *s)
{
	struct client *c = s->client;
	struct session_end end = {.text = ""};

	if (!c->has_status && !c->has_signal)
		return session_fail(s, MUSTER_CONN_RESET,
		    "the connection was lost before the command began%s%s",
		    c->why[0] != '\0' ? ": ssh: " : "", c->why);
	exec_talk_ended(s, &end);
	s->client = NULL;
	client_free(c);
	s->events->finished(s->arg, &end);
	return s->over ? FAILED : FORWARD;
}

/* All of its output was read, and it is gone. */
static enum next
conclude(struct session *s)
{
	struct client *c = s->client;
	struct session_end end = {.text = ""};
	int code = c->status >= 0 && WIFEXITED(c->status)
		       ? WEXITSTATUS(c->status)
		       : -1;

	if (c->has_status && code >= 0) {
		end.outcome = MUSTER_EXIT;
		end.code = (uint32_t)code;
	} else if (c->has_signal) {
		end.outcome = MUSTER_SIGNAL;
		end.signal = "?";
		end.text = "a signal ended the command; ssh does not say which";
	} else if (c->outcome == MUSTER_EXEC_REFUSED ||
		   c->outcome == MUSTER_CHAN_REFUSED) {
		return session_fail(s, c->outcome, "ssh: %s", c->why);
	} else if (code == 255) {
		return session_fail(s, MUSTER_LOST,
		    "the connection was lost%s%s",
		    c->why[0] != '\0' ? ": ssh: " : "", c->why);
	} else {
		end.outcome = MUSTER_NO_STATUS;
		end.text = "ssh ended without a status of the command";
	}
	s->client = NULL;
	client_free(c);
	s->events->finished(s->arg, &end);
	return s->over ? FAILED : FORWARD;
}

/* What is in the pipe now. */
static bool
has_errors(const struct client *c)
{
	struct pollfd p = {.fd = proxy_errors(c->proxy), .events = POLLIN};

	return poll(&p, 1, 0) == 1 && (p.revents & POLLIN) != 0;
}

enum next
client_run(struct session *s)
{
	struct client *c = s->client;

	hear_log(s);
	if (!c->out_eof && exec_has_begun(s))
		write_input(s);
	if (!c->out_eof && !s->held && pass_on(s, c->fd, MUSTER_STDOUT) &&
	    !s->over)
		note_out_eof(s);
	if (!s->over && !s->held && !c->err_eof)
		c->err_eof = pass_on(s, proxy_errors(c->proxy), MUSTER_STDERR);
	if (!s->over && !s->held && !exec_has_begun(s) &&
	    exec_talk(s) == FORWARD)
		session_poke(s); /* there is input for it */
	if (s->over)
		return FAILED;
	/* It is gone: what it left behind is in the pipe, and no more. */
	if (c->ended && !s->held && !c->err_eof)
		c->err_eof = !has_errors(c);
	want_events(s);
	if (!c->ended || !c->out_eof || !c->err_eof)
		return AGAIN;
	return exec_has_begun(s) ? conclude(s) : conclude_talk(s);
}

/* A program that is gone says so by its end. */
ssize_t
client_say(struct session *s, const void *data, size_t len)
{
	ssize_t n = send(s->client->fd, data, len, MSG_NOSIGNAL);

	return n < 0 ? LIBSSH2_ERROR_EAGAIN : n;
}

/* ---- stopping ---- */

void
client_stop(struct session *s, enum muster_outcome outcome)
{
	if (!s->exec.sent)
		(void)session_fail(s, MUSTER_CANCELLED,
		    "stopped on request before the command was sent");
	else
		(void)session_fail(s, outcome,
		    "the connection was dropped; the command may still run");
}

void
client_timeout(struct session *s)
{
	(void)session_fail(s, MUSTER_AUTH_TIMEOUT,
	    "ssh has not logged in and sent the command in time%s%s",
	    s->client != NULL && s->client->why[0] != '\0' ? ": " : "",
	    s->client != NULL ? s->client->why : "");
}
