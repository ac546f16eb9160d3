/*
 * sftp.h -- the client's side of SFTP version 3, without a wire of its own.
 *
 * Room: engine/copy.  May touch: base/.
 * Bytes of the server are fed in, bytes for it wait in sftp_out(). Any number
 * of requests are under way; every answer is matched with its request and
 * bounded by it, and one that is not breaks the conversation for good.
 *
 * How much is under way is measured: twice what the line takes within one
 * round trip, so that a long line is filled and a short one not flooded.
 */
#ifndef MUSTER_COPY_SFTP_H
#define MUSTER_COPY_SFTP_H

#include "copy/sftp_wire.h"

struct muster_error;
struct sftp;

/* Extensions that servers offer (OpenSSH's PROTOCOL, section 4). */
enum sftp_extension {
	SFTP_POSIX_RENAME,
	SFTP_STATVFS,
	SFTP_HARDLINK,
	SFTP_FSYNC,
	SFTP_LIMITS,
	SFTP_COPY_DATA,
	SFTP_N_EXTENSIONS
};

/* Who hears the answer to a request. It is of the type asked for, or a
 * STATUS; lent until the call returns. */
struct sftp_then {
	void (*answer)(void *arg, const struct sftp_reply *reply);
	void *arg;
	void (*drop)(void *arg); /* instead, when none will come; may be NULL */
};

/* A conversation that begins: ready(arg) is called once the server has said
 * what it can do. */
struct sftp *sftp_new(void (*ready)(void *arg), void *arg);
void sftp_free(struct sftp *s);

/* Another server is spoken to, from the beginning: before it is ready only. */
void sftp_greet(struct sftp *s);

/* Takes bytes of the server; answers are called from here. Returns 0, or -1:
 * MUSTER_ERR_PROTOCOL, and then no more is taken. */
int sftp_feed(
    struct sftp *s, const void *data, size_t len, struct muster_error *err);

/* What waits to be sent; the caller drains it. */
struct buf *sftp_out(struct sftp *s);

/* Takes no more bytes and calls no more answers. */
void sftp_stop(struct sftp *s);

bool sftp_is_greeted(const struct sftp *s); /* it has said its version */
bool sftp_is_ready(const struct sftp *s);
bool sftp_has(const struct sftp *s, enum sftp_extension extension);

/* The most bytes of one READ and WRITE. */
size_t sftp_piece(const struct sftp *s, bool write);

/* Whether one more READ or WRITE should leave now. */
bool sftp_has_room(const struct sftp *s);

/* Whether one more request of another kind should. */
bool sftp_has_turn(const struct sftp *s);

/* Requests without an answer yet. */
size_t sftp_n_waiting(const struct sftp *s);

/* Copies the handle of an answer. */
void sftp_keep_handle(struct sftp_handle *to, const struct sftp_reply *reply);

/* ---- requests ---- */

/* STAT, LSTAT, OPENDIR, REMOVE, RMDIR, REALPATH or READLINK of a path. */
void sftp_ask(struct sftp *s, enum sftp_type type, const char *path,
    struct sftp_then then);

/* CLOSE, FSTAT or READDIR of a handle. */
void sftp_ask_handle(struct sftp *s, enum sftp_type type,
    const struct sftp_handle *handle, struct sftp_then then);

void sftp_open(struct sftp *s, const char *path, uint32_t flags,
    const struct sftp_attrs *attrs, struct sftp_then then);
void sftp_read(struct sftp *s, const struct sftp_handle *handle,
    uint64_t offset, uint32_t len, struct sftp_then then);

/* `len` is at most sftp_piece(). */
void sftp_write(struct sftp *s, const struct sftp_handle *handle,
    uint64_t offset, const struct rd *data, struct sftp_then then);
void sftp_setstat(struct sftp *s, const char *path,
    const struct sftp_attrs *attrs, struct sftp_then then);
void sftp_fsetstat(struct sftp *s, const struct sftp_handle *handle,
    const struct sftp_attrs *attrs, struct sftp_then then);
void sftp_mkdir(
    struct sftp *s, const char *path, uint32_t mode, struct sftp_then then);

/* By posix-rename when the server has it: that replaces what is there. */
void sftp_rename(
    struct sftp *s, const char *from, const char *to, struct sftp_then then);

/* In the order of arguments that all servers have after OpenSSH. */
void sftp_symlink(struct sftp *s, const char *target, const char *path,
    struct sftp_then then);

/* ---- extensions: only where sftp_has() says so ---- */

void sftp_fsync(
    struct sftp *s, const struct sftp_handle *handle, struct sftp_then then);

/* The answer is an EXTENDED_REPLY for sftp_read_space(). */
void sftp_statvfs(struct sftp *s, const char *path, struct sftp_then then);

/* The bytes and inodes that a STATVFS answer says are free for us. */
bool sftp_read_space(
    const struct sftp_reply *reply, uint64_t *bytes, uint64_t *inodes);

/* Copies the whole of `from`, from its beginning to that of `to`. */
void sftp_copy_data(struct sftp *s, const struct sftp_handle *from,
    const struct sftp_handle *to, struct sftp_then then);

#endif
