/*
 * sftp.c -- the conversation of SFTP version 3: requests and their answers.
 *
 * Room: engine/copy.  May touch: base/.
 */
#include "config.h"

#include "copy/sftp_impl.h"

#include "base/clock.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/trace.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define SPOKEN_VERSION 3
#define PIECE_BYTES (32 * 1024)      /* that every server takes */
#define PIECE_MAX_BYTES (128 * 1024) /* that we use of what one offers */
#define FLIGHT_MIN_BYTES (256 * 1024)
#define FLIGHT_MAX_BYTES (8 * 1024 * 1024)
#define MEASURE_US 50000

static const struct {
	const char *name;
	const char *version;
} extensions[SFTP_N_EXTENSIONS] = {
    [SFTP_POSIX_RENAME] = {"posix-rename@openssh.com", "1"},
    [SFTP_STATVFS] = {"statvfs@openssh.com", "2"},
    [SFTP_HARDLINK] = {"hardlink@openssh.com", "1"},
    [SFTP_FSYNC] = {"fsync@openssh.com", "1"},
    [SFTP_LIMITS] = {"limits@openssh.com", "1"},
    [SFTP_COPY_DATA] = {"copy-data", "1"},
};

const char *
sftp_extension_name(enum sftp_extension extension)
{
	return extensions[extension].name;
}

struct sftp *
sftp_new(void (*ready)(void *arg), void *arg)
{
	struct sftp *s = mem_new(sizeof(*s));

	s->ready = ready;
	s->arg = arg;
	s->read_max = s->write_max = PIECE_BYTES;
	s->flight_max = FLIGHT_MIN_BYTES;
	s->round_us = INT64_MAX;
	s->free_slot = NO_SLOT;
	buf_init(&s->in, LIMIT_SFTP_PACKET_BYTES + 4);
	buf_init(&s->out, SIZE_MAX / 2);
	sftp_greet(s);
	return s;
}

void
sftp_greet(struct sftp *s)
{
	assert(!s->is_greeted);
	buf_reset(&s->in);
	buf_reset(&s->out);
	(void)buf_add_u32(&s->out, 5);
	(void)buf_add_u8(&s->out, SFTP_INIT);
	(void)buf_add_u32(&s->out, SPOKEN_VERSION);
}

void
sftp_free(struct sftp *s)
{
	if (s == NULL)
		return;
	for (size_t i = 0; i < s->n_slots; i++)
		if (s->slots[i].used && s->slots[i].then.drop != NULL)
			s->slots[i].then.drop(s->slots[i].then.arg);
	buf_clear(&s->in);
	buf_clear(&s->out);
	free(s->slots);
	free(s);
}

struct buf *
sftp_out(struct sftp *s)
{
	return &s->out;
}

void
sftp_stop(struct sftp *s)
{
	s->stopped = true;
}

bool
sftp_is_greeted(const struct sftp *s)
{
	return s->is_greeted;
}

bool
sftp_is_ready(const struct sftp *s)
{
	return s->is_ready;
}

bool
sftp_has(const struct sftp *s, enum sftp_extension extension)
{
	return s->has[extension];
}

size_t
sftp_piece(const struct sftp *s, bool write)
{
	return write ? s->write_max : s->read_max;
}

bool
sftp_has_room(const struct sftp *s)
{
	return s->flying < s->flight_max && sftp_has_turn(s);
}

bool
sftp_has_turn(const struct sftp *s)
{
	return !s->stopped && s->n_waiting < LIMIT_SFTP_REQUESTS;
}

void
sftp_keep_handle(struct sftp_handle *to, const struct sftp_reply *reply)
{
	memcpy(to->bytes, reply->data, reply->len);
	to->len = reply->len;
}

size_t
sftp_n_waiting(const struct sftp *s)
{
	return s->n_waiting;
}

/* ---- the table of requests ---- */

static void
grow(struct sftp *s)
{
	size_t old = s->n_slots, cap = old;

	mem_grow(&s->slots, &cap, old + 64, sizeof(*s->slots));
	for (size_t i = cap; i-- > old;) {
		s->slots[i] = (struct slot){.next = s->free_slot};
		s->free_slot = (uint32_t)i;
	}
	s->n_slots = cap;
}

