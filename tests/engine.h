/*
 * engine.h -- what tests of the whole engine share: run, collect, compare.
 *
 * Room: tests.  May touch: muster.h, fixture/sshd.h.
 */
#ifndef MUSTER_TESTS_ENGINE_H
#define MUSTER_TESTS_ENGINE_H

#include "base/buf.h"
#include "muster.h"

struct sshd_fleet;

/* What a host sent. */
struct output {
	struct buf out, err;
};

struct engine {
	struct muster *m;
	struct muster_options options;
	const char *identity, *known_hosts; /* owned */
	struct output *outputs;             /* one a host */
	size_t n_results;
	struct buf notes; /* a line each: "HOST: text" */
};

/* Options that reach the servers of `f` and nothing of the tester's own. */
void engine_init(struct engine *e, struct sshd_fleet *f);

/* Makes the fleet with the options as they are by now. */
void engine_open(struct engine *e);
void engine_clear(struct engine *e);

/* Adds server i of the fixture under its address. */
void engine_add(struct engine *e, struct sshd_fleet *f, size_t i);

/* Starts on all hosts and gathers until all have their results. */
void engine_run(struct engine *e, const char *command);
void engine_start(struct engine *e, const struct muster_command *command);

/* The same for muster_push() or muster_pull() on all hosts. */
void engine_copy(struct engine *e,
    int (*start)(struct muster *m, const size_t *hosts, size_t n,
	const struct muster_copy *copy, struct muster_error *err),
    const struct muster_copy *copy);

/* Takes events until `n` results came in all, or 30 s passed (a failure). */
void engine_gather(struct engine *e, size_t n);

/* Takes events until the host has sent `text` on stdout. */
void engine_await(struct engine *e, size_t host, const char *text);

const struct muster_result *engine_result(const struct engine *e, size_t host);

/* The end of the host, in words, is `expected`: "EXIT 3", "SIGNAL TERM",
 * "HK_CHANGED". */
void engine_assert_end(
    const struct engine *e, size_t host, const char *expected);

/* The whole output is these bytes. */
void engine_assert_out(
    const struct engine *e, size_t host, const void *data, size_t len);
void engine_assert_err(
    const struct engine *e, size_t host, const void *data, size_t len);

#endif
