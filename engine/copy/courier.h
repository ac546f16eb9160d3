/*
 * courier.h -- one copy to or from one host, without a wire of its own.
 *
 * Room: engine/copy.  May touch: base/, copy.h.
 * Whoever carries its bytes feeds in what the SFTP server says, sends what is
 * in courier_out(), and calls courier_go() whenever there is room for more.
 * The same for the helper, a shell that the courier may ask for.
 */
#ifndef MUSTER_COPY_COURIER_H
#define MUSTER_COPY_COURIER_H

#include "muster.h"

struct buf;
struct copy;
struct courier;
struct helper;

/* Above so much unsent, courier_go() asks for nothing more. */
#define COURIER_OUT_BYTES (512 * 1024)

struct courier_end {
	enum muster_outcome outcome;
	const char *text; /* one line, clean */
};

struct courier_events {
	/* Call courier_go() in so many milliseconds. */
	void (*wake)(void *arg, uint32_t ms);
	/* Run this command; then helper_feed() and so on. */
	void (*open_helper)(void *arg, const char *command);
	/* Run work(job) where it may take its time, then done(job) here. If
	 * the courier is freed before, drop(job) in place of it. */
	void (*take_time)(void *arg, void (*work)(void *job),
	    void (*done)(void *job), void (*drop)(void *job), void *job);
	/* A line that a person should know of; clean. */
	void (*note)(void *arg, const char *text);
	/* A line of what a dry run would do, with its newline. */
	void (*say)(void *arg, const char *line);
	/* It is over; only courier_free() may follow, and not from here. */
	void (*done)(void *arg, const struct courier_end *end);
};

/* The command that is an SFTP server, where no subsystem can be one; static. */
const char *courier_server(void);

/* Speaks to another server, from the beginning; before it has begun only. */
void courier_greet(struct courier *c);

/* Whether the server has said anything that makes sense. */
bool courier_has_begun(const struct courier *c);

/* `copy` is borrowed. */
struct courier *courier_new(
    const struct copy *copy, const struct courier_events *events, void *arg);
void courier_free(struct courier *c);

/* Takes bytes of the SFTP server. */
void courier_feed(struct courier *c, const void *data, size_t len);
struct buf *courier_out(struct courier *c);

/* Asks for what there is to ask for. */
void courier_go(struct courier *c);

/* Ends it soon: what is half made is removed first. */
void courier_stop(struct courier *c);

/* The helper, as helper.h has it. */
struct helper *courier_helper(struct courier *c);

/* How far it is. */
const struct muster_transfer *courier_progress(struct courier *c);

#endif
