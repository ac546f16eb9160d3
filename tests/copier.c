/*
 * copier.c -- a courier and a real sftp-server, with a pipe for a wire.
 *
 * Room: tests.  May touch: engine/copy.
 */
#include "config.h"

#include "copier.h"

#include "base/buf.h"
#include "base/mem.h"
#include "copy/helper.h"
#include "copy/source.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define PATIENCE_MS 20000

/* A program on the other end of a socket. */
struct peer {
	pid_t pid;
	int fd; /* -1: there is none */
};

/* A copy under way. */
struct trip {
	struct copier *c;
	struct courier *courier;
	struct peer server, helper;
	bool over;
	int wake_ms; /* -1: none */
};

const char *
copier_server(void)
{
	static const char *const places[] = {"/usr/lib/openssh/sftp-server",
	    "/usr/libexec/openssh/sftp-server", "/usr/lib/ssh/sftp-server",
	    "/usr/libexec/sftp-server"};
	const char *said = getenv("MUSTER_SFTP_SERVER");

	if (said != NULL && *said != '\0')
		return said;
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		if (access(places[i], X_OK) == 0)
			return places[i];
	}
	return NULL;
}

static struct peer
start(const char *program, const char *command)
{
	struct peer p = {0};
	int ends[2];

	assert(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0);
	p.pid = fork();
	assert(p.pid >= 0);
	if (p.pid == 0) {
		(void)dup2(ends[1], 0);
		(void)dup2(ends[1], 1);
		if (command == NULL)
			(void)execl(program, program, (char *)NULL);
		else
			(void)execl(
			    program, program, "-c", command, (char *)NULL);
		_exit(127);
	}
	(void)close(ends[1]);
	(void)fcntl(ends[0], F_SETFL, O_NONBLOCK);
	p.fd = ends[0];
	return p;
}

static void
stop(struct peer *p)
{
	if (p->fd < 0)
		return;
	(void)close(p->fd);
	(void)kill(p->pid, SIGKILL);
	(void)waitpid(p->pid, NULL, 0);
	p->fd = -1;
}

/* ---- what the courier asks ---- */

static void
on_wake(void *arg, uint32_t ms)
{
	struct trip *t = arg;

	t->wake_ms = (int)ms;
}

static void
on_open_helper(void *arg, const char *command)
{
	struct trip *t = arg;

	if (!t->c->no_helper)
		t->helper = start("/bin/sh", command);
}

static void
on_take_time(void *arg, void (*work)(void *), void (*done)(void *),
    void (*drop)(void *), void *job)
{
	(void)arg;
	(void)drop;
	work(job);
	done(job);
}

static void
add_line(char **lines, const char *text)
{
	char *longer = mem_printf("%s%s\n", *lines != NULL ? *lines : "", text);

	free(*lines);
	*lines = longer;
}

static void
on_note(void *arg, const char *text)
{
	struct trip *t = arg;

	add_line(&t->c->notes, text);
}

static void
on_say(void *arg, const char *line)
{
	struct trip *t = arg;
	char *plain = mem_strndup(line, strlen(line) - 1);

	add_line(&t->c->said, plain);
	free(plain);
}

static void
end(struct trip *t, enum muster_outcome outcome, const char *text)
{
	t->over = true;
	t->c->outcome = outcome;
	(void)snprintf(t->c->text, sizeof(t->c->text), "%s", text);
}

static void
on_done(void *arg, const struct courier_end *e)
{
	end(arg, e->outcome, e->text);
}

/* ---- the wire ---- */

static void
send_some(struct trip *t, struct peer *p, struct buf *out, bool counts)
{
	struct copier *c = t->c;

	while (out->len > 0 && p->fd >= 0) {
		size_t n = out->len;
		ssize_t done;

		if (counts && c->cut_after > 0 && n > c->cut_after - c->n_sent)
			n = (size_t)(c->cut_after - c->n_sent);
		done = n > 0 ? send(p->fd, buf_data(out), n, MSG_NOSIGNAL) : 0;
		if (done > 0 && counts)
			c->n_sent += (uint64_t)done;
		if (done > 0)
			buf_drain(out, (size_t)done);
		if (counts && c->cut_after > 0 && c->n_sent == c->cut_after) {
			end(t, MUSTER_LOST, "cut");
			return;
		}
		if (done <= 0)
			return;
	}
}

