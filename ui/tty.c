/*
 * tty.c -- the terminal as a device: modes, size, bytes in and out.
 *
 * Room: ui.  May touch: muster.h, src/heap.h.
 */
#include "config.h"

#include "ui/tty.h"
#include "src/heap.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

/* /dev/tty, or where there is none (containers), the terminal by name. */
static int
open_device(void)
{
	int flags = O_RDWR | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
	int fd = open("/dev/tty", flags);
	char name[256];

	if (fd < 0 && ttyname_r(STDIN_FILENO, name, sizeof(name)) == 0)
		fd = open(name, flags);
	return fd;
}

int
tty_open(struct tty *t, struct muster_error *err)
{
	memset(t, 0, sizeof(*t));
	t->fd = open_device();
	if (t->fd >= 0 && tcgetattr(t->fd, &t->saved) == 0)
		return 0;
	if (err != NULL) {
		err->code = MUSTER_ERR_SYSTEM;
		err->at = MUSTER_NOWHERE;
		(void)snprintf(err->text, sizeof(err->text),
		    "cannot open the terminal: %s", strerror(errno));
	}
	if (t->fd >= 0)
		(void)close(t->fd);
	t->fd = -1;
	return -1;
}

void
tty_close(struct tty *t)
{
	if (t->fd < 0)
		return;
	tty_set_cooked(t);
	(void)close(t->fd);
	free(t->out);
	memset(t, 0, sizeof(*t));
	t->fd = -1;
}

void
tty_set_raw(struct tty *t)
{
	struct termios raw = t->saved;

	/* flow control stays the kernel's: ^S and ^Q */
	raw.c_iflag &= (tcflag_t) ~(
	    IGNBRK | BRKINT | PARMRK | ISTRIP | INLCR | IGNCR | ICRNL);
	raw.c_oflag &= (tcflag_t)~OPOST;
	raw.c_lflag &= (tcflag_t) ~(ECHO | ECHONL | ICANON | ISIG | IEXTEN);
	raw.c_cflag &= (tcflag_t) ~(CSIZE | PARENB);
	raw.c_cflag |= CS8;
	raw.c_cc[VMIN] = 1;
	raw.c_cc[VTIME] = 0;
	t->is_raw = tcsetattr(t->fd, TCSADRAIN, &raw) == 0;
}

void
tty_set_cooked(struct tty *t)
{
	if (t->is_raw)
		(void)tcsetattr(t->fd, TCSANOW, &t->saved);
	t->is_raw = false;
}

void
tty_size(const struct tty *t, int *w, int *h)
{
	struct winsize size;

	*w = 80;
	*h = 24;
	if (ioctl(t->fd, TIOCGWINSZ, &size) < 0)
		return;
	if (size.ws_col > 0)
		*w = size.ws_col;
	if (size.ws_row > 0)
		*h = size.ws_row;
}

void
tty_put(struct tty *t, const void *data, size_t len)
{
	if (t->is_lost)
		return;
	if (t->at == t->len)
		t->at = t->len = 0;
	heap_grow(&t->out, &t->cap, t->len + len, 1);
	memcpy(t->out + t->len, data, len);
	t->len += len;
}

size_t
tty_waiting(const struct tty *t)
{
	return t->len - t->at;
}

void
tty_drop(struct tty *t)
{
	t->at = t->len = 0;
}

bool
tty_flush(struct tty *t)
{
	while (t->at < t->len && !t->is_lost) {
		ssize_t n = write(t->fd, t->out + t->at, t->len - t->at);

		if (n > 0) {
			t->at += (size_t)n;
			t->n_written += (uint64_t)n;
			t->stuck_us = 0;
			continue;
		}
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno != EAGAIN && errno != EWOULDBLOCK)
			t->is_lost = true;
		break;
	}
	if (t->is_lost)
		tty_drop(t);
	if (t->at == t->len)
		t->stuck_us = 0;
	else if (t->stuck_us == 0)
		t->stuck_us = tty_now_us();
	return t->at == t->len;
}

bool
tty_drain(struct tty *t, int ms)
{
	int64_t until = tty_now_us() + (int64_t)ms * 1000;

	while (!tty_flush(t)) {
		struct pollfd room = {.fd = t->fd, .events = POLLOUT};
		int64_t left = (until - tty_now_us() + 999) / 1000;

		if (left <= 0)
			return false;
		(void)poll(&room, 1, (int)left);
	}
	return true;
}

size_t
tty_read(struct tty *t, void *data, size_t size)
{
	ssize_t n = read(t->fd, data, size);

	if (n > 0)
		return (size_t)n;
	if (n == 0 ||
	    (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR))
		t->is_lost = true;
	return 0;
}

int64_t
tty_now_us(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_BOOTTIME, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}
