/*
 * pull_file.h -- the inside of one file on its way from a host.
 *
 * Room: engine/copy.  May touch: base/, pull.h, land.h.
 */
#ifndef MUSTER_COPY_PULL_FILE_H
#define MUSTER_COPY_PULL_FILE_H

#include "copy/land.h"
#include "copy/pull.h"

enum pull_stage {
	PULL_EQUAL, /* is it here already? */
	PULL_OPEN,
	PULL_LOOK,   /* how long is it? */
	PULL_RESUME, /* is what is here of it good? */
	PULL_FETCH,
	PULL_CLOSE,
	PULL_CHECK, /* what digest has it there? */
	PULL_LAND,
};

struct pull_file {
	TAILQ_ENTRY(pull_file) entry; /* of pull->files */
	struct pull *pull;            /* borrowed */
	struct pull_item *item;       /* owned */
	enum pull_stage stage;
	struct sftp_handle handle;
	bool is_open;
	struct sftp_attrs attrs; /* as LOOK has them */
	uint64_t size, asked, got;
	uint64_t kept;     /* of a pull that was cut, in `land` */
	struct land *land; /* owned; the file here; NULL: there is none */
	bool is_same;
	bool changed;     /* there, meanwhile */
	bool has_retried; /* after a change */
	size_t n_waiting; /* answers under way */
	struct bad bad;
};

/* Answers of other files of this room come; pull_file_heard() ends one. */
void pull_file_heard(struct pull_file *f);

/* pull_resume.c */

/* Makes the file here, under another name, or takes what is left of it by a
 * pull that was cut: `kept` says how much. False: f->bad is set. */
bool pull_make_here(struct pull_file *f);

/* Forgets what is kept unless the host has the same. pull_file_heard()
 * follows. */
void pull_resume_begin(struct pull_file *f);

/* The connection is lost: what has come stays for the next time. */
void pull_keep_part(struct pull_file *f);

#endif
