/*
 * tap.c -- the bytes between a socket and libssh2.
 *
 * Room: engine/ssh.  May touch: base/.
 */
#include "config.h"

#include "ssh/tap.h"
#include "base/str.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

void
tap_init(struct tap *t)
{
	memset(t, 0, sizeof(*t));
	buf_init(&t->rx, LIMIT_SESSION_BYTES);
	buf_init(&t->tx, LIMIT_SEND_BYTES + LIMIT_SEND_HIGH_BYTES);
	buf_init(&t->line, LIMIT_BANNER_BYTES + 1);
	t->early = true;
}

void
tap_clear(struct tap *t)
{
	buf_clear(&t->rx);
	buf_clear(&t->tx);
	buf_clear(&t->line);
}

/* Text that no SSH server sends before its banner, but others do at once. */
static bool
is_foreign(const char *line)
{
	static const char *const greetings[] = {"HTTP/", "220 ", "220-", "* OK",
	    "+OK", "RFB 00", "<?xml", "<html", "<!DOCTYPE"};

	for (size_t i = 0; i < sizeof(greetings) / sizeof(greetings[0]); i++)
		if (str_starts(line, greetings[i]))
			return true;
	return false;
}

/* A line came to its end, without CR and LF; or there is more of it than a
 * line may have. */
static void
judge_line(struct tap *t, bool whole)
{
	const char *line = buf_str(&t->line);
	bool fits = whole && t->line.len <= LIMIT_BANNER_BYTES;
	size_t len = strlen(t->before);

	if (fits &&
	    (str_starts(line, "SSH-2.0-") || str_starts(line, "SSH-1.99-"))) {
		t->banner = TAP_BANNER_OK;
		(void)str_copy(t->software, sizeof(t->software), line);
		(void)buf_adds(&t->rx, line);
		/* Not CR LF: libssh2 reads 256 bytes of a line. */
		(void)buf_addc(&t->rx, '\n');
		return;
	}
	if (fits && str_starts(line, "SSH-"))
		t->banner = TAP_BANNER_SSH1;
	else if (!whole || str_starts(line, "SSH-") || is_foreign(line))
		t->banner = TAP_BANNER_NOT_SSH;
	(void)str_copy(t->before + len, sizeof(t->before) - len, line);
	len = strlen(t->before);
	(void)str_copy(t->before + len, sizeof(t->before) - len, "\n");
}

/* Looks for the identification string (RFC 4253 s. 4.2). Lines before it
 * are kept in part and go no further. Returns the bytes used up. */
static size_t
find_banner(struct tap *t, const uint8_t *data, size_t len)
{
	size_t i;

	for (i = 0; i < len && t->banner == TAP_BANNER_WAIT; i++) {
		if (data[i] == '\n') {
			if (t->line.len > 0 &&
			    buf_data(&t->line)[t->line.len - 1] == '\r')
				t->line.len--;
			judge_line(t, true);
			buf_clear(&t->line);
		} else if (data[i] == '\0' || !buf_addc(&t->line, data[i])) {
			/* Binary, or a line longer than any may be. */
			judge_line(t, false);
		}
	}
	return i;
}

void
tap_push(struct tap *t, const void *data, size_t len)
{
	const uint8_t *p = data;
	size_t used = 0;

	t->n_in += len;
	if (t->early)
		t->n_early += len;
	if (t->banner == TAP_BANNER_WAIT)
		used = find_banner(t, p, len);
	if (t->banner == TAP_BANNER_OK &&
	    !buf_add(&t->rx, p + used, len - used))
		t->n_early = SIZE_MAX / 2; /* nobody may send that much ahead */
}

bool
tap_fill(struct tap *t, int fd, uint8_t *scratch, size_t size)
{
	ssize_t n;

	do {
		n = recv(fd, scratch, size, 0);
	} while (n < 0 && errno == EINTR);
	if (n > 0) {
		tap_push(t, scratch, (size_t)n);
		return true;
	}
	if (n == 0) {
		t->eof = true;
	} else if (errno != EAGAIN && errno != EWOULDBLOCK) {
		t->eof = true;
		t->errnum = errno;
	}
	return false;
}

bool
tap_flush(struct tap *t, int fd)
{
	while (t->tx.len > 0) {
		ssize_t n = send(fd, buf_data(&t->tx), t->tx.len, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
			return true;
		if (n < 0 && (errno == EPIPE || errno == ECONNRESET))
			break;
		if (n < 0) {
			t->errnum = errno;
			return false;
		}
		t->n_out += (size_t)n;
		buf_drain(&t->tx, (size_t)n);
	}
	buf_clear(&t->tx);
	return true;
}

void
tap_grant(struct tap *t)
{
	t->budget = LIMIT_RECV_BYTES_PER_CALL;
}

bool
tap_has_more(const struct tap *t)
{
	return t->rx.len > 0 && !t->gated && !t->dead;
}

bool
tap_is_over(const struct tap *t)
{
	return (t->early && t->n_early > LIMIT_PREAUTH_BYTES) ||
	       t->n_early >= SIZE_MAX / 2 || t->tx.len > LIMIT_SEND_BYTES;
}

ssize_t
tap_recv(struct tap *t, void *buffer, size_t len)
{
	size_t n = len;

	if (t->dead)
		return 0;
	if (n > t->budget)
		n = t->budget;
	if (n > t->rx.len)
		n = t->rx.len;
	if (n == 0 || t->gated)
		return t->eof && t->rx.len == 0 ? 0 : -EAGAIN;
	memcpy(buffer, buf_data(&t->rx), n);
	buf_drain(&t->rx, n);
	t->budget -= n;
	if (t->rx.len == 0)
		buf_clear(&t->rx);
	return (ssize_t)n;
}

ssize_t
tap_send(struct tap *t, const void *data, size_t len)
{
	if (t->dead || !buf_add(&t->tx, data, len))
		return -ECONNRESET;
	return (ssize_t)len;
}
