/*
 * sftp.c -- an SFTP server on a channel: packets in, answers out.
 *
 * Room: tests/fleetsim.  May touch: base/, the units of fleetsim.
 */
#include "config.h"

#include "sftp.h"
#include "base/mem.h"
#include "home.h"
#include "scenario.h"
#include "work.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PACKET_MAX (300 * 1024)
#define OUT_MAX (64 * 1024 * 1024)
#define BUSY_BYTES (1024 * 1024) /* unsent: no request is read */

/* ---- answers ---- */

static void
send_packet(struct sim_sftp *s, const struct sftp_answer *a)
{
	uint32_t len = a->has_length ? a->length : (uint32_t)a->body.len;

	if (!a->raw)
		(void)buf_add_u32(&s->out, len);
	(void)buf_add(&s->out, buf_data(&a->body), a->body.len);
}

static void
answer(struct sim_sftp *s, uint8_t type, struct rd *r)
{
	struct sftp_answer a = {.server = s, .asked = type};

	buf_init(&a.body, OUT_MAX);
	sim_sftp_serve(s, type, r, &a.body);
	sim_scenario_sftp(&a);
	s->n_answers++;
	if (!a.drop)
		send_packet(s, &a);
	if (a.twice)
		send_packet(s, &a);
	buf_clear(&a.body);
}

/* ---- the channel ---- */

/* Takes the packet that begins `in`. Returns false when it is not whole. */
static bool
take_packet(struct channel *c, struct sim_sftp *s)
{
	struct rd r;
	uint32_t len;
	uint8_t type;

	rd_init(&r, buf_data(&c->in), c->in.len);
	if (!rd_u32(&r, &len) || len > PACKET_MAX || r.len < len)
		return false;
	r.len = len;
	if (rd_u8(&r, &type))
		answer(s, type, &r);
	sim_channel_consume(c, len + 4);
	return true;
}

static void
flush(struct channel *c, struct sim_sftp *s)
{
	size_t room;

	while (s->out.len > 0 && (room = sim_channel_room(c)) > 0) {
		size_t n = s->out.len < room ? s->out.len : room;

		sim_channel_data(c, 0, buf_data(&s->out), n);
		buf_drain(&s->out, n);
	}
}

static void
pump(struct channel *c)
{
	struct sim_sftp *s = c->state;

	if (c->output_end)
		return;
	flush(c, s);
	while (!s->is_cut && s->out.len < BUSY_BYTES && take_packet(c, s))
		flush(c, s);
	if (s->out.len > 0 || (!s->is_cut && !c->in_eof))
		return;
	sim_channel_output_end(c);
	sim_channel_exit(c, 0);
}

static void
on_signal(struct channel *c, const char *name)
{
	sim_channel_output_end(c);
	sim_channel_exit_signal(c, name, false);
}

static void
abandon(struct channel *c)
{
	struct sim_sftp *s = c->state;

	for (size_t i = 0; i < SIM_SFTP_THINGS; i++)
		sim_sftp_close(&s->things[i]);
	if (s->home >= 0)
		(void)close(s->home);
	buf_clear(&s->out);
	free(s);
}

void
sim_sftp_start(struct channel *c)
{
	static const struct work sftp = {.pump = pump,
	    .input = pump,
	    .signal = on_signal,
	    .abandon = abandon};
	struct sim_sftp *s = mem_new(sizeof(*s));
	char *home = sim_home(c->session->sim, c->session->host);

	s->channel = c;
	s->home =
	    home != NULL ? open(home, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
	free(home);
	buf_init(&s->out, OUT_MAX);
	c->work = &sftp;
	c->state = s;
	pump(c);
}
