/*
 * recorder.h -- writing down a run while it goes on.
 *
 * Room: engine/record.  May touch: base/, crypto/, the room.
 *
 *	RUN/journal          entries (entry.h), chained (chain.h)
 *	RUN/seg-WW-NNNN.log  output (segment.h), written by worker WW
 *
 * What is promised, whenever the process is killed: an order was not sent to
 * a host that has no START; a host that has an END printed what is captured,
 * and ended so. The journal is shared by all threads; what a worker's hosts
 * print goes through a lane of its own. A disk that fails is an error that
 * stays: nothing is begun any more, and what runs goes on unrecorded.
 */
#ifndef MUSTER_RECORD_RECORDER_H
#define MUSTER_RECORD_RECORDER_H

#include "muster.h"

struct recorder;
struct recorder_lane;
struct recorder_host; /* a host with an order under way */

struct recorder_setup {
	const char *home;         /* folder of all runs; made if missing */
	const char *const *words; /* of the command line */
	size_t n_words;
	const char *parent; /* the run that it goes on with; NULL: none */
	bool sync;          /* an END that was told survives a power cut too */
};

/* Makes the folder of a run and begins its journal.
 * Returns NULL: MUSTER_ERR_FILE, MUSTER_ERR_SYSTEM. */
struct recorder *recorder_new(
    const struct recorder_setup *setup, struct muster_error *err);

/* One more who frees it. */
struct recorder *recorder_ref(struct recorder *r);

/* Says that the run is over, with this exit code; later calls are ignored. */
void recorder_close(struct recorder *r, uint32_t exitcode);

/* Without recorder_close() before, the run counts as broken off. It lasts as
 * long as its lanes. */
void recorder_free(struct recorder *r);

const char *recorder_id(const struct recorder *r);

/* The errno that writing failed with; 0: none. From any thread. */
int recorder_error(const struct recorder *r);

/* ---- on the front end's thread ---- */

/* Tells of a host (name, user, address, port), once, before an order. */
void recorder_add_host(
    struct recorder *r, size_t index, const struct muster_host *host);

/* Tells of a command. Returns its number, or 0 when it could not be
 * written down and must not start. */
uint32_t recorder_add_order(struct recorder *r, const char *command);

/* Something a person decided, or should know later. */
void recorder_add_note(struct recorder *r, size_t host, const char *text);

/* ---- on a worker's thread ---- */

struct recorder_lane *recorder_open_lane(struct recorder *r, unsigned worker);
void recorder_close_lane(struct recorder_lane *lane);

/* The order is about to be sent to the host. NULL: that could not be written
 * down, and it must not be sent. Without recorder_end() it is freed with
 * free(3). */
struct recorder_host *recorder_start(
    struct recorder_lane *lane, size_t host, uint32_t order);

void recorder_output(struct recorder_lane *lane, struct recorder_host *h,
    enum muster_stream stream, int64_t at_us, const void *data, size_t len);

/* Hands what was printed to the kernel. */
void recorder_flush(struct recorder_lane *lane);

/* The result of a host; `h` (NULL when it was never sent) is freed. */
void recorder_end(struct recorder_lane *lane, struct recorder_host *h,
    size_t host, uint32_t order, const struct muster_result *result);

/* With setup.sync: waits for the disk if there is something that it has
 * not. */
void recorder_sync(struct recorder_lane *lane);

#endif
