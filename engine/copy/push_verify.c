/*
 * push_verify.c -- is what lies on the host what was sent?
 *
 * Room: engine/copy.  May touch: base/, source.h.
 * A digest worked out there is compared with ours. Where there is none, or it
 * differs (the shell may see other files than the SFTP server does), the file
 * is read back and compared byte by byte; that decides.
 */
#include "config.h"

#include "copy/push_file.h"

#include "base/mem.h"
#include "copy/copy.h"
#include "copy/helper.h"
#include "copy/source.h"
#include "copy/tree.h"

#include <stdlib.h>
#include <string.h>

/* A piece that is read back. */
struct back {
	struct push_file *file;
	uint64_t offset;
	size_t len;
};

static void ask_back(struct push_file *f, uint64_t offset, size_t len);

static void
compare(struct push_file *f, uint64_t offset, const struct sftp_reply *reply)
{
	uint8_t piece[PUSH_PIECE_BYTES];
	struct muster_error err;

	if (reply->len > sizeof(piece) ||
	    edition_read(f->edition, offset, piece, reply->len, &err) != 0) {
		f->changed = true;
		bad_set(&f->bad, MUSTER_XF_CHANGED,
		    "it changed here while it was sent");
	} else if (memcmp(piece, reply->data, reply->len) != 0) {
		bad_set(&f->bad, MUSTER_XF_VERIFY,
		    "what is stored there is not what was sent");
	}
}

static void
on_back(void *arg, const struct sftp_reply *reply)
{
	struct back *back = arg;
	struct push_file *f = back->file;
	size_t len = back->len;
	uint64_t offset = back->offset;

	free(back);
	if (reply->type != SFTP_DATA) {
		if (reply->code == SFTP_EOF)
			bad_set(&f->bad, MUSTER_XF_VERIFY,
			    "less is stored there than was sent");
		else
			bad_set_status(&f->bad, reply);
	} else {
		compare(f, offset, reply);
		f->push->courier.moved += reply->len;
		if (reply->len < len && f->bad.outcome == MUSTER_PENDING)
			ask_back(f, offset + reply->len, len - reply->len);
	}
	push_file_heard(f);
}

static void
ask_back(struct push_file *f, uint64_t offset, size_t len)
{
	struct back *back = mem_new(sizeof(*back));

	back->file = f;
	back->offset = offset;
	back->len = len;
	f->n_waiting++;
	sftp_read(f->push->courier.sftp, &f->handle, offset, (uint32_t)len,
	    (struct sftp_then){on_back, back, free});
}

static size_t
next_piece(const struct push_file *f)
{
	size_t most = sftp_piece(f->push->courier.sftp, false);
	uint64_t left = f->size - f->asked;

	if (most > PUSH_PIECE_BYTES)
		most = PUSH_PIECE_BYTES;
	return left < most ? (size_t)left : most;
}

void
push_file_read_back_begin(struct push_file *f)
{
	f->asked = 0;
	while (f->asked < f->size &&
	       f->push->courier.copy->o.verify == MUSTER_VERIFY_SHA256) {
		size_t n = next_piece(f);

		ask_back(f, f->asked, n);
		f->asked += n;
	}
	push_file_close(f);
}

void
push_file_read_back(struct push_file *f)
{
	struct courier *c = &f->push->courier;

	if (!f->is_open)
		return;
	while (f->asked < f->size && f->bad.outcome == MUSTER_PENDING &&
	       sftp_has_room(c->sftp)) {
		size_t n = next_piece(f);

		if (!courier_may_move(c, n))
			return;
		ask_back(f, f->asked, n);
		f->asked += n;
	}
	if (f->asked == f->size && f->n_waiting == 0) {
		f->asked++; /* once */
		push_file_close(f);
	}
}

static void
on_back_open(void *arg, const struct sftp_reply *reply)
{
	struct push_file *f = arg;

	f->n_waiting--;
	if (reply->type != SFTP_HANDLE) {
		bad_set_status(&f->bad, reply);
		push_file_advance(f);
		return;
	}
	sftp_keep_handle(&f->handle, reply);
	f->is_open = true;
	courier_go(&f->push->courier);
}

static void
open_back(struct push_file *f)
{
	const struct sftp_attrs none = {0};

	f->stage = FILE_READ_BACK;
	f->asked = 0;
	sftp_open(f->push->courier.sftp, f->temp, SFTP_FOR_READ, &none,
	    push_file_wait(f, on_back_open));
}

/* What our own file's digest takes. */
struct digesting {
	struct push_file *file;
	struct edition *edition; /* in use */
	uint64_t len;
	char *line; /* owned; of the helper */
	uint8_t digest[DIGEST_SHA256_BYTES];
	int rc;
	void (*then)(struct push_file *f, bool good);
};

static void
work_digest(void *arg)
{
	struct digesting *d = arg;

	d->rc = edition_digest(d->edition, d->len, d->digest, NULL);
}

static void
drop_digest(void *arg)
{
	struct digesting *d = arg;

	edition_release(d->edition);
	free(d->line);
	free(d);
}

static void
on_digest_done(void *arg)
{
	struct digesting *d = arg;
	struct push_file *f = d->file;
	bool good = d->rc == 0 && courier_is_digest(d->line, d->digest);
	void (*then)(struct push_file *, bool) = d->then;

	drop_digest(d);
	then(f, good);
}

void
push_file_digest(struct push_file *f, uint64_t len, const char *line,
    void (*then)(struct push_file *f, bool good))
{
	const struct tree_entry *e = &f->push->tree->entries[f->index];
	struct courier *c = &f->push->courier;
	struct digesting *d = mem_new(sizeof(*d));

	*d = (struct digesting){.file = f, .len = len, .then = then};
	d->edition = source_use(e->source, NULL, NULL);
	if (d->edition != f->edition) {
		drop_digest(d);
		f->changed = true;
		bad_set(&f->bad, MUSTER_XF_CHANGED,
		    "it changed here while it was sent");
		then(f, false);
		return;
	}
	d->line = mem_strdup(line);
	c->events->take_time(
	    c->arg, work_digest, on_digest_done, drop_digest, d);
}

/* What is known of the digest: of a file that was sent, no answer means that
 * another way must tell. */
static void
settle_digest(struct push_file *f, bool good)
{
	if (f->stage == FILE_EQUAL)
		f->is_same = good;
	if (f->stage == FILE_EQUAL || good ||
	    f->bad.outcome != MUSTER_PENDING) {
		push_file_heard(f);
		return;
	}
	f->n_waiting--;
	open_back(f);
}

static void
on_digest(void *arg, const char *line)
{
	struct push_file *f = arg;

	if (line == NULL)
		settle_digest(f, false);
	else
		push_file_digest(f, f->size, line, settle_digest);
}

void
push_file_compare(struct push_file *f)
{
	struct courier *c = &f->push->courier;

	f->stage = FILE_EQUAL;
	f->n_waiting++;
	if (!helper_ask_digest(c->helper, f->path, f->size,
		(struct helper_then){on_digest, f}))
		on_digest(f, NULL);
}

void
push_file_check(struct push_file *f)
{
	struct courier *c = &f->push->courier;

	f->stage = FILE_CHECK;
	f->n_waiting++;
	if (!helper_ask_digest(c->helper, f->temp, f->size,
		(struct helper_then){on_digest, f}))
		on_digest(f, NULL);
}
