/*
 * secret.h -- passwords and private keys in memory.
 *
 * Room: engine/base.  May touch: mem.h.
 * A secret lives in pages of its own: locked, out of core dumps, wiped in
 * a forked child, wiped before it is freed. Never traced, never in an error.
 */
#ifndef MUSTER_BASE_SECRET_H
#define MUSTER_BASE_SECRET_H

#include <stdbool.h>
#include <stddef.h>

struct secret;

/* Copies `len` bytes into a new secret and leaves the source alone. */
struct secret *secret_new(const void *data, size_t len);

/* The same with one more owner, to be freed as often; NULL for NULL. From
 * any thread. */
struct secret *secret_ref(const struct secret *s);
void secret_free(struct secret *s);

bool secret_is_equal(const struct secret *a, const struct secret *b);

/* The bytes with a NUL behind them, lent until secret_free(). */
const char *secret_data(const struct secret *s);
size_t secret_len(const struct secret *s);

/* Keeps the process from being dumped or traced while secrets live
 * (prctl(2) PR_SET_DUMPABLE, setrlimit(2) RLIMIT_CORE). */
void secret_harden_process(void);

/* Wipes `len` bytes so that no compiler may leave it out. */
void secret_wipe(void *data, size_t len);

#endif
