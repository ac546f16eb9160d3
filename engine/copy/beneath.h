/*
 * beneath.h -- files below one local folder, and never anywhere else.
 *
 * Room: engine/copy.  May touch: base/.
 * The folder is opened once; all below it is reached one name at a time, from
 * descriptor to descriptor, and no name on the way may be a link. So
 * whatever names a host sends, and whoever moves things about meanwhile,
 * nothing outside of it is touched.
 */
#ifndef MUSTER_COPY_BENEATH_H
#define MUSTER_COPY_BENEATH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Why a name a host sent can be none here, or NULL: it is empty, "." or "..",
 * too long, or has a '/' or a control character in it. */
const char *beneath_refuses(const void *name, size_t len);

/* Opens the folder at `path`, which may be reached by links; makes it, and
 * the one it is in, where they are missing and `make` says so. Returns the
 * descriptor, or -1 with errno. */
int beneath_open_root(const char *path, bool make);

/* Opens a folder below `root`; "" is itself. -1 with errno: ELOOP for a
 * link. */
int beneath_open(int root, const char *path);

/* Opens the folder that `path` is in; *name is its last part, within `path`.
 * -1 with errno. */
int beneath_open_parent(int root, const char *path, const char **name);

/* Makes a folder, for us alone, unless there is one. Returns 1 when it is new,
 * 0 when it was there, -1 with errno: ELOOP for a link, ENOTDIR for another
 * thing. */
int beneath_make_folder(int root, const char *path);

/* Makes a link, replacing a link or a file. -1 with errno. */
int beneath_make_link(int root, const char *path, const char *target);

/* Sets the permissions and, unless it is NULL, the time of a folder. */
int beneath_set_folder(
    int root, const char *path, mode_t mode, const int64_t *mtime);

/* The same for a file that is no link; `mode` alone. */
int beneath_set_file(int root, const char *path, mode_t mode);

#endif
