/*
 * muster_input.h -- what commands read: their stdin, fed while they run.
 *
 * Room: engine.  May touch: muster.h, which includes it; nobody else does.
 */
#ifndef MUSTER_MUSTER_INPUT_H
#define MUSTER_MUSTER_INPUT_H

#ifdef __cplusplus
extern "C" {
#endif

/* Bytes that may be sent ahead of the host that reads fastest before a caller
 * does well to wait for MUSTER_EVENT_INPUT. */
#define MUSTER_INPUT_AHEAD (1024 * 1024)

struct muster_input {
	const void *data; /* copied */
	size_t len;       /* may be 0 */
	bool end;         /* EOF behind it: nothing more comes */
};

/* Sends bytes to the stdin of commands that were started with `more_input`:
 * on `n` hosts, or on all of them when `hosts` is NULL. Each takes them at
 * its own pace, those that wait for their turn too; hosts that have ended or
 * were started without are passed over. What a host started later reads
 * begins behind what was sent before, unless none was at work then.
 * Kept once for all hosts: 1 MiB in memory, the rest in a file without a name
 * in $TMPDIR or /var/tmp. Errors: MUSTER_ERR_LIMIT when that were more than
 * options.input_limit_bytes, MUSTER_ERR_FILE when the file cannot be written;
 * nothing of `input` is sent then. */
int muster_send(struct muster *m, const size_t *hosts, size_t n,
    const struct muster_input *input, struct muster_error *err);

/* How many of the bytes sent no host has taken yet. Once it has been over
 * MUSTER_INPUT_AHEAD, MUSTER_EVENT_INPUT tells when half of that is taken. */
size_t muster_input_ahead(const struct muster *m);

#ifdef __cplusplus
}
#endif

#endif
