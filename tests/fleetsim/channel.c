/*
 * channel.c -- session channels: windows, data, and the end of a command.
 *
 * Room: tests/fleetsim.  May touch: base/, the units of fleetsim.
 * A channel closes when its command's result is sent and both its streams
 * have ended; it is freed when both sides have closed.
 */
#include "config.h"

#include "channel.h"
#include "base/mem.h"
#include "kex.h"
#include "ledger.h"
#include "request.h"
#include "scenario.h"
#include "server.h"

#include <stdlib.h>
#include <string.h>

struct buf *
sim_channel_message_to(struct channel *c, enum ssh_msg msg)
{
	struct buf *m = sim_message(c->session, msg);

	buf_add_u32(m, c->peer_id);
	return m;
}

size_t
sim_channel_room(const struct channel *c)
{
	const struct session *s = c->session;
	size_t room = c->window_out < c->max_out ? c->window_out : c->max_out;

	if (s->dead || s->closing || s->kex != NULL || c->close_sent ||
	    s->out.len >= SIM_OUT_HIGH)
		return 0;
	return room < SIM_CHANNEL_PACKET ? room : SIM_CHANNEL_PACKET;
}

static void
send_data(struct channel *c, int stream, const void *data, size_t len)
{
	struct buf *m = sim_channel_message_to(
	    c, stream == 0 ? SSH_CHANNEL_DATA : SSH_CHANNEL_EXTENDED_DATA);

	if (stream != 0)
		buf_add_u32(m, SSH_STDERR);
	buf_add_string(m, data, len);
	sim_session_send(c->session, m);
}

static void
hash_output(struct channel *c, int stream, const void *data, size_t len)
{
	if (c->hash[stream] == NULL) {
		c->hash[stream] = EVP_MD_CTX_new();
		(void)EVP_DigestInit_ex2(
		    c->hash[stream], c->session->sim->crypto.sha256, NULL);
	}
	(void)EVP_DigestUpdate(c->hash[stream], data, len);
	c->sent[stream] += len;
}

void
sim_channel_data(struct channel *c, int stream, const void *data, size_t len)
{
	struct session *s = c->session;
	struct fleetsim_ledger *ledger = s->host->ledger;

	hash_output(c, stream, data, len);
	if (stream == 0)
		ledger->stdout_bytes += len;
	else
		ledger->stderr_bytes += len;
	c->window_out -= len < c->window_out ? (uint32_t)len : c->window_out;
	send_data(c, stream, data, len);
	if (s->host->rekey_bytes > 0 && s->tx.bytes >= s->host->rekey_bytes)
		sim_kex_start(s);
}

void
sim_channel_consume(struct channel *c, size_t len)
{
	uint32_t used;
	struct buf *m;

	buf_drain(&c->in, len);
	if (c->in.len == 0)
		buf_clear(&c->in);
	used = SIM_CHANNEL_WINDOW - c->window_in - (uint32_t)c->in.len;
	if (used < SIM_CHANNEL_WINDOW / 2 || c->close_sent || c->in_eof)
		return;
	c->window_in += used;
	m = sim_channel_message_to(c, SSH_CHANNEL_WINDOW_ADJUST);
	buf_add_u32(m, used);
	sim_session_send(c->session, m);
}

void
sim_channel_send_eof(struct channel *c)
{
	if (!c->eof_sent && !c->close_sent)
		sim_session_send(
		    c->session, sim_channel_message_to(c, SSH_CHANNEL_EOF));
	c->eof_sent = true;
}

void
sim_channel_send_close(struct channel *c)
{
	if (!c->close_sent)
		sim_session_send(
		    c->session, sim_channel_message_to(c, SSH_CHANNEL_CLOSE));
	c->close_sent = true;
}

void
sim_channel_send_status(struct channel *c, uint32_t code)
{
	struct buf *m = sim_channel_message_to(c, SSH_CHANNEL_REQUEST);

	buf_add_cstring(m, "exit-status");
	buf_add_u8(m, 0);
	buf_add_u32(m, code);
	sim_session_send(c->session, m);
	c->session->host->ledger->exits++;
	c->session->host->ledger->last_exit = code;
	sim_ledger_note(
	    c->session->host, c->session->sim, "exit", "status=%u", code);
}

void
sim_channel_send_signal(struct channel *c, const char *name, bool core)
{
	struct buf *m = sim_channel_message_to(c, SSH_CHANNEL_REQUEST);

	buf_add_cstring(m, "exit-signal");
	buf_add_u8(m, 0);
	buf_add_cstring(m, name);
	buf_add_u8(m, core);
	buf_add_cstring(m, "");
	buf_add_cstring(m, "");
	sim_session_send(c->session, m);
	c->session->host->ledger->exits++;
	sim_ledger_note(
	    c->session->host, c->session->sim, "exit", "signal=%s", name);
}

