/*
 * source.c -- a local file that is sent to many hosts, read once.
 *
 * Room: engine/copy.  May touch: base/, crypto/.
 * One lock guards the whole cache: what is done under it is a copy of some
 * memory, or a read of one chunk that all who wait would want next.
 */
#include "config.h"

#include "copy/source.h"

#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <sys/stat.h>
#include <unistd.h>

#define CHUNK_BYTES (256 * 1024)

struct chunk {
	TAILQ_ENTRY(chunk) entry; /* of sources->chunks, oldest first */
	struct edition *edition;
	size_t at; /* in edition->chunks */
	size_t len;
	uint8_t data[];
};

struct edition {
	struct source *source;
	struct edition *before; /* the one that this one replaced */
	struct stat st;
	int fd; /* -1 while nobody uses it */
	size_t n_users;
	struct chunk **chunks; /* owned; NULL where not in memory */
	size_t n_chunks;
	struct digest_sum digest; /* of the first `digested` bytes */
	uint64_t digested;
};

struct source {
	struct sources *all;
	struct source *next;
	char *path;              /* owned */
	struct edition *edition; /* owned; the latest */
};

struct sources {
	pthread_mutex_t lock; /* for all that follows */
	struct source *first;
	TAILQ_HEAD(, chunk) chunks;
	size_t bytes;
	uint64_t n_read;
};

struct sources *
sources_new(void)
{
	struct sources *all = mem_new(sizeof(*all));

	(void)pthread_mutex_init(&all->lock, NULL);
	TAILQ_INIT(&all->chunks);
	return all;
}

static void
drop_chunk(struct sources *all, struct chunk *c)
{
	TAILQ_REMOVE(&all->chunks, c, entry);
	c->edition->chunks[c->at] = NULL;
	all->bytes -= c->len;
	free(c);
}

static void
free_edition(struct edition *e)
{
	struct edition *before;

	for (; e != NULL; e = before) {
		before = e->before;
		for (size_t i = 0; i < e->n_chunks; i++) {
			if (e->chunks[i] != NULL)
				drop_chunk(e->source->all, e->chunks[i]);
		}
		if (e->fd >= 0)
			(void)close(e->fd);
		free(e->chunks);
		free(e);
	}
}

void
sources_free(struct sources *all)
{
	struct source *s;

	if (all == NULL)
		return;
	while ((s = all->first) != NULL) {
		all->first = s->next;
		free_edition(s->edition);
		free(s->path);
		free(s);
	}
	(void)pthread_mutex_destroy(&all->lock);
	free(all);
}

struct source *
source_new(struct sources *all, const char *path)
{
	struct source *s = mem_new(sizeof(*s));

	s->all = all;
	s->path = mem_strdup(path);
	s->next = all->first;
	all->first = s;
	return s;
}

/* ---- editions ---- */

static bool
is_same(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino &&
	       a->st_size == b->st_size &&
	       a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
	       a->st_mtim.tv_nsec == b->st_mtim.tv_nsec &&
	       a->st_ctim.tv_sec == b->st_ctim.tv_sec &&
	       a->st_ctim.tv_nsec == b->st_ctim.tv_nsec;
}

