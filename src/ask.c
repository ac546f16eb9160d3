/*
 * ask.c -- a question to the person in front of the program.
 *
 * Room: src.  May touch: askpass.h, control.h.
 * While it is typed no signal key acts, so that the terminal is always given
 * back as it was: ^C is read as the character that it is.
 */
#include "config.h"

#include "src/ask.h"

#include "src/askpass.h"
#include "src/control.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#define CTRL_C 3

void
ask_wipe(char answer[ASK_BYTES])
{
	explicit_bzero(answer, ASK_BYTES);
}

int
ask_left_ms(int64_t until_ms)
{
	int64_t left_ms = until_ms - control_now_ms();

	if (until_ms == 0)
		return -1;
	return left_ms < 0 ? 0 : left_ms > 1000000 ? 1000000 : (int)left_ms;
}

/* Waits until something was typed. Returns false to give up. */
static bool
await(const struct ask *a, int fd, int64_t until_ms)
{
	struct pollfd fds[] = {
	    {.fd = fd, .events = POLLIN},
	    {.fd = a->wake_fd, .events = POLLIN},
	};

	for (;;) {
		int left_ms = ask_left_ms(until_ms);

		if (left_ms == 0)
			return false;
		if (poll(fds, 2, left_ms) < 0 && errno != EINTR)
			return false;
		if (fds[1].revents != 0)
			return false;
		if (fds[0].revents != 0)
			return true;
	}
}

/* Reads up to the end of the line. */
static enum ask_end
read_line(const struct ask *a, int fd, char answer[ASK_BYTES])
{
	int64_t until_ms =
	    a->timeout_ms == 0 ? 0 : control_now_ms() + a->timeout_ms;
	size_t n = 0;

	while (await(a, fd, until_ms)) {
		ssize_t got = read(fd, answer + n, 1);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return ASK_REFUSED;
		if (answer[n] == CTRL_C)
			return ASK_CANCELLED;
		if (answer[n] == '\n' || answer[n] == '\r') {
			answer[n] = '\0';
			return ASK_GIVEN;
		}
		if (++n == ASK_BYTES)
			return ASK_REFUSED;
	}
	return ASK_GAVE_UP;
}

static enum ask_end
ask_on(int fd, const struct ask *a, char answer[ASK_BYTES])
{
	struct termios before, during;
	sigset_t wait, mask;
	enum ask_end end;

	if (tcgetattr(fd, &before) != 0)
		return ASK_NOBODY;
	(void)sigemptyset(&wait);
	if (a->wake_fd < 0) {
		(void)sigaddset(&wait, SIGTERM);
		(void)sigaddset(&wait, SIGHUP);
	}
	(void)sigprocmask(SIG_BLOCK, &wait, &mask);
	during = before;
	during.c_lflag &= ~(tcflag_t)ISIG;
	if (!a->echo)
		during.c_lflag &= ~(tcflag_t)ECHO;
	during.c_cc[VEOL] = CTRL_C; /* ends the line, and is seen */
	(void)tcsetattr(fd, TCSAFLUSH, &during);
	(void)!write(fd, a->question, strlen(a->question));
	end = read_line(a, fd, answer);
	if (!a->echo || end != ASK_GIVEN)
		(void)!write(fd, "\n", 1);
	(void)tcsetattr(fd, TCSAFLUSH, &before);
	(void)sigprocmask(SIG_SETMASK, &mask, NULL);
	return end;
}

static int
open_terminal(void)
{
	return open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
}

bool
ask_is_possible(void)
{
	int fd;

	if (askpass_is_chosen(false))
		return true;
	fd = open_terminal();
	if (fd < 0)
		return askpass_is_chosen(true);
	(void)close(fd);
	return true;
}

enum ask_end
ask_person(const struct ask *a, char answer[ASK_BYTES])
{
	enum ask_end end = ASK_NOBODY;
	int fd;

	answer[0] = '\0';
	if (askpass_is_chosen(false))
		return askpass_ask(a, answer);
	fd = open_terminal();
	if (fd >= 0) {
		end = ask_on(fd, a, answer);
		(void)close(fd);
	} else if (askpass_is_chosen(true)) {
		end = askpass_ask(a, answer);
	}
	if (end != ASK_GIVEN)
		ask_wipe(answer);
	return end;
}