/* The digest of a stream so far, also of one that had no byte. */
static void
take_digest(struct channel *c, int stream, uint8_t digest[SIM_HASH_BYTES])
{
	if (c->hash[stream] == NULL)
		hash_output(c, stream, "", 0);
	(void)EVP_DigestFinal_ex(c->hash[stream], digest, NULL);
	EVP_MD_CTX_free(c->hash[stream]);
	c->hash[stream] = NULL;
}

static void
record_output(struct channel *c)
{
	struct host *h = c->session->host;
	char out[2 * SIM_HASH_BYTES + 1], err[2 * SIM_HASH_BYTES + 1];

	if (!c->started)
		return;
	c->started = false;
	take_digest(c, 0, h->ledger->stdout_sha256);
	take_digest(c, 1, h->ledger->stderr_sha256);
	sim_hex(out, h->ledger->stdout_sha256, SIM_HASH_BYTES);
	sim_hex(err, h->ledger->stderr_sha256, SIM_HASH_BYTES);
	sim_ledger_note(h, c->session->sim, "output",
	    "stdout=%llu sha256=%s stderr=%llu sha256=%s",
	    (unsigned long long)c->sent[0], out, (unsigned long long)c->sent[1],
	    err);
}

static void
finish_if_over(struct channel *c)
{
	if (!c->output_end || !c->exit_sent || c->close_sent)
		return;
	if (!sim_scenario_finish(c))
		sim_channel_send_close(c);
	record_output(c);
}

void
sim_channel_exit(struct channel *c, uint32_t code)
{
	const struct host *h = c->session->host;

	if (c->exit_sent)
		return;
	c->exit_sent = true;
	if (!sim_scenario_exit(c)) {
		if (h->exit_signal != NULL)
			sim_channel_send_signal(c, h->exit_signal, false);
		else
			sim_channel_send_status(
			    c, h->has_exit ? h->exit_code : code);
	}
	finish_if_over(c);
}

void
sim_channel_exit_signal(struct channel *c, const char *name, bool core)
{
	if (c->exit_sent)
		return;
	c->exit_sent = true;
	if (!sim_scenario_exit(c))
		sim_channel_send_signal(c, name, core);
	finish_if_over(c);
}

void
sim_channel_output_end(struct channel *c)
{
	if (c->output_end)
		return;
	c->output_end = true;
	sim_channel_send_eof(c);
	finish_if_over(c);
}

/* ---- the table of channels ---- */

static void
channel_free(struct channel *c)
{
	struct session *s = c->session;

	sim_timer_stop(&s->sim->loop, &c->delay);
	if (c->work != NULL)
		c->work->abandon(c);
	record_output(c);
	s->channels[c->id] = NULL;
	buf_clear(&c->in);
	buf_clear(&c->env);
	buf_clear(&c->terminal.modes);
	free(c->command);
	free(c);
}

void
sim_channels_abandon(struct session *s)
{
	for (size_t i = 0; i < s->n_channels; i++)
		if (s->channels[i] != NULL)
			channel_free(s->channels[i]);
	s->n_channels = 0;
}

void
sim_channels_pump(struct session *s)
{
	for (size_t i = 0; i < s->n_channels && !s->dead; i++) {
		struct channel *c = s->channels[i];

		if (c != NULL && c->work != NULL && !c->output_end)
			c->work->pump(c);
	}
}

static struct channel *
channel_new(struct session *s, uint32_t peer, uint32_t window, uint32_t max)
{
	struct channel *c = mem_new(sizeof(*c));
	size_t id = 0;

	while (id < s->n_channels && s->channels[id] != NULL)
		id++;
	if (id == s->n_channels) {
		mem_grow(&s->channels, &s->cap_channels, id + 1,
		    sizeof(struct channel *));
		s->n_channels++;
	}
	s->channels[id] = c;
	c->session = s;
	c->id = (uint32_t)id;
	c->peer_id = peer;
	c->window_out = window;
	c->max_out = max;
	c->window_in = SIM_CHANNEL_WINDOW;
	buf_init(&c->in, SIM_CHANNEL_WINDOW);
	buf_init(&c->env, 16 * 1024);
	buf_init(&c->terminal.modes, 1024);
	return c;
}

static size_t
count_channels(const struct session *s)
{
	size_t n = 0;

	for (size_t i = 0; i < s->n_channels; i++)
		n += s->channels[i] != NULL;
	return n;
}

