/*
 * courier.c -- one copy to or from one host: what both directions share.
 *
 * Room: engine/copy.  May touch: base/.
 */
#include "config.h"

#include "copy/courier_impl.h"

#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/trace.h"
#include "copy/copy.h"
#include "copy/helper.h"
#include "copy/sftp.h"
#include "copy/throttle.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RATE_US 500000
#define NOTES_MAX 100 /* failures told one by one */

/* ---- failures ---- */

void
bad_set(struct bad *b, enum muster_outcome outcome, const char *fmt, ...)
{
	char text[2 * WHY_BYTES];
	va_list ap;

	if (b->outcome != MUSTER_PENDING)
		return;
	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	b->outcome = outcome;
	(void)muster_clean_text(b->why, sizeof(b->why), text, strlen(text));
}

/* The server's own words, where they say more than its code does. */
static bool
has_words(const struct sftp_reply *r)
{
	return r->code == SFTP_FAILURE && r->len > 0 &&
	       !(r->len == 7 && memcmp(r->data, "Failure", 7) == 0);
}

void
bad_set_status(struct bad *b, const struct sftp_reply *r)
{
	enum muster_outcome outcome = r->code == SFTP_PERMISSION_DENIED
					  ? MUSTER_XF_PERM
					  : MUSTER_XF_REMOTE;

	if (has_words(r))
		bad_set(b, outcome, "%.*s", (int)(r->len < 150 ? r->len : 150),
		    (const char *)r->data);
	else
		bad_set(b, outcome, "%s", sftp_code_text(r->code));
}

void
bad_set_errno(struct bad *b, int errnum, const char *what)
{
	enum muster_outcome outcome = MUSTER_XF_LOCAL;

	if (errnum == ENOSPC || errnum == EDQUOT)
		outcome = MUSTER_XF_NOSPC_LOCAL;
	else if (errnum == EACCES || errnum == EPERM || errnum == EROFS)
		outcome = MUSTER_XF_PERM;
	else if (errnum == ELOOP)
		outcome = MUSTER_XF_LINK;
	bad_set(b, outcome, "%s: %s", what, strerror(errnum));
}

void
courier_fail_file(struct courier *c, const char *path, const struct bad *why)
{
	char name[300], text[sizeof(name) + WHY_BYTES + 8];

	(void)muster_clean_text(name, sizeof(name), path, strlen(path));
	(void)snprintf(text, sizeof(text), "'%s': %s", name, why->why);
	c->progress.files_failed++;
	if (c->first.outcome == MUSTER_PENDING) {
		c->first = *why;
		(void)snprintf(
		    c->first_file, sizeof(c->first_file), "%.190s", name);
	}
	if (c->progress.files_failed <= NOTES_MAX)
		c->events->note(c->arg, text);
	else if (c->progress.files_failed == NOTES_MAX + 1)
		c->events->note(c->arg, "more files failed; no more are named");
}

static void
end(struct courier *c, enum muster_outcome outcome, const char *text)
{
	const struct courier_end e = {.outcome = outcome, .text = text};

	if (c->over)
		return;
	c->over = true;
	sftp_stop(c->sftp);
	c->events->done(c->arg, &e);
}

void
courier_fail(
    struct courier *c, enum muster_outcome outcome, const char *fmt, ...)
{
	char raw[MUSTER_ERROR_MAX], text[MUSTER_ERROR_MAX];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(raw, sizeof(raw), fmt, ap);
	va_end(ap);
	(void)muster_clean_text(text, sizeof(text), raw, strlen(raw));
	end(c, outcome, text);
}

void
courier_finish(struct courier *c)
{
	char text[MUSTER_ERROR_MAX];

	c->progress.file[0] = '\0';
	if (c->first.outcome == MUSTER_PENDING) {
		end(c, MUSTER_DONE, "");
		return;
	}
	(void)snprintf(text, sizeof(text), "%llu of %llu failed: '%.100s': %s",
	    (unsigned long long)c->progress.files_failed,
	    (unsigned long long)(c->progress.files > c->progress.files_failed
				     ? c->progress.files
				     : c->progress.files_failed),
	    c->first_file, c->first.why);
	end(c, c->first.outcome, text);
}

/* ---- progress ---- */

bool
courier_may_move(struct courier *c, uint64_t bytes)
{
	uint32_t ms = 0, more;

	if (c->throttle != NULL)
		ms = throttle_wait_ms(c->throttle);
	if (c->copy->throttle != NULL) {
		more = throttle_wait_ms(c->copy->throttle);
		ms = more > ms ? more : ms;
	}
	if (ms > 0) {
		c->events->wake(c->arg, ms);
		return false;
	}
	if (c->throttle != NULL)
		throttle_take(c->throttle, bytes);
	if (c->copy->throttle != NULL)
		throttle_take(c->copy->throttle, bytes);
	return true;
}

