/*
 * canned.c -- commands that need no process: made-up output, and cat.
 *
 * Room: tests/fleetsim.  May touch: base/, the units of fleetsim.
 * The output, in order: stdout= text, stderr= text, bytes= of a pattern,
 * lines= one by one; then linger= and the end.
 */
#include "config.h"

#include "base/mem.h"
#include "channel.h"
#include "server.h"
#include "work.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct canned {
	struct channel *channel; /* borrowed */
	uint64_t sent;           /* of all but the lines */
	uint32_t lines;          /* sent */
	bool waiting;            /* for the timer */
	bool lingering;          /* nothing but the end is left */
	struct timer timer;
};

void
fleetsim_pattern(uint64_t offset, void *dst, size_t len)
{
	uint8_t *p = dst;

	/* Lines of 64 that tell where they are. */
	for (size_t i = 0; i < len; i++, offset++) {
		uint64_t line = offset / 64;
		unsigned at = (unsigned)(offset % 64);

		if (at == 63)
			p[i] = '\n';
		else
			p[i] = (uint8_t)('!' + (line * 31 + at * 7) % 94);
	}
}

/* The next piece of what is not lines. Returns its length, 0 at the end. */
static size_t
next_piece(struct channel *c, size_t room, int *stream, uint8_t *dst)
{
	const struct host *h = c->session->host;
	uint64_t at = ((struct canned *)c->state)->sent;
	const struct bytes *texts[] = {&h->out, &h->err};

	for (int i = 0; i < 2; i++) {
		if (at < texts[i]->len) {
			size_t n = texts[i]->len - (size_t)at;

			*stream = i;
			n = n < room ? n : room;
			memcpy(dst, texts[i]->data + at, n);
			return n;
		}
		at -= texts[i]->len;
	}
	*stream = 0;
	if (at >= h->n_bytes)
		return 0;
	if (h->n_bytes - at < room)
		room = (size_t)(h->n_bytes - at);
	fleetsim_pattern(at, dst, room);
	return room;
}

static void
wait_for(struct canned *w, uint32_t ms)
{
	w->waiting = true;
	sim_timer_start(&w->channel->session->sim->loop, &w->timer, ms);
}

static void
send_line(struct channel *c, struct canned *w)
{
	char line[64];
	int n = snprintf(line, sizeof(line), "line %u\n", ++w->lines);

	sim_channel_data(c, 0, line, (size_t)n);
	wait_for(w, c->session->host->every_ms);
}

static void
end_canned(struct channel *c)
{
	sim_channel_output_end(c);
	sim_channel_exit(c, c->session->host->exit_code);
}

static void
pump_canned(struct channel *c)
{
	struct canned *w = c->state;
	const struct host *h = c->session->host;
	uint8_t *scratch = c->session->sim->loop.scratch;
	size_t room, n = 0;
	int stream;

	if (w->waiting || c->output_end)
		return;
	while ((room = sim_channel_room(c)) > 0) {
		n = next_piece(c, room, &stream, scratch);
		if (n == 0)
			break;
		w->sent += n;
		sim_channel_data(c, stream, scratch, n);
	}
	if (room < 64)
		return;
	if (w->lines < h->n_lines)
		send_line(c, w);
	else if (h->linger_ms == 0)
		end_canned(c);
	else {
		w->lingering = true;
		wait_for(w, h->linger_ms);
	}
}

static void
on_timer(struct timer *t)
{
	struct canned *w =
	    (struct canned *)((char *)t - offsetof(struct canned, timer));
	struct channel *c = w->channel;

	w->waiting = false;
	if (w->lingering)
		end_canned(c);
	else
		pump_canned(c);
}

static void
swallow_input(struct channel *c)
{
	sim_channel_consume(c, c->in.len);
}

static void
signal_canned(struct channel *c, const char *name)
{
	if (strcmp(name, "TERM") != 0 && strcmp(name, "KILL") != 0 &&
	    strcmp(name, "INT") != 0 && strcmp(name, "HUP") != 0)
		return;
	sim_channel_output_end(c);
	sim_channel_exit_signal(c, name, false);
}

static void
abandon_canned(struct channel *c)
{
	struct canned *w = c->state;

	sim_timer_stop(&c->session->sim->loop, &w->timer);
	free(w);
}

void
sim_canned_start(struct channel *c)
{
	static const struct work canned = {.pump = pump_canned,
	    .input = swallow_input,
	    .signal = signal_canned,
	    .abandon = abandon_canned};
	struct canned *w = mem_new(sizeof(*w));

	w->channel = c;
	w->timer.fire = on_timer;
	c->work = &canned;
	c->state = w;
	swallow_input(c);
	pump_canned(c);
}

static void
pump_cat(struct channel *c)
{
	size_t room;

	while (c->in.len > 0 && (room = sim_channel_room(c)) > 0) {
		size_t n = c->in.len < room ? c->in.len : room;

		sim_channel_data(c, 0, buf_data(&c->in), n);
		sim_channel_consume(c, n);
	}
	if (c->in.len == 0 && c->in_eof)
		end_canned(c);
}

static void
abandon_cat(struct channel *c)
{
	(void)c;
}

void
sim_cat_start(struct channel *c)
{
	static const struct work cat = {.pump = pump_cat,
	    .input = pump_cat,
	    .signal = signal_canned,
	    .abandon = abandon_cat};

	c->work = &cat;
	pump_cat(c);
}

void
sim_work_start(struct channel *c)
{
	switch (c->session->host->exec) {
	case EXEC_SH:
		sim_process_start(c);
		break;
	case EXEC_CANNED:
		sim_canned_start(c);
		break;
	case EXEC_CAT:
		sim_cat_start(c);
		break;
	}
}