/* An id is its slot and how often that was used: one that comes twice is
 * told from its successor. */
uint32_t
sftp_begin(
    struct sftp *s, enum sftp_type wanted, size_t bytes, struct sftp_then then)
{
	struct slot *slot;
	uint32_t at;

	if (s->free_slot == NO_SLOT)
		grow(s);
	at = s->free_slot;
	slot = &s->slots[at];
	s->free_slot = slot->next;
	slot->used = true;
	slot->wanted = wanted;
	slot->bytes = bytes;
	slot->then = then;
	slot->sent_us = clock_now_us();
	s->flying += bytes;
	s->n_waiting++;
	return at | (uint32_t)slot->turn << SLOT_BITS;
}

static struct slot *
find(struct sftp *s, uint32_t id)
{
	uint32_t at = id & ((1u << SLOT_BITS) - 1);
	struct slot *slot = at < s->n_slots ? &s->slots[at] : NULL;

	if (slot == NULL || !slot->used ||
	    slot->turn != (uint16_t)(id >> SLOT_BITS))
		return NULL;
	return slot;
}

static void
release(struct sftp *s, struct slot *slot)
{
	s->flying -= slot->bytes;
	s->n_waiting--;
	slot->used = false;
	slot->turn = (uint16_t)((slot->turn + 1) & TURN_MASK);
	slot->next = s->free_slot;
	s->free_slot = (uint32_t)(slot - s->slots);
}

/* ---- how much may be under way ---- */

static void
measure(struct sftp *s, const struct slot *slot)
{
	int64_t now = clock_now_us(), took = now - slot->sent_us, span;
	uint64_t want;

	if (took > 0 && took < s->round_us)
		s->round_us = took;
	s->delivered += slot->bytes;
	if (s->measured_us == 0)
		s->measured_us = now;
	span = now - s->measured_us;
	if (span < MEASURE_US || span < s->round_us)
		return;
	want = s->delivered * (uint64_t)s->round_us / (uint64_t)span * 2;
	s->measured_us = now;
	s->delivered = 0;
	/* What was not used up says nothing about what the line takes. */
	if (want > s->flight_max)
		s->flight_max =
		    want < FLIGHT_MAX_BYTES ? (size_t)want : FLIGHT_MAX_BYTES;
}

/* ---- what the server is ---- */

static void
learn_extension(struct sftp *s, const uint8_t *name, size_t name_len,
    const uint8_t *version, size_t version_len)
{
	for (int i = 0; i < SFTP_N_EXTENSIONS; i++) {
		const char *v = extensions[i].version;

		if (name_len == strlen(extensions[i].name) &&
		    memcmp(name, extensions[i].name, name_len) == 0 &&
		    version_len == strlen(v) &&
		    memcmp(version, v, version_len) == 0)
			s->has[i] = true;
	}
}

static void
become_ready(struct sftp *s)
{
	TRACE("sftp", "pieces of %zu and %zu bytes", s->read_max, s->write_max);
	s->is_ready = true;
	s->ready(s->arg);
}

static size_t
choose_piece(uint64_t offered)
{
	if (offered < PIECE_BYTES)
		return PIECE_BYTES;
	return offered < PIECE_MAX_BYTES ? (size_t)offered : PIECE_MAX_BYTES;
}

static void
on_limits(void *arg, const struct sftp_reply *reply)
{
	uint64_t packet, read, write;
	struct sftp *s = arg;
	struct rd r;

	rd_init(&r, reply->data, reply->len);
	if (reply->type == SFTP_EXTENDED_REPLY && rd_u64(&r, &packet) &&
	    rd_u64(&r, &read) && rd_u64(&r, &write)) {
		s->read_max = choose_piece(read);
		s->write_max = choose_piece(write);
	}
	become_ready(s);
}

static int
take_version(
    struct sftp *s, const struct sftp_reply *reply, struct muster_error *err)
{
	const uint8_t *name, *version;
	size_t name_len, version_len;
	struct rd r;

