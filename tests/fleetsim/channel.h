/*
 * channel.h -- session channels: windows, requests, and the end of a command.
 *
 * Room: tests/fleetsim.  May touch: base/, the units of fleetsim.
 * RFC 4254. What runs on a channel is a `struct work`: a real process, or
 * output made up on the spot.
 */
#ifndef FLEETSIM_CHANNEL_H
#define FLEETSIM_CHANNEL_H

#include "loop.h"
#include "session.h"

#define SIM_CHANNEL_WINDOW (256 * 1024)
#define SIM_CHANNEL_PACKET (32 * 1024)

struct channel;

/* What a command is to its channel. */
struct work {
	/* Sends what there is, as far as sim_channel_room() allows. */
	void (*pump)(struct channel *c);
	/* `in` has more, or `in_eof` was set. */
	void (*input)(struct channel *c);
	/* The channel gets a signal (its name without SIG). */
	void (*signal)(struct channel *c, const char *name);
	/* The terminal's size has changed; may be NULL. */
	void (*resize)(struct channel *c);
	/* The channel is going; nothing may use it any more. */
	void (*abandon)(struct channel *c);
};

/* What pty-req asked for, RFC 4254 s. 6.2. */
struct terminal {
	bool wanted;
	uint16_t cols, rows, width, height;
	char term[64];
	struct buf modes;
};

struct channel {
	struct session *session; /* borrowed */
	uint32_t id, peer_id;
	uint32_t window_out, max_out;
	uint32_t window_in;
	struct buf in; /* what the client sent for stdin */
	bool in_eof;
	bool eof_sent, close_sent, close_got;
	bool exit_sent;  /* its result is out, or was suppressed */
	bool output_end; /* the work has no more to send */
	bool started;
	struct terminal terminal;
	struct buf env; /* NAME=VALUE, each with a NUL behind */
	char *command;  /* owned; NULL for a shell */
	const struct work *work;
	void *state; /* the work's own */
	struct timer delay;
	EVP_MD_CTX *hash[2]; /* of stdout and stderr; NULL before any */
	uint64_t sent[2];
};

/* Handles a message of 80 to 100. */
void sim_channel_message(struct session *s, const uint8_t *payload, size_t len);

/* Lets every channel send what it can. */
void sim_channels_pump(struct session *s);

/* Frees all channels. */
void sim_channels_abandon(struct session *s);

/* How many bytes of data may be sent now. */
size_t sim_channel_room(const struct channel *c);

/* Sends bytes of stdout (0) or stderr (1), whatever the window says: a work
 * asks for the room before, a scenario need not. */
void sim_channel_data(
    struct channel *c, int stream, const void *data, size_t len);

/* The work has taken `len` bytes of `in`. */
void sim_channel_consume(struct channel *c, size_t len);

/* The command ended: with that code, or killed by that signal. */
void sim_channel_exit(struct channel *c, uint32_t code);
void sim_channel_exit_signal(struct channel *c, const char *name, bool core);

/* Both streams of the command have ended. */
void sim_channel_output_end(struct channel *c);

/* Single steps of the end, for scenarios. */
void sim_channel_send_eof(struct channel *c);
void sim_channel_send_close(struct channel *c);
void sim_channel_send_status(struct channel *c, uint32_t code);
void sim_channel_send_signal(struct channel *c, const char *name, bool core);

/* A message about the channel, its number filled in. */
struct buf *sim_channel_message_to(struct channel *c, enum ssh_msg msg);

#endif
