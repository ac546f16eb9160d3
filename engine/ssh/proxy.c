/*
 * proxy.c -- a program as the way to a host: ssh_config(5) ProxyCommand.
 *
 * Room: engine/ssh.  May touch: base/, loop.h, pool.h.
 * A process is signalled until it was waited for and not after: from the
 * loop as long as no helper thread waits for it, then by that thread alone.
 */
#include "config.h"

#include "ssh/proxy.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/trace.h"
#include "ssh/loop.h"
#include "ssh/pool.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

#define PATIENCE_MS 1000 /* for it to exit, before each signal */
#define LOOK_MS 5
/* Of its standard error, the end. */
#define KEPT_BYTES 160

struct proxy {
	struct loop *loop; /* borrowed */
	struct pool *pool; /* borrowed */
	pid_t pid;
	int errors; /* the reading end of its standard error */
	bool hung_up;
	bool reaped;
	int status;         /* of waitpid(2); -1: unknown */
	struct job *waking; /* a helper thread waits for its end */
	void (*done)(void *, const char *);
	void (*exited)(void *, int); /* in place of done */
	void *arg;
};

/* ---- starting ---- */

static int
spawn(pid_t *pid, char *const argv[], int end, int errors)
{
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attr;
	sigset_t all, none;
	int rc;

	(void)posix_spawn_file_actions_init(&files);
	(void)posix_spawn_file_actions_adddup2(&files, end, STDIN_FILENO);
	(void)posix_spawn_file_actions_adddup2(&files, end, STDOUT_FILENO);
	(void)posix_spawn_file_actions_adddup2(&files, errors, STDERR_FILENO);
	(void)posix_spawnattr_init(&attr);
	(void)sigfillset(&all);
	(void)sigemptyset(&none);
	(void)posix_spawnattr_setsigdefault(&attr, &all);
	(void)posix_spawnattr_setsigmask(&attr, &none);
	(void)posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGDEF |
						  POSIX_SPAWN_SETSIGMASK |
						  POSIX_SPAWN_SETSID);
	rc = posix_spawnp(pid, argv[0], &files, &attr, argv, environ);
	(void)posix_spawnattr_destroy(&attr);
	(void)posix_spawn_file_actions_destroy(&files);
	return rc;
}

/* Descriptors 0 to 2 may be closed in us: ends that land there would be
 * overwritten before they are used. */
static int
raise_fd(int *fd)
{
	int high = fcntl(*fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);

	(void)close(*fd);
	*fd = high;
	return high < 0 ? -1 : 0;
}

static void
close_both(const int fds[2])
{
	for (int i = 0; i < 2; i++)
		if (fds[i] >= 0)
			(void)close(fds[i]);
}

/* Puts the two ends for the child second. Returns 0 or an errno. */
static int
make_ends(int data[2], int errors[2])
{
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, data) != 0)
		return errno;
	/* Both ends: a program that says more than fits must not wait. */
	if (pipe2(errors, O_CLOEXEC | O_NONBLOCK) != 0)
		return errno;
	if (raise_fd(&data[1]) != 0 || raise_fd(&errors[1]) != 0 ||
	    fcntl(data[0], F_SETFL, O_NONBLOCK) != 0)
		return errno;
	return 0;
}

struct proxy *
proxy_spawn(struct loop *loop, struct pool *pool, char *const argv[], int *fd,
    struct muster_error *err)
{
	int data[2] = {-1, -1}, errors[2] = {-1, -1};
	struct proxy *p;
	pid_t pid = -1;
	int rc = make_ends(data, errors);

	if (rc == 0)
		rc = spawn(&pid, argv, data[1], errors[1]);
	if (rc != 0) {
		close_both(data);
		close_both(errors);
		(void)err_sys(
		    err, MUSTER_ERR_SYSTEM, rc, "cannot start '%s'", argv[0]);
		return NULL;
	}
	(void)close(data[1]);
	(void)close(errors[1]);
	TRACE("proxy", "started %d: %s", (int)pid, argv[0]);
	*fd = data[0];
	p = mem_new(sizeof(*p));
	p->loop = loop;
	p->pool = pool;
	p->pid = pid;
	p->errors = errors[0];
	return p;
}

struct proxy *
proxy_start(struct loop *loop, struct pool *pool, const char *command, int *fd,
    struct muster_error *err)
{
	char *line = mem_printf("exec %s", command);
	char sh[] = "/bin/sh", c[] = "-c";
	char *const argv[] = {sh, c, line, NULL};
	struct proxy *p = proxy_spawn(loop, pool, argv, fd, err);

