/*
 * pull_file.c -- one file on its way from a host.
 *
 * Room: engine/copy.  May touch: base/, beneath.h, land.h.
 *
 *	(EQUAL) -> OPEN -> LOOK -> (RESUME) -> FETCH -> CLOSE -> (CHECK)
 *	    -> LAND -> done
 *
 * It is written under another name beside its place. How long it is is asked
 * before and after: one that changed meanwhile is fetched once more.
 */
#include "config.h"

#include "copy/pull_file.h"

#include "base/mem.h"
#include "base/trace.h"
#include "copy/beneath.h"
#include "copy/copy.h"
#include "copy/helper.h"
#include "copy/sftp.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PIECE_BYTES (64 * 1024)
/* Below, a digest costs the host more than the file. */
#define DIGEST_MIN_BYTES (1024 * 1024)
#define SIZE_MAX_BYTES ((uint64_t)1 << 62)

static void advance(struct pull_file *f);

struct pull_file *
pull_file_next(const struct pull_file *f)
{
	return TAILQ_NEXT(f, entry);
}

void
pull_file_free(struct pull_file *f)
{
	TAILQ_REMOVE(&f->pull->files, f, entry);
	f->pull->n_files--;
	if (f->pull->courier.lost)
		pull_keep_part(f);
	if (f->land != NULL)
		land_free(f->land);
	pull_item_free(f->item);
	free(f);
}

static struct sftp_then
wait(struct pull_file *f, void (*answer)(void *, const struct sftp_reply *))
{
	f->n_waiting++;
	return (struct sftp_then){answer, f, NULL};
}

void
pull_file_heard(struct pull_file *f)
{
	f->n_waiting--;
	if (f->n_waiting == 0)
		advance(f);
}

/* ---- OPEN, LOOK ---- */

static void
on_open(void *arg, const struct sftp_reply *reply)
{
	struct pull_file *f = arg;

	if (reply->type == SFTP_HANDLE) {
		sftp_keep_handle(&f->handle, reply);
		f->is_open = true;
	} else {
		bad_set_status(&f->bad, reply);
	}
	pull_file_heard(f);
}

static void
open_there(struct pull_file *f)
{
	const struct sftp_attrs none = {0};

	f->stage = PULL_OPEN;
	sftp_open(f->pull->courier.sftp, f->item->path, SFTP_FOR_READ, &none,
	    wait(f, on_open));
}

static void
on_look(void *arg, const struct sftp_reply *reply)
{
	struct pull_file *f = arg;
	struct muster_transfer *t = &f->pull->courier.progress;

	if (reply->type != SFTP_ATTRS) {
		bad_set_status(&f->bad, reply);
	} else if ((reply->attrs.flags & SFTP_SIZE) == 0 ||
		   reply->attrs.size > SIZE_MAX_BYTES) {
		bad_set(&f->bad, MUSTER_XF_SIZE,
		    "the server says an impossible length");
	} else {
		t->bytes += reply->attrs.size - f->size;
		f->size = reply->attrs.size;
		f->attrs = reply->attrs;
	}
	pull_file_heard(f);
}

static void
look(struct pull_file *f)
{
	f->stage = PULL_LOOK;
	sftp_ask_handle(
	    f->pull->courier.sftp, SFTP_FSTAT, &f->handle, wait(f, on_look));
}

/* ---- FETCH ---- */

/* A piece asked for. */
struct piece {
	struct pull_file *file;
	uint64_t offset;
	size_t len;
};

static void ask_piece(struct pull_file *f, uint64_t offset, size_t len);

static bool
is_zero(const uint8_t *p, size_t len)
{
	return p[0] == 0 && memcmp(p, p + 1, len - 1) == 0;
}

