/*
 * password.c -- passwords, from a terminal or a descriptor.
 *
 * Room: src.  May touch: args.h, complain.h, exitcode.h.
 * While it is typed no signal key acts, so that the terminal is always given
 * back as it was: ^C is read as the character that it is.
 */
#include "config.h"

#include "src/password.h"

#include "src/args.h"
#include "src/complain.h"
#include "src/exitcode.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#define CTRL_C 3

void
password_wipe(char password[PASSWORD_BYTES])
{
	explicit_bzero(password, PASSWORD_BYTES);
}

/* Reads up to the end of the line. Returns its length, without the end; -1
 * for ^C, an error, or a line too long. */
static ssize_t
read_line(int fd, char line[PASSWORD_BYTES])
{
	size_t n = 0;

	for (;;) {
		ssize_t got = read(fd, line + n, 1);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0 || (got > 0 && line[n] == CTRL_C))
			return -1;
		if (got == 0 || line[n] == '\n' || line[n] == '\r')
			break;
		if (++n == PASSWORD_BYTES)
			return -1;
	}
	line[n] = '\0';
	return (ssize_t)n;
}

static int
from_descriptor(const struct password_want *w, char password[PASSWORD_BYTES])
{
	uint32_t fd = w->fd;
	ssize_t n = read_line((int)fd, password);

	if (n > 0)
		return EXITCODE_OK;
	complain(n == 0 ? "%s: descriptor %u has no password"
			: "%s: cannot read a password of up to 1023 bytes from "
			  "descriptor %u",
	    w->fd_option, (unsigned)fd);
	return EXITCODE_USAGE;
}

/* Asks on the terminal `fd`. Signals that end the program wait meanwhile. */
static ssize_t
ask(int fd, const char *question, char password[PASSWORD_BYTES])
{
	struct termios before, hidden;
	sigset_t wait, mask;
	ssize_t n;

	if (tcgetattr(fd, &before) != 0)
		return -1;
	(void)sigemptyset(&wait);
	(void)sigaddset(&wait, SIGTERM);
	(void)sigaddset(&wait, SIGHUP);
	(void)sigprocmask(SIG_BLOCK, &wait, &mask);
	hidden = before;
	hidden.c_lflag &= ~(tcflag_t)(ECHO | ISIG);
	hidden.c_cc[VEOL] = CTRL_C; /* ends the line, and is seen */
	(void)tcsetattr(fd, TCSAFLUSH, &hidden);
	(void)!write(fd, question, strlen(question));
	n = read_line(fd, password);
	(void)!write(fd, "\n", 1);
	(void)tcsetattr(fd, TCSAFLUSH, &before);
	(void)sigprocmask(SIG_SETMASK, &mask, NULL);
	return n;
}

static int
from_terminal(const struct password_want *w, char password[PASSWORD_BYTES])
{
	int fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
	ssize_t n;

	if (fd < 0) {
		complain("%s: there is no terminal to ask for a password; use "
			 "%s",
		    w->option, w->fd_option);
		return EXITCODE_USAGE;
	}
	n = ask(fd, w->question, password);
	(void)close(fd);
	if (n > 0)
		return EXITCODE_OK;
	complain("%s: no password was given", w->option);
	return n == 0 ? EXITCODE_USAGE : EXITCODE_SIGNAL + SIGINT;
}

int
password_get(const struct password_want *w, char password[PASSWORD_BYTES],
    const char **given)
{
	int rc = EXITCODE_OK;

	*given = NULL;
	password[0] = '\0';
	if (w->fd != ARGS_UNSET)
		rc = from_descriptor(w, password);
	else if (w->ask)
		rc = from_terminal(w, password);
	else
		return EXITCODE_OK;
	if (rc == EXITCODE_OK)
		*given = password;
	else
		password_wipe(password);
	return rc;
}