static int
open_file(const struct source *s, struct stat *st, struct muster_error *err)
{
	int fd = open(s->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	if (fd < 0)
		return err_sys(
		    err, MUSTER_ERR_FILE, errno, "cannot read '%s'", s->path);
	if (fstat(fd, st) == 0 && S_ISREG(st->st_mode))
		return fd;
	(void)close(fd);
	return err_set(
	    err, MUSTER_ERR_FILE, "'%s' is no regular file", s->path);
}

static struct edition *
make_edition(struct source *s, int fd, const struct stat *st)
{
	struct edition *e = mem_new(sizeof(*e));

	e->source = s;
	e->before = s->edition;
	e->st = *st;
	e->fd = fd;
	e->n_chunks = ((size_t)st->st_size + CHUNK_BYTES - 1) / CHUNK_BYTES;
	e->chunks = mem_array(e->n_chunks, sizeof(struct chunk *));
	digest_sum_init(&e->digest);
	s->edition = e;
	return e;
}

static struct edition *
use(struct source *s, const struct edition *stale, struct muster_error *err)
{
	struct edition *e = s->edition;
	struct stat st;
	int fd;

	if (e != NULL && e != stale && e->fd >= 0)
		return e;
	fd = open_file(s, &st, err);
	if (fd < 0)
		return NULL;
	if (e == NULL || e == stale || !is_same(&e->st, &st))
		return make_edition(s, fd, &st);
	e->fd = fd;
	return e;
}

struct edition *
source_use(
    struct source *s, const struct edition *stale, struct muster_error *err)
{
	struct edition *e;

	(void)pthread_mutex_lock(&s->all->lock);
	e = use(s, stale, err);
	if (e != NULL)
		e->n_users++;
	(void)pthread_mutex_unlock(&s->all->lock);
	return e;
}

void
edition_release(struct edition *e)
{
	struct sources *all;

	if (e == NULL)
		return;
	all = e->source->all;
	(void)pthread_mutex_lock(&all->lock);
	assert(e->n_users > 0);
	if (--e->n_users == 0) {
		(void)close(e->fd);
		e->fd = -1;
	}
	(void)pthread_mutex_unlock(&all->lock);
}

uint64_t
edition_size(const struct edition *e)
{
	return (uint64_t)e->st.st_size;
}

uint32_t
edition_mode(const struct edition *e)
{
	return (uint32_t)e->st.st_mode;
}

int64_t
edition_mtime(const struct edition *e)
{
	return e->st.st_mtim.tv_sec;
}

bool
edition_is_unchanged(struct edition *e)
{
	struct stat now, named;

	return fstat(e->fd, &now) == 0 && is_same(&e->st, &now) &&
	       stat(e->source->path, &named) == 0 && is_same(&e->st, &named);
}

/* ---- bytes ---- */

static int
read_all(const struct edition *e, uint64_t offset, uint8_t *to, size_t len,
    struct muster_error *err)
{
	while (len > 0) {
		ssize_t n = pread(e->fd, to, len, (off_t)offset);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_sys(err, MUSTER_ERR_FILE, errno,
			    "cannot read '%s'", e->source->path);
		if (n == 0)
			return err_set(err, MUSTER_ERR_FILE,
			    "'%s' became shorter meanwhile", e->source->path);
		to += n;
		offset += (uint64_t)n;
		len -= (size_t)n;
	}
	return 0;
}

/* The chunk with its bytes in memory, now the youngest. */
static struct chunk *
load(struct edition *e, size_t at, struct muster_error *err)
{
	struct sources *all = e->source->all;
	uint64_t offset = (uint64_t)at * CHUNK_BYTES;
	uint64_t left = edition_size(e) - offset;
	struct chunk *c = e->chunks[at];

	if (c != NULL) {
		TAILQ_REMOVE(&all->chunks, c, entry);
		TAILQ_INSERT_TAIL(&all->chunks, c, entry);
		return c;
	}
	c = mem_new(sizeof(*c) + CHUNK_BYTES);
	c->edition = e;
	c->at = at;
	c->len = left < CHUNK_BYTES ? (size_t)left : CHUNK_BYTES;
	if (read_all(e, offset, c->data, c->len, err) != 0) {
		free(c);
		return NULL;
	}
	while (all->bytes + c->len > LIMIT_SOURCE_CACHE_BYTES)
		drop_chunk(all, TAILQ_FIRST(&all->chunks));
	e->chunks[at] = c;
	TAILQ_INSERT_TAIL(&all->chunks, c, entry);
	all->bytes += c->len;
	all->n_read += c->len;
	if (e->digested == offset) {
		digest_sum_add(&e->digest, c->data, c->len);
		e->digested += c->len;
	}
	return c;
}

static int
read_chunks(struct edition *e, uint64_t offset, uint8_t *to, size_t len,
    struct muster_error *err)
{
	while (len > 0) {
		size_t in = (size_t)(offset % CHUNK_BYTES), n;
		const struct chunk *c;

		if (offset >= edition_size(e))
			return err_set(err, MUSTER_ERR_FILE,
			    "'%s' has no byte %llu", e->source->path,
			    (unsigned long long)offset);
		c = load(e, (size_t)(offset / CHUNK_BYTES), err);
		if (c == NULL)
			return -1;
		n = c->len - in < len ? c->len - in : len;
		memcpy(to, c->data + in, n);
		to += n;
		offset += n;
		len -= n;
	}
	return 0;
}

int
edition_read(struct edition *e, uint64_t offset, void *to, size_t len,
    struct muster_error *err)
{
	struct sources *all = e->source->all;
	int rc;

	(void)pthread_mutex_lock(&all->lock);
	rc = read_chunks(e, offset, to, len, err);
	(void)pthread_mutex_unlock(&all->lock);
	return rc;
}

/* One step of the digest of all bytes. Returns 1 when it is complete. */
static int
digest_more(struct edition *e, uint8_t out[DIGEST_SHA256_BYTES],
    struct muster_error *err)
{
	struct sources *all = e->source->all;
	int rc = 0;

	(void)pthread_mutex_lock(&all->lock);
	if (e->digested < edition_size(e)) {
		struct chunk *c =
		    load(e, (size_t)(e->digested / CHUNK_BYTES), err);

		if (c == NULL) {
			rc = -1;
		} else if (e->digested == (uint64_t)c->at * CHUNK_BYTES) {
			/* It was in memory, and is behind us now. */
			digest_sum_add(&e->digest, c->data, c->len);
			e->digested += c->len;
		}
	}
	if (rc == 0 && e->digested == edition_size(e)) {
		digest_sum_value(&e->digest, out);
		rc = 1;
	}
	(void)pthread_mutex_unlock(&all->lock);
	return rc;
}

static int
digest_prefix(struct edition *e, uint64_t len, uint8_t out[DIGEST_SHA256_BYTES],
    struct muster_error *err)
{
	uint8_t *piece = mem_new(CHUNK_BYTES);
	struct digest_sum s;
	int rc = 0;

	digest_sum_init(&s);
	for (uint64_t at = 0; rc == 0 && at < len; at += CHUNK_BYTES) {
		size_t n =
		    len - at < CHUNK_BYTES ? (size_t)(len - at) : CHUNK_BYTES;

		rc = edition_read(e, at, piece, n, err);
		digest_sum_add(&s, piece, n);
	}
	digest_sum_value(&s, out);
	free(piece);
	return rc;
}

int
edition_digest(struct edition *e, uint64_t len,
    uint8_t out[DIGEST_SHA256_BYTES], struct muster_error *err)
{
	int rc;

	if (len != edition_size(e))
		return digest_prefix(e, len, out, err);
	while ((rc = digest_more(e, out, err)) == 0)
		;
	return rc < 0 ? -1 : 0;
}

uint64_t
sources_n_read(struct sources *all)
{
	uint64_t n;

	(void)pthread_mutex_lock(&all->lock);
	n = all->n_read;
	(void)pthread_mutex_unlock(&all->lock);
	return n;
}
