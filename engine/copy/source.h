/*
 * source.h -- a local file that is sent to many hosts, read once.
 *
 * Room: engine/copy.  May touch: base/, crypto/.
 * A source is opened once; what was read of it is kept in a cache that all
 * sources of a run share, up to LIMIT_SOURCE_CACHE_BYTES. The file as it was
 * when it was opened is an edition: one that has changed since is found out,
 * and a new edition can be had. Any thread may use all of this.
 */
#ifndef MUSTER_COPY_SOURCE_H
#define MUSTER_COPY_SOURCE_H

#include "crypto/digest.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct edition;
struct muster_error;
struct source;
struct sources;

struct sources *sources_new(void);

/* Frees the cache and all its sources; no edition may be in use. */
void sources_free(struct sources *all);

/* A file that is not opened yet; lent until sources_free(). */
struct source *source_new(struct sources *all, const char *path);

/* Opens the file, or takes part in it. An edition named `stale` is not good
 * enough: NULL for any. Returns NULL: MUSTER_ERR_FILE, also for what is no
 * regular file. Give back with edition_release(). */
struct edition *source_use(
    struct source *s, const struct edition *stale, struct muster_error *err);
void edition_release(struct edition *e);

uint64_t edition_size(const struct edition *e);
uint32_t edition_mode(const struct edition *e);
int64_t edition_mtime(const struct edition *e);

/* Reads `len` bytes at `offset`. Returns 0, or -1: MUSTER_ERR_FILE when it
 * cannot be read or has become shorter. */
int edition_read(struct edition *e, uint64_t offset, void *to, size_t len,
    struct muster_error *err);

/* The SHA-256 of the first `len` bytes; of all of them it is worked out once,
 * as they are read. Returns 0, or -1 as edition_read() does. May take as long
 * as reading the file. */
int edition_digest(struct edition *e, uint64_t len,
    uint8_t out[DIGEST_SHA256_BYTES], struct muster_error *err);

/* Whether the file is still what was opened: the same file under its name,
 * as long and as old as it was. */
bool edition_is_unchanged(struct edition *e);

/* How many bytes were read from disk so far, of all sources: for tests. */
uint64_t sources_n_read(struct sources *all);

#endif
