/*
 * control.c -- signals: what each one means now, and how it gets here.
 *
 * Room: src.  May touch: libc.
 * The one file-scope variable is the pipe's end that the handler writes to.
 */
#include "config.h"

#include "src/control.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <time.h>
#include <unistd.h>

static volatile sig_atomic_t signal_fd = -1;

static const int caught[CONTROL_N_SIGNALS] = {
    SIGINT, SIGTERM, SIGHUP, SIGUSR1, SIGTSTP, SIGCONT, SIGWINCH};

static bool
is_warned(const struct control *c, int64_t now_ms)
{
	return c->warned_ms != 0 && now_ms - c->warned_ms <= CONTROL_AGAIN_MS;
}

/* A signal that wants the run to end. */
static enum control_action
decide_end(struct control *c, int signo, int64_t now_ms)
{
	if (c->signal != 0)
		return CONTROL_HARD;
	if (signo == SIGINT && c->interactive && !is_warned(c, now_ms)) {
		c->warned_ms = now_ms;
		return CONTROL_WARN;
	}
	c->signal = signo;
	return CONTROL_ABORT;
}

enum control_action
control_decide(struct control *c, int signo, int64_t now_ms)
{
	switch (signo) {
	case SIGINT:
	case SIGTERM:
	case SIGHUP:
		return decide_end(c, signo, now_ms);
	case SIGTSTP:
		if (c->signal != 0 || !is_warned(c, now_ms))
			return CONTROL_SUSPEND;
		c->warned_ms = 0;
		return CONTROL_NO_MORE;
	case SIGUSR1:
		return CONTROL_STATUS;
	default:
		return CONTROL_NONE;
	}
}

static void
on_signal(int signo)
{
	int saved = errno;
	unsigned char byte = (unsigned char)signo;

	/* a full pipe has signals enough */
	(void)!write(signal_fd, &byte, 1);
	errno = saved;
}

static int
open_pipe(int fds[2])
{
	if (pipe(fds) < 0)
		return -1;
	for (int i = 0; i < 2; i++) {
		(void)fcntl(fds[i], F_SETFD, FD_CLOEXEC);
		(void)fcntl(fds[i], F_SETFL, O_NONBLOCK);
	}
	return 0;
}

int
control_open(struct control *c, bool interactive)
{
	struct sigaction action = {.sa_handler = on_signal};
	int fds[2];

	*c = (struct control){.interactive = interactive, .fd = -1};
	if (open_pipe(fds) < 0)
		return -1;
	c->fd = fds[0];
	signal_fd = fds[1];
	(void)sigemptyset(&action.sa_mask);
	for (size_t i = 0; i < CONTROL_N_SIGNALS; i++) {
		struct sigaction *old = &c->before[i];

		if (sigaction(caught[i], NULL, old) == 0 &&
		    old->sa_handler != SIG_IGN)
			(void)sigaction(caught[i], &action, NULL);
	}
	return 0;
}

void
control_close(struct control *c)
{
	struct sigaction old;
	int fd = signal_fd;

	if (c->fd < 0)
		return;
	for (size_t i = 0; i < CONTROL_N_SIGNALS; i++) {
		if (sigaction(caught[i], NULL, &old) == 0 &&
		    old.sa_handler == on_signal)
			(void)sigaction(caught[i], &c->before[i], NULL);
	}
	signal_fd = -1;
	(void)close(fd);
	(void)close(c->fd);
	c->fd = -1;
}

int
control_take(struct control *c)
{
	unsigned char byte;

	return read(c->fd, &byte, 1) == 1 ? byte : 0;
}

void
control_suspend(void)
{
	struct sigaction ours;

	(void)sigaction(SIGTSTP, NULL, &ours);
	(void)signal(SIGTSTP, SIG_DFL);
	(void)raise(SIGTSTP); /* stops here, and goes on from here */
	(void)sigaction(SIGTSTP, &ours, NULL);
}

bool
control_has_keys(void)
{
	return isatty(STDIN_FILENO) && tcgetpgrp(STDIN_FILENO) == getpgrp();
}

int64_t
control_event_us(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_BOOTTIME, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

int
control_sooner_ms(int a_ms, int b_ms)
{
	return a_ms < 0 || (b_ms >= 0 && b_ms < a_ms) ? b_ms : a_ms;
}

int64_t
control_now_ms(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000 + 1;
}
