/*
 * request.c -- requests on a channel: pty-req, env, exec, shell, signal ...
 *
 * Room: tests/fleetsim.  May touch: base/, the units of fleetsim.
 */
#include "config.h"

#include "request.h"
#include "base/mem.h"
#include "base/str.h"
#include "channel.h"
#include "ledger.h"
#include "scenario.h"
#include "server.h"
#include "sftp.h"
#include "work.h"

#include <stdlib.h>
#include <string.h>

#define COMMAND_MAX (128 * 1024)

enum answer { DENIED, GRANTED, SILENT };

static uint16_t
as_u16(uint32_t v)
{
	return v > UINT16_MAX ? UINT16_MAX : (uint16_t)v;
}

static bool
read_size(struct channel *c, struct rd *r)
{
	uint32_t cols, rows, width, height;

	if (!rd_u32(r, &cols) || !rd_u32(r, &rows) || !rd_u32(r, &width) ||
	    !rd_u32(r, &height))
		return false;
	c->terminal.cols = as_u16(cols);
	c->terminal.rows = as_u16(rows);
	c->terminal.width = as_u16(width);
	c->terminal.height = as_u16(height);
	return true;
}

static enum answer
on_pty(struct channel *c, struct rd *r)
{
	const uint8_t *modes;
	size_t len;

	if (c->started ||
	    !rd_cstring(r, c->terminal.term, sizeof(c->terminal.term)) ||
	    !read_size(c, r) || !rd_string(r, &modes, &len))
		return DENIED;
	buf_reset(&c->terminal.modes);
	if (!buf_add(&c->terminal.modes, modes, len))
		return DENIED;
	c->terminal.wanted = true;
	return GRANTED;
}

static enum answer
on_resize(struct channel *c, struct rd *r)
{
	if (!read_size(c, r))
		return DENIED;
	if (c->work != NULL && c->work->resize != NULL)
		c->work->resize(c);
	return GRANTED;
}

/* Names that would change how the command itself is run are not taken. */
static bool
is_env_name(const char *name)
{
	static const char *const own[] = {
	    "HOME", "LOGNAME", "PATH", "SHELL", "USER", "TERM"};

	if (*name == '\0' || str_starts(name, "LD_") ||
	    strchr(name, '=') != NULL)
		return false;
	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
		if (strcmp(name, own[i]) == 0)
			return false;
	return true;
}

static enum answer
on_env(struct channel *c, struct rd *r)
{
	char name[128], value[4096];

	if (!rd_cstring(r, name, sizeof(name)) ||
	    !rd_cstring(r, value, sizeof(value)) || !is_env_name(name))
		return DENIED;
	return buf_addf(&c->env, "%s=%s", name, value) && buf_addc(&c->env, 0)
		   ? GRANTED
		   : DENIED;
}

static void
note_command(struct channel *c)
{
	struct host *h = c->session->host;
	const char *command = c->command != NULL ? c->command : "";
	char hex[2 * SIM_HASH_BYTES + 1];
	struct buf quoted;

	h->ledger->execs++;
	(void)EVP_Digest(command, strlen(command), h->ledger->command_sha256,
	    NULL, c->session->sim->crypto.sha256, NULL);
	sim_hex(hex, h->ledger->command_sha256, SIM_HASH_BYTES);
	buf_init(&quoted, 4 * COMMAND_MAX + 2);
	sim_ledger_quote(&quoted, command, strlen(command));
	sim_ledger_note(h, c->session->sim, "exec", "n=%u sha256=%s %s=%.300s",
	    h->ledger->execs, hex, c->command != NULL ? "command" : "shell",
	    buf_str(&quoted));
	buf_clear(&quoted);
}

static struct channel *
of_delay(struct timer *t)
{
	return (struct channel *)((char *)t - offsetof(struct channel, delay));
}

static void
on_delay(struct timer *t)
{
	struct channel *c = of_delay(t);

	if (!c->session->dead)
		sim_work_start(c);
}

static enum answer
on_command(struct channel *c, struct rd *r, bool shell)
{
	struct session *s = c->session;
	enum scenario_exec how;
	const uint8_t *text;
	size_t len;

	if (c->started || c->command != NULL)
		return DENIED;
	if (!shell) {
		if (!rd_string(r, &text, &len) || len > COMMAND_MAX ||
		    memchr(text, '\0', len) != NULL)
			return DENIED;
		c->command = mem_strndup((const char *)text, len);
	}
	how = sim_scenario_exec(c);
	if (how == SCENARIO_REFUSE)
		return DENIED;
	note_command(c);
	if (how == SCENARIO_SILENT)
		return SILENT;
	c->started = true;
	c->delay.fire = on_delay;
	sim_timer_start(&s->sim->loop, &c->delay, s->host->delay_ms);
	return how == SCENARIO_GRANTED ? SILENT : GRANTED;
}

static enum answer
on_signal(struct channel *c, struct rd *r)
{
	char name[32];

	if (!rd_cstring(r, name, sizeof(name)))
		return DENIED;
	c->session->host->ledger->signals++;
	sim_ledger_note(
	    c->session->host, c->session->sim, "signal", "name=%s", name);
	if (c->work != NULL)
		c->work->signal(c, name);
	return GRANTED;
}

static enum answer
on_subsystem(struct channel *c, struct rd *r)
{
	char name[32];

	if (c->started || c->command != NULL ||
	    !rd_cstring(r, name, sizeof(name)) || strcmp(name, "sftp") != 0 ||
	    sim_scenario_subsystem(c))
		return DENIED;
	c->started = true;
	sim_sftp_start(c);
	return GRANTED;
}

static enum answer
handle(struct channel *c, const char *type, struct rd *r)
{
	if (strcmp(type, "exec") == 0)
		return on_command(c, r, false);
	if (strcmp(type, "shell") == 0)
		return on_command(c, r, true);
	if (strcmp(type, "subsystem") == 0)
		return on_subsystem(c, r);
	if (strcmp(type, "pty-req") == 0)
		return on_pty(c, r);
	if (strcmp(type, "env") == 0)
		return on_env(c, r);
	if (strcmp(type, "window-change") == 0)
		return on_resize(c, r);
	if (strcmp(type, "signal") == 0)
		return on_signal(c, r);
	return DENIED;
}

bool
sim_channel_request(struct channel *c, struct rd *r)
{
	enum answer answer;
	uint8_t want_reply;
	char type[64];

	if (!rd_cstring(r, type, sizeof(type)) || !rd_u8(r, &want_reply))
		return false;
	answer = handle(c, type, r);
	if (want_reply && answer != SILENT)
		sim_session_send(c->session,
		    sim_channel_message_to(c, answer == GRANTED
						  ? SSH_CHANNEL_SUCCESS
						  : SSH_CHANNEL_FAILURE));
	return true;
}
