/*
 * ending.c -- what may go wrong with a command's output and result.
 *
 * Room: tests/fleetsim.  May touch: base/, the units of fleetsim.
 */
#include "config.h"

#include "base/mem.h"
#include "channel.h"
#include "hostile.h"
#include "server.h"

#include <stdlib.h>
#include <string.h>

#define STRAY 4711 /* a channel that is not there */
#define OVER_MAX (8 * 1024 * 1024)
#define FLOOD_BYTES (64 * 1024)

/* Says yes, and takes care that the ledger has what is sent then. */
static void
grant(struct channel *c)
{
	c->started = true;
	sim_session_send(
	    c->session, sim_channel_message_to(c, SSH_CHANNEL_SUCCESS));
}

static enum scenario_exec
end_well(struct channel *c)
{
	sim_channel_send_eof(c);
	sim_channel_send_status(c, 0);
	sim_channel_send_close(c);
	return SCENARIO_SILENT;
}

enum scenario_exec
sim_over_window(struct channel *c, uint64_t arg)
{
	static const uint8_t block[SIM_CHANNEL_PACKET];
	uint64_t left = (uint64_t)c->window_out + SIM_CHANNEL_PACKET;

	(void)arg;
	if (left > OVER_MAX)
		left = OVER_MAX;
	grant(c);
	while (left > 0) {
		size_t n = left < sizeof(block) ? (size_t)left : sizeof(block);

		sim_channel_data(c, 0, block, n);
		left -= n;
	}
	return end_well(c);
}

enum scenario_exec
sim_over_packet(struct channel *c, uint64_t arg)
{
	size_t len = c->max_out + 1;
	void *block;

	(void)arg;
	/* A packet has a limit of its own. */
	if (len > SIM_PACKET_MAX - 1024)
		len = SIM_PACKET_MAX - 1024;
	block = mem_new(len);
	grant(c);
	sim_channel_data(c, 0, block, len);
	free(block);
	return end_well(c);
}

enum scenario_exec
sim_adjust_overflow(struct channel *c, uint64_t arg)
{
	(void)arg;
	for (int i = 0; i < 2; i++) {
		struct buf *m =
		    sim_channel_message_to(c, SSH_CHANNEL_WINDOW_ADJUST);

		buf_add_u32(m, UINT32_MAX);
		sim_session_send(c->session, m);
	}
	return SCENARIO_GO;
}

enum scenario_exec
sim_data_stray(struct channel *c, uint64_t arg)
{
	struct buf *m;

	(void)arg;
	grant(c);
	m = sim_message(c->session, SSH_CHANNEL_DATA);
	buf_add_u32(m, STRAY);
	buf_add_cstring(m, "stray\n");
	sim_session_send(c->session, m);
	return SCENARIO_GRANTED;
}

enum scenario_exec
sim_data_type(struct channel *c, uint64_t arg)
{
	struct buf *m;

	grant(c);
	m = sim_channel_message_to(c, SSH_CHANNEL_EXTENDED_DATA);
	buf_add_u32(m, arg > 1 ? (uint32_t)arg : 2);
	buf_add_cstring(m, "of another type\n");
	sim_session_send(c->session, m);
	return SCENARIO_GRANTED;
}

static bool
send_empty(struct session *s)
{
	bool any = false;

	for (size_t i = 0; i < s->n_channels; i++) {
		struct channel *c = s->channels[i];

		if (c == NULL || c->eof_sent)
			continue;
		sim_channel_data(c, 0, "", 0);
		any = true;
	}
	return any;
}

static void
flood_empty(struct session *s)
{
	for (size_t n = 0; n < FLOOD_BYTES && !s->dead; n += 32) {
		if (!send_empty(s)) {
			sim_session_flood(s, NULL);
			return;
		}
	}
}

enum scenario_exec
sim_data_empty(struct channel *c, uint64_t arg)
{
	(void)arg;
	grant(c);
	sim_session_flood(c->session, flood_empty);
	return SCENARIO_GRANTED;
}

enum scenario_exec
sim_no_eof(struct channel *c, uint64_t arg)
{
	grant(c);
	sim_channel_data(c, 0, "no end\n", 7);
	sim_channel_send_status(c, (uint32_t)arg);
	sim_channel_send_close(c);
	return SCENARIO_SILENT;
}

bool
sim_no_exit(struct channel *c, uint64_t arg)
{
	(void)c;
	(void)arg;
	return true;
}

bool
sim_exit_twice(struct channel *c, uint64_t arg)
{
	sim_channel_send_status(c, c->session->host->exit_code);
	sim_channel_send_status(c, (uint32_t)arg);
	return true;
}

bool
sim_exit_both(struct channel *c, uint64_t arg)
{
	sim_channel_send_status(c, (uint32_t)arg);
	sim_channel_send_signal(c, "TERM", false);
	return true;
}

bool
sim_exit_stray(struct channel *c, uint64_t arg)
{
	struct buf *m = sim_message(c->session, SSH_CHANNEL_REQUEST);

	buf_add_u32(m, STRAY);
	buf_add_cstring(m, "exit-status");
	buf_add_u8(m, 0);
	buf_add_u32(m, (uint32_t)arg);
	sim_session_send(c->session, m);
	return false;
}

/* exit-signal with a name and a message that mean no good. */
bool
sim_exit_hostile(struct channel *c, uint64_t arg)
{
	size_t len = arg > 0 && arg < 200000 ? (size_t)arg : 200000;
	char *text = mem_new(len);
	struct buf *m = sim_channel_message_to(c, SSH_CHANNEL_REQUEST);

	memset(text, '\033', len);
	buf_add_cstring(m, "exit-signal");
	buf_add_u8(m, 0);
	buf_add_cstring(m, "\033[2JNONE\r\n");
	buf_add_u8(m, 1);
	buf_add_string(m, text, len);
	buf_add_cstring(m, "");
	sim_session_send(c->session, m);
	free(text);
	return true;
}

bool
sim_eof_no_close(struct channel *c, uint64_t arg)
{
	(void)c;
	(void)arg;
	return true;
}

bool
sim_stdout_after_eof(struct channel *c, uint64_t arg)
{
	(void)arg;
	sim_channel_data(c, 0, "late\n", 5);
	return false;
}

bool
sim_stderr_after_eof(struct channel *c, uint64_t arg)
{
	(void)arg;
	sim_channel_data(c, 1, "late\n", 5);
	return false;
}
