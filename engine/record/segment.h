/*
 * segment.h -- captured output on disk: frames, one behind the other.
 *
 * Room: engine/record.  May touch: base/, record/crc.h.
 * A worker writes a file of its own until it has SEGMENT_BYTES, then the
 * next. A frame is a header of 44 bytes, numbers big-endian, and its bytes:
 *
 *	u32 "mUs1"   u32 CRC-32C of all that follows   u32 length
 *	u32 order    u32 host    u32 stream (0, 1)     u32 0
 *	u64 offset in the stream                       u64 time (us)
 */
#ifndef MUSTER_RECORD_SEGMENT_H
#define MUSTER_RECORD_SEGMENT_H

#include "muster.h"

#define SEGMENT_BYTES (64 * 1024 * 1024)
#define SEGMENT_FRAME_BYTES (256 * 1024) /* of one frame, at most */

struct segment_frame {
	uint32_t order;
	uint32_t host;
	enum muster_stream stream;
	uint64_t offset; /* in the stream of that host and order */
	int64_t at_us;   /* CLOCK_BOOTTIME */
	uint32_t len;
};

struct segment; /* being written */

/* Writes files "seg-WORKER-NUMBER.log" in the folder `dir` (borrowed
 * descriptor), from the first on that is not there. Nothing is made before
 * the first frame. */
struct segment *segment_new(int dir, unsigned worker);
void segment_free(struct segment *s);

/* Adds a frame; small ones wait until segment_flush(). Returns 0, or an
 * errno: what was written before stays valid. */
int segment_add(
    struct segment *s, const struct segment_frame *frame, const void *data);

/* Hands everything to the kernel. Returns 0, or an errno. */
int segment_flush(struct segment *s);

/* Waits until it is on the disk. Returns 0, or an errno. */
int segment_sync(struct segment *s);

/* Calls `take` for each whole frame of the segment file behind `fd`, with the
 * place of its bytes in the file. Returns the offset of the first byte that
 * is not of a whole and valid frame: the file's length when all are. */
uint64_t segment_scan(int fd,
    void (*take)(void *arg, const struct segment_frame *frame, uint64_t at),
    void *arg);

#endif
