/*
 * pull.h -- the inside of a pull, for pull*.c.
 *
 * Room: engine/copy.  May touch: base/, courier_impl.h, beneath.h.
 *
 *	sources -> patterns -> roots -> folders are listed, files fetched
 *
 * Files are fetched while folders are still listed, so that a tree needs no
 * memory for more than LIST_AHEAD of them. What a host says is checked before
 * anything is done with it: names, lengths, kinds.
 */
#ifndef MUSTER_COPY_PULL_H
#define MUSTER_COPY_PULL_H

#include "copy/courier_impl.h"
#include "copy/sftp_wire.h"

#include <sys/queue.h>

/* Files found and not begun, at most, before listing pauses. */
#define LIST_AHEAD 4096

/* Something on the host that belongs here. */
struct pull_item {
	TAILQ_ENTRY(pull_item) entry;
	char *path;  /* owned; there */
	char *local; /* owned; below the destination; "": itself */
	char *inner; /* owned; below what was named */
	struct sftp_attrs attrs;
	unsigned depth;
	bool is_new; /* a folder that we made */
};

TAILQ_HEAD(pull_items, pull_item);

struct pull_file;
struct pull_list;
struct pull_glob;

struct pull {
	struct courier courier; /* first */
	bool is_begun;
	int root;   /* descriptor of the destination; -1 */
	char *only; /* owned; the name of the one thing, or NULL: its own */
	size_t next_source;
	struct pull_items roots;   /* to be looked at */
	struct pull_items folders; /* to be listed */
	struct pull_items wanted;  /* files and links to be fetched */
	struct pull_items made;    /* folders whose times are to be set */
	size_t n_wanted, n_found, n_roots;
	size_t n_asked; /* answers about roots and links under way */
	TAILQ_HEAD(, pull_file) files;
	size_t n_files;
	struct pull_list *list; /* owned; NULL: none is listed now */
	struct pull_glob *glob; /* owned; NULL: no pattern is looked for */
};

struct pull_item *pull_item_new(
    const char *path, const char *local, const char *inner);
void pull_item_free(struct pull_item *item);

/* Something was found at item->path: files, folders and links are taken in
 * hand, others told of. Takes the item over. */
void pull_found(struct pull *p, struct pull_item *item);

/* Something will not be here. */
void pull_failed(struct pull *p, const char *path, const struct bad *why);

/* pull_list.c: the next of p->folders. */
void pull_list_go(struct pull *p);
void pull_list_free(struct pull_list *list);

/* pull_glob.c: what matches a pattern there; each match is a root. */
void pull_glob_begin(struct pull *p, const char *pattern);
void pull_glob_free(struct pull_glob *glob);
bool pull_is_pattern(const char *path);

/* A path on the host was named, or matched. */
void pull_add_root(struct pull *p, const char *path);

/* pull_file.c. Takes the item over. */
void pull_file_begin(struct pull *p, struct pull_item *item);
void pull_file_go(struct pull_file *f);
void pull_file_free(struct pull_file *f);
struct pull_file *pull_file_next(const struct pull_file *f);

#endif
