/*
 * server.h -- the fleet itself: hosts, sockets, sessions, processes.
 *
 * Room: tests/fleetsim.  May touch: base/, the units of fleetsim.
 */
#ifndef FLEETSIM_SERVER_H
#define FLEETSIM_SERVER_H

#include "base/map.h"
#include "fleetsim.h"
#include "host.h"
#include "loop.h"
#include "session.h"

struct listener;
struct process;

struct fleetsim {
	struct loop loop;
	struct crypto crypto;
	struct host **hosts; /* owned */
	size_t n_hosts, cap_hosts;
	struct map *names;          /* name -> host, borrowed */
	struct map *addresses;      /* address and port -> host, borrowed */
	struct user_key *user_keys; /* owned; good for every host */
	struct host_key *rsa[2];    /* owned; shared, being slow to make */
	char *homes;                /* owned */
	bool own_homes;             /* to be removed with all in it */
	LIST_HEAD(, listener) listeners;
	LIST_HEAD(, session) sessions;
	LIST_HEAD(, process) processes;
	struct fleetsim_ledger *ledgers; /* shared memory, one a host */
	struct buf log;                  /* lines not yet written */
	int log_fd;
	int64_t start_us;
	struct buf message; /* the one being put together */
};

#endif
