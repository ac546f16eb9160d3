/*
 * fleet.h -- the inside of struct muster, for the files of this room.
 *
 * Room: engine/fleet.  May touch: this room, base/, ssh/, conf/.
 */
#ifndef MUSTER_FLEET_FLEET_H
#define MUSTER_FLEET_FLEET_H

#include "fleet/bastion.h"
#include "fleet/host.h"
#include "fleet/play.h"
#include "fleet/worker.h"

struct map;
struct profiles;
struct sshconf;
struct sshconf_host;

#define FLEET_MAGIC 0x6d757374u

struct muster {
	unsigned magic;
	struct muster_options options; /* owns its strings */
	struct fleet_env env;
	struct secret *password;        /* owned; NULL: none */
	struct secret *become_password; /* owned; NULL: none */
	struct sshconf *sshconf;
	struct map *sshconfs; /* owned; of hosts with options of their own */
	struct sshconf *jumpconf; /* of bastions; NULL until there is one */
	struct profiles *profiles;
	struct bastion **bastions; /* owned; those before come first */
	size_t n_bastions, cap_bastions;
	struct map *by_bastion;  /* login and way there -> bastion */
	struct worker **workers; /* owned; none before the first start */
	size_t n_workers;
	struct host **hosts; /* owned */
	size_t n_hosts, cap_hosts;
	struct map *by_target;   /* "user@host:port" -> host */
	struct map *by_name;     /* label -> host */
	struct map *brakes;      /* owned; login name -> brake */
	struct play *play;       /* owned; NULL: it is a real one */
	bool holds;              /* what is started waits for a release */
	size_t n_active;         /* started, RESULT not taken yet */
	size_t n_asked;          /* snapshots on their way */
	size_t n_recorded_hosts; /* that the record knows of, or passes over */
	size_t n_in_record;      /* that it knows */
	struct parcel *lent;     /* the event at the caller's */
	struct muster_prompt prompt; /* at the caller's */
	struct feed *feed; /* owned; for commands that take more input */
};

/* Makes the workers if there are none yet. Returns 0, or -1. */
int fleet_start_workers(struct muster *m, struct muster_error *err);

/* Drops all connections and ends the workers. */
void fleet_stop_workers(struct muster *m);

/* Names a host that is there already after the first of its kind. */
void fleet_name_copy(struct host *h);

/* What tells hosts apart, "user@alias:port"; heap. */
char *fleet_target(const struct host *h);

/* The hosts a request is about: all when `hosts` is NULL. */
struct host *fleet_pick(const struct muster *m, const size_t *hosts, size_t i);

/* Makes m->feed, anew when no host is at work. */
void fleet_open_feed(struct muster *m);
void fleet_close_feed(struct muster *m);

/* What options.keep_lines wants, for the life of the fleet. */
void fleet_open_looking(struct muster *m);
void fleet_close_looking(struct muster *m);

/* Starts hosts (all when `hosts` is NULL) on an order each, or all on the first
 * when the second is NULL; orders are counted. `what` goes into the record.
 * As muster_start(). */
int fleet_start(struct muster *m, const size_t *hosts, size_t n,
    struct order *const *orders, const char *what, struct muster_error *err);

/* Copies options, filling in what comes from the environment. */
int fleet_copy_options(struct muster_options *to,
    const struct muster_options *from, struct muster_error *err);
void fleet_clear_options(struct muster_options *options);

/* Keeps copies of the passwords (NULL: none) in locked memory, in place of
 * those before. With one the process is no longer dumped or traced. */
void fleet_keep_passwords(
    struct muster *m, const struct muster_options *options);

/* The fan-out that the limit of descriptors allows of the one wanted. */
unsigned fleet_connections(unsigned fanout);

/* The brake for the password of a login name; lent until muster_free(). */
struct brake *fleet_brake(struct muster *m, const char *user);

/* The ssh_config for a host with these settings (may be NULL): the fleet's,
 * with the host's own options before it. Lent until muster_free(). NULL:
 * MUSTER_ERR_SYNTAX, MUSTER_ERR_FILE, MUSTER_ERR_USAGE. */
struct sshconf *fleet_sshconf(struct muster *m,
    const struct muster_host_settings *settings, struct muster_error *err);

/* The bastion that the host with these values stands behind, the last of its
 * ProxyJump. Returns 0 with *bastion set,
 * NULL for none, or -1: MUSTER_ERR_SYNTAX, also for jumps in a circle,
 * and what sshconf_resolve() and profiles_get() say. */
int fleet_jump(struct muster *m, const struct sshconf_host *values,
    struct bastion **bastion, struct muster_error *err);

/* Reads the ssh_config of the fleet. NULL: MUSTER_ERR_SYNTAX,
 * MUSTER_ERR_FILE. */
struct sshconf *fleet_open_sshconf(const struct muster_options *o,
    const char *const *options, size_t n, struct muster_error *err);

#endif
