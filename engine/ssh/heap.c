/*
 * heap.c -- libssh2's memory: counted, wiped, and read on its way out.
 *
 * Room: engine/ssh.  May touch: base/.
 */
#include "config.h"

#include "ssh/heap.h"
#include "muster.h"
#include "base/buf.h"
#include "base/mem.h"
#include "base/secret.h"
#include "base/str.h"

#include <stdlib.h>
#include <string.h>

/* Message numbers of RFC 4250 s. 4.1.2. */
enum {
	MSG_KEXINIT = 20,
	MSG_USERAUTH_FAILURE = 51,
	MSG_CHANNEL_OPEN = 90,
	MSG_CHANNEL_OPEN_FAILURE = 92,
	MSG_CHANNEL_DATA = 94,
	MSG_CHANNEL_EXTENDED_DATA = 95,
	MSG_CHANNEL_REQUEST = 98,
};

/* libssh2 1.10 reads the 32 bytes of an Ed25519 key off a block that a server
 * made shorter: behind each block there are zeros. */
#define SLACK 64

/* Before each block; as large as malloc's alignment. */
struct head {
	_Alignas(max_align_t) LIST_ENTRY(head) entry;
	size_t size;
};

void
heap_init(struct heap *h, size_t max_bytes)
{
	memset(h, 0, sizeof(*h));
	LIST_INIT(&h->blocks);
	h->max = max_bytes;
}

void
heap_clear(struct heap *h)
{
	struct head *head;

	while ((head = LIST_FIRST(&h->blocks)) != NULL) {
		LIST_REMOVE(head, entry);
		h->used -= head->size;
		secret_wipe(head + 1, head->size);
		free(head);
	}
}

/* Text of the peer's, fit to be shown. */
static void
mask(char *text)
{
	for (; *text != '\0'; text++)
		if (*text < '!' || *text > '~')
			*text = '?';
}

static void
note_signal(struct heap *h, struct rd *r)
{
	uint8_t core;

	if (h->has_signal)
		return;
	if (!rd_cstring(r, h->signal, sizeof(h->signal)))
		(void)str_copy(h->signal, sizeof(h->signal), "?");
	else if (rd_u8(r, &core))
		h->core_dumped = core != 0;
	mask(h->signal);
	h->has_signal = true;
}

/* RFC 4254 s. 6.10. */
static void
note_request(struct heap *h, struct rd *r)
{
	uint32_t channel, status;
	uint8_t want_reply;
	char name[16];

	if (!rd_u32(r, &channel) || channel != h->channel ||
	    !rd_cstring(r, name, sizeof(name)) || !rd_u8(r, &want_reply))
		return;
	if (strcmp(name, "exit-signal") == 0) {
		note_signal(h, r);
	} else if (strcmp(name, "exit-status") == 0 && !h->has_status &&
		   rd_u32(r, &status)) {
		h->has_status = true;
		h->status = status;
	}
}

/* The server sent this one, for us to serve. */
static void
note_unasked(struct heap *h, const uint8_t *type, size_t len)
{
	h->n_unasked++;
	(void)muster_clean_text(h->unasked, sizeof(h->unasked), type, len);
}

/* We sent this one: a new session channel forgets about the one before. */
static void
note_session(struct heap *h, uint32_t channel)
{
	if (h->pinned)
		return;
	h->channel = channel;
	h->has_status = false;
	h->has_signal = false;
	h->core_dumped = false;
	h->data_bytes = 0;
}

static bool
is_text(const uint8_t *data, size_t len, const char *text)
{
	return len == strlen(text) && memcmp(data, text, len) == 0;
}

/* RFC 4254 s. 5.1. We open two types, of which nobody opens any to us. */
static void
note_open(struct heap *h, struct rd *r)
{
	uint32_t channel, window, packet;
	const uint8_t *type;
	size_t len;

	if (!rd_string(r, &type, &len) || !rd_u32(r, &channel) ||
	    !rd_u32(r, &window) || !rd_u32(r, &packet))
		return;
	if (is_text(type, len, "session"))
		note_session(h, channel);
	else if (!is_text(type, len, "direct-tcpip"))
		note_unasked(h, type, len);
}

