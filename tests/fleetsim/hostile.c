/*
 * hostile.c -- what may go wrong from the keys to the command.
 *
 * Room: tests/fleetsim.  May touch: base/, the units of fleetsim.
 */
#include "config.h"

#include "hostile.h"
#include "auth.h"
#include "channel.h"
#include "kex.h"
#include "ledger.h"
#include "server.h"

#include <string.h>

#define FLOOD_BYTES (64 * 1024) /* sent in one go, again and again */
#define IGNORE_MAX (32 * 1024)

/* The number that the host's description gives to a scenario. */
static uint64_t
argument(const struct host *h, void (*keyed)(struct session *, uint64_t),
    void (*login)(struct session *, uint64_t))
{
	for (size_t i = 0; i < h->n_scenarios; i++) {
		const struct scenario *what = h->scenarios[i].what;

		if ((keyed != NULL && what->keyed == keyed) ||
		    (login != NULL && what->login == login))
			return h->scenarios[i].arg;
	}
	return 0;
}

static void
flood_ignore(struct session *s)
{
	static const uint8_t nothing[IGNORE_MAX];
	uint64_t arg = argument(s->host, sim_flood_keyed, sim_flood_login);
	size_t len = arg < IGNORE_MAX ? (size_t)arg : IGNORE_MAX;

	for (size_t n = 0; n < FLOOD_BYTES && !s->dead; n += len + 32) {
		struct buf *m = sim_message(s, SSH_IGNORE);

		buf_add_string(m, nothing, len);
		sim_session_send(s, m);
	}
}

static void
flood_debug(struct session *s)
{
	for (size_t n = 0; n < FLOOD_BYTES && !s->dead; n += 64) {
		struct buf *m = sim_message(s, SSH_DEBUG);

		buf_add_u8(m, 1);
		buf_add_cstring(m, "\033[2Jnothing to see");
		buf_add_cstring(m, "");
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

void
sim_flood_keyed(struct session *s, uint64_t arg)
{
	(void)arg;
	sim_session_flood(s, flood_ignore);
}

void
sim_flood_login(struct session *s, uint64_t arg)
{
	(void)arg;
	sim_session_flood(s, flood_ignore);
}

void
sim_debug_keyed(struct session *s, uint64_t arg)
{
	(void)arg;
	sim_session_flood(s, flood_debug);
}

bool
sim_auth_fail(struct session *s, enum auth_method method, uint64_t arg)
{
	struct buf *m = sim_message(s, SSH_USERAUTH_FAILURE);

	(void)method;
	(void)arg;
	buf_add_cstring(m, "publickey,password");
	buf_add_u8(m, 0);
	sim_session_send(s, m);
	sim_ledger_note(s->host, s->sim, "auth", "refused");
	return true;
}

bool
sim_auth_hang(struct session *s, enum auth_method method, uint64_t arg)
{
	(void)method;
	(void)arg;
	s->deaf = true;
	return true;
}

bool
sim_auth_banners(struct session *s, enum auth_method method, uint64_t arg)
{
	(void)method;
	for (uint64_t i = 0; i < arg && !s->teased && !s->dead; i++) {
		struct buf *m = sim_message(s, SSH_USERAUTH_BANNER);

		buf_add_cstring(m, "\033]0;title\007\033[31mbanner\033[2J\n");
		buf_add_cstring(m, "");
		sim_session_send(s, m);
	}
	s->teased = true;
	return false;
}

bool
sim_auth_prompts(struct session *s, enum auth_method method, uint64_t arg)
{
	uint32_t n = arg > 0 && arg <= 10000 ? (uint32_t)arg : 1000;
	struct buf *m;

	if (method != AUTH_INTERACTIVE)
		return false;
	m = sim_message(s, SSH_USERAUTH_INFO_REQUEST);
	buf_add_cstring(m, "\033]0;name\007");
	buf_add_cstring(m, "\033[2Jinstruction");
	buf_add_cstring(m, "");
	buf_add_u32(m, n);
	for (uint32_t i = 0; i < n; i++) {
		buf_add_cstring(m, "\033[31mPassword");
		buf_add_u8(m, 1);
	}
	s->auth.asked = ASKED_PASSWORD;
	sim_session_send(s, m);
	return true;
}

/* SSH_MSG_USERAUTH_PASSWD_CHANGEREQ has the number 60, RFC 4252 s. 8. */
bool
sim_auth_pwchange(struct session *s, enum auth_method method, uint64_t arg)
{
	struct buf *m;

	(void)arg;
	if (method != AUTH_PASSWORD)
		return false;
	m = sim_message(s, SSH_USERAUTH_PK_OK);
	buf_add_cstring(m, "Your password has expired");
	buf_add_cstring(m, "");
	sim_session_send(s, m);
	return true;
}

bool
sim_auth_anyone(struct session *s, enum auth_method method, uint64_t arg)
{
	(void)method;
	(void)arg;
	sim_auth_let_in(s);
	return true;
}

bool
sim_chan_refuse(struct session *s, uint64_t arg)
{
	(void)s;
	(void)arg;
	return true;
}

bool
sim_sftp_refuse(struct channel *c, uint64_t arg)
{
	(void)c;
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
	sim_session_flood(c->session, flood_global);
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

/* New keys in mid-connection, signed by a host key never seen before. */
enum scenario_exec
sim_rekey_other(struct channel *c, uint64_t arg)
{
	struct session *s = c->session;
	struct host *h = s->host;

	(void)arg;
	for (size_t i = 0; i < N_KEY_TYPES && h->other == NULL; i++)
		if (h->keys[i] != NULL)
			h->other = sim_key_new((enum key_type)i);
	s->other_key = true;
	sim_kex_start(s);
	return SCENARIO_GO;
}

enum scenario_exec
sim_blind(struct channel *c, uint64_t arg)
{
	(void)arg;
	c->session->blind = true;
	return SCENARIO_GO;
}

static struct buf *
begin_open(struct channel *c, const char *type)
{
	struct buf *m = sim_message(c->session, SSH_CHANNEL_OPEN);

	buf_add_cstring(m, type);
	buf_add_u32(m, 4711);
	buf_add_u32(m, SIM_CHANNEL_WINDOW);
	buf_add_u32(m, SIM_CHANNEL_PACKET);
	return m;
}

enum scenario_exec
sim_open_agent(struct channel *c, uint64_t arg)
{
	(void)arg;
	sim_session_send(c->session, begin_open(c, "auth-agent@openssh.com"));
	return SCENARIO_GO;
}

enum scenario_exec
sim_open_x11(struct channel *c, uint64_t arg)
{
	struct buf *m = begin_open(c, "x11");

	(void)arg;
	buf_add_cstring(m, "127.0.0.1");
	buf_add_u32(m, 6010);
	sim_session_send(c->session, m);
	return SCENARIO_GO;
}

enum scenario_exec
sim_open_tcpip(struct channel *c, uint64_t arg)
{
	struct buf *m = begin_open(c, "forwarded-tcpip");

	(void)arg;
	buf_add_cstring(m, "localhost");
	buf_add_u32(m, 22);
	buf_add_cstring(m, "127.0.0.1");
	buf_add_u32(m, 4711);
	sim_session_send(c->session, m);
	return SCENARIO_GO;
}
