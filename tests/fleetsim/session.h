/*
 * session.h -- one connection: bytes to messages, messages to whom they are
 * for.
 *
 * Room: tests/fleetsim.  May touch: base/, the units of fleetsim.
 *
 *	greeting -> key exchange -> service -> authentication -> channels
 *
 * An idle session holds no buffers.
 */
#ifndef FLEETSIM_SESSION_H
#define FLEETSIM_SESSION_H

#include "loop.h"
#include "packet.h"
#include "ssh.h"

#include <sys/queue.h>

#define SIM_OUT_HIGH (256 * 1024) /* above it channels send no more data */
#define SIM_AUTH_STEPS 3          /* methods that one path may ask for */

struct channel;
struct fleetsim;
struct host;
struct kex;

/* How far a user has come. */
struct auth {
	char user[64];
	uint8_t done[SIM_AUTH_STEPS]; /* methods passed, in order */
	uint8_t n_done;
	uint8_t tries;
	/* The keyboard-interactive question that is open. */
	enum { ASKED_NOTHING, ASKED_PASSWORD, ASKED_CODE } asked;
};

enum stop { STOP_FIN, STOP_RESET, STOP_STALL };

/* What is done to the bytes on their way out. */
struct spoil {
	uint64_t stop_at; /* the end comes once so many were sent; 0: never */
	enum stop stop;   /* which end */
	uint64_t flip_at; /* a bit of this byte is turned, counted from 1 */
	uint32_t drip_ms; /* one byte each so often; 0: full speed */
};

struct session {
	struct watch io;
	struct timer pause;
	struct later later;
	LIST_ENTRY(session) link;
	struct fleetsim *sim; /* borrowed */
	struct host *host;    /* borrowed */
	struct buf in, out;
	struct buf held; /* messages that wait for the end of a key exchange */
	struct packet_side rx, tx;
	struct kex *kex;      /* owned; NULL when none is going on */
	char *client_version; /* owned; NULL before the greeting */
	uint8_t id[SIM_HASH_BYTES];
	struct auth auth;
	struct channel **channels; /* owned; an entry may be NULL */
	size_t n_channels;
	size_t cap_channels;
	bool greeted;
	bool has_id;
	bool keyed;    /* the first key exchange is over */
	bool strict;   /* OpenSSH's strict key exchange */
	bool ext_info; /* the client wants SSH_MSG_EXT_INFO */
	bool ext_sent;
	bool service; /* "ssh-userauth" was asked for */
	bool authenticated;
	bool paused;    /* nothing is read or written before the timer */
	bool closing;   /* the end comes when `out` is empty */
	bool dead;      /* to be freed at the end of the round */
	bool shut;      /* our side is closed; theirs is awaited */
	bool deaf;      /* answers nothing any more */
	bool blind;     /* does not even read */
	bool teased;    /* a scenario has done what it does once */
	bool other_key; /* new keys are signed by another host key */
	uint64_t sent;  /* bytes written to the socket */
	struct spoil spoil;
	void (*flood)(struct session *s); /* adds more whenever all is sent */
};

/* Takes over the connected socket `fd`. */
void sim_session_new(struct fleetsim *sim, struct host *host, int fd);

/* Closes the socket; the session is freed at the end of the round. */
void sim_session_end(struct session *s);

/* As sim_session_end(), with a reset (RST) in place of an orderly end. */
void sim_session_reset(struct session *s);

/* Sends SSH_MSG_DISCONNECT and ends when it is out. */
void sim_session_disconnect(
    struct session *s, enum ssh_reason reason, const char *text);

/* An empty message of that number, to be filled and given to
 * sim_session_send(); one at a time. */
struct buf *sim_message(struct session *s, enum ssh_msg msg);

/* Seals the message and has it written at the end of the round. During a
 * key exchange all but its own messages are held back. */
void sim_session_send(struct session *s, struct buf *message);

/* Adds bytes to the stream as they are, without a packet. */
void sim_session_send_raw(struct session *s, const void *data, size_t len);

/* Seals what was held back. */
void sim_session_release(struct session *s);

/* Calls `flood`, which sends something, whenever all is sent; NULL ends it.
 * What is sent otherwise does not wait behind megabytes in the kernel. */
void sim_session_flood(struct session *s, void (*flood)(struct session *s));

/* Reads and writes nothing for that time. */
void sim_session_pause(struct session *s, uint32_t delay_ms);

/* Writes what waits, at the end of the round. */
void sim_session_touch(struct session *s);

#endif
