/*
 * muster_copy.h -- files to and from the hosts of a fleet.
 *
 * Room: engine.  May touch: muster.h, which includes it; nobody else does.
 * A copy is asked for as a command is, and ends as one does: every host gives
 * one MUSTER_EVENT_RESULT, MUSTER_DONE when all of its files are where they
 * belong, whole. A file is made under another name beside its place, checked,
 * and renamed: under its own name there is the old one or the new one.
 */
#ifndef MUSTER_MUSTER_COPY_H
#define MUSTER_MUSTER_COPY_H

#ifdef __cplusplus
extern "C" {
#endif

/* How it is made sure that what arrived is what was sent. */
enum muster_verify {
	MUSTER_VERIFY_SHA256, /* by a digest, or by reading it back */
	MUSTER_VERIFY_SIZE,
	MUSTER_VERIFY_NONE,
};

struct muster_copy_options {
	bool preserve; /* permissions and times as they are at the source */
	bool follow;   /* send what links point to, not the links */
	bool checksum; /* what has the same digest is left alone; otherwise
			  what has the same size and time is */
	bool remove;   /* push: from folders sent, remove what is not sent */
	bool dry_run;  /* tell what would be done, as output; do nothing */
	enum muster_verify verify;
	/* Permission bits: cleared, then set; set_x only for folders and for
	 * what somebody may execute. */
	uint32_t chmod_clear, chmod_set, chmod_set_x;
	bool set_owner; /* push: to uid and gid */
	uint32_t uid, gid;
	/* Their names on the hosts, in place of the numbers; NULL: those. A
	 * host must have a shell to look them up. */
	const char *owner, *group;
	uint64_t bytes_per_s;        /* of all hosts together; 0: no limit */
	uint64_t host_bytes_per_s;   /* of each host; 0: no limit */
	const char *const *excludes; /* patterns that leave out files below a
					folder: of a name, or with a '/' of a
					path within it; '/' at its end: of a
					folder */
	size_t n_excludes;
};

struct muster_become;

struct muster_copy {
	/* Paths, or patterns of glob(7). "{host}" stands for the host. */
	const char *const *sources;
	size_t n_sources;
	/* As the last operand of cp(1); "{host}" likewise. */
	const char *dest;
	/* Instead, one for each host, in the order of `hosts`; NULL: dest.
	 * One that is NULL there stands for dest again. */
	const char *const *dests;
	/* pull: to DEST/NAME.HOST, not to DEST/HOST/NAME. Neither is added
	 * where "{host}" is in dest, or dests has one for the host. */
	bool host_suffix;
	/* As whom files are read and written on the hosts; NULL: who logs
	 * in. It takes an sftp-server program there. A password for doas
	 * cannot be given: it wants a terminal. */
	const struct muster_become *become;
	struct muster_copy_options options;
};

/* Sends local files to hosts (all when `hosts` is NULL). They are listed
 * before this returns. Errors: MUSTER_ERR_FILE, MUSTER_ERR_EMPTY and
 * MUSTER_ERR_LIMIT for files that cannot be sent, MUSTER_ERR_USAGE, and
 * those of muster_start(); nothing is started then. */
int muster_push(struct muster *m, const size_t *hosts, size_t n,
    const struct muster_copy *copy, struct muster_error *err);

/* Fetches files of hosts. What each of them sends stays below its own
 * destination, whatever it says. Errors: as muster_push(). */
int muster_pull(struct muster *m, const size_t *hosts, size_t n,
    const struct muster_copy *copy, struct muster_error *err);

/* How far a host is: with MUSTER_EVENT_TRANSFER, now and then. */
struct muster_transfer {
	uint64_t bytes_done;  /* what was left alone is among it */
	uint64_t bytes;       /* to copy in all; grows while a pull looks */
	uint64_t bytes_per_s; /* lately */
	uint64_t files_done;  /* well or not */
	uint64_t files;       /* likewise */
	uint64_t files_same;  /* left alone, being equal */
	uint64_t files_failed;
	uint64_t file_done, file_bytes; /* of the file at hand */
	char file[256]; /* the end of its path, clean; "": none */
};

/* TRANSFER events are off until asked for: at most one a host each `ms`
 * milliseconds, and one at its end. 0: off again. */
void muster_want_transfers(struct muster *m, uint32_t ms);

#ifdef __cplusplus
}
#endif

#endif
