/*
 * server.c -- the fleet: its sockets, its loop, its end.
 *
 * Room: tests/fleetsim.  May touch: base/, the units of fleetsim.
 * Hosts with a port in common share one listening socket, bound to every
 * address of the loopback interface and to no other interface; which host
 * is meant is the address that the client connected to.
 */
#include "config.h"

#include "server.h"
#include "base/clock.h"
#include "base/mem.h"
#include "describe.h"
#include "home.h"
#include "ledger.h"
#include "process.h"
#include "work.h"

#include <sys/epoll.h>
#include <sys/socket.h>

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ACCEPTS_PER_EVENT 64
#define BACKLOG 4096
#define FULL_PAUSE_MS 20 /* out of descriptors: time for some to close */

struct listener {
	LIST_ENTRY(listener) link;
	struct watch io;
	struct timer full;
	struct fleetsim *sim; /* borrowed */
	uint16_t port;
};

/* The key of a host in the map of addresses. */
struct place {
	uint32_t ip;
	uint16_t port;
	uint16_t zero;
};

struct fleetsim *
fleetsim_new(const char *homes, struct muster_error *err)
{
	struct fleetsim *sim = mem_new(sizeof(*sim));

	sim->names = map_new();
	sim->addresses = map_new();
	sim->log_fd = -1;
	sim->loop.fd = -1;
	buf_init(&sim->log, 64 * 1024 * 1024);
	buf_init(&sim->message, SIM_PACKET_MAX);
	LIST_INIT(&sim->listeners);
	LIST_INIT(&sim->sessions);
	LIST_INIT(&sim->processes);
	if (!sim_crypto_init(&sim->crypto)) {
		fleetsim_free(sim);
		return err_null(err, MUSTER_ERR_SYSTEM,
		    "openssl lacks an algorithm that fleetsim needs");
	}
	if (sim_homes_open(sim, homes, err) != 0) {
		fleetsim_free(sim);
		return NULL;
	}
	return sim;
}

static void
listener_free(struct listener *l)
{
	if (l->io.fd >= 0)
		(void)close(l->io.fd);
	LIST_REMOVE(l, link);
	free(l);
}

void
fleetsim_free(struct fleetsim *sim)
{
	if (sim == NULL)
		return;
	while (!LIST_EMPTY(&sim->listeners))
		listener_free(LIST_FIRST(&sim->listeners));
	sim_homes_close(sim);
	sim_ledger_close(sim);
	for (size_t i = 0; i < sim->n_hosts; i++)
		sim_host_free(sim->hosts[i]);
	free(sim->hosts);
	map_free(sim->names, NULL);
	map_free(sim->addresses, NULL);
	sim_user_keys_free(sim->user_keys);
	sim_key_free(sim->rsa[0]);
	sim_key_free(sim->rsa[1]);
	sim_crypto_clear(&sim->crypto);
	buf_clear(&sim->log);
	buf_clear(&sim->message);
	free(sim);
}

/* ---- listening ---- */

static struct host *
find_host(struct fleetsim *sim, int fd)
{
	struct sockaddr_in addr;
	socklen_t len = sizeof(addr);
	struct place place = {0};

	if (getsockname(fd, (struct sockaddr *)&addr, &len) != 0)
		return NULL;
	place.ip = addr.sin_addr.s_addr;
	place.port = ntohs(addr.sin_port);
	return map_get(sim->addresses, &place, sizeof(place));
}

static void
on_connection(struct watch *w, uint32_t events)
{
	struct listener *l =
	    (struct listener *)((char *)w - offsetof(struct listener, io));

	(void)events;
	for (int i = 0; i < ACCEPTS_PER_EVENT; i++) {
		int fd =
		    accept4(l->io.fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
		struct host *h;

		if (fd < 0 && errno != ECONNABORTED && errno != EINTR) {
			if (errno != EAGAIN) {
				(void)sim_watch_set(&l->sim->loop, w, 0);
				sim_timer_start(
				    &l->sim->loop, &l->full, FULL_PAUSE_MS);
			}
			return;
		}
		if (fd < 0)
			continue;
		h = find_host(l->sim, fd);
		if (h == NULL)
			(void)close(fd);
		else
			sim_session_new(l->sim, h, fd);
	}
}

static void
on_full(struct timer *t)
{
	struct listener *l =
	    (struct listener *)((char *)t - offsetof(struct listener, full));

	(void)sim_watch_set(&l->sim->loop, &l->io, EPOLLIN);
}

/* Opens a socket on the port (0: any); *port is its number. */
static int
open_socket(in_addr_t ip, uint16_t *port, struct muster_error *err)
{
	struct sockaddr_in addr;
	socklen_t len = sizeof(addr);
	int on = 1;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	memset(&addr, 0, sizeof(addr));
	addr.sin_family = AF_INET;
	addr.sin_addr.s_addr = ip;
	addr.sin_port = htons(*port);
	if (fd >= 0 &&
	    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) == 0 &&
	    setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, "lo", 3) == 0 &&
	    bind(fd, (struct sockaddr *)&addr, sizeof(addr)) == 0 &&
	    getsockname(fd, (struct sockaddr *)&addr, &len) == 0) {
		*port = ntohs(addr.sin_port);
		return fd;
	}
	(void)err_sys(err, MUSTER_ERR_SYSTEM, errno,
	    "cannot bind port %u of loopback", (unsigned)*port);
	if (fd >= 0)
		(void)close(fd);
	return -1;
}

