/*
 * push_resume.c -- a file that was sent in part before goes on from there.
 *
 * Room: engine/copy.  May touch: base/, source.h.
 * A part is taken over when it is ours, when nobody has written to it lately,
 * and when its digest is that of as much of the file here. It gets our own
 * temporary name by a rename, which one muster alone can win; one that is of
 * no use is removed. One that is fresh belongs to somebody at work.
 */
#include "config.h"

#include "copy/push_file.h"

#include "base/trace.h"
#include "copy/copy.h"
#include "copy/helper.h"

#include <sys/stat.h>

/* A part that nobody has written to for so long is nobody's. */
#define IDLE_S 10

static void
ask(struct push_file *f, enum sftp_type type, const char *path,
    void (*answer)(void *, const struct sftp_reply *))
{
	sftp_ask(f->push->courier.sftp, type, path,
	    (struct sftp_then){answer, f, NULL});
}

static void
on_removed(void *arg, const struct sftp_reply *reply)
{
	(void)reply;
	push_file_heard(arg);
}

static void
remove_part(struct push_file *f)
{
	TRACE("copy", "'%s': of no use", f->part);
	ask(f, SFTP_REMOVE, f->part, on_removed);
}

/* ---- taken over ---- */

static bool
is_same_part(const struct push_file *f, const struct sftp_attrs *a)
{
	return S_ISREG(a->mode) && a->uid == f->part_attrs.uid &&
	       a->size == f->part_attrs.size;
}

static void
on_checked(void *arg, const struct sftp_reply *reply)
{
	struct push_file *f = arg;
	struct courier *c = &f->push->courier;

	if (reply->type == SFTP_ATTRS && is_same_part(f, &reply->attrs)) {
		f->sent = f->part_attrs.size;
		c->progress.bytes_done += f->sent;
		TRACE("copy", "'%s': goes on at %llu", f->path,
		    (unsigned long long)f->sent);
	} else {
		bad_set(&f->bad, MUSTER_XF_REMOTE,
		    "somebody else writes to what was sent before");
	}
	push_file_heard(f);
}

static void
on_reopened(void *arg, const struct sftp_reply *reply)
{
	struct push_file *f = arg;

	if (reply->type != SFTP_HANDLE) {
		bad_set_status(&f->bad, reply);
		push_file_heard(f);
		return;
	}
	sftp_keep_handle(&f->handle, reply);
	f->is_open = true;
	sftp_ask_handle(f->push->courier.sftp, SFTP_FSTAT, &f->handle,
	    (struct sftp_then){on_checked, f, NULL});
}

static void
on_taken(void *arg, const struct sftp_reply *reply)
{
	const struct sftp_attrs none = {0};
	struct push_file *f = arg;

	/* Another was faster: ours is still there, and empty. */
	if (reply->code != SFTP_OK)
		f->part_attrs.size = 0;
	sftp_open(f->push->courier.sftp, f->temp,
	    SFTP_FOR_READ | SFTP_FOR_WRITE, &none,
	    (struct sftp_then){on_reopened, f, NULL});
}

static void
on_closed(void *arg, const struct sftp_reply *reply)
{
	struct push_file *f = arg;

	(void)reply;
	sftp_rename(f->push->courier.sftp, f->part, f->temp,
	    (struct sftp_then){on_taken, f, NULL});
}

static void
take_over(struct push_file *f, bool good)
{
	if (f->bad.outcome != MUSTER_PENDING) {
		push_file_heard(f);
		return;
	}
	if (!good) {
		remove_part(f);
		return;
	}
	f->is_open = false;
	sftp_ask_handle(f->push->courier.sftp, SFTP_CLOSE, &f->handle,
	    (struct sftp_then){on_closed, f, NULL});
}

/* ---- what is there ---- */

static void
on_digest(void *arg, const char *line)
{
	struct push_file *f = arg;

	if (line == NULL)
		take_over(f, false);
	else
		push_file_digest(f, f->part_attrs.size, line, take_over);
}

/* Ours, and left alone: by the clock of the host. */
static bool
is_stale(const struct sftp_attrs *part, const struct sftp_attrs *own)
{
	const unsigned need = SFTP_SIZE | SFTP_OWNER | SFTP_MODE | SFTP_TIMES;

	return (part->flags & need) == need && (own->flags & need) == need &&
	       S_ISREG(part->mode) && (part->mode & 07777) == 0600 &&
	       part->uid == own->uid &&
	       (uint64_t)part->mtime + IDLE_S <= own->mtime;
}

static void
on_own(void *arg, const struct sftp_reply *reply)
{
	struct push_file *f = arg;
	struct courier *c = &f->push->courier;
	uint64_t size = f->part_attrs.size;

	if (reply->type != SFTP_ATTRS ||
	    !is_stale(&f->part_attrs, &reply->attrs)) {
		push_file_heard(f);
		return;
	}
	if (size < COPY_RESUME_BYTES || size > f->size ||
	    !sftp_has(c->sftp, SFTP_POSIX_RENAME) ||
	    !helper_ask_digest(
		c->helper, f->part, size, (struct helper_then){on_digest, f}))
		remove_part(f);
}

static void
on_part(void *arg, const struct sftp_reply *reply)
{
	struct push_file *f = arg;

	if (reply->type != SFTP_ATTRS) {
		push_file_heard(f);
		return;
	}
	f->part_attrs = reply->attrs;
	sftp_ask_handle(f->push->courier.sftp, SFTP_FSTAT, &f->handle,
	    (struct sftp_then){on_own, f, NULL});
}

void
push_resume_begin(struct push_file *f)
{
	f->n_waiting++;
	ask(f, SFTP_LSTAT, f->part, on_part);
}
