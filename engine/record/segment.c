/*
 * segment.c -- captured output on disk: frames, one behind the other.
 *
 * Room: engine/record.  May touch: base/, record/crc.h.
 */
#include "config.h"

#include "record/segment.h"

#include "base/buf.h"
#include "base/mem.h"
#include "record/crc.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAGIC 0x6d557331u
#define HEADER_BYTES 44
#define CHECKED_FROM 8 /* magic and CRC are not in the CRC */
#define WAITING_BYTES (64 * 1024)

struct segment {
	int dir; /* borrowed */
	unsigned worker;
	unsigned number; /* of the file */
	int fd;          /* owned; -1: none is open */
	uint64_t n_bytes;
	struct buf waiting; /* whole frames */
};

struct segment *
segment_new(int dir, unsigned worker)
{
	struct segment *s = mem_new(sizeof(*s));

	s->dir = dir;
	s->worker = worker;
	s->fd = -1;
	buf_init(&s->waiting,
	    WAITING_BYTES + SEGMENT_FRAME_BYTES + 2 * HEADER_BYTES);
	return s;
}

static int
close_file(struct segment *s)
{
	int rc = s->fd < 0 || close(s->fd) == 0 ? 0 : errno;

	s->fd = -1;
	s->n_bytes = 0;
	return rc;
}

void
segment_free(struct segment *s)
{
	if (s == NULL)
		return;
	(void)segment_flush(s);
	(void)close_file(s);
	buf_clear(&s->waiting);
	free(s);
}

static int
open_file(struct segment *s)
{
	char name[48];

	do {
		(void)snprintf(name, sizeof(name), "seg-%02u-%04u.log",
		    s->worker, s->number++);
		s->fd = openat(s->dir, name,
		    O_WRONLY | O_APPEND | O_CREAT | O_EXCL | O_NOFOLLOW |
			O_CLOEXEC,
		    0600);
	} while (s->fd < 0 && errno == EEXIST);
	return s->fd < 0 ? errno : 0;
}

int
segment_flush(struct segment *s)
{
	int rc = 0;

	if (s->waiting.len == 0)
		return 0;
	if (s->n_bytes >= SEGMENT_BYTES)
		rc = close_file(s);
	if (rc == 0 && s->fd < 0)
		rc = open_file(s);
	while (rc == 0 && s->waiting.len > 0) {
		ssize_t n = write(s->fd, buf_data(&s->waiting), s->waiting.len);

		if (n > 0) {
			buf_drain(&s->waiting, (size_t)n);
			s->n_bytes += (uint64_t)n;
		} else if (n == 0 || errno != EINTR) {
			rc = n == 0 ? ENOSPC : errno;
		}
	}
	return rc;
}

int
segment_sync(struct segment *s)
{
	int rc = segment_flush(s);

	return rc != 0 || s->fd < 0 || fdatasync(s->fd) == 0 ? rc : errno;
}

/* One frame of at most SEGMENT_FRAME_BYTES. */
static void
add_frame(struct segment *s, const struct segment_frame *f, const void *data)
{
	struct buf header;
	uint32_t crc;

	buf_init(&header, HEADER_BYTES);
	(void)(buf_add_u32(&header, f->len) && buf_add_u32(&header, f->order) &&
	       buf_add_u32(&header, f->host) &&
	       buf_add_u32(&header, (uint32_t)f->stream) &&
	       buf_add_u32(&header, 0) && buf_add_u64(&header, f->offset) &&
	       buf_add_u64(&header, (uint64_t)f->at_us));
	crc = crc_add(0, buf_data(&header), header.len);
	crc = crc_add(crc, data, f->len);
	if (!buf_add_u32(&s->waiting, MAGIC) ||
	    !buf_add_u32(&s->waiting, crc) ||
	    !buf_add(&s->waiting, buf_data(&header), header.len) ||
	    !buf_add(&s->waiting, data, f->len))
		assert(!"a frame fits");
	buf_clear(&header);
}

int
segment_add(
    struct segment *s, const struct segment_frame *frame, const void *data)
{
	struct segment_frame part = *frame;
	const char *p = data;
	uint32_t left = frame->len;
	int rc = 0;

	while (rc == 0 && left > 0) {
		part.len =
		    left < SEGMENT_FRAME_BYTES ? left : SEGMENT_FRAME_BYTES;
		add_frame(s, &part, p);
		p += part.len;
		part.offset += part.len;
		left -= part.len;
		if (s->waiting.len >= WAITING_BYTES)
			rc = segment_flush(s);
	}
	return rc;
}

/* ---- reading ---- */

static bool
read_at(int fd, void *data, size_t len, uint64_t at)
{
	char *p = data;

	while (len > 0) {
		ssize_t n = pread(fd, p, len, (off_t)at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		p += n;
		at += (uint64_t)n;
		len -= (size_t)n;
	}
	return true;
}

/* Takes the header apart. Returns false when it cannot be one. */
static bool
read_header(
    const uint8_t header[HEADER_BYTES], struct segment_frame *f, uint32_t *crc)
{
	uint32_t magic = 0, stream = 0, zero = 1;
	uint64_t at_us = 0;
	struct rd r;

	rd_init(&r, header, HEADER_BYTES);
	if (!rd_u32(&r, &magic) || !rd_u32(&r, crc) || !rd_u32(&r, &f->len) ||
	    !rd_u32(&r, &f->order) || !rd_u32(&r, &f->host) ||
	    !rd_u32(&r, &stream) || !rd_u32(&r, &zero) ||
	    !rd_u64(&r, &f->offset) || !rd_u64(&r, &at_us))
		return false;
	f->stream = stream == 0 ? MUSTER_STDOUT : MUSTER_STDERR;
	f->at_us = (int64_t)at_us;
	return magic == MAGIC && stream <= 1 && zero == 0 && f->len > 0 &&
	       f->len <= SEGMENT_FRAME_BYTES;
}

uint64_t
segment_scan(int fd,
    void (*take)(void *arg, const struct segment_frame *frame, uint64_t at),
    void *arg)
{
	uint8_t header[HEADER_BYTES];
	char *data = mem_new(SEGMENT_FRAME_BYTES);
	uint64_t at = 0;

	for (;;) {
		struct segment_frame f;
		uint32_t crc, sum;

		if (!read_at(fd, header, sizeof(header), at) ||
		    !read_header(header, &f, &crc) ||
		    !read_at(fd, data, f.len, at + HEADER_BYTES))
			break;
		sum = crc_add(
		    0, header + CHECKED_FROM, HEADER_BYTES - CHECKED_FROM);
		if (crc_add(sum, data, f.len) != crc)
			break;
		take(arg, &f, at + HEADER_BYTES);
		at += HEADER_BYTES + f.len;
	}
	free(data);
	return at;
}
