/*
 * push_file.c -- one file on its way to a host.
 *
 * Room: engine/copy.  May touch: base/, source.h.
 *
 *	(EQUAL) -> OPEN -> (RESUME) -> SEND -> SETTLE -> (CHECK)
 *	    -> (READ_BACK) -> RENAME -> done
 *	any of them, and the file here changed -> CLEAN -> again, or failed
 *
 * It is written under a name of its own beside its place, and takes its place
 * by a rename once it is known to be whole. Whatever fails first is the
 * cause; answers still under way are waited for.
 */
#include "config.h"

#include "copy/push_file.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/trace.h"
#include "copy/copy.h"
#include "copy/helper.h"
#include "copy/source.h"
#include "copy/tree.h"

#include <stdlib.h>
#include <string.h>

static void advance(struct push_file *f);

struct push_file *
push_file_next(const struct push_file *f)
{
	return TAILQ_NEXT(f, entry);
}

void
push_file_free(struct push_file *f)
{
	TAILQ_REMOVE(&f->push->files, f, entry);
	f->push->n_files--;
	edition_release(f->edition);
	free(f->path);
	free(f->temp);
	free(f->part);
	free(f);
}

struct sftp_then
push_file_wait(
    struct push_file *f, void (*answer)(void *, const struct sftp_reply *))
{
	f->n_waiting++;
	return (struct sftp_then){answer, f, NULL};
}

/* An answer came: what is next, once all of them have. */
void
push_file_heard(struct push_file *f)
{
	f->n_waiting--;
	if (f->n_waiting == 0)
		advance(f);
}

/* An answer for which there is nothing but to go well. */
static void
on_status(void *arg, const struct sftp_reply *reply)
{
	struct push_file *f = arg;

	if (reply->code != SFTP_OK)
		bad_set_status(&f->bad, reply);
	push_file_heard(f);
}

/* ---- OPEN ---- */

static void open_as(struct push_file *f, char *temp);

static void
on_open(void *arg, const struct sftp_reply *reply)
{
	struct push_file *f = arg;

	if (reply->type == SFTP_HANDLE) {
		sftp_keep_handle(&f->handle, reply);
		f->is_open = true;
		f->is_made = true;
	} else if (f->part == NULL && reply->code == SFTP_FAILURE) {
		/* It may be there: from a copy that was cut, or another. */
		f->part = f->temp;
		f->temp = NULL;
		open_as(f, copy_temp_name(f->path));
	} else {
		bad_set_status(&f->bad, reply);
	}
	push_file_heard(f);
}

static void
open_as(struct push_file *f, char *temp)
{
	const struct sftp_attrs attrs = {.flags = SFTP_MODE, .mode = 0600};

	f->stage = FILE_OPEN;
	free(f->temp);
	f->temp = temp;
	f->sent = 0;
	sftp_open(f->push->courier.sftp, f->temp,
	    SFTP_FOR_READ | SFTP_FOR_WRITE | SFTP_CREATE | SFTP_EXCLUSIVE,
	    &attrs, push_file_wait(f, on_open));
}

static void
open_temp(struct push_file *f)
{
	free(f->part);
	f->part = NULL;
	open_as(f, copy_part_name(f->path));
}

/* ---- SEND ---- */

static void
on_written(void *arg, const struct sftp_reply *reply)
{
	struct push_file *f = arg;

	if (reply->code != SFTP_OK) {
		bad_set_status(&f->bad, reply);
		f->write_failed = true;
	}
	push_file_heard(f);
}

static bool
is_zero(const uint8_t *p, size_t len)
{
	return p[0] == 0 && memcmp(p, p + 1, len - 1) == 0;
}

static void
count(struct push_file *f, size_t len)
{
	struct courier *c = &f->push->courier;

	f->sent += len;
	c->progress.bytes_done += len;
	courier_show(c, f->path, f->sent, f->size);
}