static int
add_listener(struct fleetsim *sim, int fd, uint16_t port)
{
	struct listener *l = mem_new(sizeof(*l));

	l->io.fd = fd;
	l->io.ready = on_connection;
	l->full.fire = on_full;
	l->sim = sim;
	l->port = port;
	LIST_INSERT_HEAD(&sim->listeners, l, link);
	return 0;
}

static int
listen_on(struct fleetsim *sim, uint16_t *port, struct muster_error *err)
{
	struct listener *l;
	int fd;

	LIST_FOREACH (l, &sim->listeners, link)
		if (*port != 0 && l->port == *port)
			return 0;
	fd = open_socket(INADDR_ANY, port, err);
	if (fd < 0)
		return -1;
	if (listen(fd, BACKLOG) != 0) {
		(void)close(fd);
		return err_sys(err, MUSTER_ERR_SYSTEM, errno,
		    "cannot listen on port %u", (unsigned)*port);
	}
	return add_listener(sim, fd, *port);
}

/* A bound socket that does not listen: connections to it are refused, and
 * no one else gets the port. */
static int
block_port(struct fleetsim *sim, struct host *h, struct muster_error *err)
{
	int fd = open_socket(h->ip.s_addr, &h->port, err);

	return fd < 0 ? -1 : add_listener(sim, fd, 0);
}

static int
place_host(struct fleetsim *sim, struct host *h, struct muster_error *err)
{
	struct place place = {.ip = h->ip.s_addr, .port = h->port};

	if (map_put(sim->addresses, &place, sizeof(place), h) != NULL)
		return err_set(err, MUSTER_ERR_USAGE,
		    "two hosts have %s port %u, one is '%s'", h->addr,
		    (unsigned)h->port, h->name);
	return 0;
}

int
fleetsim_listen(struct fleetsim *sim, struct muster_error *err)
{
	uint16_t common = 0;

	if (!sim_ledger_open(sim))
		return err_sys(
		    err, MUSTER_ERR_SYSTEM, errno, "no memory for ledgers");
	for (size_t i = 0; i < sim->n_hosts; i++) {
		struct host *h = sim->hosts[i];
		uint16_t *port = h->port != 0 ? &h->port : &common;

		if (h->down) {
			if (block_port(sim, h, err) != 0)
				return -1;
			continue;
		}
		if (listen_on(sim, port, err) != 0)
			return -1;
		h->port = *port;
		if (place_host(sim, h, err) != 0)
			return -1;
	}
	return 0;
}

/* ---- running ---- */

struct until {
	struct watch io;
	bool over;
};

static void
on_until(struct watch *w, uint32_t events)
{
	(void)events;
	((struct until *)(void *)w)->over = true;
}

static int
watch_all(struct fleetsim *sim, struct until *until, struct muster_error *err)
{
	struct listener *l;
	bool ok = true;

	LIST_FOREACH (l, &sim->listeners, link)
		if (l->port != 0)
			ok = ok && sim_watch_set(&sim->loop, &l->io, EPOLLIN);
	if (!ok || !sim_watch_set(&sim->loop, &until->io, EPOLLIN | EPOLLHUP))
		return err_sys(
		    err, MUSTER_ERR_SYSTEM, errno, "epoll refuses a socket");
	return 0;
}

static void
stop_all(struct fleetsim *sim)
{
	struct listener *l;

	while (!LIST_EMPTY(&sim->sessions))
		sim_session_end(LIST_FIRST(&sim->sessions));
	sim_loop_round(&sim->loop, 0);
	sim_processes_kill(sim);
	LIST_FOREACH (l, &sim->listeners, link) {
		(void)sim_watch_set(&sim->loop, &l->io, 0);
		sim_timer_stop(&sim->loop, &l->full);
	}
	sim_loop_round(&sim->loop, 0);
	sim_ledger_flush(sim);
	sim_loop_clear(&sim->loop);
}

int
fleetsim_run(struct fleetsim *sim, int until_fd, struct muster_error *err)
{
	struct until until = {.io = {.fd = until_fd, .ready = on_until}};
	int rc;

	if (!sim_loop_init(&sim->loop))
		return err_sys(err, MUSTER_ERR_SYSTEM, errno, "no epoll");
	/* Commands may end before they have read their stdin. */
	(void)signal(SIGPIPE, SIG_IGN);
	sim->start_us = clock_now_us();
	rc = watch_all(sim, &until, err);
	while (rc == 0 && !until.over) {
		sim_loop_round(&sim->loop, -1);
		sim_ledger_flush(sim);
	}
	stop_all(sim);
	return rc;
}
