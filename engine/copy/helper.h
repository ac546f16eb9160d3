/*
 * helper.h -- a shell on the host that answers what SFTP cannot.
 *
 * Room: engine/copy.  May touch: base/.
 * Digests of files without fetching them, and a rename that replaces where
 * the SFTP server has none. Questions are lines to a command that
 * helper_command() is; where it cannot be run, every question is answered
 * with NULL, and the caller finds another way.
 */
#ifndef MUSTER_COPY_HELPER_H
#define MUSTER_COPY_HELPER_H

#include "base/buf.h"

struct helper;

/* Who hears the answer: a line, or NULL for none; lent. */
struct helper_then {
	void (*answer)(void *arg, const char *line);
	void *arg;
};

/* The command to run; static. */
const char *helper_command(void);

/* open(arg) is called when the first question waits for the command. */
struct helper *helper_new(void (*open)(void *arg), void *arg);
void helper_free(struct helper *h);

/* Takes what the command prints. */
void helper_feed(struct helper *h, const void *data, size_t len);

/* What waits to be sent to it; the caller drains it. */
struct buf *helper_out(struct helper *h);

/* The command ended, or could not be run. */
void helper_lose(struct helper *h);

/* The SHA-256, in hex, of the first `len` bytes of a file. Returns false
 * when no helper can tell: nothing is called then. */
bool helper_ask_digest(
    struct helper *h, const char *path, uint64_t len, struct helper_then then);

/* Renames, replacing what is there; "ok" when it is done. The same. */
bool helper_ask_rename(struct helper *h, const char *from, const char *to,
    struct helper_then then);

/* The number of a user or a group, whose name is letters, digits, '.', '_' and
 * '-'. The same. */
bool helper_ask_id(
    struct helper *h, bool group, const char *name, struct helper_then then);

#endif
