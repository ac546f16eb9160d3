/*
 * order.h -- a command or a copy, and what becomes of it on one host.
 *
 * Room: engine/fleet.  May touch: base/, ssh/become.h, cargo.h, feed.h,
 * input.h.
 */
#ifndef MUSTER_FLEET_ORDER_H
#define MUSTER_FLEET_ORDER_H

#include "fleet/input.h"
#include "ssh/become.h"
#include "ssh/session.h"

#include <stdatomic.h>

struct cargo;

/* A command or a copy, shared by the hosts that run it; owns its memory. */
struct order {
	atomic_size_t n_users;
	uint32_t no;         /* in the record */
	bool only_keys;      /* to see the host's key, and no more */
	struct cargo *cargo; /* owned; NULL: a command, as follows */
	char *command;
	char *shell, *folder, *term; /* NULL: not said */
	unsigned columns, rows;
	bool pty;
	bool becomes; /* what a host says of that does not count */
	enum become_method method;
	char *user; /* NULL: root */
	void *input;
	size_t input_len;
	char *input_file;        /* NULL: none */
	struct feed *feed;       /* a reference; NULL: none */
	struct feed_place place; /* where these hosts begin in it */
};

/* `feed` is for a command that takes more input. NULL: MUSTER_ERR_USAGE for a
 * method that is not known. */
struct order *order_new(const struct muster_command *command, struct feed *feed,
    struct muster_error *err);

/* A copy; takes the cargo over. As whom: NULL is who logs in; the method is
 * one that is known. */
struct order *order_new_copy(
    struct cargo *cargo, const struct muster_become *become);

/* Only to see the keys of hosts. */
struct order *order_new_keys(void);
struct order *order_ref(struct order *o);
void order_free(struct order *o);

/* As whom it runs on a host. */
struct run_as {
	bool becomes;
	enum become_method method;
	const char *user; /* NULL: root */
	bool password;    /* there is one */
	bool pty;         /* its configuration asks for a terminal */
};

/* An order as one host runs it. */
struct run {
	struct session_command command;
	struct input input;
	struct become become;
	char *text; /* owned; NULL: the order's */
};

/* Makes the command for a session. NULL: MUSTER_ERR_FILE for an input that
 * cannot be read, MUSTER_ERR_LIMIT for a command that gets too long,
 * MUSTER_ERR_USAGE for a terminal that is needed. */
struct run *run_new(
    const struct order *o, const struct run_as *as, struct muster_error *err);
void run_free(struct run *r); /* NULL is fine */

#endif
