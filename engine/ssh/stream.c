/*
 * stream.c -- a channel of a session that carries bytes both ways.
 *
 * Room: engine/ssh.  May touch: this room, base/.
 * Laws of libssh2 kept here: one call that awaits a reply is under way at a
 * time, and repeated with the same arguments until it is answered, wanted or
 * not; all channels are read until a pass over them yields nothing.
 */
#include "config.h"

#include "ssh/stream.h"
#include "base/mem.h"
#include "base/trace.h"
#include "ssh/channel.h"
#include "ssh/loop.h"
#include "ssh/session_impl.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define WINDOW_BYTES (256 * 1024)
#define WINDOW_MAX_BYTES (2 * 1024 * 1024)
#define READ_BYTES (32 * 1024)
#define WRITE_BYTES (32 * 1024)
/* Who has less than this to send is asked for more. */
#define ROOM_BYTES (256 * 1024)

enum stream_state { OPENING, ASKING, RUNNING, CLOSED };

struct stream {
	TAILQ_ENTRY(stream) entry; /* of session->streams */
	struct session *session;   /* borrowed; NULL: it is over */
	LIBSSH2_CHANNEL *channel;  /* owned by the session's libssh2 */
	enum stream_state state;
	bool is_subsystem;
	char *what;      /* owned */
	struct buf *out; /* borrowed; NULL: nobody wants the stream */
	const struct stream_events *events;
	void *arg;
	uint64_t n_read;
};

static void
destroy(struct stream *st)
{
	if (st->session != NULL) {
		if (st->channel != NULL)
			st->session->heap.max -= 2 * WINDOW_MAX_BYTES;
		TAILQ_REMOVE(&st->session->streams, st, entry);
	}
	free(st->what);
	free(st);
}

struct stream *
stream_new(struct session *s, const struct stream_request *request,
    const struct stream_events *events, void *arg)
{
	struct stream *st = mem_new(sizeof(*st));

	assert(s->state == MUSTER_READY && !s->over);
	st->session = s;
	st->is_subsystem = request->is_subsystem;
	st->what = mem_strdup(request->what);
	st->out = request->out;
	st->events = events;
	st->arg = arg;
	TAILQ_INSERT_TAIL(&s->streams, st, entry);
	session_poke(s);
	return st;
}

void
stream_free(struct stream *st)
{
	if (st == NULL)
		return;
	st->out = NULL;
	if (st->session == NULL)
		destroy(st);
	else
		session_poke(st->session);
}

void
stream_lend(struct stream *st, struct buf *out)
{
	st->out = out;
	stream_poke(st);
}

void
stream_poke(struct stream *st)
{
	if (st->session != NULL)
		session_poke(st->session);
}

/* ---- opening ---- */

static void
close_for(struct stream *st, enum muster_outcome outcome, const char *message)
{
	char why[LIMIT_REMOTE_TEXT];

	st->state = CLOSED;
	if (st->out == NULL)
		return;
	muster_clean_text(why, sizeof(why), message, strlen(message));
	st->events->closed(st->arg, outcome, why);
}

/* Returns FORWARD when it has its answer, whatever that is. */
static enum next
open_channel(struct session *s, struct stream *st)
{
	const char *refusal;
	enum next next = channel_open(s, WINDOW_BYTES, &st->channel, &refusal);

	if (next == FORWARD) {
		s->heap.max += 2 * WINDOW_MAX_BYTES;
		st->state = ASKING;
	}
	if (next != FAILED || refusal == NULL)
		return next;
	close_for(st, MUSTER_CHAN_REFUSED, refusal);
	return s->over ? FAILED : FORWARD;
}

static enum next
ask(struct session *s, struct stream *st)
{
	const char *kind = st->is_subsystem ? "subsystem" : "exec";
	int rc = libssh2_channel_process_startup(st->channel, kind,
	    (unsigned)strlen(kind), st->what, (unsigned)strlen(st->what));

	if (rc == LIBSSH2_ERROR_EAGAIN)
		return s->tap.eof ? session_fail_io(s, "opening a channel")
				  : AGAIN;
	if (rc == LIBSSH2_ERROR_CHANNEL_REQUEST_DENIED) {
		close_for(st,
		    st->is_subsystem ? MUSTER_SUBSYS_REFUSED
				     : MUSTER_EXEC_REFUSED,
		    st->is_subsystem ? "the server has no SFTP"
				     : "the server refused to run the command");
		return s->over ? FAILED : FORWARD;
	}
	if (rc != 0)
		return session_fail_io(s, "opening a channel");
	TRACE("stream", "%s runs %s %.40s", s->target.name, kind, st->what);
	st->state = RUNNING;
	if (st->out != NULL)
		st->events->opened(st->arg);
	return s->over ? FAILED : FORWARD;
}

