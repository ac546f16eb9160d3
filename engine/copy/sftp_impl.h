/*
 * sftp_impl.h -- the inside of a conversation, for sftp*.c.
 *
 * Room: engine/copy.  May touch: base/.
 */
#ifndef MUSTER_COPY_SFTP_IMPL_H
#define MUSTER_COPY_SFTP_IMPL_H

#include "copy/sftp.h"

#define SLOT_BITS 16
#define TURN_MASK 0xffffu
#define NO_SLOT UINT32_MAX

/* A request that waits for its answer. */
struct slot {
	bool used;
	uint16_t turn;         /* how often the slot was used */
	enum sftp_type wanted; /* the answer's type, beside STATUS */
	size_t bytes;          /* of a READ or WRITE */
	int64_t sent_us;
	struct sftp_then then;
	uint32_t next; /* of the free ones */
};

struct sftp {
	void (*ready)(void *arg);
	void *arg;
	bool is_greeted, is_ready, stopped;
	bool has[SFTP_N_EXTENSIONS];
	size_t read_max, write_max;
	struct buf in, out;
	struct slot *slots; /* owned */
	size_t n_slots;
	uint32_t free_slot; /* NO_SLOT: none */
	size_t n_waiting;
	size_t flying, flight_max; /* bytes of READs and WRITEs under way */
	int64_t round_us;          /* the shortest time to an answer */
	int64_t measured_us;       /* since when `delivered` counts */
	uint64_t delivered;
};

/* Notes a request and returns its id; the caller adds the packet. */
uint32_t sftp_begin(
    struct sftp *s, enum sftp_type wanted, size_t bytes, struct sftp_then then);

const char *sftp_extension_name(enum sftp_extension extension);

/* limits@openssh.com: the answer is an EXTENDED_REPLY of four u64. */
void sftp_ask_limits(struct sftp *s, struct sftp_then then);

#endif
