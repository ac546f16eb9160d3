/*
 * pool.h -- helper threads for what blocks or burns.
 *
 * Room: engine/ssh.  May touch: base/, loop.h.
 * Name look-ups through NSS, decrypting a key, signing with RSA: the work
 * runs on a helper thread, its end on the loop that asked. Threads are made
 * when there is work for them, up to a maximum; for those that are stuck in
 * work that nobody waits for any more, as looking up a name that no server
 * answers for, others are made.
 */
#ifndef MUSTER_SSH_POOL_H
#define MUSTER_SSH_POOL_H

#include <stddef.h>

struct loop;
struct pool;
struct job;

struct pool *pool_new(size_t max_threads);

/* All jobs must have ended or been cancelled. Does not wait for a thread
 * that is stuck in its work; that thread cleans up after itself. */
void pool_free(struct pool *p);

/* Runs work(arg) on a helper thread, then done(arg) on `loop`; then `arg` is
 * the caller's again. Returns a handle for job_cancel(), valid until done
 * is called. */
struct job *pool_submit(struct pool *p, struct loop *loop,
    void (*work)(void *arg), void (*done)(void *arg), void *arg);

/* As pool_submit, for work that nobody waits for: drop(arg) is called from
 * the helper thread when it is done. It is done even after pool_free(). */
void pool_run(struct pool *p, void (*work)(void *arg), void (*drop)(void *arg),
    void *arg);

/* From the loop's thread: done will not be called. `arg` now belongs to the
 * pool, which calls drop(arg) when the work no longer uses it, at once or
 * from a helper thread. */
void job_cancel(struct job *j, void (*drop)(void *arg));

#endif