/* Holes are left as such: the length is set at the end. */
static void
store(struct pull_file *f, uint64_t offset, const uint8_t *p, size_t len)
{
	struct courier *c = &f->pull->courier;

	f->got += len;
	c->progress.bytes_done += len;
	c->moved += len;
	courier_show(c, f->item->local, f->got, f->size);
	if (is_zero(p, len))
		return;
	while (len > 0) {
		ssize_t n = pwrite(f->land->fd, p, len, (off_t)offset);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			bad_set_errno(&f->bad, errno, "cannot write it here");
			return;
		}
		p += n;
		offset += (uint64_t)n;
		len -= (size_t)n;
	}
}

static void
on_piece(void *arg, const struct sftp_reply *reply)
{
	struct piece *piece = arg;
	struct pull_file *f = piece->file;
	uint64_t offset = piece->offset;
	size_t len = piece->len;

	free(piece);
	if (reply->type == SFTP_DATA) {
		if (f->bad.outcome == MUSTER_PENDING)
			store(f, offset, reply->data, reply->len);
		if (reply->len < len && f->bad.outcome == MUSTER_PENDING)
			ask_piece(f, offset + reply->len, len - reply->len);
	} else if (reply->code == SFTP_EOF) {
		f->changed = true;
		bad_set(&f->bad, MUSTER_XF_CHANGED,
		    "it became shorter while it was fetched");
	} else {
		bad_set_status(&f->bad, reply);
	}
	pull_file_heard(f);
}

static void
ask_piece(struct pull_file *f, uint64_t offset, size_t len)
{
	struct piece *piece = mem_new(sizeof(*piece));

	piece->file = f;
	piece->offset = offset;
	piece->len = len;
	f->n_waiting++;
	sftp_read(f->pull->courier.sftp, &f->handle, offset, (uint32_t)len,
	    (struct sftp_then){on_piece, piece, free});
}

static void
fetch(struct pull_file *f)
{
	struct courier *c = &f->pull->courier;
	size_t most = sftp_piece(c->sftp, false);

	if (most > PIECE_BYTES)
		most = PIECE_BYTES;
	while (f->asked < f->size && f->bad.outcome == MUSTER_PENDING &&
	       sftp_has_room(c->sftp)) {
		uint64_t left = f->size - f->asked;
		size_t n = left < most ? (size_t)left : most;

		if (!courier_may_move(c, n))
			return;
		ask_piece(f, f->asked, n);
		f->asked += n;
	}
}

void
pull_file_go(struct pull_file *f)
{
	if (f->stage == PULL_FETCH)
		fetch(f);
}

static void
begin_fetch(struct pull_file *f)
{
	f->stage = PULL_FETCH;
	f->asked = f->got = f->kept;
	f->pull->courier.progress.bytes_done += f->kept;
	if (f->got == f->size)
		advance(f);
	else
		courier_go(&f->pull->courier);
}

static void
begin_here(struct pull_file *f)
{
	if (f->land == NULL && !pull_make_here(f)) {
		advance(f);
		return;
	}
	if (f->kept == 0) {
		begin_fetch(f);
		return;
	}
	f->stage = PULL_RESUME;
	f->n_waiting++;
	pull_resume_begin(f);
}

/* ---- CLOSE ---- */

static void
on_after(void *arg, const struct sftp_reply *reply)
{
	struct pull_file *f = arg;
	const struct sftp_attrs *a = &reply->attrs;

	if (reply->type == SFTP_ATTRS && f->bad.outcome == MUSTER_PENDING &&
	    (a->size != f->size || a->mtime != f->attrs.mtime)) {
		f->changed = true;
		bad_set(&f->bad, MUSTER_XF_CHANGED,
		    "it changed while it was fetched");
	}
	pull_file_heard(f);
}

static void
on_close(void *arg, const struct sftp_reply *reply)
{
	struct pull_file *f = arg;

	(void)reply;
	f->is_open = false;
	pull_file_heard(f);
}

