/*
 * sftp.h -- an SFTP server on a host's home, which can be told to lie.
 *
 * Room: tests/fleetsim.  May touch: base/, channel.h.
 * draft-ietf-secsh-filexfer-02 (version 3) with posix-rename and fsync of
 * OpenSSH. Paths are relative to the home. What a scenario spoils is the
 * answer to a request, before it leaves.
 */
#ifndef FLEETSIM_SFTP_H
#define FLEETSIM_SFTP_H

#include "channel.h"

#include <dirent.h>

#define SIM_SFTP_THINGS 64

enum {
	FXP_INIT = 1,
	FXP_VERSION,
	FXP_OPEN,
	FXP_CLOSE,
	FXP_READ,
	FXP_WRITE,
	FXP_LSTAT,
	FXP_FSTAT,
	FXP_SETSTAT,
	FXP_FSETSTAT,
	FXP_OPENDIR,
	FXP_READDIR,
	FXP_REMOVE,
	FXP_MKDIR,
	FXP_RMDIR,
	FXP_REALPATH,
	FXP_STAT,
	FXP_RENAME,
	FXP_READLINK,
	FXP_SYMLINK,
	FXP_STATUS = 101,
	FXP_HANDLE,
	FXP_DATA,
	FXP_NAME,
	FXP_ATTRS,
	FXP_EXTENDED = 200,
	FXP_EXTENDED_REPLY
};

enum { FX_OK, FX_EOF, FX_NO_FILE, FX_DENIED, FX_FAILURE, FX_UNSUPPORTED = 8 };

/* An open file or folder. */
struct sftp_thing {
	bool used;
	int fd;   /* -1: a folder */
	DIR *dir; /* owned; NULL: a file */
};

struct sim_sftp {
	struct channel *channel; /* borrowed */
	int home;
	struct sftp_thing things[SIM_SFTP_THINGS];
	struct buf out; /* waits for the window */
	unsigned n_answers;
	unsigned n_listed; /* answers that scenarios made up */
	/* Set by scenarios. */
	bool plain;   /* no extensions */
	bool spoils;  /* stores a byte otherwise */
	bool forgets; /* acknowledges and stores nothing */
	bool is_cut;  /* nothing more leaves */
};

/* An answer before it leaves: packets without their lengths. */
struct sftp_answer {
	struct sim_sftp *server;
	uint8_t asked;   /* FXP_... */
	struct buf body; /* type, id, and what is behind */
	bool drop, twice, reverse;
	bool raw;        /* body leaves as it is, without a length */
	bool has_length; /* `length` is said in place of the true one */
	uint32_t length;
};

/* The subsystem: what runs on a channel that asked for it. */
void sim_sftp_start(struct channel *c);

/* sftp_files.c: does what is asked and writes the answer's body. */
void sim_sftp_serve(
    struct sim_sftp *s, uint8_t type, struct rd *r, struct buf *body);
void sim_sftp_close(struct sftp_thing *t);

#endif
