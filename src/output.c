/*
 * output.c -- lines on their way to a descriptor, whole ones only.
 *
 * Room: src.  May touch: muster.h, text.h.
 * The descriptor is shared with other programs, so O_NONBLOCK is not ours to
 * set. Instead poll(2) is asked, and not more than PIPE_BUF is written at a
 * time: a pipe that poll(2) finds writable has room for that.
 */
#include "config.h"

#include "src/output.h"

#include "muster.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define KEEP_BYTES 65536 /* of memory between flushes */

void
output_init(struct output *o, int fd, bool raw)
{
	struct stat st;

	*o = (struct output){.fd = fd};
	o->clean = !raw && isatty(fd);
	o->paced = fstat(fd, &st) < 0 || !S_ISREG(st.st_mode);
}

void
output_clear(struct output *o)
{
	text_clear(&o->lines);
	o->done = 0;
}

static void
add_label(struct output *o, const char *label)
{
	char clean[512];

	if (o->clean)
		(void)muster_clean_text(
		    clean, sizeof(clean), label, strlen(label));
	text_adds(&o->lines, o->clean ? clean : label);
}

/* Whether a line looks like one of ours, above and below names of hosts. */
static bool
is_rule(const char *line, size_t len)
{
	const size_t n = sizeof(OUTPUT_RULE) - 1;

	if (len < n || memcmp(line, OUTPUT_RULE, n) != 0)
		return false;
	for (size_t i = n; i < len; i++)
		if ((unsigned char)line[i] > ' ' && line[i] != 0x7f)
			return false;
	return true;
}

void
output_line(struct output *o, const char *label, const void *data, size_t len)
{
	if (o->error != 0 || o->is_mute)
		return;
	if (label != NULL)
		add_label(o, label);
	if (o->guards && is_rule(data, len))
		text_add(&o->lines, " ", 1);
	text_add(&o->lines, data, len);
	text_add(&o->lines, "\n", 1);
}

void
output_text(struct output *o, const void *data, size_t len)
{
	struct muster_clean clean;
	struct muster_line line;
	const char *p = data;

	if (o->error != 0 || o->is_mute)
		return;
	if (!o->clean) {
		text_add(&o->lines, data, len);
		return;
	}
	muster_clean_init(&clean, output_clean_flags());
	while (muster_clean_next(&clean, &p, &len, &line))
		output_line(o, NULL, line.text, line.len);
	muster_clean_clear(&clean);
}

/* Whether the locale says that the terminal shows UTF-8. */
static bool
is_utf8(void)
{
	static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *value = getenv(names[i]);

		if (value != NULL && *value != '\0')
			return strcasestr(value, "utf-8") != NULL ||
			       strcasestr(value, "utf8") != NULL;
	}
	return false;
}

unsigned
output_clean_flags(void)
{
	const char *no_color = getenv("NO_COLOR");

	return (no_color == NULL || *no_color == '\0' ? MUSTER_CLEAN_SGR : 0) |
	       (is_utf8() ? 0 : MUSTER_CLEAN_ASCII);
}

size_t
output_waiting(const struct output *o)
{
	return o->lines.len - o->done;
}

void
output_fail(struct output *o, int error)
{
	o->error = error;
	output_clear(o);
}

bool
output_is_full(int error)
{
	return error == ENOSPC || error == EDQUOT || error == EFBIG;
}

/* How much of what waits goes into one write. */
static size_t
choose_length(const struct output *o)
{
	const char *from = o->lines.mem + o->done;
	size_t len = output_waiting(o);

	if (!o->paced || len <= PIPE_BUF)
		return len;
	for (size_t n = PIPE_BUF; n > 0; n--) {
		if (from[n - 1] == '\n')
			return n;
	}
	return PIPE_BUF;
}

static void
write_some(struct output *o)
{
	ssize_t n = write(o->fd, o->lines.mem + o->done, choose_length(o));

	if (n >= 0)
		o->done += (size_t)n;
	else if (errno != EINTR && errno != EAGAIN && errno != EWOULDBLOCK)
		output_fail(o, errno);
}

/* Waits for room. OUTPUT_DONE means that there is some. */
static enum output_flushed
wait_for_room(const struct output *o, int wake_fd, int timeout_ms)
{
	struct pollfd fds[2] = {
	    {.fd = o->fd, .events = POLLOUT},
	    {.fd = wake_fd, .events = POLLIN},
	};
	int n = poll(fds, 2, timeout_ms);

	if (n == 0)
		return OUTPUT_LATE;
	if (n < 0 || fds[0].revents == 0)
		return OUTPUT_WOKEN; /* a signal, or wake_fd */
	return OUTPUT_DONE;
}

enum output_flushed
output_flush(struct output *o, int wake_fd, int timeout_ms)
{
	while (output_waiting(o) > 0) {
		if (o->paced) {
			enum output_flushed r =
			    wait_for_room(o, wake_fd, timeout_ms);

			if (r != OUTPUT_DONE)
				return r;
		}
		write_some(o);
	}
	o->done = 0;
	o->lines.len = 0;
	if (o->lines.cap > KEEP_BYTES)
		text_clear(&o->lines);
	return OUTPUT_DONE;
}
