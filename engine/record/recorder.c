/*
 * recorder.c -- writing down a run while it goes on.
 *
 * Room: engine/record.  May touch: base/, crypto/, the room.
 */
#include "config.h"

#include "record/recorder.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "crypto/digest.h"
#include "record/chain.h"
#include "record/entry.h"
#include "record/rundir.h"
#include "record/segment.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LINE_BYTES (64 * 1024 * 1024) /* of an entry: a long command line */

struct recorder {
	atomic_uint n_users; /* who made it, and lanes */
	char id[RUNDIR_ID_CHARS + 1];
	int dir;     /* owned */
	int journal; /* owned; locked while the run lasts */
	bool sync;
	pthread_mutex_t lock; /* of the journal: */
	struct chain chain;
	struct buf line;
	bool closed;
	uint32_t n_orders; /* the front's */
	atomic_int error;
};

struct recorder_lane {
	struct recorder *recorder; /* counted */
	struct segment *segment;   /* owned */
	bool dirty;                /* the disk has not got all of it */
};

struct recorder_host {
	size_t host;
	uint32_t order;
	struct {
		uint64_t n_bytes;
		struct digest_sum sum;
	} streams[2];
};

/* ---- the journal ---- */

static void
fail(struct recorder *r, int error)
{
	int none = 0;

	(void)atomic_compare_exchange_strong(&r->error, &none, error);
}

int
recorder_error(const struct recorder *r)
{
	return atomic_load(&r->error);
}

/* A whole line, or an error that stays. */
static int
write_line(int fd, const struct buf *line)
{
	ssize_t n;

	do
		n = write(fd, buf_data(line), line->len);
	while (n < 0 && errno == EINTR);
	return n == (ssize_t)line->len ? 0 : n < 0 ? errno : ENOSPC;
}

/* Returns whether it is written. */
static bool
add(struct recorder *r, const struct entry *e)
{
	char *text = entry_write(e);
	int error;

	(void)pthread_mutex_lock(&r->lock);
	error = recorder_error(r);
	buf_reset(&r->line);
	if (error == 0 && r->closed)
		error = EBADF;
	else if (error == 0 && !chain_seal(&r->chain, text, &r->line))
		error = EFBIG;
	if (error == 0)
		error = write_line(r->journal, &r->line);
	(void)pthread_mutex_unlock(&r->lock);
	free(text);
	if (error != 0 && !r->closed)
		fail(r, error);
	return error == 0;
}

static bool
sync_journal(struct recorder *r)
{
	if (!r->sync || fdatasync(r->journal) == 0)
		return true;
	fail(r, errno);
	return false;
}

/* ---- its life ---- */

static int
open_journal(struct recorder *r, struct muster_error *err)
{
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};

	r->journal = openat(r->dir, "journal",
	    O_RDWR | O_APPEND | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
	    0600);
	if (r->journal < 0)
		return err_sys(err, MUSTER_ERR_FILE, errno,
		    "cannot make the journal of run '%s'", r->id);
	if (fcntl(r->journal, F_OFD_SETLK, &lock) == 0)
		return 0;
	return err_sys(err, MUSTER_ERR_FILE, errno,
	    "cannot lock the journal of run '%s'", r->id);
}

static int
begin(struct recorder *r, const struct recorder_setup *setup,
    struct muster_error *err)
{
	struct entry e = {.type = ENTRY_OPEN,
	    .us = clock_now_us(),
	    .wall_us = clock_wall_us(),
	    .format = ENTRY_FORMAT,
	    .id = r->id,
	    .parent = setup->parent,
	    .program = PACKAGE_NAME " " PACKAGE_VERSION,
	    .words = setup->words,
	    .n_words = setup->n_words};

	if (add(r, &e) && sync_journal(r))
		return 0;
	return err_sys(err, MUSTER_ERR_SYSTEM, recorder_error(r),
	    "cannot write the journal of run '%s'", r->id);
}

struct recorder *
recorder_new(const struct recorder_setup *setup, struct muster_error *err)
{
	struct recorder *r = mem_new(sizeof(*r));
	int home = rundir_open_home(setup->home, true, err);

	atomic_init(&r->n_users, 1);
	r->journal = -1;
	r->sync = setup->sync;
	memset(r->chain.sum, '0', CHAIN_SUM_CHARS);
	buf_init(&r->line, LINE_BYTES);
	(void)pthread_mutex_init(&r->lock, NULL);
	r->dir = home >= 0 ? rundir_make(home, r->id, err) : -1;
	if (home >= 0)
		(void)close(home);
	if (r->dir >= 0 && open_journal(r, err) == 0 &&
	    begin(r, setup, err) == 0)
		return r;
	recorder_free(r);
	return NULL;
}

struct recorder *
recorder_ref(struct recorder *r)
{
	atomic_fetch_add(&r->n_users, 1);
	return r;
}

void
recorder_close(struct recorder *r, uint32_t exitcode)
{
	struct flock unlock = {.l_type = F_UNLCK, .l_whence = SEEK_SET};
	struct entry e = {
	    .type = ENTRY_CLOSE, .us = clock_now_us(), .exitcode = exitcode};

	if (r->closed)
		return;
	(void)add(r, &e);
	(void)sync_journal(r);
	r->closed = true;
	(void)fcntl(r->journal, F_OFD_SETLK, &unlock);
}

