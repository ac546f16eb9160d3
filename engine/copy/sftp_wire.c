/*
 * sftp_wire.c -- packets of SFTP version 3, in and out of bytes.
 *
 * Room: engine/copy.  May touch: base/.
 */
#include "config.h"

#include "copy/sftp_wire.h"

#include <string.h>

#define EXTENDED_ATTRS 0x80000000u
#define KNOWN_ATTRS                                                            \
	(SFTP_SIZE | SFTP_OWNER | SFTP_MODE | SFTP_TIMES | EXTENDED_ATTRS)

/* Pairs of names and values that we have no use for. */
static bool
skip_extended(struct rd *r)
{
	const uint8_t *data;
	size_t len;
	uint32_t n;

	if (!rd_u32(r, &n))
		return false;
	for (uint32_t i = 0; i < n; i++) {
		if (!rd_string(r, &data, &len) || !rd_string(r, &data, &len))
			return false;
	}
	return true;
}

bool
sftp_read_attrs(struct rd *r, struct sftp_attrs *a)
{
	uint32_t flags;

	memset(a, 0, sizeof(*a));
	if (!rd_u32(r, &flags) || (flags & ~KNOWN_ATTRS) != 0)
		return false;
	if ((flags & SFTP_SIZE) != 0 && !rd_u64(r, &a->size))
		return false;
	if ((flags & SFTP_OWNER) != 0 &&
	    (!rd_u32(r, &a->uid) || !rd_u32(r, &a->gid)))
		return false;
	if ((flags & SFTP_MODE) != 0 && !rd_u32(r, &a->mode))
		return false;
	if ((flags & SFTP_TIMES) != 0 &&
	    (!rd_u32(r, &a->atime) || !rd_u32(r, &a->mtime)))
		return false;
	if ((flags & EXTENDED_ATTRS) != 0 && !skip_extended(r))
		return false;
	a->flags = flags & ~EXTENDED_ATTRS;
	return true;
}

bool
sftp_add_attrs(struct buf *b, const struct sftp_attrs *a)
{
	bool fits = buf_add_u32(b, a->flags);

	if ((a->flags & SFTP_SIZE) != 0)
		fits &= buf_add_u64(b, a->size);
	if ((a->flags & SFTP_OWNER) != 0)
		fits &= buf_add_u32(b, a->uid) && buf_add_u32(b, a->gid);
	if ((a->flags & SFTP_MODE) != 0)
		fits &= buf_add_u32(b, a->mode);
	if ((a->flags & SFTP_TIMES) != 0)
		fits &= buf_add_u32(b, a->atime) && buf_add_u32(b, a->mtime);
	return fits;
}

bool
sftp_read_entry(struct rd *names, struct sftp_entry *e)
{
	const uint8_t *line;
	size_t len;

	return rd_string(names, &e->name, &e->len) &&
	       rd_string(names, &line, &len) &&
	       sftp_read_attrs(names, &e->attrs);
}

static bool
read_names(struct rd *r, struct sftp_reply *reply)
{
	struct sftp_entry entry;
	struct rd names;

	if (!rd_u32(r, &reply->n_names))
		return false;
	reply->names = names = *r;
	for (uint32_t i = 0; i < reply->n_names; i++) {
		if (!sftp_read_entry(&names, &entry))
			return false;
	}
	return true;
}

static bool
read_status(struct rd *r, struct sftp_reply *reply)
{
	if (!rd_u32(r, &reply->code))
		return false;
	/* Old servers leave the text out. */
	if (r->len > 0 && !rd_string(r, &reply->data, &reply->len))
		return false;
	return true;
}

static bool
read_body(struct rd *r, struct sftp_reply *reply)
{
	switch (reply->type) {
	case SFTP_STATUS:
		return read_status(r, reply);
	case SFTP_HANDLE:
		return rd_string(r, &reply->data, &reply->len) &&
		       reply->len > 0 && reply->len <= SFTP_HANDLE_MAX;
	case SFTP_DATA:
		return rd_string(r, &reply->data, &reply->len);
	case SFTP_NAME:
		return read_names(r, reply);
	case SFTP_ATTRS:
		return sftp_read_attrs(r, &reply->attrs);
	case SFTP_EXTENDED_REPLY:
		reply->data = r->p;
		reply->len = r->len;
		return true;
	default:
		return false;
	}
}

bool
sftp_read_reply(const void *packet, size_t len, struct sftp_reply *reply)
{
	struct rd r;
	uint8_t type;

	memset(reply, 0, sizeof(*reply));
	rd_init(&r, packet, len);
	if (!rd_u8(&r, &type) || !rd_u32(&r, &reply->id))
		return false;
	reply->type = (enum sftp_type)type;
	if (type == SFTP_VERSION) {
		/* In the place of an id it has its version. */
		reply->data = r.p;
		reply->len = r.len;
		return true;
	}
	return read_body(&r, reply);
}

const char *
sftp_code_text(uint32_t code)
{
	switch (code) {
	case SFTP_OK:
		return "no error";
	case SFTP_EOF:
		return "end of file";
	case SFTP_NO_SUCH_FILE:
		return "no such file or directory";
	case SFTP_PERMISSION_DENIED:
		return "permission denied";
	case SFTP_BAD_MESSAGE:
		return "the server did not understand the request";
	case SFTP_OP_UNSUPPORTED:
		return "the server cannot do that";
	default:
		return "the server could not do it";
	}
}