static void
close_there(struct pull_file *f)
{
	struct sftp *sftp = f->pull->courier.sftp;

	f->stage = PULL_CLOSE;
	if (f->land != NULL && f->land->fd >= 0 &&
	    f->bad.outcome == MUSTER_PENDING &&
	    ftruncate(f->land->fd, (off_t)f->size) != 0)
		bad_set_errno(&f->bad, errno, "cannot write it here");
	if (f->is_open) {
		sftp_ask_handle(
		    sftp, SFTP_FSTAT, &f->handle, wait(f, on_after));
		sftp_ask_handle(
		    sftp, SFTP_CLOSE, &f->handle, wait(f, on_close));
	} else {
		advance(f);
	}
}

/* ---- CHECK, LAND ---- */

static void
on_digest(void *arg, const char *line)
{
	struct pull_file *f = arg;

	if (line != NULL)
		f->land->digest = mem_strdup(line);
	pull_file_heard(f);
}

static void
check(struct pull_file *f)
{
	struct courier *c = &f->pull->courier;

	f->stage = PULL_CHECK;
	f->n_waiting++;
	if (c->copy->o.verify != MUSTER_VERIFY_SHA256 ||
	    f->size < DIGEST_MIN_BYTES ||
	    !helper_ask_digest(c->helper, f->item->path, f->size,
		(struct helper_then){on_digest, f}))
		pull_file_heard(f);
}

static void
on_landed(void *arg)
{
	struct land *l = arg;
	struct pull_file *f = l->file;

	f->bad = l->bad;
	land_free(l);
	pull_file_heard(f);
}

static void
land(struct pull_file *f)
{
	struct courier *c = &f->pull->courier;
	struct land *l = f->land;

	f->stage = PULL_LAND;
	f->land = NULL;
	f->n_waiting++;
	l->mode = copy_mode(c->copy, f->attrs.mode, false);
	l->has_mtime =
	    c->copy->o.preserve && (f->attrs.flags & SFTP_TIMES) != 0;
	l->mtime = f->attrs.mtime;
	c->events->take_time(c->arg, land_work, on_landed, land_free, l);
}

/* ---- EQUAL ---- */

static void
on_compared(void *arg)
{
	struct land *l = arg;
	struct pull_file *f = l->file;

	f->is_same = l->is_equal;
	land_free(l);
	pull_file_heard(f);
}

static void
on_equal_digest(void *arg, const char *line)
{
	struct pull_file *f = arg;
	struct courier *c = &f->pull->courier;
	struct land *l;

	if (line == NULL) {
		pull_file_heard(f);
		return;
	}
	l = f->land;
	f->land = NULL;
	l->digest = mem_strdup(line);
	l->compare = true;
	c->events->take_time(c->arg, land_work, on_compared, land_free, l);
}

/* Whether what is here may be what is there: by length and time it is known,
 * by digest it is found out. What cannot be replaced ends it here. */