static void
note_refusal(struct heap *h, struct rd *r)
{
	uint32_t channel, reason;
	const uint8_t *text;
	size_t len;

	if (rd_u32(r, &channel) && rd_u32(r, &reason) &&
	    rd_string(r, &text, &len))
		(void)muster_clean_text(
		    h->refusal, sizeof(h->refusal), text, len);
}

static void
note_data(struct heap *h, struct rd *r, bool extended)
{
	uint32_t channel, type, len;

	if (rd_u32(r, &channel) && channel == h->channel &&
	    (!extended || rd_u32(r, &type)) && rd_u32(r, &len))
		h->data_bytes += len;
}

static void
note_failure(struct heap *h, struct rd *r)
{
	const uint8_t *methods;
	uint8_t partial;
	size_t len;

	if (!rd_string(r, &methods, &len) || !rd_u8(r, &partial))
		return;
	if (len >= sizeof(h->methods))
		len = sizeof(h->methods) - 1;
	memcpy(h->methods, methods, len);
	h->methods[len] = '\0';
	h->partial = partial != 0;
	h->n_failures++;
}

/* The next name-list, cut to fit, with '+' at the cut. */
static bool
read_list(struct rd *r, char *text, size_t size)
{
	const uint8_t *data;
	size_t len;

	if (!rd_string(r, &data, &len))
		return false;
	if (len >= size) {
		len = size - 1;
		memcpy(text, data, len);
		text[len - 1] = '+';
	} else {
		memcpy(text, data, len);
	}
	text[len] = '\0';
	mask(text);
	return true;
}

static void
note_kexinit(struct heap *h, struct rd *r)
{
	const uint8_t *cookie;

	if (!rd_bytes(r, &cookie, 16) ||
	    !read_list(r, h->kex, sizeof(h->kex)) ||
	    !read_list(r, h->hostkeys, sizeof(h->hostkeys)) ||
	    !read_list(r, h->ciphers, sizeof(h->ciphers)))
		return;
	h->n_kexinits++;
}

/* A block may be anything; only whole packets of the known shapes count. */
static void
look(struct heap *h, const void *data, size_t size)
{
	struct rd r;
	uint8_t type;

	rd_init(&r, data, size);
	if (!rd_u8(&r, &type))
		return;
	switch (type) {
	case MSG_KEXINIT:
		note_kexinit(h, &r);
		break;
	case MSG_USERAUTH_FAILURE:
		note_failure(h, &r);
		break;
	case MSG_CHANNEL_OPEN:
		note_open(h, &r);
		break;
	case MSG_CHANNEL_OPEN_FAILURE:
		note_refusal(h, &r);
		break;
	case MSG_CHANNEL_DATA:
		note_data(h, &r, false);
		break;
	case MSG_CHANNEL_EXTENDED_DATA:
		note_data(h, &r, true);
		break;
	case MSG_CHANNEL_REQUEST:
		note_request(h, &r);
		break;
	default:
		break;
	}
}

static void
count(struct heap *h, size_t size)
{
	h->used += size;
	if (h->used > h->max)
		h->doomed = true;
}

void *
heap_alloc(size_t size, void **abstract)
{
	struct heap *h = *abstract;
	struct head *head;

	if (size > SIZE_MAX - sizeof(*head) - SLACK)
		mem_die();
	/* All zeros: what is freed half filled tells nothing of before. */
	head = calloc(1, sizeof(*head) + size + SLACK);
	if (head == NULL)
		mem_die();
	head->size = size;
	LIST_INSERT_HEAD(&h->blocks, head, entry);
	count(h, size);
	return head + 1;
}

void
heap_free(void *p, void **abstract)
{
	struct heap *h = *abstract;
	struct head *head;

	if (p == NULL)
		return;
	head = (struct head *)p - 1;
	look(h, p, head->size);
	LIST_REMOVE(head, entry);
	h->used -= head->size;
	secret_wipe(p, head->size);
	free(head);
}

void *
heap_realloc(void *p, size_t size, void **abstract)
{
	void *fresh = heap_alloc(size, abstract);
	struct heap *h = *abstract;
	struct head *old;

	if (p == NULL)
		return fresh;
	old = (struct head *)p - 1;
	memcpy(fresh, p, old->size < size ? old->size : size);
	LIST_REMOVE(old, entry);
	h->used -= old->size;
	secret_wipe(p, old->size);
	free(old);
	return fresh;
}
