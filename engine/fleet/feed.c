/*
 * feed.c -- what was sent to the stdin of running commands, for all hosts.
 *
 * Room: engine/fleet.  May touch: base/, files.
 * Bytes below `len` never change, so they are written and read without the
 * lock where they lie in the file.
 */
#include "config.h"

#include "fleet/feed.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/secret.h"
#include "fleet/spill.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct piece {
	uint64_t from, to;
	struct feed_hosts hosts; /* owned */
	bool end;                /* nothing comes behind it for them */
};

struct feed {
	unsigned n_users; /* under `lock`, as all below */
	uint64_t limit;   /* fixed */
	int fd;           /* what is beyond the memory; -1: none */
	pthread_mutex_t lock;
	char *mem; /* owned; the first bytes */
	size_t cap;
	uint64_t len;
	struct piece *pieces; /* owned */
	size_t n_pieces, cap_pieces;
	uint64_t furthest; /* where the fastest reader is */
	bool waited_for;   /* too much was ahead of it */
};

struct feed *
feed_new(uint64_t limit_bytes)
{
	struct feed *f = mem_new(sizeof(*f));

	f->n_users = 1;
	f->limit = limit_bytes;
	f->fd = -1;
	(void)pthread_mutex_init(&f->lock, NULL);
	return f;
}

static void
lock(struct feed *f)
{
	(void)pthread_mutex_lock(&f->lock);
}

static void
unlock(struct feed *f)
{
	(void)pthread_mutex_unlock(&f->lock);
}

struct feed *
feed_ref(struct feed *f)
{
	lock(f);
	f->n_users++;
	unlock(f);
	return f;
}

void
feed_free(struct feed *f)
{
	unsigned left;

	if (f == NULL)
		return;
	lock(f);
	left = --f->n_users;
	unlock(f);
	if (left > 0)
		return;
	if (f->fd >= 0)
		(void)close(f->fd);
	if (f->mem != NULL)
		secret_wipe(f->mem, f->cap);
	free(f->mem);
	for (size_t i = 0; i < f->n_pieces; i++)
		free(f->pieces[i].hosts.bits);
	free(f->pieces);
	(void)pthread_mutex_destroy(&f->lock);
	free(f);
}

void
feed_hosts_add(struct feed_hosts *hosts, size_t host)
{
	size_t need = host / 8 + 1;

	if (need > hosts->n) {
		size_t cap = hosts->n;

		mem_grow(&hosts->bits, &cap, need, 1);
		memset(hosts->bits + hosts->n, 0, cap - hosts->n);
		hosts->n = cap;
	}
	hosts->bits[host / 8] |= (uint8_t)(1u << host % 8);
}

static bool
is_for(const struct piece *p, size_t host)
{
	return p->hosts.bits == NULL ||
	       (host / 8 < p->hosts.n &&
		   (p->hosts.bits[host / 8] >> host % 8 & 1) != 0);
}

/* ---- the front end's side ---- */

static int
open_file(struct feed *f, struct muster_error *err)
{
	int fd;

	if (f->fd >= 0)
		return 0;
	fd = spill_open_file("the standard input", err);
	if (fd < 0)
		return -1;
	lock(f);
	f->fd = fd;
	unlock(f);
	return 0;
}

static int
write_file(struct feed *f, const char *data, size_t len, uint64_t at,
    struct muster_error *err)
{
	if (open_file(f, err) != 0)
		return -1;
	while (len > 0) {
		ssize_t n = pwrite(f->fd, data, len, (off_t)at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return err_sys(err, MUSTER_ERR_FILE, errno,
			    "cannot keep the standard input for hosts that "
			    "are slower");
		data += n;
		len -= (size_t)n;
		at += (uint64_t)n;
	}
	return 0;
}

static void
write_memory(struct feed *f, const char *data, size_t len)
{
	char *before = f->mem;
	size_t need = (size_t)f->len + len;

	if (need > f->cap) {
		size_t cap = f->cap == 0 ? 4096 : f->cap;

		while (cap < need)
			cap *= 2;
		f->mem = mem_new(cap);
		if (before != NULL) {
			memcpy(f->mem, before, (size_t)f->len);
			secret_wipe(before, f->cap);
		}
		free(before);
		f->cap = cap;
	}
	memcpy(f->mem + f->len, data, len);
}

static void
add_piece(
    struct feed *f, struct feed_hosts *hosts, const struct muster_input *input)
{
	struct piece *last =
	    f->n_pieces > 0 ? &f->pieces[f->n_pieces - 1] : NULL;

