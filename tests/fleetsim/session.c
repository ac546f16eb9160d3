/*
 * session.c -- one connection: bytes to messages, messages to whom they are
 * for.
 *
 * Room: tests/fleetsim.  May touch: base/, the units of fleetsim.
 */
#include "config.h"

#include "session.h"
#include "auth.h"
#include "channel.h"
#include "kex.h"
#include "ledger.h"
#include "scenario.h"
#include "server.h"

#include "base/mem.h"

#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define IN_MAX (SIM_PACKET_MAX + 128 * 1024)
#define OUT_MAX (16 * 1024 * 1024)
#define HELD_MAX (1024 * 1024)
#define VERSION_MAX 255 /* RFC 4253 s. 4.2 */
#define FLOOD_SNDBUF (64 * 1024)
#define SHUT_WAIT_MS 2000
#define KEEP_BYTES 512 /* buffers larger than this are freed when empty */

static struct session *
of_io(struct watch *w)
{
	return (struct session *)((char *)w - offsetof(struct session, io));
}

static struct session *
of_pause(struct timer *t)
{
	return (struct session *)((char *)t - offsetof(struct session, pause));
}

static struct session *
of_later(struct later *l)
{
	return (struct session *)((char *)l - offsetof(struct session, later));
}

static void
slim(struct buf *b)
{
	if (b->len == 0 && b->cap > KEEP_BYTES)
		buf_clear(b);
}

void
sim_session_touch(struct session *s)
{
	sim_later(&s->sim->loop, &s->later);
}

void
sim_session_end(struct session *s)
{
	if (s->dead)
		return;
	s->dead = true;
	sim_ledger_note(s->host, s->sim, "disconnect", "sent=%llu",
	    (unsigned long long)s->sent);
	sim_watch_close(&s->sim->loop, &s->io);
	sim_timer_stop(&s->sim->loop, &s->pause);
	LIST_REMOVE(s, link);
	sim_session_touch(s);
}

void
sim_session_reset(struct session *s)
{
	struct linger hard = {.l_onoff = 1, .l_linger = 0};

	if (!s->dead)
		(void)setsockopt(
		    s->io.fd, SOL_SOCKET, SO_LINGER, &hard, sizeof(hard));
	sim_session_end(s);
}

