/*
 * sshconf_exec.c -- the command of a Match exec.
 *
 * Room: engine/conf.  May touch: base.
 * ssh(1) waits for it as long as it takes; here it has a deadline, and its
 * group of processes is killed then.
 */
#include "config.h"

#include "conf/sshconf_int.h"

#include "base/clock.h"
#include "base/err.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

/* Starts the shell in a group of its own with default signals, its standard
 * streams on /dev/null. Returns 0 or an errno value. */
static int
spawn_shell(const char *shell, const char *command, pid_t *pid)
{
	char *const argv[] = {(char *)(uintptr_t)shell,
	    (char *)(uintptr_t) "-c", (char *)(uintptr_t)command, NULL};
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attr;
	sigset_t all, none;
	int e;

	sigfillset(&all);
	sigemptyset(&none);
	posix_spawnattr_init(&attr);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETPGROUP |
					    POSIX_SPAWN_SETSIGDEF |
					    POSIX_SPAWN_SETSIGMASK);
	posix_spawnattr_setsigdefault(&attr, &all);
	posix_spawnattr_setsigmask(&attr, &none);
	posix_spawn_file_actions_init(&files);
	for (int fd = 0; fd <= 2; fd++)
		posix_spawn_file_actions_addopen(
		    &files, fd, "/dev/null", fd == 0 ? O_RDONLY : O_WRONLY, 0);
	e = posix_spawn(pid, shell, &files, &attr, argv, environ);
	posix_spawn_file_actions_destroy(&files);
	posix_spawnattr_destroy(&attr);
	return e;
}

/* Waits until the process has ended or a while has passed: on Linux exactly
 * so, elsewhere by looking again soon. */
static void
wait_a_while(int fd, int64_t ms)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};

	if (fd < 0 && ms > 20)
		ms = 20;
	(void)poll(&p, fd < 0 ? 0 : 1, (int)ms);
}

/* Waits for the child until the deadline. Returns its wait status, or -1. */
static int
await(pid_t pid, int64_t deadline_us)
{
	int status = -1, fd = -1;
	pid_t got;

#ifdef SYS_pidfd_open
	fd = (int)syscall(SYS_pidfd_open, pid, 0);
#endif
	for (;;) {
		int64_t left_ms = (deadline_us - clock_now_us()) / 1000;

		got = waitpid(pid, &status, WNOHANG);
		if (got == pid || (got < 0 && errno != EINTR) || left_ms <= 0)
			break;
		wait_a_while(fd, left_ms);
	}
	if (fd >= 0)
		close(fd);
	return got == pid ? status : -1;
}

int
sshconf_exec(const char *command, uint32_t timeout_ms, struct muster_error *err)
{
	const char *shell = getenv("SHELL");
	int64_t deadline_us = clock_now_us() + (int64_t)timeout_ms * 1000;
	pid_t pid;
	int e, status;

	if (shell == NULL)
		shell = "/bin/sh";
	e = spawn_shell(shell, command, &pid);
	if (e != 0)
		return err_sys(err, MUSTER_ERR_SYSTEM, e,
		    "the shell '%.100s' cannot be started", shell);
	status = await(pid, deadline_us);
	if (status == -1) {
		kill(-pid, SIGKILL);
		waitpid(pid, &status, 0);
		return err_set(err, MUSTER_ERR_TIMEOUT,
		    "'%.100s' took longer than %u s", command,
		    (unsigned)(timeout_ms / 1000));
	}
	if (!WIFEXITED(status))
		return err_set(err, MUSTER_ERR_SYSTEM,
		    "'%.100s' was ended by signal %d", command,
		    WTERMSIG(status));
	return WEXITSTATUS(status);
}
