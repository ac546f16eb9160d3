/*
 * heap.h -- libssh2's memory: counted, wiped, and read on its way out.
 *
 * Room: engine/ssh.  May touch: base/, libssh2.
 * libssh2 hands every packet to its free function once it is done with it.
 * That is where we learn what its interface does not tell: that an
 * exit-status was received and not assumed (it reports 0 for none), which
 * methods a server still accepts, and how many bytes of output came.
 * tests/test_heap.c checks that the libssh2 at hand still works that way.
 */
#ifndef MUSTER_SSH_HEAP_H
#define MUSTER_SSH_HEAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

struct head;

/* Lives in the abstract pointer of a LIBSSH2_SESSION. */
struct heap {
	LIST_HEAD(, head) blocks; /* owned */
	size_t used, max;         /* bytes */
	bool doomed;              /* over the ceiling: end the session soon */

	/* Of the session channel opened last, but while pinned of that before.
	 */
	bool pinned;
	uint32_t channel; /* our number for it */
	bool has_status;
	uint32_t status; /* the first exit-status, all 32 bits */
	bool has_signal;
	char signal[16]; /* the first exit-signal's name */
	bool core_dumped;
	uint64_t data_bytes; /* of CHANNEL_DATA and CHANNEL_EXTENDED_DATA */

	/* Of the latest SSH_MSG_USERAUTH_FAILURE (RFC 4252 s. 5.1). */
	unsigned n_failures;
	char methods[128];
	bool partial;

	/* Of the latest SSH_MSG_CHANNEL_OPEN_FAILURE (RFC 4254 s. 5.1): its
	 * description, fit to be shown. */
	char refusal[80];

	/* Channels that the server opened to us; the type of the latest, fit
	 * to be shown. */
	unsigned n_unasked;
	char unasked[40];

	/* Of SSH_MSG_KEXINIT (RFC 4253 s. 7.1): the beginnings of the lists
	 * in the latest. libssh2 frees ours, then the server's. */
	unsigned n_kexinits;
	char kex[80], hostkeys[80], ciphers[80];
};

void heap_init(struct heap *h, size_t max_bytes);

/* Frees, unread, what libssh2 has left lying: 1.10 does when a key exchange
 * is cut. The session must be gone. */
void heap_clear(struct heap *h);

/* What libssh2_session_init_ex() wants; `abstract` points to a struct heap
 * pointer. Allocation never fails: over the ceiling the heap is doomed. */
void *heap_alloc(size_t size, void **abstract);
void *heap_realloc(void *p, size_t size, void **abstract);
void heap_free(void *p, void **abstract);

#endif
