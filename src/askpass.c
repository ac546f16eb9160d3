/*
 * askpass.c -- asking by the program that $SSH_ASKPASS names.
 *
 * Room: src.  May touch: ask.h, control.h.
 * The question is its one argument, the answer comes back by a pipe; a status
 * other than 0 means no.
 */
#include "config.h"

#include "src/askpass.h"

#include "src/control.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static bool
is_set(const char *name)
{
	const char *value = getenv(name);

	return value != NULL && value[0] != '\0';
}

bool
askpass_is_chosen(bool no_terminal)
{
	const char *require = getenv("SSH_ASKPASS_REQUIRE");

	if (!is_set("SSH_ASKPASS"))
		return false;
	if (require != NULL && strcmp(require, "never") == 0)
		return false;
	if (require != NULL &&
	    (strcmp(require, "force") == 0 || strcmp(require, "prefer") == 0))
		return true;
	return no_terminal && (is_set("DISPLAY") || is_set("WAYLAND_DISPLAY"));
}

/* Starts the program with its output in a pipe. Returns the reading end. */
static int
start(const char *question, pid_t *pid)
{
	char *const argv[] = {
	    getenv("SSH_ASKPASS"), (char *)(uintptr_t)question, NULL};
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attr;
	sigset_t none;
	int fds[2], rc;

	if (pipe(fds) != 0)
		return -1;
	(void)fcntl(fds[0], F_SETFD, FD_CLOEXEC);
	(void)fcntl(fds[1], F_SETFD, FD_CLOEXEC);
	(void)sigemptyset(&none);
	(void)posix_spawn_file_actions_init(&files);
	(void)posix_spawn_file_actions_adddup2(&files, fds[1], STDOUT_FILENO);
	(void)posix_spawnattr_init(&attr);
	(void)posix_spawnattr_setsigmask(&attr, &none);
	(void)posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK);
	rc = posix_spawnp(pid, argv[0], &files, &attr, argv, environ);
	(void)posix_spawn_file_actions_destroy(&files);
	(void)posix_spawnattr_destroy(&attr);
	(void)close(fds[1]);
	if (rc == 0)
		return fds[0];
	(void)close(fds[0]);
	return -1;
}

/* Reads all that comes, and keeps the first line. Returns false to give up.
 */
static bool
read_all(const struct ask *a, int fd, char answer[ASK_BYTES])
{
	int64_t until_ms =
	    a->timeout_ms == 0 ? 0 : control_now_ms() + a->timeout_ms;
	struct pollfd fds[] = {
	    {.fd = fd, .events = POLLIN},
	    {.fd = a->wake_fd, .events = POLLIN},
	};
	size_t n = 0;
	ssize_t got = 1;

	while (got != 0 && n < ASK_BYTES - 1) {
		int left_ms = ask_left_ms(until_ms);

		if (left_ms == 0 ||
		    (poll(fds, 2, left_ms) < 0 && errno != EINTR))
			return false;
		if (fds[1].revents != 0)
			return false;
		if (fds[0].revents == 0)
			continue;
		got = read(fd, answer + n, ASK_BYTES - 1 - n);
		if (got > 0)
			n += (size_t)got;
	}
	answer[n] = '\0';
	n = strcspn(answer, "\r\n");
	explicit_bzero(answer + n, ASK_BYTES - n);
	return true;
}

enum ask_end
askpass_ask(const struct ask *a, char answer[ASK_BYTES])
{
	int status = 0;
	bool ended;
	pid_t pid;
	int fd = start(a->question, &pid);

	if (fd < 0)
		return ASK_NOBODY;
	ended = read_all(a, fd, answer);
	(void)close(fd);
	if (!ended)
		(void)kill(pid, SIGTERM);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (ended && WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return ASK_GIVEN;
	ask_wipe(answer);
	return ended ? ASK_REFUSED : ASK_GAVE_UP;
}