	f->len += input->len;
	if (last != NULL && !last->end && last->hosts.bits == NULL &&
	    hosts->bits == NULL) {
		last->to = f->len;
		last->end = input->end;
		return;
	}
	mem_grow(
	    &f->pieces, &f->cap_pieces, f->n_pieces + 1, sizeof(*f->pieces));
	f->pieces[f->n_pieces++] = (struct piece){.from = f->len - input->len,
	    .to = f->len,
	    .hosts = *hosts,
	    .end = input->end};
	*hosts = (struct feed_hosts){0};
}

/* Whom a piece is for takes memory, too. */
static uint64_t
held(const struct feed *f, const struct feed_hosts *hosts)
{
	return f->len +
	       f->n_pieces * (uint64_t)(sizeof(struct piece) + hosts->n);
}

int
feed_add(struct feed *f, struct feed_hosts *hosts,
    const struct muster_input *input, struct muster_error *err)
{
	size_t room = f->len < LIMIT_FEED_MEMORY_BYTES
			  ? (size_t)(LIMIT_FEED_MEMORY_BYTES - f->len)
			  : 0;
	size_t first = input->len < room ? input->len : room;
	const char *data = input->data;
	int rc = 0;

	/* Only this thread changes what is read here without the lock. */
	if (held(f, hosts) + input->len > f->limit)
		rc = err_set(err, MUSTER_ERR_LIMIT,
		    "the standard input is longer than the %llu bytes that "
		    "are kept for hosts",
		    (unsigned long long)f->limit);
	else if (input->len > first)
		rc = write_file(f, data + first, input->len - first,
		    f->len + first - LIMIT_FEED_MEMORY_BYTES, err);
	lock(f);
	if (rc == 0) {
		if (first > 0)
			write_memory(f, data, first);
		add_piece(f, hosts, input);
		f->waited_for |= f->len - f->furthest > MUSTER_INPUT_AHEAD;
	}
	unlock(f);
	free(hosts->bits);
	return rc;
}

struct feed_place
feed_now(struct feed *f)
{
	struct feed_place place;

	lock(f);
	place = (struct feed_place){f->n_pieces, f->len};
	/* What comes next for all may be added to the last piece. */
	if (f->n_pieces > 0 && !f->pieces[f->n_pieces - 1].end &&
	    f->pieces[f->n_pieces - 1].hosts.bits == NULL)
		place.piece--;
	unlock(f);
	return place;
}

size_t
feed_ahead(struct feed *f)
{
	uint64_t ahead;

	lock(f);
	ahead = f->len - f->furthest;
	unlock(f);
	return ahead > SIZE_MAX ? SIZE_MAX : (size_t)ahead;
}

/* ---- the readers' side ---- */

static long
read_at(struct feed *f, uint64_t at, void *dst, size_t size)
{
	ssize_t n;
	int fd;

	lock(f);
	fd = f->fd;
	if (at < LIMIT_FEED_MEMORY_BYTES) {
		if (size > LIMIT_FEED_MEMORY_BYTES - at)
			size = (size_t)(LIMIT_FEED_MEMORY_BYTES - at);
		memcpy(dst, f->mem + at, size);
		unlock(f);
		return (long)size;
	}
	unlock(f);
	do
		n = pread(fd, dst, size, (off_t)(at - LIMIT_FEED_MEMORY_BYTES));
	while (n < 0 && errno == EINTR);
	return n > 0 ? (long)n : FEED_BROKEN;
}

long
feed_read(struct feed *f, struct feed_place *place, size_t host, void *dst,
    size_t size)
{
	long n = 0;

	lock(f);
	for (; place->piece < f->n_pieces; place->piece++) {
		const struct piece *p = &f->pieces[place->piece];

		if (place->at < p->from)
			place->at = p->from;
		if (is_for(p, host) && place->at < p->to) {
			n = (long)(p->to - place->at < size ? p->to - place->at
							    : size);
			break;
		}
		if (is_for(p, host) && p->end) {
			n = FEED_END;
			break;
		}
		/* The last piece for all may grow yet. */
		if (place->piece + 1 == f->n_pieces && p->hosts.bits == NULL)
			break;
		place->at = p->to;
	}
	if (place->at > f->furthest)
		f->furthest = place->at;
	unlock(f);
	return n > 0 ? read_at(f, place->at, dst, (size_t)n) : n;
}

bool
feed_taken(struct feed *f, struct feed_place *place, size_t n)
{
	bool tell = false;

	place->at += n;
	lock(f);
	if (place->at > f->furthest)
		f->furthest = place->at;
	if (f->waited_for && f->len - f->furthest <= MUSTER_INPUT_AHEAD / 2) {
		f->waited_for = false;
		tell = true;
	}
	unlock(f);
	return tell;
}