/* Holes are not sent: they come to be when the length is set. */
static bool
send_piece(struct push_file *f, uint8_t *piece, size_t len)
{
	struct courier *c = &f->push->courier;
	struct muster_error err;
	struct rd data;

	if (edition_read(f->edition, f->sent, piece, len, &err) != 0) {
		bad_set(&f->bad, MUSTER_XF_LOCAL, "%s", err.text);
		f->changed = !edition_is_unchanged(f->edition);
		return false;
	}
	if (is_zero(piece, len)) {
		f->has_holes = true;
		count(f, len);
		return true;
	}
	if (!courier_may_move(c, len))
		return false;
	rd_init(&data, piece, len);
	sftp_write(
	    c->sftp, &f->handle, f->sent, &data, push_file_wait(f, on_written));
	c->moved += len;
	count(f, len);
	return true;
}

static void
send(struct push_file *f)
{
	struct courier *c = &f->push->courier;
	uint8_t piece[PUSH_PIECE_BYTES];
	size_t most = sftp_piece(c->sftp, true);

	if (most > sizeof(piece))
		most = sizeof(piece);
	while (f->sent < f->size && f->bad.outcome == MUSTER_PENDING &&
	       sftp_has_room(c->sftp) &&
	       courier_out(c)->len < COURIER_OUT_BYTES) {
		uint64_t left = f->size - f->sent;

		if (!send_piece(f, piece, left < most ? (size_t)left : most))
			break;
	}
	if ((f->sent == f->size || f->bad.outcome != MUSTER_PENDING) &&
	    f->n_waiting == 0)
		advance(f);
}

void
push_file_go(struct push_file *f)
{
	if (f->stage == FILE_SEND && f->sent < f->size)
		send(f);
	else if (f->stage == FILE_READ_BACK)
		push_file_read_back(f);
}

/* ---- SETTLE ---- */

static void
on_size(void *arg, const struct sftp_reply *reply)
{
	struct push_file *f = arg;

	if (reply->type != SFTP_ATTRS)
		bad_set_status(&f->bad, reply);
	else if ((reply->attrs.flags & SFTP_SIZE) != 0 &&
		 reply->attrs.size != f->size)
		bad_set(&f->bad, MUSTER_XF_SIZE, "%llu bytes arrived of %llu",
		    (unsigned long long)reply->attrs.size,
		    (unsigned long long)f->size);
	push_file_heard(f);
}

static void
on_close(void *arg, const struct sftp_reply *reply)
{
	struct push_file *f = arg;

	f->is_open = false;
	on_status(f, reply);
}

static void
fill_attrs(const struct push_file *f, struct sftp_attrs *a)
{
	const struct copy *copy = f->push->courier.copy;
	const struct push_entry *there = &f->push->entries[f->index];
	const struct muster_copy_options *o = &copy->o;
	bool asked = o->preserve ||
		     (o->chmod_clear | o->chmod_set | o->chmod_set_x) != 0;

	a->flags = SFTP_MODE;
	/* As cp(1): what was there keeps its permissions. */
	a->mode = there->has_mode && !asked
		      ? there->mode
		      : copy_mode(copy, edition_mode(f->edition), false);
	if (o->preserve) {
		a->flags |= SFTP_TIMES;
		a->atime = a->mtime = (uint32_t)edition_mtime(f->edition);
	}
	if (o->set_owner) {
		a->flags |= SFTP_OWNER;
		a->uid = f->push->uid;
		a->gid = f->push->gid;
	} else if (copy->keeps_owner && there->has_owner) {
		a->flags |= SFTP_OWNER;
		a->uid = there->uid;
		a->gid = there->gid;
	}
}

/* All that is left to say to the open file, in one go. */
static void
settle(struct push_file *f)
{
	struct courier *c = &f->push->courier;
	struct sftp_attrs attrs = {0};

	f->stage = FILE_SETTLE;
	if (f->has_holes) {
		const struct sftp_attrs size = {
		    .flags = SFTP_SIZE, .size = f->size};

		sftp_fsetstat(
		    c->sftp, &f->handle, &size, push_file_wait(f, on_status));
	}
	fill_attrs(f, &attrs);
	sftp_fsetstat(
	    c->sftp, &f->handle, &attrs, push_file_wait(f, on_status));
	if (c->copy->o.verify != MUSTER_VERIFY_NONE)
		sftp_ask_handle(c->sftp, SFTP_FSTAT, &f->handle,
		    push_file_wait(f, on_size));
	if (sftp_has(c->sftp, SFTP_FSYNC))
		sftp_fsync(c->sftp, &f->handle, push_file_wait(f, on_status));
	if (f->size <= PUSH_SMALL_BYTES)
		push_file_read_back_begin(f);
	else
		sftp_ask_handle(c->sftp, SFTP_CLOSE, &f->handle,
		    push_file_wait(f, on_close));
}

