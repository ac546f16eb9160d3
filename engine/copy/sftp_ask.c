/*
 * sftp_ask.c -- the requests of SFTP version 3, written into bytes.
 *
 * Room: engine/copy.  May touch: base/.
 * A packet is begun with a length of 0, which is put right at its end.
 */
#include "config.h"

#include "copy/sftp_impl.h"

#include <assert.h>
#include <string.h>

static size_t
begin(struct sftp *s, enum sftp_type type, uint32_t id)
{
	size_t at = s->out.len;

	(void)buf_add_u32(&s->out, 0);
	(void)buf_add_u8(&s->out, (uint8_t)type);
	(void)buf_add_u32(&s->out, id);
	return at;
}

static void
end(struct sftp *s, size_t at)
{
	uint8_t *p = s->out.mem + s->out.off + at;
	uint32_t len = (uint32_t)(s->out.len - at - 4);

	p[0] = (uint8_t)(len >> 24);
	p[1] = (uint8_t)(len >> 16);
	p[2] = (uint8_t)(len >> 8);
	p[3] = (uint8_t)len;
}

static void
add_handle(struct sftp *s, const struct sftp_handle *h)
{
	(void)buf_add_string(&s->out, h->bytes, h->len);
}

static size_t
begin_extended(struct sftp *s, enum sftp_extension extension,
    enum sftp_type wanted, struct sftp_then then)
{
	size_t at = begin(s, SFTP_EXTENDED, sftp_begin(s, wanted, 0, then));

	assert(s->has[extension]);
	(void)buf_add_cstring(&s->out, sftp_extension_name(extension));
	return at;
}

static enum sftp_type
answer_of(enum sftp_type type)
{
	switch (type) {
	case SFTP_STAT:
	case SFTP_LSTAT:
	case SFTP_FSTAT:
		return SFTP_ATTRS;
	case SFTP_OPENDIR:
		return SFTP_HANDLE;
	case SFTP_READDIR:
	case SFTP_REALPATH:
	case SFTP_READLINK:
		return SFTP_NAME;
	default:
		return SFTP_STATUS;
	}
}

void
sftp_ask(struct sftp *s, enum sftp_type type, const char *path,
    struct sftp_then then)
{
	size_t at = begin(s, type, sftp_begin(s, answer_of(type), 0, then));

	(void)buf_add_cstring(&s->out, path);
	end(s, at);
}

void
sftp_ask_handle(struct sftp *s, enum sftp_type type,
    const struct sftp_handle *handle, struct sftp_then then)
{
	size_t at = begin(s, type, sftp_begin(s, answer_of(type), 0, then));

	add_handle(s, handle);
	end(s, at);
}

void
sftp_open(struct sftp *s, const char *path, uint32_t flags,
    const struct sftp_attrs *attrs, struct sftp_then then)
{
	size_t at = begin(s, SFTP_OPEN, sftp_begin(s, SFTP_HANDLE, 0, then));

	(void)buf_add_cstring(&s->out, path);
	(void)buf_add_u32(&s->out, flags);
	(void)sftp_add_attrs(&s->out, attrs);
	end(s, at);
}

void
sftp_read(struct sftp *s, const struct sftp_handle *handle, uint64_t offset,
    uint32_t len, struct sftp_then then)
{
	size_t at = begin(s, SFTP_READ, sftp_begin(s, SFTP_DATA, len, then));

	add_handle(s, handle);
	(void)buf_add_u64(&s->out, offset);
	(void)buf_add_u32(&s->out, len);
	end(s, at);
}

void
sftp_write(struct sftp *s, const struct sftp_handle *handle, uint64_t offset,
    const struct rd *data, struct sftp_then then)
{
	size_t at =
	    begin(s, SFTP_WRITE, sftp_begin(s, SFTP_STATUS, data->len, then));

	assert(data->len > 0 && data->len <= s->write_max);
	add_handle(s, handle);
	(void)buf_add_u64(&s->out, offset);
	(void)buf_add_string(&s->out, data->p, data->len);
	end(s, at);
}

