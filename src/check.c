/*
 * check.c -- a command here that says whether things are well.
 *
 * Room: src.  May touch: heap.h.
 */
#include "config.h"

#include "src/check.h"

#include "src/heap.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

struct check {
	pid_t pid;
	pthread_t thread;
	int fds[2]; /* owned; the thread closes the second */
};

/* The child stays a zombie, and its number its own, until it is reaped. */
static void *
wait_for_end(void *arg)
{
	struct check *c = arg;
	siginfo_t info;

	while (waitid(P_PID, (id_t)c->pid, &info, WEXITED | WNOWAIT) < 0 &&
	       errno == EINTR)
		;
	(void)close(c->fds[1]);
	return NULL;
}

static size_t
count(const char *const *words)
{
	size_t n = 0;

	while (words[n] != NULL)
		n++;
	return n;
}

static int
spawn(pid_t *pid, const char *command, char **environment)
{
	char *const argv[] = {(char *)(uintptr_t) "sh",
	    (char *)(uintptr_t) "-c", (char *)(uintptr_t)command, NULL};
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attr;
	sigset_t none, all;
	int rc;

	(void)sigemptyset(&none);
	(void)sigfillset(&all);
	(void)posix_spawn_file_actions_init(&files);
	(void)posix_spawn_file_actions_addopen(
	    &files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	(void)posix_spawn_file_actions_adddup2(
	    &files, STDERR_FILENO, STDOUT_FILENO);
	(void)posix_spawnattr_init(&attr);
	(void)posix_spawnattr_setsigmask(&attr, &none);
	(void)posix_spawnattr_setsigdefault(&attr, &all);
	(void)posix_spawnattr_setpgroup(&attr, 0);
	(void)posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK |
						  POSIX_SPAWN_SETSIGDEF |
						  POSIX_SPAWN_SETPGROUP);
	rc = posix_spawn(pid, "/bin/sh", &files, &attr, argv, environment);
	(void)posix_spawn_file_actions_destroy(&files);
	(void)posix_spawnattr_destroy(&attr);
	return rc;
}

/* Ours and theirs. */
static char **
join(const char *const *environment)
{
	size_t n = count((const char *const *)environ);
	size_t n_more = count(environment);
	char **all = heap_array(n + n_more + 1, sizeof(*all));

	memcpy(all, environment, n_more * sizeof(*all));
	memcpy(all + n_more, environ, n * sizeof(*all));
	return all;
}

static void
reap(struct check *c, int *status)
{
	while (waitpid(c->pid, status, 0) < 0 && errno == EINTR)
		;
	(void)close(c->fds[0]);
	free(c);
}

struct check *
check_start(const char *command, const char *const *environment)
{
	struct check *c = heap_array(1, sizeof(*c));
	char **all = join(environment);
	int rc = pipe2(c->fds, O_CLOEXEC) == 0 ? 0 : errno;

	if (rc == 0) {
		rc = spawn(&c->pid, command, all);
		if (rc != 0) {
			(void)close(c->fds[0]);
			(void)close(c->fds[1]);
		}
	}
	free(all);
	if (rc == 0) {
		rc = pthread_create(&c->thread, NULL, wait_for_end, c);
		if (rc == 0)
			return c;
		(void)kill(-c->pid, SIGKILL);
		(void)close(c->fds[1]);
		reap(c, NULL);
		c = NULL;
	}
	free(c);
	errno = rc;
	return NULL;
}

int
check_fd(const struct check *c)
{
	return c->fds[0];
}

bool
check_finish(struct check *c)
{
	int status = 0;

	(void)pthread_join(c->thread, NULL);
	reap(c, &status);
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

void
check_kill(struct check *c)
{
	if (c == NULL)
		return;
	(void)kill(-c->pid, SIGKILL);
	(void)check_finish(c);
}
