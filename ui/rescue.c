/*
 * rescue.c -- the terminal put right when the program dies.
 *
 * Room: ui.  May touch: libc.
 * All that a handler may read stands in the one file-scope variable, and it
 * calls only what POSIX allows there.
 */
#include "config.h"

#include "ui/rescue.h"

#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#define STACK_BYTES 16384

static struct {
	volatile sig_atomic_t is_armed;
	int fd;
	struct termios modes;
	const char *reset;
	size_t len;
	int n_opened;
	_Alignas(16) char stack[STACK_BYTES]; /* as of any stack */
} rescue;

static const int faults[] = {SIGSEGV, SIGABRT, SIGBUS, SIGFPE};

#define N_FAULTS (sizeof(faults) / sizeof(faults[0]))

/* Whoever does not read within a second is not waited for. */
static void
restore(void)
{
	struct pollfd room = {.fd = rescue.fd, .events = POLLOUT};

	if (!rescue.is_armed)
		return;
	rescue.is_armed = 0;
	if (poll(&room, 1, 1000) == 1)
		(void)!write(rescue.fd, rescue.reset, rescue.len);
	(void)tcsetattr(rescue.fd, TCSANOW, &rescue.modes);
}

static void
on_fault(int signo)
{
	static const char text[] = "muster: died of a fault of its own; "
				   "commands on hosts may still run\n";

	restore();
	(void)!write(STDERR_FILENO, text, sizeof(text) - 1);
	(void)signal(signo, SIG_DFL);
	(void)raise(signo);
}

static void
catch_faults(void)
{
	struct sigaction action = {
	    .sa_handler = on_fault, .sa_flags = SA_ONSTACK};
	stack_t stack = {
	    .ss_sp = rescue.stack, .ss_size = sizeof(rescue.stack)};

	(void)sigaltstack(&stack, NULL);
	(void)sigemptyset(&action.sa_mask);
	for (size_t i = 0; i < N_FAULTS; i++)
		(void)sigaction(faults[i], &action, NULL);
}

void
rescue_arm(int fd, const struct termios *modes, const char *reset, size_t len)
{
	rescue.fd = fd;
	rescue.modes = *modes;
	rescue.reset = reset;
	rescue.len = len;
	if (rescue.n_opened++ == 0)
		(void)atexit(restore);
	catch_faults();
	rescue.is_armed = 1;
}

void
rescue_disarm(void)
{
	rescue.is_armed = 0;
	for (size_t i = 0; i < N_FAULTS; i++)
		(void)signal(faults[i], SIG_DFL);
}
