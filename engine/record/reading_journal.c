/*
 * reading_journal.c -- the journal of a run, entry by entry.
 *
 * Room: engine/record.  May touch: base/, the room.
 */
#include "config.h"

#include "record/reading.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "record/chain.h"
#include "record/entry.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define JOURNAL_BYTES (2048ll * 1024 * 1024) /* over a million hosts */

/* Whether a program still writes: it holds a lock. */
static bool
is_locked(int fd)
{
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};

	return fcntl(fd, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
}

static int
read_whole(int fd, struct buf *b)
{
	for (;;) {
		uint8_t *room = buf_reserve(b, 65536);
		ssize_t n = room != NULL ? read(fd, room, 65536) : -1;

		if (n == 0)
			return 0;
		if (n < 0 && (room == NULL || errno != EINTR))
			return room == NULL ? EFBIG : errno;
		if (n > 0)
			buf_commit(b, (size_t)n);
	}
}

static bool
take_open(struct muster_run *run, const struct entry *e)
{
	run->id = mem_strdup(e->id);
	run->program = mem_strdup(e->program);
	run->parent = mem_strdup(e->parent);
	run->words = mem_array(e->n_words + 1, sizeof(*run->words));
	for (size_t i = 0; i < e->n_words; i++)
		run->words[i] = mem_strdup(e->words[i]);
	run->about.id = run->id;
	run->about.program = run->program;
	run->about.parent = run->parent;
	run->about.words = (const char *const *)run->words;
	run->about.n_words = e->n_words;
	run->about.wall_us = e->wall_us;
	run->about.begun_us = e->us;
	return true;
}

/* Hosts come in the order of their numbers. */
static bool
take_host(struct muster_run *run, const struct entry *e)
{
	size_t n = run->about.n_hosts;

	if (e->host != n)
		return false;
	mem_grow(&run->hosts, &run->cap_hosts, n + 1, sizeof(*run->hosts));
	run->hosts[n] = (struct muster_host){.name = mem_strdup(e->name),
	    .user = mem_strdup(e->user),
	    .address = mem_strdup(e->address),
	    .port = e->port};
	run->about.n_hosts++;
	return true;
}

static bool
take_order(struct muster_run *run, const struct entry *e)
{
	size_t n = run->about.n_orders;

	if (e->order != n + 1)
		return false;
	mem_grow(&run->orders, &run->cap_orders, n + 1, sizeof(*run->orders));
	run->orders[n] =
	    (struct reading_order){.command = mem_strdup(e->command)};
	run->about.n_orders++;
	return true;
}

static struct reading_end *
find_end(struct muster_run *run, const struct entry *e)
{
	if (e->order == 0 || e->order > run->about.n_orders ||
	    e->host >= run->about.n_hosts)
		return NULL;
	return reading_end(run, e->order - 1, e->host);
}

static struct reading_event *
add_event(
    struct muster_run *run, const struct entry *e, enum muster_event_type type)
{
	struct reading_event *event = reading_add_event(run);

	event->type = type;
	event->us = e->us;
	event->order = e->order > 0 ? e->order - 1 : 0;
	event->host = e->host;
	return event;
}

static bool
take_start(struct muster_run *run, const struct entry *e)
{
	struct reading_end *end = find_end(run, e);

	if (end == NULL || end->started)
		return false;
	end->asked = end->started = true;
	end->result.started_us = e->us;
	(void)add_event(run, e, MUSTER_EVENT_STATE);
	return true;
}

static bool
take_end(struct muster_run *run, const struct entry *e)
{
	struct reading_end *end = find_end(run, e);

	if (end == NULL || end->ended)
		return false;
	end->asked = end->ended = true;
	end->result = e->result;
	(void)add_event(run, e, MUSTER_EVENT_RESULT);
	return true;
}

static bool
take(struct muster_run *run, const struct entry *e)
{
	bool is_first = run->id == NULL;

	if (is_first != (e->type == ENTRY_OPEN) || run->about.is_closed)
		return false;
	switch (e->type) {
	case ENTRY_OPEN:
		return take_open(run, e);
	case ENTRY_HOST:
		return take_host(run, e);
	case ENTRY_ORDER:
		return take_order(run, e);
	case ENTRY_START:
		return take_start(run, e);
	case ENTRY_END:
		return take_end(run, e);
	case ENTRY_NOTE:
		add_event(run, e, MUSTER_EVENT_NOTE)->text =
		    mem_strdup(e->text);
		return e->host == UINT32_MAX || e->host < run->about.n_hosts;
	case ENTRY_CLOSE:
		run->about.is_closed = true;
		run->about.exitcode = (int)e->exitcode;
		return true;
	case ENTRY_N_TYPES:
		break;
	}
	return false;
}

/* Takes lines until one is not what was written. */
static void
take_lines(struct muster_run *run, const char *text, size_t len)
{
	struct chain chain;
	size_t at = 0;

	memset(&chain, 0, sizeof(chain));
	memset(chain.sum, '0', CHAIN_SUM_CHARS);
	while (at < len) {
		const char *line = text + at;
		const char *end = memchr(line, '\n', len - at);
		size_t n = end != NULL ? (size_t)(end - line) : 0;
		struct entry e;
		bool good;

		if (end == NULL || !chain_check(&chain, line, n) ||
		    !entry_read(&e, line, n))
			break;
		good = take(run, &e);
		run->about.last_us = e.us;
		entry_clear(&e);
		if (!good)
			break;
		at += n + 1;
	}
	/* The line at hand of a program that is writing is no damage. */
	if (at < len && !(run->about.is_running &&
			    memchr(text + at, '\n', len - at) == NULL))
		reading_damaged(run, "journal: byte %zu of %zu on", at, len);
}

int
reading_take_journal(struct muster_run *run, struct muster_error *err)
{
	int fd = openat(run->dir, "journal",
	    O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
	struct stat st;
	struct buf b;
	int rc;

	if (fd < 0)
		return err_sys(
		    err, MUSTER_ERR_FILE, errno, "cannot open its journal");
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
		(void)close(fd);
		return err_set(
		    err, MUSTER_ERR_FILE, "its journal is no regular file");
	}
	buf_init(&b, (size_t)JOURNAL_BYTES);
	run->about.is_running = is_locked(fd);
	rc = read_whole(fd, &b);
	(void)close(fd);
	if (rc == 0)
		take_lines(run, (const char *)buf_data(&b), b.len);
	buf_clear(&b);
	if (rc != 0)
		return err_sys(
		    err, MUSTER_ERR_FILE, rc, "cannot read its journal");
	if (run->id == NULL)
		return err_set(err, MUSTER_ERR_FILE,
		    "its journal is not one of this format (%d), or its "
		    "first line is damaged",
		    ENTRY_FORMAT);
	return 0;
}