void
courier_show(struct courier *c, const char *path, uint64_t done, uint64_t bytes)
{
	struct muster_transfer *t = &c->progress;
	size_t len = strlen(path);

	if (len > 200)
		path += len - 200;
	(void)muster_clean_text(t->file, sizeof(t->file), path, strlen(path));
	t->file_done = done;
	t->file_bytes = bytes;
}

const struct muster_transfer *
courier_progress(struct courier *c)
{
	int64_t now = clock_now_us(), span = now - c->rate_us;

	if (c->rate_us == 0) {
		c->rate_us = now;
	} else if (span >= RATE_US) {
		c->progress.bytes_per_s =
		    (c->moved - c->rate_bytes) * 1000000 / (uint64_t)span;
		c->rate_bytes = c->moved;
		c->rate_us = now;
	}
	return &c->progress;
}

void
courier_say(struct courier *c, const char *fmt, ...)
{
	char *line;
	va_list ap;
	char text[1024];

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	line = mem_printf("%s\n", text);
	c->events->say(c->arg, line);
	free(line);
}

bool
courier_is_digest(const char *line, const uint8_t digest[32])
{
	char hex[65];

	for (size_t i = 0; i < 32; i++)
		(void)snprintf(hex + 2 * i, 3, "%02x", digest[i]);
	return line != NULL && strncmp(line, hex, 64) == 0 &&
	       (line[64] == '\0' || line[64] == ' ');
}

/* ---- life ---- */

static void
on_ready(void *arg)
{
	struct courier *c = arg;

	c->ops->begin(c);
}

static void
on_open_helper(void *arg)
{
	struct courier *c = arg;

	c->events->open_helper(c->arg, helper_command());
}

/* Where systems have it. */
const char *
courier_server(void)
{
	return "for s in /usr/lib/openssh /usr/libexec/openssh /usr/lib/ssh "
	       "/usr/libexec /usr/lib /usr/local/libexec; do "
	       "[ ! -x \"$s/sftp-server\" ] || exec \"$s/sftp-server\"; "
	       "done; echo 'there is no sftp-server on this host' >&2; "
	       "exit 127";
}

void
courier_greet(struct courier *c)
{
	sftp_greet(c->sftp);
}

bool
courier_has_begun(const struct courier *c)
{
	return sftp_is_greeted(c->sftp);
}

struct courier *
courier_new(
    const struct copy *copy, const struct courier_events *events, void *arg)
{
	const struct courier_ops *ops = copy->is_pull ? &pull_ops : &push_ops;
	struct courier *c = mem_new(ops->size);

	c->ops = ops;
	c->copy = copy;
	c->events = events;
	c->arg = arg;
	c->sftp = sftp_new(on_ready, c);
	c->helper = helper_new(on_open_helper, c);
	if (copy->o.host_bytes_per_s > 0)
		c->throttle = throttle_new(copy->o.host_bytes_per_s);
	return c;
}

void
courier_free(struct courier *c)
{
	if (c == NULL)
		return;
	c->lost = !c->over && !c->stopping;
	c->over = true;
	c->ops->clear(c);
	sftp_free(c->sftp);
	helper_free(c->helper);
	throttle_free(c->throttle);
	free(c);
}

void
courier_feed(struct courier *c, const void *data, size_t len)
{
	struct muster_error err;

	if (c->over || sftp_feed(c->sftp, data, len, &err) == 0)
		return;
	courier_fail(c,
	    sftp_is_ready(c->sftp) ? MUSTER_PROTO : MUSTER_SUBSYS_REFUSED, "%s",
	    err.text);
}

struct buf *
courier_out(struct courier *c)
{
	return sftp_out(c->sftp);
}

void
courier_stop(struct courier *c)
{
	if (c->over || c->stopping)
		return;
	c->stopping = true;
	if (sftp_is_ready(c->sftp))
		c->ops->stop(c);
	else
		courier_fail(c, MUSTER_KILLED_LOCAL, "stopped on request");
}

struct helper *
courier_helper(struct courier *c)
{
	return c->helper;
}

void
courier_go(struct courier *c)
{
	c->again = true;
	if (c->going)
		return;
	c->going = true;
	while (c->again && !c->over && sftp_is_ready(c->sftp)) {
		c->again = false;
		c->ops->go(c);
	}
	c->going = false;
}
