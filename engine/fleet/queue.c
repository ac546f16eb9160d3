/*
 * queue.c -- events on their way from the workers to the front end.
 *
 * Room: engine/fleet.  May touch: base/, muster.h.
 */
#include "config.h"

#include "fleet/queue.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct queue {
	struct parcels taken; /* the front's, no lock needed */
	atomic_size_t bytes;
	int pipe[2];
	pthread_mutex_t lock; /* for what follows */
	struct parcels waiting;
	bool told; /* a byte is in the pipe */
};

struct queue *
queue_new(struct muster_error *err)
{
	struct queue *q = mem_new(sizeof(*q));

	if (pipe2(q->pipe, O_CLOEXEC | O_NONBLOCK) != 0) {
		err_sys(err, MUSTER_ERR_SYSTEM, errno, "cannot make a pipe");
		free(q);
		return NULL;
	}
	STAILQ_INIT(&q->taken);
	STAILQ_INIT(&q->waiting);
	(void)pthread_mutex_init(&q->lock, NULL);
	return q;
}

static void
drop_all(struct parcels *list)
{
	struct parcel *p;

	while ((p = STAILQ_FIRST(list)) != NULL) {
		STAILQ_REMOVE_HEAD(list, entry);
		free(p);
	}
}

void
queue_free(struct queue *q)
{
	if (q == NULL)
		return;
	drop_all(&q->taken);
	drop_all(&q->waiting);
	(void)close(q->pipe[0]);
	(void)close(q->pipe[1]);
	(void)pthread_mutex_destroy(&q->lock);
	free(q);
}

/* The memory of a parcel: of output that comes byte by byte, most is ours. */
static size_t
cost(const struct parcel *p)
{
	return sizeof(*p) + p->event.len;
}

struct parcel *
parcel_output(
    struct queue *q, atomic_size_t *counter, const void *data, size_t len)
{
	struct parcel *p = mem_new(sizeof(*p) + len);

	p->event.type = MUSTER_EVENT_OUTPUT;
	p->event.data = p->data;
	p->event.len = len;
	p->counter = counter;
	memcpy(p->data, data, len);
	atomic_fetch_add(counter, cost(p));
	atomic_fetch_add(&q->bytes, cost(p));
	return p;
}

struct parcel *
parcel_new(enum muster_event_type type, const char *text)
{
	size_t len = text == NULL ? 0 : strlen(text) + 1;
	struct parcel *p = mem_new(sizeof(*p) + len);

	p->event.type = type;
	if (text != NULL)
		p->event.text = memcpy(p->data, text, len);
	if (type == MUSTER_EVENT_RESULT)
		p->event.result = &p->result;
	return p;
}

struct parcel *
parcel_snapshot(size_t size)
{
	struct parcel *p = mem_new(sizeof(*p) + size);

	p->event.type = MUSTER_EVENT_SNAPSHOT;
	p->event.snapshot = &p->snapshot;
	return p;
}

struct parcel *
parcel_transfer(const struct muster_transfer *transfer)
{
	struct parcel *p = mem_new(sizeof(*p));

	p->event.type = MUSTER_EVENT_TRANSFER;
	p->transfer = *transfer;
	p->event.transfer = &p->transfer;
	return p;
}

void
queue_put(struct queue *q, struct parcels *batch)
{
	(void)pthread_mutex_lock(&q->lock);
	STAILQ_CONCAT(&q->waiting, batch);
	if (!q->told && write(q->pipe[1], "", 1) == 1)
		q->told = true;
	(void)pthread_mutex_unlock(&q->lock);
}

void
queue_wake(struct queue *q)
{
	(void)pthread_mutex_lock(&q->lock);
	if (!q->told && write(q->pipe[1], "", 1) == 1)
		q->told = true;
	(void)pthread_mutex_unlock(&q->lock);
}

/* Takes all that waits; only when nothing does is the pipe emptied. */
static void
refill(struct queue *q)
{
	char byte;

	(void)pthread_mutex_lock(&q->lock);
	STAILQ_CONCAT(&q->taken, &q->waiting);
	if (STAILQ_EMPTY(&q->taken) && q->told &&
	    read(q->pipe[0], &byte, 1) == 1)
		q->told = false;
	(void)pthread_mutex_unlock(&q->lock);
}

struct parcel *
queue_take(struct queue *q)
{
	struct parcel *p;

	if (STAILQ_EMPTY(&q->taken))
		refill(q);
	p = STAILQ_FIRST(&q->taken);
	if (p != NULL)
		STAILQ_REMOVE_HEAD(&q->taken, entry);
	return p;
}

void
queue_release(struct queue *q, struct parcel *p)
{
	if (p->counter != NULL) {
		atomic_fetch_sub(p->counter, cost(p));
		atomic_fetch_sub(&q->bytes, cost(p));
	}
	free(p);
}

size_t
queue_bytes(const struct queue *q)
{
	return atomic_load(&q->bytes);
}

bool
queue_is_full(const struct queue *q, size_t host_bytes, unsigned part)
{
	return host_bytes > LIMIT_QUEUED_HOST_BYTES / part ||
	       queue_bytes(q) > LIMIT_QUEUED_BYTES / part;
}

int
queue_fd(const struct queue *q)
{
	return q->pipe[0];
}