/* Only the first that is not open yet is at it. */
static bool
open_next(struct session *s)
{
	struct stream *st;
	enum next next = FORWARD;

	while (next == FORWARD) {
		TAILQ_FOREACH (st, &s->streams, entry) {
			if (st->state == OPENING || st->state == ASKING)
				break;
		}
		if (st == NULL)
			return true;
		next = st->state == OPENING ? open_channel(s, st) : ask(s, st);
	}
	return next != FAILED;
}

/* ---- bytes ---- */

static bool
send_to(struct session *s, struct stream *st)
{
	bool any = false;

	while (st->out->len > 0 && s->tap.tx.len < LIMIT_SEND_HIGH_BYTES) {
		ssize_t n = libssh2_channel_write_ex(st->channel, 0,
		    (const char *)buf_data(st->out),
		    st->out->len < WRITE_BYTES ? st->out->len : WRITE_BYTES);

		if (n <= 0)
			break; /* the window is closed, or reading tells */
		buf_drain(st->out, (size_t)n);
		any = true;
	}
	if (any && st->out->len < ROOM_BYTES)
		st->events->room(st->arg);
	return any;
}

/* Returns 1 when there was something, 0, or, the session having failed,
 * -1. */
static int
receive(struct session *s, struct stream *st, enum muster_stream which)
{
	char *scratch = (char *)loop_scratch(s->env->loop);
	ssize_t n = libssh2_channel_read_ex(
	    st->channel, (int)which, scratch, READ_BYTES);

	if (n == LIBSSH2_ERROR_EAGAIN || n == 0)
		return 0;
	if (n < 0) {
		(void)session_fail_io(s, "copying files");
		return -1;
	}
	st->n_read += (uint64_t)n;
	s->n_useful += (uint64_t)n;
	if (st->out != NULL)
		st->events->data(st->arg, which, scratch, (size_t)n);
	return s->over ? -1 : 1;
}

/* A server that sends much gets a larger window, kept open by us. */
static void
widen(struct stream *st)
{
	unsigned long left;

	if (st->n_read < WINDOW_BYTES)
		return;
	left = libssh2_channel_window_read_ex(st->channel, NULL, NULL);
	if (left < WINDOW_MAX_BYTES / 2)
		(void)libssh2_channel_receive_window_adjust2(
		    st->channel, WINDOW_MAX_BYTES - left, 1, NULL);
}

/* The peer answers in its own time: until then the channel is kept. */
static void
close_stream(struct stream *st)
{
	if (st->state == OPENING || st->state == ASKING)
		return; /* that call is still repeated */
	if (st->channel != NULL &&
	    libssh2_channel_free(st->channel) == LIBSSH2_ERROR_EAGAIN)
		return;
	destroy(st);
}

static int
serve(struct session *s, struct stream *st)
{
	int out, err;
	bool sent;

	if (st->out == NULL) {
		close_stream(st);
		return 0;
	}
	if (st->state != RUNNING)
		return 0;
	sent = send_to(s, st);
	if (s->over)
		return -1;
	out = st->out != NULL ? receive(s, st, MUSTER_STDOUT) : 0;
	err = out >= 0 && st->out != NULL ? receive(s, st, MUSTER_STDERR) : 0;
	if (out < 0 || err < 0)
		return -1;
	if (st->out == NULL)
		return 1;
	widen(st);
	if (!sent && out == 0 && err == 0 && libssh2_channel_eof(st->channel)) {
		close_for(st, MUSTER_LOST, "the program there ended");
		return s->over ? -1 : 1;
	}
	return sent || out > 0 || err > 0;
}

bool
streams_run(struct session *s)
{
	struct stream *st, *next;
	bool any;

	if (!open_next(s))
		return false;
	do {
		any = false;
		for (st = TAILQ_FIRST(&s->streams); st != NULL; st = next) {
			int rc;

			/* Only serving one removes it, and only it. */
			next = TAILQ_NEXT(st, entry);
			rc = serve(s, st);
			if (rc < 0 || s->over)
				return false;
			any = any || rc > 0;
		}
	} while (any);
	return true;
}

void
streams_lose(struct session *s)
{
	struct stream *st;

	while ((st = TAILQ_FIRST(&s->streams)) != NULL) {
		TAILQ_REMOVE(&s->streams, st, entry);
		st->session = NULL;
		st->channel = NULL;
		st->state = CLOSED;
		if (st->out == NULL)
			destroy(st);
	}
}