	if (s->is_greeted)
		return err_set(err, MUSTER_ERR_PROTOCOL,
		    "the SFTP server said its version twice");
	if (reply->id != SPOKEN_VERSION)
		return err_set(err, MUSTER_ERR_PROTOCOL,
		    "the server speaks version %u of SFTP, not 3",
		    (unsigned)reply->id);
	s->is_greeted = true;
	rd_init(&r, reply->data, reply->len);
	while (r.len > 0) {
		if (!rd_string(&r, &name, &name_len) ||
		    !rd_string(&r, &version, &version_len))
			return err_set(err, MUSTER_ERR_PROTOCOL,
			    "the SFTP server's extensions make no sense");
		learn_extension(s, name, name_len, version, version_len);
	}
	if (s->has[SFTP_LIMITS])
		sftp_ask_limits(s, (struct sftp_then){on_limits, s, NULL});
	else
		become_ready(s);
	return 0;
}

/* ---- answers ---- */

static int
take_reply(
    struct sftp *s, const struct sftp_reply *reply, struct muster_error *err)
{
	struct slot *slot = find(s, reply->id);
	struct sftp_then then;

	if (slot == NULL)
		return err_set(err, MUSTER_ERR_PROTOCOL,
		    "the SFTP server answered what nobody asked");
	if (reply->type != SFTP_STATUS && reply->type != slot->wanted)
		return err_set(err, MUSTER_ERR_PROTOCOL,
		    "the SFTP server gave an answer of the wrong kind");
	if (reply->type == SFTP_DATA &&
	    (reply->len > slot->bytes || reply->len == 0))
		return err_set(err, MUSTER_ERR_PROTOCOL,
		    "the SFTP server sent %zu bytes where %zu were asked for",
		    reply->len, slot->bytes);
	/* Only a request that has no other answer may simply be done. */
	if (reply->type == SFTP_STATUS && reply->code == SFTP_OK &&
	    slot->wanted != SFTP_STATUS)
		return err_set(err, MUSTER_ERR_PROTOCOL,
		    "the SFTP server sent no data with its answer");
	then = slot->then;
	measure(s, slot);
	release(s, slot);
	then.answer(then.arg, reply);
	return 0;
}

static int
take_packet(struct sftp *s, size_t len, struct muster_error *err)
{
	struct sftp_reply reply;

	if (!sftp_read_reply(buf_data(&s->in) + 4, len, &reply) ||
	    (!s->is_greeted && reply.type != SFTP_VERSION))
		return err_set(err, MUSTER_ERR_PROTOCOL,
		    s->is_greeted ? "the SFTP server sent a packet that "
				    "makes no sense"
				  : "the server does not speak SFTP");
	return reply.type == SFTP_VERSION ? take_version(s, &reply, err)
					  : take_reply(s, &reply, err);
}

/* The length of the packet that begins the bytes at hand; 0 when it has not
 * come whole, -1 when it never may. */
static int64_t
next_length(const struct sftp *s)
{
	struct rd r;
	uint32_t len;

	rd_init(&r, buf_data(&s->in), s->in.len);
	if (!rd_u32(&r, &len))
		return 0;
	if (len < 5 || len > LIMIT_SFTP_PACKET_BYTES)
		return -1;
	return s->in.len - 4 >= len ? (int64_t)len : 0;
}

int
sftp_feed(
    struct sftp *s, const void *data, size_t len, struct muster_error *err)
{
	const uint8_t *p = data;
	int64_t packet = 0;

	while (!s->stopped && (len > 0 || packet > 0)) {
		size_t room = s->in.max - s->in.len;
		size_t n = len < room ? len : room;

		(void)buf_add(&s->in, p, n);
		p += n;
		len -= n;
		while ((packet = next_length(s)) > 0 && !s->stopped) {
			if (take_packet(s, (size_t)packet, err) != 0) {
				s->stopped = true;
				return -1;
			}
			buf_drain(&s->in, (size_t)packet + 4);
		}
		if (packet < 0) {
			s->stopped = true;
			return err_set(err, MUSTER_ERR_PROTOCOL,
			    s->is_greeted ? "the SFTP server sent a packet of "
					    "impossible length"
					  : "the server does not speak SFTP");
		}
	}
	return 0;
}
