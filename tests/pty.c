/*
 * pty.c -- a program on a terminal of its own, and what the terminal shows.
 *
 * Room: tests.  May touch: libvterm.
 */
#include "config.h"

#include "pty.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <vterm.h>
#include <cmocka.h>

#define FEED_MAX 4096 /* old libvterms die of more at once */
#define PATIENCE_MS 20000

static int64_t
now_ms(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int
on_property(VTermProp prop, VTermValue *value, void *user)
{
	struct pty *p = user;

	if (prop == VTERM_PROP_ALTSCREEN)
		p->is_alternate = value->boolean != 0;
	return 1;
}

static const VTermScreenCallbacks callbacks = {.settermprop = on_property};

static void
open_terminal(struct pty *p)
{
	p->vt = vterm_new(p->h, p->w);
	vterm_set_utf8(p->vt, 1);
	p->vts = vterm_obtain_screen(p->vt);
	vterm_screen_set_callbacks(p->vts, &callbacks, p);
	vterm_screen_enable_altscreen(p->vts, 1);
	vterm_screen_reset(p->vts, 1);
	p->has_cursor = true;
}

static void
become_child(struct pty *p, const char *term)
{
	(void)setsid();
	(void)ioctl(p->slave, TIOCSCTTY, 0);
	for (int fd = 0; fd < 3; fd++)
		(void)dup2(p->slave, fd);
	if (p->slave > 2)
		(void)close(p->slave);
	(void)close(p->fd);
	(void)setenv("TERM", term, 1);
}

void
pty_start(struct pty *p, const char *term, int w, int h,
    void (*child)(void *arg), void *arg, char *const argv[])
{
	struct winsize size = {
	    .ws_row = (unsigned short)h, .ws_col = (unsigned short)w};

	memset(p, 0, sizeof(*p));
	p->w = w;
	p->h = h;
	p->answers = true;
	p->fd = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	assert_true(p->fd >= 0 && grantpt(p->fd) == 0 && unlockpt(p->fd) == 0);
	p->slave = open(ptsname(p->fd), O_RDWR | O_NOCTTY | O_CLOEXEC);
	assert_true(p->slave >= 0);
	assert_int_equal(ioctl(p->fd, TIOCSWINSZ, &size), 0);
	assert_int_equal(tcgetattr(p->slave, &p->before), 0);
	open_terminal(p);
	p->pid = fork();
	assert_true(p->pid >= 0);
	if (p->pid > 0)
		return;
	become_child(p, term);
	if (child != NULL)
		child(arg);
	else
		(void)execv(argv[0], argv);
	_exit(127);
}

static void
reap(struct pty *p, int flags)
{
	if (!p->is_reaped && waitpid(p->pid, &p->status, flags) == p->pid)
		p->is_reaped = true;
}

void
pty_end(struct pty *p)
{
	if (!p->is_reaped) {
		(void)kill(p->pid, SIGKILL);
		reap(p, 0);
	}
	(void)close(p->fd);
	(void)close(p->slave);
	vterm_free(p->vt);
	free(p->bytes);
}

/* ---- in and out ---- */

static void
write_all(const struct pty *p, const char *bytes, size_t len)
{
	while (len > 0) {
		ssize_t n = write(p->fd, bytes, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return;
		bytes += n;
		len -= (size_t)n;
	}
}

void
pty_type(struct pty *p, const char *keys)
{
	write_all(p, keys, strlen(keys));
}

void
pty_resize(struct pty *p, int w, int h)
{
	struct winsize size = {
	    .ws_row = (unsigned short)h, .ws_col = (unsigned short)w};

	p->w = w;
	p->h = h;
	vterm_set_size(p->vt, h, w);
	assert_int_equal(ioctl(p->fd, TIOCSWINSZ, &size), 0);
}

static void
keep(struct pty *p, const char *bytes, size_t len)
{
	if (p->len + len > p->cap) {
		p->cap = (p->len + len) * 2;
		p->bytes = realloc(p->bytes, p->cap);
		assert_non_null(p->bytes);
	}
	memcpy(p->bytes + p->len, bytes, len);
	p->len += len;
}

static void
answer(struct pty *p)
{
	char out[256];
	size_t n;

	while ((n = vterm_output_read(p->vt, out, sizeof(out))) > 0) {
		if (p->answers)
			write_all(p, out, n);
	}
}

bool
pty_read(struct pty *p, int ms)
{
	struct pollfd in = {.fd = p->fd, .events = POLLIN};
	char bytes[FEED_MAX];
	ssize_t n;

	if (p->is_paused || p->at_end || poll(&in, 1, ms) <= 0)
		return false;
	n = read(p->fd, bytes, sizeof(bytes));
	if (n <= 0) {
		p->at_end = n == 0 || errno != EINTR;
		return false;
	}
	keep(p, bytes, (size_t)n);
	(void)vterm_input_write(p->vt, bytes, (size_t)n);
	answer(p);
	return true;
}

/* ---- what is on it ---- */

static size_t
put_cell(char *out, const VTermScreenCell *cell)
{
	size_t n = 0;

	if (cell->chars[0] == 0 || cell->chars[0] == (uint32_t)-1) {
		out[0] = ' ';
		return 1;
	}
	for (int i = 0; i < VTERM_MAX_CHARS_PER_CELL && cell->chars[i] != 0;
	     i++) {
		uint32_t c = cell->chars[i];

		if (c < 0x80) {
			out[n++] = (char)c;
		} else if (c < 0x800) {
			out[n++] = (char)(0xc0 | c >> 6);
			out[n++] = (char)(0x80 | (c & 0x3f));
		} else if (c < 0x10000) {
			out[n++] = (char)(0xe0 | c >> 12);
			out[n++] = (char)(0x80 | (c >> 6 & 0x3f));
			out[n++] = (char)(0x80 | (c & 0x3f));
		} else {
			out[n++] = (char)(0xf0 | c >> 18);
			out[n++] = (char)(0x80 | (c >> 12 & 0x3f));
			out[n++] = (char)(0x80 | (c >> 6 & 0x3f));
			out[n++] = (char)(0x80 | (c & 0x3f));
		}
	}
	return n;
}

static void
read_row(VTermScreen *vts, int y, int w, char *out)
{
	size_t len = 0;

	for (int x = 0; x < w;) {
		VTermScreenCell cell;

		(void)vterm_screen_get_cell(
		    vts, (VTermPos){.row = y, .col = x}, &cell);
		len += put_cell(out + len, &cell);
		x += cell.width > 1 ? cell.width : 1;
	}
	out[len] = '\0';
}

const char *
pty_row(struct pty *p, int y)
{
	static char row[16384];
	size_t len;

	read_row(p->vts, y, p->w, row);
	for (len = strlen(row); len > 0 && row[len - 1] == ' '; len--)
		;
	row[len] = '\0';
	return row;
}

char *
pty_text(struct pty *p)
{
	char *text = calloc((size_t)p->h, 16384);
	size_t len = 0;

	assert_non_null(text);
	for (int y = 0; y < p->h; y++)
		len +=
		    (size_t)snprintf(text + len, 16384, "%s\n", pty_row(p, y));
	return text;
}

static bool
has(struct pty *p, const char *text)
{
	for (int y = 0; y < p->h; y++) {
		if (strstr(pty_row(p, y), text) != NULL)
			return true;
	}
	return false;
}

static bool
wait_until(struct pty *p, const char *text, bool wanted)
{
	int64_t until = now_ms() + PATIENCE_MS;

	while (has(p, text) != wanted) {
		int64_t left = until - now_ms();

		if (left <= 0 || p->at_end) {
			char *seen = pty_text(p);

			fprintf(stderr, "waited for %s'%s' on\n%s\n",
			    wanted ? "" : "the end of ", text, seen);
			free(seen);
			return false;
		}
		(void)pty_read(p, (int)left);
	}
	return true;
}

bool
pty_wait(struct pty *p, const char *text)
{
	return wait_until(p, text, true);
}

bool
pty_wait_gone(struct pty *p, const char *text)
{
	return wait_until(p, text, false);
}

/* Whether the last word about the cursor was that it is seen. Leaving the
 * alternate screen, old libvterms bring back some other one's. */
static bool
shows_cursor(const struct pty *p)
{
	static const char mode[] = "\033[?25";
	const size_t n = sizeof(mode) - 1;

	for (size_t at = p->len > n ? p->len - n : 0; at > 0; at--) {
		if (memcmp(p->bytes + at - 1, mode, n) == 0)
			return p->bytes[at - 1 + n] == 'h';
	}
	return true;
}

bool
pty_wait_end(struct pty *p)
{
	int64_t until = now_ms() + PATIENCE_MS;

	while (!p->is_reaped && now_ms() < until) {
		if (!pty_read(p, 20) && p->at_end)
			p->at_end = false; /* our own slave keeps it open */
		reap(p, WNOHANG);
	}
	/* what it wrote last may still be on its way through the kernel */
	while (pty_read(p, 100))
		;
	p->has_cursor = shows_cursor(p);
	return p->is_reaped;
}