void
sftp_setstat(struct sftp *s, const char *path, const struct sftp_attrs *attrs,
    struct sftp_then then)
{
	size_t at = begin(s, SFTP_SETSTAT, sftp_begin(s, SFTP_STATUS, 0, then));

	(void)buf_add_cstring(&s->out, path);
	(void)sftp_add_attrs(&s->out, attrs);
	end(s, at);
}

void
sftp_fsetstat(struct sftp *s, const struct sftp_handle *handle,
    const struct sftp_attrs *attrs, struct sftp_then then)
{
	size_t at =
	    begin(s, SFTP_FSETSTAT, sftp_begin(s, SFTP_STATUS, 0, then));

	add_handle(s, handle);
	(void)sftp_add_attrs(&s->out, attrs);
	end(s, at);
}

void
sftp_mkdir(
    struct sftp *s, const char *path, uint32_t mode, struct sftp_then then)
{
	const struct sftp_attrs attrs = {.flags = SFTP_MODE, .mode = mode};
	size_t at = begin(s, SFTP_MKDIR, sftp_begin(s, SFTP_STATUS, 0, then));

	(void)buf_add_cstring(&s->out, path);
	(void)sftp_add_attrs(&s->out, &attrs);
	end(s, at);
}

void
sftp_rename(
    struct sftp *s, const char *from, const char *to, struct sftp_then then)
{
	size_t at =
	    s->has[SFTP_POSIX_RENAME]
		? begin_extended(s, SFTP_POSIX_RENAME, SFTP_STATUS, then)
		: begin(s, SFTP_RENAME, sftp_begin(s, SFTP_STATUS, 0, then));

	(void)buf_add_cstring(&s->out, from);
	(void)buf_add_cstring(&s->out, to);
	end(s, at);
}

void
sftp_symlink(
    struct sftp *s, const char *target, const char *path, struct sftp_then then)
{
	size_t at = begin(s, SFTP_SYMLINK, sftp_begin(s, SFTP_STATUS, 0, then));

	(void)buf_add_cstring(&s->out, target);
	(void)buf_add_cstring(&s->out, path);
	end(s, at);
}

/* ---- extensions ---- */

void
sftp_ask_limits(struct sftp *s, struct sftp_then then)
{
	end(s, begin_extended(s, SFTP_LIMITS, SFTP_EXTENDED_REPLY, then));
}

void
sftp_fsync(
    struct sftp *s, const struct sftp_handle *handle, struct sftp_then then)
{
	size_t at = begin_extended(s, SFTP_FSYNC, SFTP_STATUS, then);

	add_handle(s, handle);
	end(s, at);
}

void
sftp_statvfs(struct sftp *s, const char *path, struct sftp_then then)
{
	size_t at = begin_extended(s, SFTP_STATVFS, SFTP_EXTENDED_REPLY, then);

	(void)buf_add_cstring(&s->out, path);
	end(s, at);
}

bool
sftp_read_space(
    const struct sftp_reply *reply, uint64_t *bytes, uint64_t *inodes)
{
	/* f_bsize f_frsize f_blocks f_bfree f_bavail f_files f_ffree
	 * f_favail ... */
	uint64_t f[8];
	struct rd r;

	if (reply->type != SFTP_EXTENDED_REPLY)
		return false;
	rd_init(&r, reply->data, reply->len);
	for (size_t i = 0; i < 8; i++) {
		if (!rd_u64(&r, &f[i]))
			return false;
	}
	*bytes =
	    f[1] != 0 && f[4] > UINT64_MAX / f[1] ? UINT64_MAX : f[1] * f[4];
	*inodes = f[7];
	return true;
}

void
sftp_copy_data(struct sftp *s, const struct sftp_handle *from,
    const struct sftp_handle *to, struct sftp_then then)
{
	size_t at = begin_extended(s, SFTP_COPY_DATA, SFTP_STATUS, then);

	add_handle(s, from);
	(void)buf_add_u64(&s->out, 0); /* from its beginning */
	(void)buf_add_u64(&s->out, 0); /* to its end */
	add_handle(s, to);
	(void)buf_add_u64(&s->out, 0);
	end(s, at);
}
