/*
 * spawn.c -- runs a local program and reads what it prints.
 *
 * Room: engine/conf.  May touch: base.
 */
#include "config.h"

#include "conf/spawn.h"
#include "base/clock.h"
#include "base/err.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

enum { READ_BYTES = 16 * 1024, KEPT_BYTES = 512 };

struct child {
	const char *name;
	pid_t pid;
	int out; /* the reading ends; -1: closed */
	int err;
	char last[KEPT_BYTES]; /* the end of its standard error */
	size_t n_last;
	int64_t deadline_us;
};

/* ---- starting ---- */

static void
close_end(int *fd)
{
	if (*fd >= 0)
		(void)close(*fd);
	*fd = -1;
}

/* A child of ours gets default signals and a process group of its own. */
static int
start(struct child *c, char *const argv[], const int out[2], const int err[2])
{
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attr;
	sigset_t all, none;
	int rc;

	(void)posix_spawn_file_actions_init(&files);
	(void)posix_spawn_file_actions_addopen(
	    &files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	(void)posix_spawn_file_actions_adddup2(&files, out[1], STDOUT_FILENO);
	(void)posix_spawn_file_actions_adddup2(&files, err[1], STDERR_FILENO);
	(void)posix_spawnattr_init(&attr);
	(void)sigfillset(&all);
	(void)sigemptyset(&none);
	(void)posix_spawnattr_setsigdefault(&attr, &all);
	(void)posix_spawnattr_setsigmask(&attr, &none);
	(void)posix_spawnattr_setpgroup(&attr, 0);
	(void)posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGDEF |
						  POSIX_SPAWN_SETSIGMASK |
						  POSIX_SPAWN_SETPGROUP);
	rc = posix_spawnp(&c->pid, argv[0], &files, &attr, argv, environ);
	(void)posix_spawnattr_destroy(&attr);
	(void)posix_spawn_file_actions_destroy(&files);
	return rc;
}

static int
start_child(struct child *c, char *const argv[], struct muster_error *err)
{
	int out[2] = {-1, -1}, errors[2] = {-1, -1}, rc = 0;

	if (pipe2(out, O_CLOEXEC) != 0 || pipe2(errors, O_CLOEXEC) != 0)
		rc = errno;
	else
		rc = start(c, argv, out, errors);
	close_end(&out[1]);
	close_end(&errors[1]);
	c->out = out[0];
	c->err = errors[0];
	if (rc == 0)
		return 0;
	close_end(&c->out);
	close_end(&c->err);
	return err_sys(
	    err, MUSTER_ERR_SYSTEM, rc, "cannot start '%s'", c->name);
}

/* ---- reading ---- */

/* Keeps the end of what came on standard error. */
static void
keep_last(struct child *c, const char *bytes, size_t n)
{
	if (n >= KEPT_BYTES) {
		bytes += n - KEPT_BYTES;
		n = KEPT_BYTES;
	}
	if (c->n_last + n > KEPT_BYTES) {
		size_t drop = c->n_last + n - KEPT_BYTES;

		memmove(c->last, c->last + drop, c->n_last - drop);
		c->n_last -= drop;
	}
	memcpy(c->last + c->n_last, bytes, n);
	c->n_last += n;
}

static int
read_end(struct child *c, int *fd, struct buf *out, struct muster_error *err)
{
	char bytes[READ_BYTES];
	ssize_t n = read(*fd, bytes, sizeof(bytes));

	if (n < 0 && errno == EINTR)
		return 0;
	if (n <= 0) {
		close_end(fd);
		return 0;
	}
	if (out == NULL)
		keep_last(c, bytes, (size_t)n);
	else if (!buf_add(out, bytes, (size_t)n))
		return err_set(err, MUSTER_ERR_LIMIT,
		    "'%s' prints more than %zu bytes", c->name, out->max);
	return 0;
}

/* Reads until both streams end. */
static int
read_streams(struct child *c, struct buf *out, struct muster_error *err)
{
	while (c->out >= 0 || c->err >= 0) {
		struct pollfd fds[2] = {{.fd = c->out, .events = POLLIN},
		    {.fd = c->err, .events = POLLIN}};
		int64_t left = (c->deadline_us - clock_now_us() + 999) / 1000;

		if (left <= 0)
			return err_set(err, MUSTER_ERR_TIMEOUT,
			    "'%s' takes too long", c->name);
		if (poll(fds, 2, (int)left) < 0)
			continue;
		if (fds[0].revents != 0 && read_end(c, &c->out, out, err) != 0)
			return -1;
		if (fds[1].revents != 0 && read_end(c, &c->err, NULL, err) != 0)
			return -1;
	}
	return 0;
}

/* ---- ending ---- */

/* The last line of standard error, made fit for a message. */
static const char *
last_line(struct child *c)
{
	char *line;

	while (c->n_last > 0 && c->last[c->n_last - 1] == '\n')
		c->n_last--;
	if (c->n_last == KEPT_BYTES)
		c->n_last--;
	c->last[c->n_last] = '\0';
	line = strrchr(c->last, '\n');
	line = line == NULL ? c->last : line + 1;
	for (char *p = line; *p != '\0'; p++)
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			*p = '?';
	return line;
}

/* Waits for the end; its streams have ended, so it is near. */
static int
reap(struct child *c, bool is_killed, struct muster_error *err)
{
	const char *line;
	int status;

	while (waitpid(c->pid, &status, 0) < 0)
		if (errno != EINTR)
			return err_sys(err, MUSTER_ERR_SYSTEM, errno,
			    "cannot wait for '%s'", c->name);
	if (is_killed)
		return -1;
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return 0;
	line = last_line(c);
	if (WIFSIGNALED(status))
		return err_set(err, MUSTER_ERR_FILE,
		    "'%s' died of signal %d%s%s", c->name, WTERMSIG(status),
		    *line == '\0' ? "" : ": ", line);
	return err_set(err, MUSTER_ERR_FILE, "'%s' ended with code %d%s%s",
	    c->name, WEXITSTATUS(status), *line == '\0' ? "" : ": ", line);
}

int
spawn_read(char *const argv[], uint32_t timeout_ms, struct buf *out,
    struct muster_error *err)
{
	struct child c = {.name = argv[0]};
	bool is_killed;

	assert(timeout_ms > 0 && timeout_ms <= INT32_MAX);
	c.deadline_us = clock_now_us() + (int64_t)timeout_ms * 1000;
	if (start_child(&c, argv, err) != 0)
		return -1;
	is_killed = read_streams(&c, out, err) != 0;
	if (is_killed)
		(void)kill(-c.pid, SIGKILL);
	close_end(&c.out);
	close_end(&c.err);
	return reap(&c, is_killed, err);
}
