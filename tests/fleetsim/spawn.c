/*
 * spawn.c -- starting /bin/sh, on pipes or on a terminal.
 *
 * Room: tests/fleetsim.  May touch: base/.
 * posix_spawn(3) with a session of its own: the shell leads a process group
 * that signals go to, and the first terminal it opens is its own.
 */
#include "config.h"

#include "process.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

static int
spawn(struct process *p, posix_spawn_file_actions_t *actions,
    const char *command, const char *home, char *const envp[])
{
	char sh[] = "sh", dash_c[] = "-c", login[] = "-sh";
	char *argv[] = {sh, dash_c, (char *)(uintptr_t)command, NULL};
	char *shell[] = {login, NULL};
	posix_spawnattr_t attr;
	sigset_t all, none;
	int rc;

	(void)sigfillset(&all);
	(void)sigemptyset(&none);
	rc = posix_spawnattr_init(&attr);
	if (rc != 0)
		return rc;
	(void)posix_spawnattr_setsigdefault(&attr, &all);
	(void)posix_spawnattr_setsigmask(&attr, &none);
	(void)posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSID |
						  POSIX_SPAWN_SETSIGDEF |
						  POSIX_SPAWN_SETSIGMASK);
	rc = posix_spawn_file_actions_addchdir_np(actions, home);
	if (rc == 0)
		rc = posix_spawn(&p->pid, "/bin/sh", actions, &attr,
		    command != NULL ? argv : shell, envp);
	(void)posix_spawnattr_destroy(&attr);
	return rc;
}

static void
close_pair(int pair[2])
{
	for (int i = 0; i < 2; i++) {
		if (pair[i] >= 0)
			(void)close(pair[i]);
		pair[i] = -1;
	}
}

/* Gives our end of a pipe to the watch, and makes it not block. */
static void
keep_end(struct watch *w, int pair[2], int end)
{
	w->fd = pair[end];
	pair[end] = -1;
	(void)fcntl(w->fd, F_SETFL, O_NONBLOCK);
}

int
sim_spawn_pipes(struct process *p, const char *command, const char *home,
    char *const envp[])
{
	int pipes[3][2] = {{-1, -1}, {-1, -1}, {-1, -1}};
	posix_spawn_file_actions_t actions;
	int rc = posix_spawn_file_actions_init(&actions);

	if (rc != 0)
		return rc;
	for (int i = 0; i < 3 && rc == 0; i++) {
		if (pipe2(pipes[i], O_CLOEXEC) != 0)
			rc = errno;
		else
			rc = posix_spawn_file_actions_adddup2(
			    &actions, pipes[i][i == 0 ? 0 : 1], i);
	}
	if (rc == 0)
		rc = spawn(p, &actions, command, home, envp);
	if (rc == 0) {
		keep_end(&p->in, pipes[0], 1);
		keep_end(&p->out[0], pipes[1], 0);
		keep_end(&p->out[1], pipes[2], 0);
	}
	for (int i = 0; i < 3; i++)
		close_pair(pipes[i]);
	(void)posix_spawn_file_actions_destroy(&actions);
	return rc;
}

int
sim_spawn_pty(struct process *p, const char *command, const char *home,
    char *const envp[])
{
	posix_spawn_file_actions_t actions;
	char name[64];
	int rc;

	rc = posix_spawn_file_actions_init(&actions);
	if (rc != 0)
		return rc;
	if (ptsname_r(p->out[0].fd, name, sizeof(name)) != 0)
		rc = errno;
	if (rc == 0)
		rc = posix_spawn_file_actions_addopen(
		    &actions, 0, name, O_RDWR, 0);
	for (int i = 1; i < 3 && rc == 0; i++)
		rc = posix_spawn_file_actions_adddup2(&actions, 0, i);
	if (rc == 0)
		rc = spawn(p, &actions, command, home, envp);
	(void)posix_spawn_file_actions_destroy(&actions);
	return rc;
}
