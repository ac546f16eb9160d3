/*
 * entry.h -- what the journal of a run says, a JSON object an entry.
 *
 * Room: engine/record.  May touch: base/, muster.h; the room's only place of
 * jansson.
 *
 *	open    the run: format, id, program, parent, when, words of the command
 *		line
 *	host    a host, before anything else names it by its number
 *	order   a command, before it starts anywhere
 *	start   a host is about to be sent an order
 *	end     its result; what it printed is on disk by then
 *	note    what a person decided or should know
 *	close   the run is over
 */
#ifndef MUSTER_RECORD_ENTRY_H
#define MUSTER_RECORD_ENTRY_H

#include "muster.h"

#define ENTRY_FORMAT 1 /* of the whole folder */
#define ENTRY_SUM_CHARS 64

enum entry_type {
	ENTRY_OPEN,
	ENTRY_HOST,
	ENTRY_ORDER,
	ENTRY_START,
	ENTRY_END,
	ENTRY_NOTE,
	ENTRY_CLOSE,
	ENTRY_N_TYPES
};

/* One entry; what its type does not name is zero. Strings are borrowed by
 * entry_write(), and lent by entry_read() until entry_clear(). */
struct entry {
	enum entry_type type;
	int64_t us;      /* CLOCK_BOOTTIME */
	int64_t wall_us; /* OPEN, ORDER: since 1970, UTC */
	uint32_t format; /* OPEN */
	const char *id;
	const char *program, *parent; /* parent: NULL without one */
	const char *const *words;
	size_t n_words;
	uint32_t host;    /* HOST, START, END; NOTE: or UINT32_MAX */
	uint32_t order;   /* ORDER, START, END: from 1 */
	const char *name; /* HOST */
	const char *user;
	const char *address;
	uint16_t port;
	const char *command;               /* ORDER */
	const char *text;                  /* NOTE */
	struct muster_result result;       /* END */
	char sums[2][ENTRY_SUM_CHARS + 1]; /* END: SHA-256 of the streams */
	uint32_t exitcode;                 /* CLOSE */
	void *owned;
};

/* Returns the entry as a JSON object of one line, without a newline; free it
 * with free(3). */
char *entry_write(const struct entry *e);

/* Reads what entry_write() wrote, and whatever else it may be. Returns false
 * for what is no entry of this format; *e is empty then. */
bool entry_read(struct entry *e, const char *text, size_t len);

void entry_clear(struct entry *e);

#endif