	TRACE("proxy", "ProxyCommand: %s", command);
	free(line);
	return p;
}

int
proxy_errors(const struct proxy *p)
{
	return p->errors;
}

/* ---- its end, on a helper thread ---- */

/* Returns whether it is gone; waits for that at most PATIENCE_MS. */
static bool
has_exited(struct proxy *p)
{
	const struct timespec nap = {.tv_nsec = LOOK_MS * 1000000L};
	pid_t got = 0;

	for (int ms = 0; got == 0 && ms < PATIENCE_MS; ms += LOOK_MS) {
		got = waitpid(p->pid, &p->status, WNOHANG);
		if (got == 0)
			(void)nanosleep(&nap, NULL);
	}
	if (got < 0)
		p->status = -1; /* somebody ignores SIGCHLD */
	return got != 0;
}

static void
reap(void *arg)
{
	struct proxy *p = arg;

	p->reaped = true;
	if (has_exited(p))
		return;
	if (!p->hung_up) {
		(void)kill(-p->pid, SIGHUP);
		if (has_exited(p))
			return;
	}
	(void)kill(-p->pid, SIGKILL);
	while (waitpid(p->pid, &p->status, 0) < 0 && errno == EINTR)
		;
}

static void
destroy(void *arg)
{
	struct proxy *p = arg;

	(void)close(p->errors);
	free(p);
}

/* Nobody wants to know any more; but it must be waited for. */
static void
let_go(void *arg)
{
	struct proxy *p = arg;

	if (p->reaped)
		destroy(p);
	else
		pool_run(p->pool, reap, destroy, p);
}

void
proxy_free(struct proxy *p)
{
	if (p == NULL)
		return;
	if (p->waking != NULL) {
		job_cancel(p->waking, let_go);
		return;
	}
	if (!p->reaped) {
		p->hung_up = true;
		(void)kill(-p->pid, SIGHUP);
	}
	let_go(p);
}

/* ---- its last words ---- */

/* The end of what it said, as one line. */
static void
read_errors(const struct proxy *p, char *text, size_t size)
{
	char data[4096], kept[2 * sizeof(data)];
	size_t n = 0, from;
	ssize_t got;

	while ((got = read(p->errors, data, sizeof(data))) > 0) {
		if (n + (size_t)got > sizeof(kept)) {
			memmove(kept, kept + n - sizeof(data), sizeof(data));
			n = sizeof(data);
		}
		memcpy(kept + n, data, (size_t)got);
		n += (size_t)got;
	}
	while (n > 0 && (kept[n - 1] == '\n' || kept[n - 1] == '\r'))
		n--;
	from = n > KEPT_BYTES ? n - KEPT_BYTES : 0;
	for (size_t i = from; i < n; i++)
		if (kept[i] == '\n' || kept[i] == '\r')
			kept[i] = ' ';
	(void)muster_clean_text(text, size, kept + from, n - from);
}

static void
on_reaped(void *arg)
{
	char how[32 + LIMIT_REMOTE_TEXT], said[LIMIT_REMOTE_TEXT];
	struct proxy *p = arg;
	const char *gap;

	p->waking = NULL;
	if (p->exited != NULL) {
		p->exited(p->arg, p->status);
		return;
	}
	read_errors(p, said, sizeof(said));
	gap = said[0] == '\0' ? "" : ": ";
	if (p->status != -1 && WIFEXITED(p->status))
		(void)snprintf(how, sizeof(how), "exited with %d%s%s",
		    WEXITSTATUS(p->status), gap, said);
	else if (p->status != -1 && WIFSIGNALED(p->status))
		(void)snprintf(how, sizeof(how), "was killed by signal %d%s%s",
		    WTERMSIG(p->status), gap, said);
	else
		(void)snprintf(how, sizeof(how), "is gone%s%s", gap, said);
	TRACE("proxy", "%d %s", (int)p->pid, how);
	p->done(p->arg, how);
}

void
proxy_await(
    struct proxy *p, void (*done)(void *arg, const char *how), void *arg)
{
	p->done = done;
	p->arg = arg;
	p->waking = pool_submit(p->pool, p->loop, reap, on_reaped, p);
}

void
proxy_await_exit(
    struct proxy *p, void (*exited)(void *arg, int status), void *arg)
{
	p->exited = exited;
	p->arg = arg;
	p->waking = pool_submit(p->pool, p->loop, reap, on_reaped, p);
}