/* Returns false at the end. */
static bool
read_some(struct trip *t, struct peer *p, bool is_server)
{
	uint8_t data[16384];
	ssize_t n = recv(p->fd, data, sizeof(data), 0);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return true;
	if (n <= 0)
		return false;
	if (!is_server) {
		helper_feed(courier_helper(t->courier), data, (size_t)n);
		return true;
	}
	if (t->c->tamper != NULL)
		t->c->tamper(t->c->arg, data, (size_t)n);
	t->c->n_got += (uint64_t)n;
	courier_feed(t->courier, data, (size_t)n);
	return true;
}

static void
serve_helper(struct trip *t)
{
	struct helper *h = courier_helper(t->courier);

	if (t->helper.fd < 0) {
		if (helper_out(h)->len > 0)
			helper_lose(h);
		return;
	}
	send_some(t, &t->helper, helper_out(h), false);
	if (!read_some(t, &t->helper, false)) {
		stop(&t->helper);
		helper_lose(h);
	}
}

static void
wait_for_more(struct trip *t)
{
	struct pollfd fds[2] = {
	    {.fd = t->server.fd,
		.events =
		    (short)(POLLIN |
			    (courier_out(t->courier)->len > 0 ? POLLOUT : 0))},
	    {.fd = t->helper.fd, .events = POLLIN}};
	int n = poll(fds, 2, t->wake_ms >= 0 ? t->wake_ms : PATIENCE_MS);

	if (n == 0 && t->wake_ms < 0)
		end(t, MUSTER_STALLED, "the test ran out of patience");
	t->wake_ms = -1;
}

static const char *
travel(struct copier *c)
{
	static const struct courier_events events = {
	    .wake = on_wake,
	    .open_helper = on_open_helper,
	    .take_time = on_take_time,
	    .note = on_note,
	    .say = on_say,
	    .done = on_done,
	};
	struct trip t = {.c = c, .helper.fd = -1, .wake_ms = -1};

	t.server = start(copier_server(), NULL);
	t.courier = courier_new(&c->copy, &events, &t);
	while (!t.over) {
		if (c->meanwhile != NULL)
			c->meanwhile(c->arg);
		courier_go(t.courier);
		if (!t.over)
			send_some(&t, &t.server, courier_out(t.courier), true);
		if (!t.over && !read_some(&t, &t.server, true))
			end(&t, MUSTER_LOST, "the server ended");
		if (!t.over)
			serve_helper(&t);
		if (!t.over)
			courier_go(t.courier);
		if (!t.over)
			wait_for_more(&t);
	}
	c->progress = *courier_progress(t.courier);
	stop(&t.server);
	stop(&t.helper);
	courier_free(t.courier);
	return muster_outcome_word(c->outcome);
}

/* ---- copies ---- */

void
copier_init(struct copier *c)
{
	memset(c, 0, sizeof(*c));
	c->copy.umask = 022;
	c->copy.max_open = 8;
}

static void
forget(struct copier *c)
{
	tree_free(c->tree);
	sources_free(c->sources);
	free(c->notes);
	free(c->said);
	free(c->copy.dest);
	for (size_t i = 0; i < c->copy.n_sources; i++)
		free(c->copy.sources[i]);
	free(c->copy.sources);
	c->copy.sources = NULL;
	c->copy.n_sources = 0;
	c->copy.dest = c->notes = c->said = NULL;
	c->tree = NULL;
	c->sources = NULL;
	c->n_sent = c->n_got = 0;
}

void
copier_clear(struct copier *c)
{
	forget(c);
	memset(c, 0, sizeof(*c));
}

const char *
copier_push(
    struct copier *c, const char *const *paths, size_t n, const char *dest)
{
	const struct tree_options o = {.follow = c->copy.o.follow,
	    .excludes = c->copy.o.excludes,
	    .n_excludes = c->copy.o.n_excludes};
	struct muster_error err;

	forget(c);
	c->sources = sources_new();
	c->tree = tree_walk(paths, n, &o, c->sources, &err);
	if (c->tree == NULL) {
		(void)snprintf(c->text, sizeof(c->text), "%s", err.text);
		return "refused";
	}
	c->copy.is_pull = false;
	c->copy.tree = c->tree;
	c->copy.dest = mem_strdup(dest);
	return travel(c);
}

const char *
copier_pull(
    struct copier *c, const char *const *paths, size_t n, const char *dest)
{
	forget(c);
	c->copy.is_pull = true;
	c->copy.sources = mem_array(n, sizeof(*c->copy.sources));
	for (size_t i = 0; i < n; i++)
		c->copy.sources[i] = mem_strdup(paths[i]);
	c->copy.n_sources = n;
	c->copy.dest = mem_strdup(dest);
	return travel(c);
}
