/*
 * courier_impl.h -- the inside of a courier, for the files of this room.
 *
 * Room: engine/copy.  May touch: base/, courier.h, sftp.h, helper.h.
 */
#ifndef MUSTER_COPY_COURIER_IMPL_H
#define MUSTER_COPY_COURIER_IMPL_H

#include "copy/courier.h"

struct helper;
struct sftp;
struct sftp_reply;
struct throttle;

#define WHY_BYTES 200

/* Why something failed; the first cause stands. */
struct bad {
	enum muster_outcome outcome; /* MUSTER_PENDING: it did not */
	char why[WHY_BYTES];         /* clean */
};

/* The two kinds of courier. */
struct courier_ops {
	size_t size; /* of the struct, which begins with a struct courier */
	/* The server has said what it can do. */
	void (*begin)(struct courier *c);
	void (*go)(struct courier *c);
	/* Begins nothing more, and ends soon. */
	void (*stop)(struct courier *c);
	void (*clear)(struct courier *c);
};

struct courier {
	const struct courier_ops *ops;
	const struct copy *copy; /* borrowed */
	const struct courier_events *events;
	void *arg;
	struct sftp *sftp;         /* owned */
	struct helper *helper;     /* owned */
	struct throttle *throttle; /* owned; of this host; NULL: none */
	struct muster_transfer progress;
	struct bad first; /* failure of a file */
	char first_file[WHY_BYTES];
	uint64_t rate_bytes; /* bytes_done when the rate was measured */
	uint64_t moved;      /* bytes that crossed the wire */
	int64_t rate_us;
	bool over, stopping;
	bool lost;  /* it is freed before its end */
	bool going; /* inside go(): one that asks again is soon answered */
	bool again;
};

extern const struct courier_ops push_ops;
extern const struct courier_ops pull_ops;

/* Notes a failure if there was none before; `why` is made clean. */
void bad_set(struct bad *b, enum muster_outcome outcome, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* The same from an answer that is a STATUS. */
void bad_set_status(struct bad *b, const struct sftp_reply *reply);

/* The same from errno of a local file. */
void bad_set_errno(struct bad *b, int errnum, const char *what);

/* A file or folder could not be copied: tells, and counts it. */
void courier_fail_file(
    struct courier *c, const char *path, const struct bad *why);

/* Nothing more can be done. */
void courier_fail(struct courier *c, enum muster_outcome outcome,
    const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* All that could be done is: well, unless a file failed. */
void courier_finish(struct courier *c);

/* Whether `bytes` more may leave now, and notes them; if not, the courier is
 * woken when they may. */
bool courier_may_move(struct courier *c, uint64_t bytes);

/* What a dry run would do. */
void courier_say(struct courier *c, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* Shows the file at hand. */
void courier_show(
    struct courier *c, const char *path, uint64_t done, uint64_t bytes);

/* The helper answered with the digest; NULL is no answer. */
bool courier_is_digest(const char *line, const uint8_t digest[32]);

#endif