void
sim_session_flood(struct session *s, void (*flood)(struct session *s))
{
	int size = FLOOD_SNDBUF;

	(void)setsockopt(s->io.fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	s->flood = flood;
	sim_session_touch(s);
}

struct buf *
sim_message(struct session *s, enum ssh_msg msg)
{
	struct buf *m = &s->sim->message;

	buf_reset(m);
	buf_add_u8(m, (uint8_t)msg);
	return m;
}

static void
seal(struct session *s, const uint8_t *payload, size_t len)
{
	if (!sim_packet_seal(&s->tx, payload, len, &s->out))
		sim_session_end(s);
	else
		sim_session_touch(s);
}

void
sim_session_send(struct session *s, struct buf *message)
{
	uint8_t msg = buf_data(message)[0];
	bool hold = s->kex != NULL && msg > SSH_EXT_INFO &&
		    (msg < SSH_KEXINIT || msg >= SSH_USERAUTH_REQUEST);

	if (s->dead || s->closing)
		return;
	if (!hold)
		seal(s, buf_data(message), message->len);
	else if (!buf_add_string(&s->held, buf_data(message), message->len))
		sim_session_end(s);
}

void
sim_session_send_raw(struct session *s, const void *data, size_t len)
{
	if (s->dead || s->closing)
		return;
	if (!buf_add(&s->out, data, len))
		sim_session_end(s);
	else
		sim_session_touch(s);
}

void
sim_session_release(struct session *s)
{
	const uint8_t *payload;
	struct rd r;
	size_t len;

	rd_init(&r, buf_data(&s->held), s->held.len);
	while (!s->dead && rd_string(&r, &payload, &len))
		seal(s, payload, len);
	buf_clear(&s->held);
	sim_session_touch(s);
}

static void
note_refusal(struct session *s, const char *text)
{
	struct buf quoted;

	buf_init(&quoted, 4096);
	sim_ledger_quote(&quoted, text, strlen(text));
	sim_ledger_note(s->host, s->sim, "refuse", "why=%s", buf_str(&quoted));
	buf_clear(&quoted);
}

void
sim_session_disconnect(
    struct session *s, enum ssh_reason reason, const char *text)
{
	struct buf *m = sim_message(s, SSH_DISCONNECT);

	buf_add_u32(m, reason);
	buf_add_cstring(m, text);
	buf_add_cstring(m, "");
	sim_session_send(s, m);
	note_refusal(s, text);
	s->closing = true;
	sim_session_touch(s);
}

/* Messages of RFC 4253 itself, s. 10 and 11. */
static void
on_transport(struct session *s, const uint8_t *payload, size_t len)
{
	const uint8_t *name;
	struct buf *m;
	struct rd r;
	size_t n;

	rd_init(&r, payload + 1, len - 1);
	switch (payload[0]) {
	case SSH_DISCONNECT:
		sim_session_end(s);
		break;
	case SSH_SERVICE_REQUEST:
		if (!rd_string(&r, &name, &n) || n != 12 ||
		    memcmp(name, "ssh-userauth", n) != 0) {
			sim_session_disconnect(
			    s, SSH_SERVICE_NOT_AVAILABLE, "no such service");
			break;
		}
		s->service = true;
		m = sim_message(s, SSH_SERVICE_ACCEPT);
		buf_add_string(m, name, n);
		sim_session_send(s, m);
		break;
	case SSH_IGNORE:
	case SSH_UNIMPLEMENTED:
	case SSH_DEBUG:
	case SSH_EXT_INFO:
		break;
	default:
		sim_session_disconnect(
		    s, SSH_PROTOCOL_ERROR, "unexpected message");
		break;
	}
}

/* Whether a message may come now: nothing but the exchange's own before
 * the first keys (strict), channels only for who is logged in. */
static bool
is_in_turn(const struct session *s, uint8_t msg)
{
	bool kex = msg >= SSH_KEXINIT && msg < SSH_USERAUTH_REQUEST;

	if (s->rx.cipher == NULL && !kex)
		return !s->strict && msg <= SSH_DEBUG;
	if (msg >= SSH_GLOBAL_REQUEST)
		return s->authenticated;
	if (msg >= SSH_USERAUTH_REQUEST)
		return s->service;
	return true;
}

static void
on_message(struct session *s, const uint8_t *payload, size_t len)
{
	struct buf *m;

	if (len == 0 || !is_in_turn(s, payload[0])) {
		sim_session_disconnect(
		    s, SSH_PROTOCOL_ERROR, "message out of turn");
	} else if (payload[0] < SSH_KEXINIT) {
		on_transport(s, payload, len);
	} else if (payload[0] < SSH_USERAUTH_REQUEST) {
		sim_kex_message(s, payload, len);
	} else if (payload[0] < SSH_GLOBAL_REQUEST) {
		sim_auth_message(s, payload, len);
	} else if (payload[0] <= SSH_CHANNEL_FAILURE) {
		sim_channel_message(s, payload, len);
	} else {
		m = sim_message(s, SSH_UNIMPLEMENTED);
		buf_add_u32(m, s->rx.seq - 1);
		sim_session_send(s, m);
	}
}

/* Takes the client's identification off `in` once its line is whole. */
static bool
read_version(struct session *s)
{
	const char *text = (const char *)buf_data(&s->in);
	const char *end = memchr(text, '\n', s->in.len);
	size_t len, used;

	if (end == NULL) {
		if (s->in.len > VERSION_MAX)
			sim_session_end(s);
		return false;
	}
	len = used = (size_t)(end - text);
	if (len > 0 && text[len - 1] == '\r')
		len--;
	if (len < 8 || len > VERSION_MAX || memcmp(text, "SSH-2.0-", 8) != 0) {
		sim_session_end(s);
		return false;
	}
	s->client_version = mem_strndup(text, len);
	buf_drain(&s->in, used + 1);
	return true;
}

static void
process_input(struct session *s)
{
	struct packet packet;

	if (s->client_version == NULL && (s->in.len == 0 || !read_version(s)))
		return;
	while (!s->dead && !s->closing && !s->paused && !s->deaf &&
	       s->in.len > 0) {
		switch (sim_packet_open(&s->rx, &s->in, &packet)) {
		case PACKET_MORE:
			return;
		case PACKET_BAD:
			sim_session_disconnect(
			    s, SSH_MAC_ERROR, "corrupt packet");
			return;
		case PACKET_READY:
			on_message(s, packet.payload, packet.len);
			buf_drain(&s->in, packet.size);
			break;
		}
	}
}

/* Whether the rest of the output is never to be sent. */
static bool
is_stalled(const struct session *s)
{
	return s->spoil.stop_at > 0 && s->sent >= s->spoil.stop_at;
}

static void
wait_for_events(struct session *s)
{
	bool reads = !s->paused && !s->blind && (!s->closing || s->shut);
	uint32_t events = reads ? EPOLLIN : 0;

	if (!s->paused && s->spoil.drip_ms == 0 && !is_stalled(s) &&
	    (s->out.len > 0 || (s->flood != NULL && !s->closing)))
		events |= EPOLLOUT;
	if (!sim_watch_set(&s->sim->loop, &s->io, events))
		sim_session_end(s);
}

/* How many bytes may be written now. */
static size_t
may_write(const struct session *s)
{
	size_t n = s->out.len;
	uint64_t stop_at = s->spoil.stop_at;

	if (s->paused)
		return 0;
	if (s->spoil.drip_ms > 0)
		return s->pause.place == 0 && n > 0 ? 1 : 0;
	if (stop_at > 0 && stop_at - s->sent < n)
		n = (size_t)(stop_at - s->sent);
	return n;
}

static void
flip_bit(struct session *s, size_t n)
{
	uint64_t at = s->spoil.flip_at;

	if (at <= s->sent || at > s->sent + n)
		return;
	s->out.mem[s->out.off + (size_t)(at - 1 - s->sent)] ^= 1;
	s->spoil.flip_at = 0;
}

static void
stop_if_due(struct session *s)
{
	if (s->dead || !is_stalled(s))
		return;
	if (s->spoil.stop == STOP_RESET)
		sim_session_reset(s);
	if (s->spoil.stop == STOP_FIN) {
		buf_reset(&s->out);
		s->closing = true;
	}
}

static void
write_out(struct session *s)
{
	size_t n;

	while ((n = may_write(s)) > 0) {
		ssize_t done;

		flip_bit(s, n);
		done = send(s->io.fd, buf_data(&s->out), n, MSG_NOSIGNAL);
		if (done < 0) {
			if (errno != EAGAIN && errno != EINTR)
				sim_session_end(s);
			return;
		}
		buf_drain(&s->out, (size_t)done);
		s->sent += (uint64_t)done;
		if (s->spoil.drip_ms > 0)
			sim_timer_start(
			    &s->sim->loop, &s->pause, s->spoil.drip_ms);
		stop_if_due(s);
	}
}

/* Ends our side and waits for theirs: a close() with bytes unread would be
 * a reset, and lose what was said last. */
static void
shut(struct session *s)
{
	if (s->shut)
		return;
	s->shut = true;
	(void)shutdown(s->io.fd, SHUT_WR);
	sim_timer_start(&s->sim->loop, &s->pause, SHUT_WAIT_MS);
}

static void
flush(struct session *s)
{
	write_out(s);
	if (!s->dead && !s->paused && s->out.len == 0) {
		if (s->closing)
			shut(s);
		else if (s->flood != NULL)
			s->flood(s);
	}
	if (!s->dead && s->out.len < SIM_OUT_HIGH)
		sim_channels_pump(s);
	if (s->dead)
		return;
	slim(&s->out);
	slim(&s->in);
	wait_for_events(s);
}

static void
session_free(struct session *s)
{
	sim_channels_abandon(s);
	sim_kex_free(s);
	sim_packet_clear(&s->rx);
	sim_packet_clear(&s->tx);
	buf_clear(&s->in);
	buf_clear(&s->out);
	buf_clear(&s->held);
	free(s->channels);
	free(s->client_version);
	free(s);
}

static void
on_later(struct later *l)
{
	struct session *s = of_later(l);

	if (!s->dead)
		flush(s);
	if (s->dead && !s->later.queued)
		session_free(s);
}

/* Sends the identification and the first KEXINIT. */
static void
greet(struct session *s)
{
	s->greeted = true;
	if (sim_scenario_greet(s))
		return;
	sim_session_send_raw(s, s->host->version, strlen(s->host->version));
	sim_session_send_raw(s, "\r\n", 2);
	sim_kex_start(s);
}

static void
on_pause(struct timer *t)
{
	struct session *s = of_pause(t);

	if (s->shut) {
		sim_session_end(s);
		return;
	}
	if (s->paused) {
		s->paused = false;
		if (!s->greeted)
			greet(s);
		process_input(s);
	}
	if (!s->dead)
		sim_session_touch(s);
}

void
sim_session_pause(struct session *s, uint32_t delay_ms)
{
	s->paused = true;
	sim_timer_start(&s->sim->loop, &s->pause, delay_ms);
}

static void
read_in(struct session *s)
{
	struct loop *loop = &s->sim->loop;
	ssize_t n = recv(s->io.fd, loop->scratch, sizeof(loop->scratch), 0);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0) {
		sim_session_end(s);
		return;
	}
	if (s->deaf || s->closing)
		return;
	if (!buf_add(&s->in, loop->scratch, (size_t)n))
		sim_session_end(s);
	else
		process_input(s);
}

static void
on_io(struct watch *w, uint32_t events)
{
	struct session *s = of_io(w);

	if ((events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0)
		read_in(s);
	if (!s->dead)
		sim_session_touch(s);
}

void
sim_session_new(struct fleetsim *sim, struct host *host, int fd)
{
	struct session *s = mem_new(sizeof(*s));
	int on = 1;

	(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	s->sim = sim;
	s->host = host;
	s->io.fd = fd;
	s->io.ready = on_io;
	s->pause.fire = on_pause;
	s->later.run = on_later;
	buf_init(&s->in, IN_MAX);
	buf_init(&s->out, OUT_MAX);
	buf_init(&s->held, HELD_MAX);
	LIST_INSERT_HEAD(&sim->sessions, s, link);
	host->ledger->connects++;
	sim_ledger_note(host, sim, "connect", "n=%u", host->ledger->connects);
	if (host->greet_delay_ms > 0)
		sim_session_pause(s, host->greet_delay_ms);
	else
		greet(s);
	if (!s->dead)
		sim_session_touch(s);
}
