/*
 * push_file.h -- the inside of one file on its way to a host.
 *
 * Room: engine/copy.  May touch: base/, push.h, source.h.
 */
#ifndef MUSTER_COPY_PUSH_FILE_H
#define MUSTER_COPY_PUSH_FILE_H

#include "copy/push.h"
#include "copy/sftp.h"

struct edition;

#define PUSH_PIECE_BYTES (64 * 1024)
/* Read back through the handle that wrote it, without a question more. */
#define PUSH_SMALL_BYTES (64 * 1024)

enum file_stage {
	FILE_EQUAL, /* has what is there our digest? */
	FILE_OPEN,
	FILE_RESUME, /* is there a part of it? */
	FILE_SEND,
	FILE_SETTLE,
	FILE_CHECK,     /* the helper works out a digest */
	FILE_READ_BACK, /* there is none: it is compared byte by byte */
	FILE_RENAME,
	FILE_CLEAN, /* it failed: what is left there goes */
};

struct push_file {
	TAILQ_ENTRY(push_file) entry; /* of push->files */
	struct push *push;            /* borrowed */
	size_t index;                 /* of its entry */
	enum file_stage stage;
	struct edition *edition; /* in use */
	char *path, *temp;       /* owned */
	char *part;              /* owned; its name while `temp` has another */
	struct sftp_attrs part_attrs;
	struct sftp_handle handle;
	bool is_open; /* the handle is */
	bool is_made; /* temp may be there */
	uint64_t size, sent;
	uint64_t asked; /* READ_BACK */
	bool is_same;   /* there is nothing to do */
	bool has_holes, write_failed;
	bool changed;     /* here, meanwhile */
	bool has_retried; /* after a change */
	size_t n_waiting; /* answers under way */
	struct bad bad;
};

/* Counts an answer that will come; the function calls push_file_heard(). */
struct sftp_then push_file_wait(
    struct push_file *f, void (*answer)(void *, const struct sftp_reply *));
void push_file_heard(struct push_file *f);
void push_file_advance(struct push_file *f);
void push_file_close(struct push_file *f);

/* push_verify.c */

/* Is what is there what would be sent? */
void push_file_compare(struct push_file *f);

/* Whether `line`, of the helper, has the digest of the file's first `len`
 * bytes; told by then(). What changed meanwhile is noted as such. */
void push_file_digest(struct push_file *f, uint64_t len, const char *line,
    void (*then)(struct push_file *f, bool good));

/* Is what lies there what was sent? */
void push_file_check(struct push_file *f);

/* Of a small file, by its open handle, which is closed behind. */
void push_file_read_back_begin(struct push_file *f);

/* Asks for more of it, while there is room. */
void push_file_read_back(struct push_file *f);

/* push_resume.c: the name for parts is taken; `temp` is open under another.
 * What was sent before is taken over, or removed, or left to who writes it.
 * push_file_heard() follows. */
void push_resume_begin(struct push_file *f);

#endif