static void
refuse_open(struct session *s, uint32_t peer, enum ssh_open_failure why,
    const char *text)
{
	struct buf *m = sim_message(s, SSH_CHANNEL_OPEN_FAILURE);

	buf_add_u32(m, peer);
	buf_add_u32(m, why);
	buf_add_cstring(m, text);
	buf_add_cstring(m, "");
	sim_session_send(s, m);
}

static bool
on_open(struct session *s, struct rd *r)
{
	uint32_t peer, window, max;
	struct channel *c;
	char type[64];
	struct buf *m;

	if (!rd_cstring(r, type, sizeof(type)) || !rd_u32(r, &peer) ||
	    !rd_u32(r, &window) || !rd_u32(r, &max))
		return false;
	if (strcmp(type, "session") != 0) {
		refuse_open(s, peer, SSH_OPEN_UNKNOWN_TYPE, "no such channel");
		return true;
	}
	if (sim_scenario_open(s)) {
		refuse_open(s, peer, SSH_OPEN_PROHIBITED, "open failed");
		return true;
	}
	if (count_channels(s) >= s->host->max_sessions) {
		refuse_open(s, peer, SSH_OPEN_CONNECT_FAILED, "open failed");
		return true;
	}
	c = channel_new(s, peer, window, max);
	m = sim_channel_message_to(c, SSH_CHANNEL_OPEN_CONFIRMATION);
	buf_add_u32(m, c->id);
	buf_add_u32(m, SIM_CHANNEL_WINDOW);
	buf_add_u32(m, SIM_CHANNEL_PACKET);
	sim_session_send(s, m);
	return true;
}

static bool
on_data(struct channel *c, struct rd *r)
{
	const uint8_t *data;
	size_t len;

	if (!rd_string(r, &data, &len) || len > c->window_in || c->in_eof)
		return false;
	c->window_in -= (uint32_t)len;
	c->session->host->ledger->stdin_bytes += len;
	(void)buf_add(&c->in, data, len);
	if (c->work != NULL)
		c->work->input(c);
	return true;
}

static bool
on_adjust(struct channel *c, struct rd *r)
{
	uint32_t more;

	if (!rd_u32(r, &more) || more > UINT32_MAX - c->window_out)
		return false;
	c->window_out += more;
	sim_session_touch(c->session);
	return true;
}

static void
on_close(struct channel *c)
{
	sim_channel_send_close(c);
	channel_free(c);
}

static bool
on_channel(struct channel *c, uint8_t msg, struct rd *r)
{
	switch (msg) {
	case SSH_CHANNEL_WINDOW_ADJUST:
		return on_adjust(c, r);
	case SSH_CHANNEL_DATA:
		return on_data(c, r);
	case SSH_CHANNEL_EOF:
		c->in_eof = true;
		if (c->work != NULL)
			c->work->input(c);
		return true;
	case SSH_CHANNEL_CLOSE:
		on_close(c);
		return true;
	case SSH_CHANNEL_REQUEST:
		return sim_channel_request(c, r);
	default:
		return false;
	}
}

static bool
on_global(struct session *s, struct rd *r)
{
	const uint8_t *name;
	uint8_t want_reply;
	size_t len;

	if (!rd_string(r, &name, &len) || !rd_u8(r, &want_reply))
		return false;
	s->host->ledger->keepalives++;
	if (want_reply)
		sim_session_send(s, sim_message(s, SSH_REQUEST_FAILURE));
	return true;
}

static bool
on_connection(struct session *s, uint8_t msg, struct rd *r)
{
	struct channel *c;
	uint32_t id;

	if (msg == SSH_GLOBAL_REQUEST)
		return on_global(s, r);
	if (msg == SSH_REQUEST_SUCCESS || msg == SSH_REQUEST_FAILURE)
		return true;
	if (msg == SSH_CHANNEL_OPEN)
		return on_open(s, r);
	if (msg == SSH_CHANNEL_OPEN_CONFIRMATION ||
	    msg == SSH_CHANNEL_OPEN_FAILURE) {
		/* Only scenarios open channels towards the client. */
		s->host->ledger->refusals += msg == SSH_CHANNEL_OPEN_FAILURE;
		sim_ledger_note(s->host, s->sim, "answer", "open=%s",
		    msg == SSH_CHANNEL_OPEN_FAILURE ? "refused" : "accepted");
		return true;
	}
	if (!rd_u32(r, &id) || id >= s->n_channels)
		return false;
	c = s->channels[id];
	return c != NULL && on_channel(c, msg, r);
}

void
sim_channel_message(struct session *s, const uint8_t *payload, size_t len)
{
	struct rd r;

	rd_init(&r, payload + 1, len - 1);
	if (!on_connection(s, payload[0], &r) && !s->dead)
		sim_session_disconnect(
		    s, SSH_PROTOCOL_ERROR, "bad channel message");
}
