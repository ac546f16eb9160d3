/*
 * fuzz_sftp.c -- what an SFTP server says never breaks who listens.
 *
 * Room: tests/fuzz.  May touch: engine/copy.
 * The first byte chooses who listens: a pull that only tells what it would do,
 * or a handful of requests of every kind. The rest comes from the server, in
 * pieces.
 */
#include "config.h"

#include "base/mem.h"
#include "copy/copy.h"
#include "copy/courier.h"
#include "copy/helper.h"
#include "copy/sftp.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* ---- a pull ---- */

static void
assert_clean(const char *text)
{
	for (; *text != '\0'; text++)
		assert((unsigned char)*text >= ' ' && *text != 0x7f);
}

static void
on_wake(void *arg, uint32_t ms)
{
	(void)arg;
	(void)ms;
}

static void
on_open_helper(void *arg, const char *command)
{
	(void)arg;
	(void)command;
}

static void
on_take_time(void *arg, void (*work)(void *), void (*done)(void *),
    void (*drop)(void *), void *job)
{
	(void)arg;
	(void)work;
	(void)done;
	drop(job);
}

static void
on_note(void *arg, const char *text)
{
	(void)arg;
	assert_clean(text);
}

static void
on_say(void *arg, const char *line)
{
	(void)arg;
	assert(line[0] != '\0');
}

static void
on_done(void *arg, const struct courier_end *end)
{
	bool *over = arg;

	assert(!*over);
	*over = true;
	assert_clean(end->text);
}

static const struct courier_events events = {
    .wake = on_wake,
    .open_helper = on_open_helper,
    .take_time = on_take_time,
    .note = on_note,
    .say = on_say,
    .done = on_done,
};

static void
feed_pull(const uint8_t *data, size_t size, size_t piece, bool follow)
{
	char first[] = "src", second[] = "a*/[bc]", dest[] = "/nowhere/at/all";
	char *sources[] = {first, second};
	struct copy copy = {.is_pull = true,
	    .o = {.dry_run = true, .follow = follow},
	    .sources = sources,
	    .n_sources = 2,
	    .dest = dest,
	    .own_folder = true,
	    .max_open = 4};
	bool over = false;
	struct courier *c = courier_new(&copy, &events, &over);

	while (size > 0 && !over) {
		size_t n = size < piece ? size : piece;

		courier_feed(c, data, n);
		if (!over)
			courier_go(c);
		data += n;
		size -= n;
	}
	courier_free(c);
}

/* ---- requests ---- */

struct listener {
	struct sftp *sftp;
	size_t n_asked, n_heard, n_dropped;
};

static void
on_answer(void *arg, const struct sftp_reply *reply)
{
	struct listener *l = arg;
	struct rd names = reply->names;
	struct sftp_entry e;
	uint64_t bytes, inodes;

	l->n_heard++;
	assert(reply->type != SFTP_HANDLE ||
	       (reply->len > 0 && reply->len <= SFTP_HANDLE_MAX));
	assert(
	    reply->type != SFTP_DATA || (reply->len > 0 && reply->len <= 100));
	if (reply->type == SFTP_NAME) {
		for (uint32_t i = 0; i < reply->n_names; i++)
			assert(sftp_read_entry(&names, &e));
	}
	(void)sftp_read_space(reply, &bytes, &inodes);
}

static void
on_drop(void *arg)
{
	struct listener *l = arg;

	l->n_dropped++;
}

static struct sftp_then
then(struct listener *l)
{
	l->n_asked++;
	return (struct sftp_then){on_answer, l, on_drop};
}

static void
on_ready(void *arg)
{
	struct listener *l = arg;
	static const struct sftp_handle handle = {.len = 1};
	static const struct sftp_attrs none = {0};

	sftp_ask(l->sftp, SFTP_STAT, "a", then(l));
	sftp_ask(l->sftp, SFTP_OPENDIR, "a", then(l));
	sftp_ask(l->sftp, SFTP_READLINK, "a", then(l));
	sftp_open(l->sftp, "a", SFTP_FOR_READ, &none, then(l));
	sftp_read(l->sftp, &handle, 0, 100, then(l));
	sftp_read(l->sftp, &handle, 100, 100, then(l));
	sftp_ask_handle(l->sftp, SFTP_READDIR, &handle, then(l));
	sftp_ask_handle(l->sftp, SFTP_CLOSE, &handle, then(l));
	if (sftp_has(l->sftp, SFTP_STATVFS))
		sftp_statvfs(l->sftp, "a", then(l));
}

static void
feed_requests(const uint8_t *data, size_t size, size_t piece)
{
	struct listener l = {0};
	struct muster_error err;
	int rc = 0;

	l.sftp = sftp_new(on_ready, &l);
	while (size > 0 && rc == 0) {
		size_t n = size < piece ? size : piece;

		rc = sftp_feed(l.sftp, data, n, &err);
		data += n;
		size -= n;
	}
	if (rc != 0)
		assert_clean(err.text);
	sftp_free(l.sftp);
	assert(l.n_heard + l.n_dropped == l.n_asked);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t piece;

	if (size == 0)
		return 0;
	piece = (data[0] & 4) != 0 ? 3 : size;
	if ((data[0] & 1) != 0)
		feed_pull(data + 1, size - 1, piece, (data[0] & 2) != 0);
	else
		feed_requests(data + 1, size - 1, piece);
	return 0;
}
