/*
 * queue.h -- events on their way from the workers to the front end.
 *
 * Room: engine/fleet.  May touch: base/, muster.h.
 * Workers put whole batches in, the front takes one event at a time. Output
 * is counted, by host and in all, from its making until the front is done
 * with it, so that workers know when to stop reading.
 */
#ifndef MUSTER_FLEET_QUEUE_H
#define MUSTER_FLEET_QUEUE_H

#include "muster.h"

#include <stdatomic.h>
#include <stddef.h>
#include <sys/queue.h>

struct queue;

/* An event with what its pointers point to. */
struct parcel {
	STAILQ_ENTRY(parcel) entry;
	struct muster_event event;
	struct muster_result result;       /* RESULT */
	struct muster_snapshot snapshot;   /* SNAPSHOT */
	struct muster_transfer transfer;   /* TRANSFER */
	atomic_size_t *counter;            /* OUTPUT: of its host; borrowed */
	_Alignas(max_align_t) char data[]; /* OUTPUT, NOTE, SNAPSHOT */
};

STAILQ_HEAD(parcels, parcel);

struct queue *queue_new(struct muster_error *err);
void queue_free(struct queue *q);

/* Makes an OUTPUT event and counts it. */
struct parcel *parcel_output(
    struct queue *q, atomic_size_t *counter, const void *data, size_t len);

/* Makes a SNAPSHOT event with room for `size` bytes in data[], aligned for
 * anything. */
struct parcel *parcel_snapshot(size_t size);

/* Makes a TRANSFER event with a copy of it. */
struct parcel *parcel_transfer(const struct muster_transfer *transfer);

/* Makes any other event; `text` (may be NULL) is copied. */
struct parcel *parcel_new(enum muster_event_type type, const char *text);

/* Puts a batch in, leaving it empty. From any worker. */
void queue_put(struct queue *q, struct parcels *batch);

/* Makes queue_fd() readable, for the front to look around. From any thread. */
void queue_wake(struct queue *q);

/* Takes the next event, or NULL. Front only. */
struct parcel *queue_take(struct queue *q);

/* Is done with an event: uncounts and frees it. */
void queue_release(struct queue *q, struct parcel *p);

/* Memory of the output made and not released. */
size_t queue_bytes(const struct queue *q);

/* Whether that, or what a host has of it, is over a `part`th of its limit. */
bool queue_is_full(const struct queue *q, size_t host_bytes, unsigned part);

/* Readable while events wait. */
int queue_fd(const struct queue *q);

#endif
