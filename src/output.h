/*
 * output.h -- lines on their way to a descriptor, whole ones only.
 *
 * Room: src.  May touch: muster.h, text.h.
 * Lines gather until output_flush(), which waits for a slow reader but for
 * nothing longer than it was told. On a terminal the text of hosts is
 * cleaned; anything else gets the bytes as they came.
 */
#ifndef MUSTER_SRC_OUTPUT_H
#define MUSTER_SRC_OUTPUT_H

#include "src/text.h"

#include <stdbool.h>
#include <stddef.h>

#define OUTPUT_RULE "---------------" /* above and below a group's name */

struct output {
	int fd;     /* borrowed */
	bool clean; /* a terminal: nothing of a host gets there as it is */
	bool paced; /* a pipe or a terminal: write only what it has room for */
	bool is_mute; /* what is added is dropped: another has the terminal */
	bool guards;  /* lines get a blank before what could be a rule */
	int error;    /* errno of the write that failed: no more is written */
	size_t done;  /* bytes of `lines` already written */
	struct text lines;
};

enum output_flushed {
	OUTPUT_DONE,  /* all is written, or lost to `error` */
	OUTPUT_WOKEN, /* `wake_fd` is readable */
	OUTPUT_LATE,  /* the time has passed */
};

/* Lines for `fd`; `raw` leaves them alone on a terminal too. */
void output_init(struct output *o, int fd, bool raw);

/* Forgets what is not written yet. */
void output_clear(struct output *o);

/* Adds a line: the label unless it is NULL, the bytes, a newline. On a
 * terminal the label is cleaned here; the bytes are clean already. */
void output_line(
    struct output *o, const char *label, const void *data, size_t len);

/* Adds text of whole lines, cleaned on a terminal. */
void output_text(struct output *o, const void *data, size_t len);

/* How muster_clean_init() shall clean for the terminal behind `o`. */
unsigned output_clean_flags(void);

/* The bytes that wait to be written. */
size_t output_waiting(const struct output *o);

/* Writes, waiting at most `timeout_ms` (-1: for ever) for the reader and
 * leaving as soon as `wake_fd` (-1: none) is readable while it waits. Each
 * write ends with a line where the line is not too long for that. */
enum output_flushed output_flush(struct output *o, int wake_fd, int timeout_ms);

/* Whether an errno says that there was no room. */
bool output_is_full(int error);

/* Fails from now on with this errno: what waits is dropped. */
void output_fail(struct output *o, int error);

#endif
