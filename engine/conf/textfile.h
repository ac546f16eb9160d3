/*
 * textfile.h -- a text file in memory, handed out line by line.
 *
 * Room: engine/conf.  May touch: base.
 */
#ifndef MUSTER_CONF_TEXTFILE_H
#define MUSTER_CONF_TEXTFILE_H

#include "muster.h"

#include <stdbool.h>

struct textfile {
	char *name; /* owned; for messages */
	char *text; /* owned, NUL-terminated */
	size_t len;
	size_t next;   /* offset of the line to come */
	unsigned line; /* number of the line given last, from 1 */
};

/* Reads the file at `path` whole, standard input for "-". A byte order mark
 * is dropped. Errors: MUSTER_ERR_FILE when it cannot be read, is no regular
 * file, pipe or terminal, has NUL bytes or is over LIMIT_CONFIG_FILE_BYTES.
 */
int textfile_read(
    struct textfile *f, const char *path, struct muster_error *err);

/* As textfile_read for a path that is never standard input, of a file that
 * nobody else may have written: a regular one of at most `limit` bytes.
 * Errors: MUSTER_ERR_FILE also for what textfile_check() refuses. */
int textfile_read_own(struct textfile *f, const char *path, size_t limit,
    struct muster_error *err);

/* Refuses an open file that is not regular, and, when it has to be our own,
 * one that another user but root owns or that others may write.
 * Returns 0, or -1: MUSTER_ERR_FILE. */
int textfile_check(
    int fd, const char *path, bool is_own, struct muster_error *err);

/* Takes `len` bytes of text as a file called `name`; copies both. */
void textfile_init(
    struct textfile *f, const char *name, const char *text, size_t len);

void textfile_clear(struct textfile *f);

/* The next line, NUL-terminated in place without its LF or CR LF; NULL at
 * the end. Lent until textfile_clear(); the caller may write to it. */
char *textfile_next(struct textfile *f, size_t *len);

/* Puts "name:line:column: " before the error found in the line given last,
 * and makes a MUSTER_ERR_SYNTAX of it a MUSTER_ERR_FILE. Returns -1. */
int textfile_blame(
    const struct textfile *f, size_t column, struct muster_error *err);

/* Refuses the line given last at `column`, from 1. Returns -1. */
int textfile_refuse(const struct textfile *f, size_t column,
    struct muster_error *err, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

/* A path as written in the file `from`: relative ones start at its folder.
 * Returns a heap string. */
char *textfile_path(const char *from, const char *path);

#endif
