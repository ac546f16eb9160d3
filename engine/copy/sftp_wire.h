/*
 * sftp_wire.h -- packets of SFTP version 3, in and out of bytes.
 *
 * Room: engine/copy.  May touch: base/.
 * draft-ietf-secsh-filexfer-02, and the extensions of OpenSSH's PROTOCOL
 * file. Nothing here remembers anything; what is read out of a packet points
 * into it.
 */
#ifndef MUSTER_COPY_SFTP_WIRE_H
#define MUSTER_COPY_SFTP_WIRE_H

#include "base/buf.h"

enum sftp_type {
	SFTP_INIT = 1,
	SFTP_VERSION = 2,
	SFTP_OPEN = 3,
	SFTP_CLOSE = 4,
	SFTP_READ = 5,
	SFTP_WRITE = 6,
	SFTP_LSTAT = 7,
	SFTP_FSTAT = 8,
	SFTP_SETSTAT = 9,
	SFTP_FSETSTAT = 10,
	SFTP_OPENDIR = 11,
	SFTP_READDIR = 12,
	SFTP_REMOVE = 13,
	SFTP_MKDIR = 14,
	SFTP_RMDIR = 15,
	SFTP_REALPATH = 16,
	SFTP_STAT = 17,
	SFTP_RENAME = 18,
	SFTP_READLINK = 19,
	SFTP_SYMLINK = 20,
	SFTP_STATUS = 101,
	SFTP_HANDLE = 102,
	SFTP_DATA = 103,
	SFTP_NAME = 104,
	SFTP_ATTRS = 105,
	SFTP_EXTENDED = 200,
	SFTP_EXTENDED_REPLY = 201,
};

enum sftp_code {
	SFTP_OK = 0,
	SFTP_EOF = 1,
	SFTP_NO_SUCH_FILE = 2,
	SFTP_PERMISSION_DENIED = 3,
	SFTP_FAILURE = 4,
	SFTP_BAD_MESSAGE = 5,
	SFTP_NO_CONNECTION = 6,
	SFTP_CONNECTION_LOST = 7,
	SFTP_OP_UNSUPPORTED = 8,
};

/* Flags of OPEN. */
#define SFTP_FOR_READ 1u
#define SFTP_FOR_WRITE 2u
#define SFTP_CREATE 8u
#define SFTP_EXCLUSIVE 32u

/* Which of the attributes are there. */
#define SFTP_SIZE 1u
#define SFTP_OWNER 2u
#define SFTP_MODE 4u
#define SFTP_TIMES 8u

struct sftp_attrs {
	unsigned flags; /* SFTP_SIZE ... */
	uint64_t size;
	uint32_t uid, gid;
	uint32_t mode; /* as st_mode of Linux */
	uint32_t atime, mtime;
};

#define SFTP_HANDLE_MAX 256 /* as the draft has it */

struct sftp_handle {
	uint8_t bytes[SFTP_HANDLE_MAX];
	size_t len;
};

/* One name of a NAME packet. */
struct sftp_entry {
	const uint8_t *name;
	size_t len;
	struct sftp_attrs attrs;
};

/* A packet from a server, taken apart. */
struct sftp_reply {
	enum sftp_type type;
	uint32_t id;
	uint32_t code;       /* STATUS: an enum sftp_code, or another */
	const uint8_t *data; /* DATA, HANDLE; STATUS: its text; the body of
				VERSION and EXTENDED_REPLY */
	size_t len;
	struct sftp_attrs attrs; /* ATTRS */
	uint32_t n_names;        /* NAME: all of them are whole */
	struct rd names;         /* NAME: for sftp_read_entry() */
};

/* Reads the packet behind its length field. Returns false for one that is
 * no reply of version 3, or lies about what is in it. */
bool sftp_read_reply(const void *packet, size_t len, struct sftp_reply *reply);

/* Takes the next name; false when there is none. */
bool sftp_read_entry(struct rd *names, struct sftp_entry *entry);

bool sftp_read_attrs(struct rd *r, struct sftp_attrs *attrs);
bool sftp_add_attrs(struct buf *b, const struct sftp_attrs *attrs);

/* What a status means, for a person: "no such file". */
const char *sftp_code_text(uint32_t code);

#endif
