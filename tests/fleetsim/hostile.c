/*
 * hostile.c -- what may go wrong once there are keys.
 *
 * Room: tests/fleetsim.  May touch: base/, the units of fleetsim.
 */
#include "config.h"

#include "hostile.h"
#include "channel.h"
#include "kex.h"
#include "ledger.h"
#include "server.h"

#include <string.h>

#define FLOOD_BYTES (64 * 1024) /* sent in one go, again and again */
#define IGNORE_MAX (32 * 1024)

/* The size of an ignored message is the argument of whichever flood the
 * host has. */
static size_t
ignore_len(const struct host *h)
{
	for (size_t i = 0; i < h->n_scenarios; i++) {
		const struct scenario *what = h->scenarios[i].what;
		uint64_t arg = h->scenarios[i].arg;

		if (what->keyed == sim_flood_keyed ||
		    what->login == sim_flood_login)
			return arg < IGNORE_MAX ? (size_t)arg : IGNORE_MAX;
	}
	return 0;
}

static void
flood_ignore(struct session *s)
{
	static const uint8_t nothing[IGNORE_MAX];
	size_t len = ignore_len(s->host);

	for (size_t n = 0; n < FLOOD_BYTES && !s->dead; n += len + 32) {
		struct buf *m = sim_message(s, SSH_IGNORE);

		buf_add_string(m, nothing, len);
		sim_session_send(s, m);
	}
}

static void
flood_global(struct session *s)
{
	for (size_t n = 0; n < FLOOD_BYTES && !s->dead; n += 64) {
		struct buf *m = sim_message(s, SSH_GLOBAL_REQUEST);

		buf_add_cstring(m, "keepalive@openssh.com");
		buf_add_u8(m, 1);
		sim_session_send(s, m);
	}
}

static void
start_flood(struct session *s, void (*flood)(struct session *))
{
	s->flood = flood;
	sim_session_touch(s);
}

void
sim_flood_keyed(struct session *s, uint64_t arg)
{
	(void)arg;
	start_flood(s, flood_ignore);
}

void
sim_flood_login(struct session *s, uint64_t arg)
{
	(void)arg;
	start_flood(s, flood_ignore);
}

bool
sim_auth_fail(struct session *s, uint64_t arg)
{
	struct buf *m = sim_message(s, SSH_USERAUTH_FAILURE);

	(void)arg;
	buf_add_cstring(m, "publickey,password");
	buf_add_u8(m, 0);
	sim_session_send(s, m);
	sim_ledger_note(s->host, s->sim, "auth", "refused");
	return true;
}

bool
sim_auth_hang(struct session *s, uint64_t arg)
{
	(void)arg;
	s->deaf = true;
	return true;
}

bool
sim_chan_refuse(struct session *s, uint64_t arg)
{
	(void)s;
	(void)arg;
	return true;
}

enum scenario_exec
sim_exec_refuse(struct channel *c, uint64_t arg)
{
	(void)c;
	(void)arg;
	return SCENARIO_REFUSE;
}

enum scenario_exec
sim_exec_silent(struct channel *c, uint64_t arg)
{
	(void)arg;
	c->session->deaf = true;
	return SCENARIO_SILENT;
}

enum scenario_exec
sim_over_window(struct channel *c, uint64_t arg)
{
	static const uint8_t block[SIM_CHANNEL_PACKET];
	uint64_t left = (uint64_t)c->window_out + SIM_CHANNEL_PACKET;

	(void)arg;
	/* A window beyond this has room for all we may queue. */
	if (left > 8 * 1024 * 1024)
		left = 8 * 1024 * 1024;
	sim_session_send(
	    c->session, sim_channel_message_to(c, SSH_CHANNEL_SUCCESS));
	while (left > 0) {
		size_t n = left < sizeof(block) ? (size_t)left : sizeof(block);

		sim_channel_data_raw(c, 0, block, n);
		left -= n;
	}
	return SCENARIO_SILENT;
}

enum scenario_exec
sim_rekey_hang(struct channel *c, uint64_t arg)
{
	(void)arg;
	sim_kex_start(c->session);
	c->session->deaf = true;
	return SCENARIO_SILENT;
}

enum scenario_exec
sim_global_flood(struct channel *c, uint64_t arg)
{
	(void)arg;
	start_flood(c->session, flood_global);
	return SCENARIO_GO;
}

enum scenario_exec
sim_disconnect(struct channel *c, uint64_t arg)
{
	(void)arg;
	sim_session_disconnect(c->session, SSH_BY_APPLICATION,
	    "\033]0;title\007\033[2Jgood-host: ok\r\nall is well");
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
sim_eof_no_close(struct channel *c, uint64_t arg)
{
	(void)c;
	(void)arg;
	return true;
}

bool
sim_stderr_after_eof(struct channel *c, uint64_t arg)
{
	(void)arg;
	sim_channel_data_raw(c, 1, "late\n", 5);
	return false;
}