void
push_file_close(struct push_file *f)
{
	sftp_ask_handle(f->push->courier.sftp, SFTP_CLOSE, &f->handle,
	    push_file_wait(f, on_close));
}

/* ---- RENAME ---- */

static void
on_moved(void *arg, const char *line)
{
	struct push_file *f = arg;

	if (line == NULL || strcmp(line, "ok") != 0)
		bad_set(&f->bad, MUSTER_XF_REMOTE,
		    "the server cannot replace a file by renaming, and no "
		    "shell could");
	else
		f->is_made = false;
	push_file_heard(f);
}

static void
on_renamed(void *arg, const struct sftp_reply *reply)
{
	struct push_file *f = arg;
	struct courier *c = &f->push->courier;

	if (reply->code == SFTP_OK) {
		f->is_made = false;
	} else if (!sftp_has(c->sftp, SFTP_POSIX_RENAME) &&
		   f->push->entries[f->index].state == PUSH_PRESENT) {
		/* Never by removing the old one first. */
		f->n_waiting++;
		if (!helper_ask_rename(c->helper, f->temp, f->path,
			(struct helper_then){on_moved, f}))
			on_moved(f, NULL);
	} else {
		bad_set_status(&f->bad, reply);
	}
	push_file_heard(f);
}

static void
rename_temp(struct push_file *f)
{
	if (!edition_is_unchanged(f->edition)) {
		f->changed = true;
		bad_set(&f->bad, MUSTER_XF_CHANGED,
		    "it changed here while it was sent");
		advance(f);
		return;
	}
	f->stage = FILE_RENAME;
	sftp_rename(f->push->courier.sftp, f->temp, f->path,
	    push_file_wait(f, on_renamed));
}

/* ---- CLEAN ---- */

static void
on_space(void *arg, const struct sftp_reply *reply)
{
	struct push_file *f = arg;
	uint64_t bytes, inodes;

	if (sftp_read_space(reply, &bytes, &inodes) &&
	    (bytes < 2 * PUSH_PIECE_BYTES || inodes == 0)) {
		f->bad.outcome = MUSTER_PENDING;
		bad_set(&f->bad, MUSTER_XF_NOSPC_REMOTE,
		    "no space left there (%llu bytes are free)",
		    (unsigned long long)bytes);
	}
	push_file_heard(f);
}

static void
on_cleaned(void *arg, const struct sftp_reply *reply)
{
	(void)reply;
	push_file_heard(arg);
}

/* Why a write failed only the file system knows: it is asked before what was
 * written is gone. */
static void
clean(struct push_file *f)
{
	struct courier *c = &f->push->courier;

	f->stage = FILE_CLEAN;
	if (f->write_failed && sftp_has(c->sftp, SFTP_STATVFS) &&
	    f->bad.outcome == MUSTER_XF_REMOTE)
		sftp_statvfs(c->sftp, f->temp, push_file_wait(f, on_space));
	if (f->is_open)
		sftp_ask_handle(c->sftp, SFTP_CLOSE, &f->handle,
		    push_file_wait(f, on_cleaned));
	if (f->is_made)
		sftp_ask(c->sftp, SFTP_REMOVE, f->temp,
		    push_file_wait(f, on_cleaned));
	f->is_open = f->is_made = false;
	if (f->n_waiting == 0)
		advance(f);
}

/* ---- the order of things ---- */

static void
end(struct push_file *f)
{
	struct push *p = f->push;
	size_t index = f->index;
	struct bad bad = f->bad;

	if (f->is_same) {
		p->courier.progress.files_same++;
		p->courier.progress.bytes_done += f->size;
	}
	push_file_free(f);
	if (bad.outcome == MUSTER_PENDING)
		push_done(p, index);
	else
		push_failed(p, index, &bad);
}

