/*
 * muster_peers.h -- which hosts are far behind those that have finished.
 *
 * Room: engine.  May touch: muster.h, which includes it; nobody else does.
 * Plain data that the caller holds, zeroed to begin with.
 */
#ifndef MUSTER_MUSTER_PEERS_H
#define MUSTER_MUSTER_PEERS_H

#ifdef __cplusplus
extern "C" {
#endif

#define MUSTER_PEERS_BUCKETS 256

/* How long commands took that have ended, by eighths of powers of two. */
struct muster_peers {
	size_t n;
	uint32_t buckets[MUSTER_PEERS_BUCKETS];
};

/* Counts in a command that has ended, and how long it took. */
void muster_peers_add(struct muster_peers *p, int64_t took_us);

/* The time within which nine of ten have ended, at most an eighth too long; 0
 * while there is none. */
int64_t muster_peers_p90_us(const struct muster_peers *p);

/* Whether one that is at work, and has printed nothing for a while, is stuck:
 * when 5 at least have ended, it has taken 3 times as long as nine of ten of
 * them, and 10 seconds, and was silent for a third of that. */
bool muster_peers_is_stuck(
    const struct muster_peers *p, int64_t at_work_us, int64_t silent_us);

#ifdef __cplusplus
}
#endif

#endif