void
recorder_free(struct recorder *r)
{
	if (r == NULL || atomic_fetch_sub(&r->n_users, 1) > 1)
		return;
	if (r->journal >= 0)
		(void)close(r->journal);
	if (r->dir >= 0)
		(void)close(r->dir);
	(void)pthread_mutex_destroy(&r->lock);
	buf_clear(&r->line);
	free(r);
}

const char *
recorder_id(const struct recorder *r)
{
	return r->id;
}

void
recorder_add_host(
    struct recorder *r, size_t index, const struct muster_host *host)
{
	struct entry e = {.type = ENTRY_HOST,
	    .us = clock_now_us(),
	    .host = (uint32_t)index,
	    .name = host->name,
	    .user = host->user,
	    .address = host->address,
	    .port = host->port};

	(void)add(r, &e);
}

uint32_t
recorder_add_order(struct recorder *r, const char *command)
{
	struct entry e = {.type = ENTRY_ORDER,
	    .us = clock_now_us(),
	    .wall_us = clock_wall_us(),
	    .order = r->n_orders + 1,
	    .command = command};

	if (!add(r, &e))
		return 0;
	return ++r->n_orders;
}

void
recorder_add_note(struct recorder *r, size_t host, const char *text)
{
	struct entry e = {.type = ENTRY_NOTE,
	    .us = clock_now_us(),
	    .host = host == MUSTER_NOWHERE ? UINT32_MAX : (uint32_t)host,
	    .text = text};

	(void)add(r, &e);
}

/* ---- workers ---- */

struct recorder_lane *
recorder_open_lane(struct recorder *r, unsigned worker)
{
	struct recorder_lane *lane = mem_new(sizeof(*lane));

	lane->recorder = recorder_ref(r);
	lane->segment = segment_new(r->dir, worker);
	return lane;
}

void
recorder_close_lane(struct recorder_lane *lane)
{
	if (lane == NULL)
		return;
	recorder_sync(lane);
	segment_free(lane->segment);
	recorder_free(lane->recorder);
	free(lane);
}

struct recorder_host *
recorder_start(struct recorder_lane *lane, size_t host, uint32_t order)
{
	struct entry e = {.type = ENTRY_START,
	    .us = clock_now_us(),
	    .order = order,
	    .host = (uint32_t)host};
	struct recorder_host *h;

	if (!add(lane->recorder, &e) || !sync_journal(lane->recorder))
		return NULL;
	h = mem_new(sizeof(*h));
	h->host = host;
	h->order = order;
	digest_sum_init(&h->streams[0].sum);
	digest_sum_init(&h->streams[1].sum);
	return h;
}

void
recorder_output(struct recorder_lane *lane, struct recorder_host *h,
    enum muster_stream stream, int64_t at_us, const void *data, size_t len)
{
	const struct segment_frame frame = {.order = h->order,
	    .host = (uint32_t)h->host,
	    .stream = stream,
	    .offset = h->streams[stream].n_bytes,
	    .at_us = at_us,
	    .len = (uint32_t)len};
	int error;

	digest_sum_add(&h->streams[stream].sum, data, len);
	h->streams[stream].n_bytes += len;
	if (recorder_error(lane->recorder) != 0)
		return;
	lane->dirty = true;
	error = segment_add(lane->segment, &frame, data);
	if (error != 0)
		fail(lane->recorder, error);
}

void
recorder_flush(struct recorder_lane *lane)
{
	int error;

	if (recorder_error(lane->recorder) != 0)
		return;
	error = segment_flush(lane->segment);
	if (error != 0)
		fail(lane->recorder, error);
}

static void
name_sum(const struct digest_sum *sum, char text[ENTRY_SUM_CHARS + 1])
{
	uint8_t value[DIGEST_SHA256_BYTES];

	digest_sum_value(sum, value);
	for (size_t i = 0; i < sizeof(value); i++)
		(void)snprintf(text + 2 * i, 3, "%02x", value[i]);
}

void
recorder_end(struct recorder_lane *lane, struct recorder_host *h, size_t host,
    uint32_t order, const struct muster_result *result)
{
	struct entry e = {.type = ENTRY_END,
	    .us = clock_now_us(),
	    .order = order,
	    .host = (uint32_t)host,
	    .result = *result};

	for (int i = 0; h != NULL && i < 2; i++)
		name_sum(&h->streams[i].sum, e.sums[i]);
	recorder_flush(lane);
	if (add(lane->recorder, &e))
		lane->dirty = true;
	free(h);
}

void
recorder_sync(struct recorder_lane *lane)
{
	int error;

	if (!lane->recorder->sync || !lane->dirty ||
	    recorder_error(lane->recorder) != 0)
		return;
	lane->dirty = false;
	error = segment_sync(lane->segment);
	if (error != 0)
		fail(lane->recorder, error);
	(void)sync_journal(lane->recorder);
}
