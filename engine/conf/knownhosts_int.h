/*
 * knownhosts_int.h -- what the files that make up known hosts share.
 *
 * Room: engine/conf, and not used outside.  May touch: base/, crypto/digest.h.
 */
#ifndef MUSTER_CONF_KNOWNHOSTS_INT_H
#define MUSTER_CONF_KNOWNHOSTS_INT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "crypto/digest.h"

struct buf;
struct muster_error;
struct knownhosts;

enum knownhosts_marker {
	KNOWNHOSTS_PLAIN,
	KNOWNHOSTS_REVOKES,   /* @revoked */
	KNOWNHOSTS_AUTHORITY, /* @cert-authority */
};

/* A line taken apart; all is borrowed from it but the key. */
struct knownhosts_line {
	enum knownhosts_marker marker;
	const char *hosts;
	size_t hosts_len;
	const char *type;
	size_t type_len;
};

/* Takes a line apart, which has no newline at its end, and writes its key
 * blob into `blob`. Returns NULL; "" for a line that says nothing; or why
 * the line makes no sense. */
const char *knownhosts_line_read(
    struct knownhosts_line *l, const char *text, size_t len, struct buf *blob);

/* Takes a hashed name "|1|salt|hash" apart. Returns false when it is bad. */
bool knownhosts_line_unhash(const char *hosts, size_t len,
    struct digest_hmac *salt, uint8_t hash[DIGEST_SHA1_BYTES]);

/* The name that lines have for a host: "host" or "[host]:port", in lower
 * case. Returns a heap string. */
char *knownhosts_name(const char *host, uint16_t port);

/* Whether an open file may be trusted as knownhosts_read() says; *size is
 * its length, or SIZE_MAX for /dev/null.
 * Returns 0, or -1: MUSTER_ERR_FILE, MUSTER_ERR_LIMIT. */
int knownhosts_file_check(
    int fd, const char *path, size_t *size, struct muster_error *err);

/* Adds the first `size` bytes of an open file to `out`, which may take them;
 * fewer when it has become shorter. Returns 0, or -1: MUSTER_ERR_FILE. */
int knownhosts_file_load(int fd, const char *path, size_t size, struct buf *out,
    struct muster_error *err);

#endif
