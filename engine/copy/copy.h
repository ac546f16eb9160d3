/*
 * copy.h -- what is to be copied: shared by all hosts it goes to.
 *
 * Room: engine/copy.  May touch: muster.h.
 * Made once; nothing in it changes while couriers use it, but for what has a
 * lock of its own.
 */
#ifndef MUSTER_COPY_COPY_H
#define MUSTER_COPY_COPY_H

#include "muster.h"

struct throttle;
struct tree;

struct copy {
	bool is_pull;
	struct muster_copy_options o; /* owns its strings */
	uint32_t umask;               /* of this process */
	/* push */
	bool keeps_owner;        /* of files that are replaced */
	const struct tree *tree; /* borrowed */
	/* pull: paths or patterns on the host */
	char **sources; /* owned */
	size_t n_sources;
	char *suffix;    /* owned; behind each name here; NULL: none */
	bool own_folder; /* dest is made when it is not there */
	char *dest;      /* owned; there for a push, here for a pull */
	struct throttle *throttle; /* borrowed; of all hosts; NULL: none */
	unsigned max_open;         /* local files a host may have open */
};

/* Copies options, strings and all; copy_options_clear() frees them. */
void copy_options_dup(
    struct muster_copy_options *to, const struct muster_copy_options *from);
void copy_options_clear(struct muster_copy_options *o);

/* The permission bits for something new that has `mode` where it comes from.
 * Bits that let others become its owner are never among them unless the
 * options name them. */
uint32_t copy_mode(const struct copy *c, uint32_t mode, bool is_folder);

/* "FOLDER/NAME", or NAME alone for "" or ".". The caller frees it. */
char *copy_join(const char *folder, const char *name);

/* A name for a file that is not whole yet, beside `path`. Never the same
 * twice. The caller frees it. */
char *copy_temp_name(const char *path);

/* The name that is tried first: what was cut short is found under it again.
 * Whoever else is at work on the same file has it for now. The same. */
char *copy_part_name(const char *path);

/* Less is not worth going on with. */
#define COPY_RESUME_BYTES (64 * 1024)

/* Whether `name` is what copy_temp_name() makes for that last part. */
bool copy_is_temp_name(const char *name, const char *last);

#endif