/* A file that changed is sent once more. */
static bool
begin_again(struct push_file *f)
{
	struct push *p = f->push;
	struct edition *stale = f->edition;
	struct muster_error err;

	if (!f->changed || f->has_retried)
		return false;
	f->edition = source_use(p->tree->entries[f->index].source, stale, &err);
	edition_release(stale);
	if (f->edition == NULL) {
		f->bad.outcome = MUSTER_PENDING;
		bad_set(&f->bad, MUSTER_XF_CHANGED, "%s", err.text);
		return false;
	}
	TRACE("copy", "'%s' changed: again", f->path);
	p->courier.progress.bytes_done -= f->sent;
	f->bad.outcome = MUSTER_PENDING;
	f->has_retried = true;
	f->changed = f->has_holes = f->write_failed = false;
	p->courier.progress.bytes += edition_size(f->edition) - f->size;
	f->size = edition_size(f->edition);
	open_temp(f);
	return true;
}

static void
send_anew(struct push_file *f)
{
	struct courier *c = &f->push->courier;

	if (!c->copy->o.dry_run) {
		open_temp(f);
		return;
	}
	courier_say(
	    c, "send %s (%llu bytes)", f->path, (unsigned long long)f->size);
	c->progress.bytes_done += f->size;
	end(f);
}

static void
begin_sending(struct push_file *f)
{
	f->stage = FILE_SEND;
	courier_go(&f->push->courier);
	if (f->sent == f->size && f->stage == FILE_SEND)
		settle(f);
}

/* Nothing is under way: to the next stage. */
static void
advance(struct push_file *f)
{
	const struct muster_copy_options *o = &f->push->courier.copy->o;

	if (f->bad.outcome != MUSTER_PENDING && f->stage != FILE_CLEAN) {
		clean(f);
		return;
	}
	switch (f->stage) {
	case FILE_EQUAL:
		if (f->is_same)
			end(f);
		else
			send_anew(f);
		break;
	case FILE_OPEN:
		if (f->part != NULL) {
			f->stage = FILE_RESUME;
			push_resume_begin(f);
			break;
		}
		/* fall through */
	case FILE_RESUME:
		begin_sending(f);
		break;
	case FILE_SEND:
		if (f->sent == f->size)
			settle(f);
		break;
	case FILE_SETTLE:
		if (o->verify == MUSTER_VERIFY_SHA256 &&
		    f->size > PUSH_SMALL_BYTES)
			push_file_check(f);
		else
			rename_temp(f);
		break;
	case FILE_CHECK:
		rename_temp(f);
		break;
	case FILE_READ_BACK:
		if (f->is_open)
			push_file_read_back(f);
		else
			rename_temp(f);
		break;
	case FILE_RENAME:
		end(f);
		break;
	case FILE_CLEAN:
		if (!begin_again(f))
			end(f);
		break;
	}
}

void
push_file_stop(struct push_file *f)
{
	bad_set(&f->bad, MUSTER_KILLED_LOCAL, "stopped on request");
	f->has_retried = true;
	if (f->n_waiting == 0)
		advance(f);
}

void
push_file_advance(struct push_file *f)
{
	advance(f);
}

void
push_file_begin(struct push *p, size_t index)
{
	struct courier *c = &p->courier;
	struct push_file *f = mem_new(sizeof(*f));
	struct muster_error err;

	f->push = p;
	f->index = index;
	f->path = push_path(p, index);
	p->entries[index].state =
	    p->entries[index].state == PUSH_ABSENT ? PUSH_MAKING : PUSH_PRESENT;
	TAILQ_INSERT_TAIL(&p->files, f, entry);
	p->n_files++;
	f->edition = source_use(p->tree->entries[index].source, NULL, &err);
	if (f->edition == NULL) {
		bad_set(&f->bad, MUSTER_XF_LOCAL, "%s", err.text);
		end(f);
		return;
	}
	f->size = edition_size(f->edition);
	if (c->copy->o.checksum && p->entries[index].same_size)
		push_file_compare(f);
	else
		send_anew(f);
}