static void
compare(struct pull_file *f)
{
	struct courier *c = &f->pull->courier;
	struct land *l = mem_new(sizeof(*l));
	const char *name;
	struct stat st;

	f->stage = PULL_EQUAL;
	f->n_waiting++;
	l->file = f;
	l->fd = -1;
	l->folder = beneath_open_parent(f->pull->root, f->item->local, &name);
	f->land = l;
	if (l->folder >= 0 &&
	    fstatat(l->folder, name, &st, AT_SYMLINK_NOFOLLOW) == 0) {
		if (S_ISDIR(st.st_mode))
			bad_set(&f->bad, MUSTER_XF_LOCAL,
			    "a folder is in its place here");
		else if (S_ISLNK(st.st_mode))
			bad_set(&f->bad, MUSTER_XF_LINK,
			    "a link is in its place here");
		else if (!S_ISREG(st.st_mode))
			bad_set(&f->bad, MUSTER_XF_LOCAL,
			    "what is in its place here is no file");
		else if ((uint64_t)st.st_size == f->size &&
			 !c->copy->o.checksum)
			f->is_same =
			    (f->item->attrs.flags & SFTP_TIMES) != 0 &&
			    st.st_mtim.tv_sec == (time_t)f->item->attrs.mtime;
		else if ((uint64_t)st.st_size == f->size)
			l->fd = openat(l->folder, name,
			    O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
	}
	if (l->fd < 0 || !helper_ask_digest(c->helper, f->item->path, f->size,
			     (struct helper_then){on_equal_digest, f}))
		pull_file_heard(f);
}

/* ---- the order of things ---- */

static void
end(struct pull_file *f)
{
	struct pull *p = f->pull;
	struct courier *c = &p->courier;

	if (f->bad.outcome != MUSTER_PENDING) {
		pull_failed(p, f->item->path, &f->bad);
	} else {
		c->progress.files_done++;
		if (f->is_same) {
			c->progress.files_same++;
			c->progress.bytes_done += f->size;
		}
	}
	pull_file_free(f);
	courier_go(c);
}

static bool
begin_again(struct pull_file *f)
{
	if (!f->changed || f->has_retried)
		return false;
	TRACE("copy", "'%s' changed: again", f->item->path);
	f->pull->courier.progress.bytes_done -= f->got;
	f->bad.outcome = MUSTER_PENDING;
	f->has_retried = true;
	f->changed = false;
	if (f->land != NULL)
		land_free(f->land);
	f->land = NULL;
	f->kept = 0;
	open_there(f);
	return true;
}

/* What is here as it should be, perhaps but for its permissions. */
static void
set_mode(struct pull_file *f)
{
	const struct copy *copy = f->pull->courier.copy;
	const struct muster_copy_options *o = &copy->o;

	if ((o->preserve ||
		(o->chmod_clear | o->chmod_set | o->chmod_set_x) != 0) &&
	    !o->dry_run &&
	    beneath_set_file(f->pull->root, f->item->local,
		copy_mode(copy, f->attrs.mode, false)) != 0)
		bad_set_errno(&f->bad, errno, "cannot set its mode here");
}

static void
advance_equal(struct pull_file *f)
{
	struct courier *c = &f->pull->courier;

	if (f->land != NULL)
		land_free(f->land);
	f->land = NULL;
	if (f->bad.outcome == MUSTER_PENDING && f->is_same)
		set_mode(f);
	if (f->bad.outcome != MUSTER_PENDING || f->is_same) {
		end(f);
	} else if (c->copy->o.dry_run) {
		courier_say(c, "fetch %s (%llu bytes)", f->item->local,
		    (unsigned long long)f->size);
		c->progress.bytes_done += f->size;
		end(f);
	} else {
		open_there(f);
	}
}

/* Nothing is under way: to the next stage. */
static void
advance(struct pull_file *f)
{
	bool is_bad = f->bad.outcome != MUSTER_PENDING;

	switch (f->stage) {
	case PULL_EQUAL:
		advance_equal(f);
		break;
	case PULL_OPEN:
		if (is_bad)
			end(f);
		else
			look(f);
		break;
	case PULL_LOOK:
		if (is_bad)
			close_there(f);
		else
			begin_here(f);
		break;
	case PULL_RESUME:
		if (is_bad)
			close_there(f);
		else
			begin_fetch(f);
		break;
	case PULL_FETCH:
		if (is_bad || f->got == f->size)
			close_there(f);
		break;
	case PULL_CLOSE:
		if (!is_bad)
			check(f);
		else if (!begin_again(f))
			end(f);
		break;
	case PULL_CHECK:
		land(f);
		break;
	case PULL_LAND:
		end(f);
		break;
	}
}

void
pull_file_begin(struct pull *p, struct pull_item *item)
{
	struct pull_file *f = mem_new(sizeof(*f));

	f->pull = p;
	f->item = item;
	f->size = item->attrs.size;
	f->attrs = item->attrs;
	TAILQ_INSERT_TAIL(&p->files, f, entry);
	p->n_files++;
	compare(f);
}
