/*
 * push.h -- the inside of a push, for push*.c.
 *
 * Room: engine/copy.  May touch: base/, courier_impl.h, tree.h.
 *
 *	where does it go -> what is there -> send, make -> remove -> attributes
 *
 * Nothing is written before all of what is there was looked at: a folder in
 * the place of a file, or the other way round, ends it before it begins.
 */
#ifndef MUSTER_COPY_PUSH_H
#define MUSTER_COPY_PUSH_H

#include "copy/courier_impl.h"

#include <sys/queue.h>

struct tree;

/* Files on their way at once. */
#define PUSH_FILES 64

enum push_phase {
	PUSH_DEST,   /* what is the destination? */
	PUSH_SURVEY, /* what is in the place of each entry? */
	PUSH_WORK,
	PUSH_REMOVE, /* what was not sent */
	PUSH_TIMES,  /* of folders, which their content has changed */
};

/* What is in the place of an entry, and then what became of it. */
enum push_state {
	PUSH_UNKNOWN,
	PUSH_ASKED,
	PUSH_ABSENT,
	PUSH_PRESENT, /* of the same kind, or something to be replaced */
	PUSH_SAME,    /* nothing to do */
	PUSH_MAKING,
	PUSH_DONE,
	PUSH_FAILED,
};

struct push_entry {
	uint8_t state;  /* enum push_state */
	bool has_mode;  /* there is a file, with `mode` */
	bool same_size; /* and it is as long as ours */
	bool has_owner;
	uint16_t mode;
	uint32_t uid, gid; /* of the file */
};

struct push_file;
struct push_purge;

struct push {
	struct courier courier; /* first */
	const struct tree *tree;
	enum push_phase phase;
	bool into;         /* the destination is a folder that exists */
	uint32_t uid, gid; /* of --owner */
	struct push_entry *entries; /* owned */
	size_t surveyed, n_surveying;
	size_t worked, n_working; /* folders and links under way */
	size_t timed, n_timing;
	struct bad conflict;
	char conflict_path[WHY_BYTES];
	TAILQ_HEAD(, push_file) files;
	size_t n_files;
	struct push_purge *purge; /* owned; NULL: not begun */
};

/* Where an entry belongs on the host. The caller frees it. */
char *push_path(const struct push *p, size_t index);

/* An entry is what it should be, or cannot be. */
void push_done(struct push *p, size_t index);
void push_failed(struct push *p, size_t index, const struct bad *why);

/* push_file.c: a file on its way. */
void push_file_begin(struct push *p, size_t index);
void push_file_go(struct push_file *f);
void push_file_stop(struct push_file *f);
void push_file_free(struct push_file *f);
struct push_file *push_file_next(const struct push_file *f);

/* push_survey.c */
void push_survey_begin(struct push *p);
void push_survey_go(struct push *p);

/* push_make.c: folders and links. */
void push_folder_begin(struct push *p, size_t index);
void push_link_begin(struct push *p, size_t index);
void push_times_go(struct push *p);

/* A file that is there as it should be, perhaps but for its mode or owner. */
void push_same_begin(struct push *p, size_t index);

/* push_purge.c: what is there and was not sent goes. push_purge_go() returns
 * whether nothing is left to do. */
bool push_purge_go(struct push *p);
void push_purge_free(struct push_purge *purge);

#endif
