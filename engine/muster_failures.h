/*
 * muster_failures.h -- how many hosts may fail before no more begin.
 *
 * Room: engine.  May touch: muster.h, which includes it; nobody else does.
 */
#ifndef MUSTER_MUSTER_FAILURES_H
#define MUSTER_MUSTER_FAILURES_H

#ifdef __cplusplus
extern "C" {
#endif

/* From now on counts the hosts that fail, from 0. As soon as there are more
 * than `n_allowed` nothing begins any more, on any host and until this is
 * called again: what waits for its turn, connects or is started later ends as
 * CANCELLED, what runs goes on. The workers see to it themselves: with a
 * fan-out of 1 not one host begins behind the failure that was too many,
 * however late its event is taken. SIZE_MAX: no limit, as at first. */
void muster_limit_failures(struct muster *m, size_t n_allowed);

/* Whether a result counts there: all do but success, and CANCELLED, which is
 * not the host's doing. */
bool muster_result_is_failure(const struct muster_result *result);

#ifdef __cplusplus
}
#endif

#endif
