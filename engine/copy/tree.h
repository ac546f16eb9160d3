/*
 * tree.h -- what there is to send: local files and folders, listed.
 *
 * Room: engine/copy.  May touch: base/, source.h.
 * A folder comes before what is in it. Shared by all hosts; nothing of it
 * changes once it is walked, but for the cache behind its sources.
 */
#ifndef MUSTER_COPY_TREE_H
#define MUSTER_COPY_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct muster_error;
struct source;
struct sources;

enum tree_kind { TREE_FILE, TREE_FOLDER, TREE_LINK };

#define TREE_ROOT SIZE_MAX /* the parent of what was named */

struct tree_entry {
	enum tree_kind kind;
	size_t parent;      /* index of its folder, or TREE_ROOT */
	const char *name;   /* within that folder; of a root: its last part */
	const char *local;  /* where it is here */
	const char *target; /* LINK */
	uint32_t mode;      /* permission bits, special ones too */
	uint64_t size;      /* FILE */
	int64_t mtime;
	struct source *source; /* FILE; lent by the sources */
};

struct tree {
	struct tree_entry *entries; /* owned */
	size_t n, cap;
	size_t n_roots;
	size_t n_files; /* files and links */
	uint64_t bytes;
	char **notes; /* owned; what was left out, and why */
	size_t n_notes, cap_notes;
	void *arena; /* owned */
};

struct tree_options {
	bool follow;                 /* links are what they point to */
	const char *const *excludes; /* patterns of copy_is_excluded() */
	size_t n_excludes;
};

/* Lists the files and folders at these paths; a path that is not there but
 * is a pattern of glob(7) stands for what matches it. A link named here is
 * what it points to, one below a folder only if they are followed.
 * Returns NULL: MUSTER_ERR_FILE naming what cannot be read, MUSTER_ERR_EMPTY
 * for a pattern without a match, MUSTER_ERR_LIMIT. */
struct tree *tree_walk(const char *const *paths, size_t n,
    const struct tree_options *o, struct sources *sources,
    struct muster_error *err);
void tree_free(struct tree *t);

/* Whether one of the patterns leaves out what is at `path` within the thing
 * named: fnmatch(3) on its last part, or on all of it when the pattern has a
 * '/' in it. A '/' at the end of a pattern wants a folder. */
bool tree_is_excluded(
    const char *const *patterns, size_t n, const char *path, bool is_folder);

/* The last part of a path, without '/' at its end: "." and ".." have none
 * and stand for what is in them. Returns a heap string. */
char *tree_last_part(const char *path);

#endif
