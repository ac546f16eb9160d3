/*
 * fleetsim.h -- a fleet of SSH servers in one process, for tests and demos.
 *
 * Room: tests/fleetsim, its door.  May touch: base/err.h.
 *
 *	struct fleetsim *sim = fleetsim_new(NULL, &err);
 *	fleetsim_add_hosts(sim, "web[01-24] exec=sh\n"
 *	                        "bad user=bob exec=canned exit=3\n", &err);
 *	fleetsim_authorise_line(sim, pub, &err);
 *	fleetsim_listen(sim, &err);
 *	... known_hosts lines from fleetsim_known_hosts() ...
 *	if ((pid = fork()) == 0)
 *		_exit(fleetsim_run(sim, until_fd, &err) == 0 ? 0 : 1);
 *	... what the hosts saw: fleetsim_ledger(); after waitpid(): ...
 *	fleetsim_free(sim);
 *
 * Every host is an address of 127.0.0.0/8 and a port. Nothing listens on
 * another interface. Not thread-safe; ledgers may be read from the process
 * that forked while the child runs.
 */
#ifndef FLEETSIM_H
#define FLEETSIM_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct fleetsim;

/* What one host was asked and what it sent, since the start. */
struct fleetsim_ledger {
	uint32_t connects;
	uint32_t auth_none; /* attempts, of each method */
	uint32_t auth_publickey;
	uint32_t auth_probe; /* publickey without a signature */
	uint32_t auth_password;
	uint32_t auth_interactive;
	uint32_t logins; /* authentications that succeeded */
	uint32_t execs;  /* exec and shell requests that were taken */
	uint32_t exits;  /* exit-status and exit-signal messages sent */
	uint32_t last_exit;
	uint32_t signals;      /* signal requests received */
	uint32_t keepalives;   /* global requests received */
	uint32_t rekeys;       /* key exchanges after the first */
	uint32_t refusals;     /* of channels that the host opened */
	uint64_t stdout_bytes; /* handed to the connection, all execs */
	uint64_t stderr_bytes;
	uint64_t stdin_bytes;       /* received */
	uint8_t command_sha256[32]; /* of the last exec's text */
	uint8_t stdout_sha256[32];  /* of the last exec that ended */
	uint8_t stderr_sha256[32];
};

/* An empty fleet. Hosts that run a real shell get their home below
 * `homes`, an existing directory; NULL: a new temporary one. Its bin/ comes
 * first in their PATH. Homes are removed by fleetsim_free(). Errors:
 * MUSTER_ERR_SYSTEM. */
struct fleetsim *fleetsim_new(const char *homes, struct muster_error *err);

/* Frees the fleet and removes the homes; in the process that called
 * fleetsim_new() only. */
void fleetsim_free(struct fleetsim *sim);

/* Adds the hosts described by `text`: one line each, `name key=value ...`;
 * '#' starts a comment; web[01-24] in the name makes 24 hosts alike. Values
 * with blanks in them stand in double quotes, with \n \t \\ \" \xHH inside.
 *
 *   addr=127.0.0.5      address; otherwise the next of 127.1.0.0/16
 *   port=2201           otherwise one for all, numbered by the kernel
 *   down=yes            connections are refused
 *   user=NAME           only this login name; otherwise any
 *   password=TEXT       for password and keyboard-interactive
 *   code=TEXT           keyboard-interactive asks for it after the password,
 *                       or alone where there is none
 *   auth=LIST           ways in, separated by ',': methods (none publickey
 *                       password keyboard-interactive) joined by '+' when
 *                       one must follow the other. Default: publickey, and
 *                       with a password all but none
 *   key=BASE64          a user key for this host (the blob of a .pub file)
 *   hostkey=LIST        of ed25519 ecdsa rsa; default ed25519
 *   known=other|none    what fleetsim_known_hosts() says of the host key:
 *                       another one, or nothing
 *   kex= ciphers= macs= the lists offered, as they are
 *   banner=TEXT         identification; default SSH-2.0-fleetsim_1
 *   motd=TEXT           shown before authentication (RFC 4252 s. 5.4)
 *   exec=sh|canned|cat  real /bin/sh -c in a home of its own (default),
 *                       the output below, or stdin sent back
 *   stdout= stderr=     text that canned sends
 *                       The subsystem sftp serves the home, too
 *   bytes=N             then N bytes of a pattern (fleetsim_pattern())
 *   lines=N every=TIME  then N lines, one each TIME
 *   exit=N signal=NAME  how canned ends; for sh: what is reported instead
 *   delay=TIME          before a command starts
 *   linger=TIME         between canned's output and its end
 *   authdelay=TIME      before each answer to an authentication request
 *   greetdelay=TIME     before the identification
 *   rekey=BYTES         the server asks for new keys after so much output
 *   maxtries=N          authentication attempts (6)
 *   maxsessions=N       channels a connection (10)
 *   scenario=LIST       hostile behaviours, each NAME or NAME@NUMBER; see
 *                       fleetsim_scenarios()
 *
 * Returns 0, or -1: MUSTER_ERR_SYNTAX naming line and word (err->at is the
 * offset in `text`), MUSTER_ERR_SYSTEM when no key can be made. */
int fleetsim_add_hosts(
    struct fleetsim *sim, const char *text, struct muster_error *err);

/* Lets the owner of the public key (RFC 4253 s. 6.6 blob) in on all hosts.
 * Errors: MUSTER_ERR_KEY for a type other than ssh-ed25519, ssh-rsa and
 * ecdsa-sha2-nistp256. */
int fleetsim_authorise(struct fleetsim *sim, const void *blob, size_t len,
    struct muster_error *err);

/* The same for a line "type base64 comment", as a .pub file has. */
int fleetsim_authorise_line(
    struct fleetsim *sim, const char *line, struct muster_error *err);

/* Makes an ed25519 key pair, writes the private half to the new file `path`
 * (PKCS #8, readable by its owner only) and authorises the public one.
 * Errors: MUSTER_ERR_SYSTEM. */
int fleetsim_make_user_key(
    struct fleetsim *sim, const char *path, struct muster_error *err);

/* Appends the ledger as lines to the file descriptor while running: time in
 * us, host, event, key=value; -1 (default): not. The caller closes it. */
void fleetsim_log_to(struct fleetsim *sim, int fd);

/* Binds the hosts' ports and listens; no host can be added after. Errors:
 * MUSTER_ERR_SYSTEM. */
int fleetsim_listen(struct fleetsim *sim, struct muster_error *err);

/* Serves until `until_fd` is readable or at its end. Returns 0, or -1 when
 * the loop cannot run: MUSTER_ERR_SYSTEM. On return every connection is
 * closed and every command still running was killed. Ignores SIGPIPE. */
int fleetsim_run(struct fleetsim *sim, int until_fd, struct muster_error *err);

/* Hosts are counted from 0 in the order they were added. */
size_t fleetsim_n_hosts(const struct fleetsim *sim);

/* The index of the host called `name`, or SIZE_MAX. */
size_t fleetsim_find(const struct fleetsim *sim, const char *name);

/* Name, dotted address and port of a host; lent. The port of a host is
 * known after fleetsim_listen(). */
const char *fleetsim_name(const struct fleetsim *sim, size_t host);
const char *fleetsim_address(const struct fleetsim *sim, size_t host);
uint16_t fleetsim_port(const struct fleetsim *sim, size_t host);

/* The known_hosts lines (sshd(8)) of a host, "[addr]:port type base64\n"
 * each; "" with known=none. The caller frees. After fleetsim_listen(). */
char *fleetsim_known_hosts(const struct fleetsim *sim, size_t host);

/* What the host has seen; the values move while the fleet runs. After
 * fleetsim_listen(). */
const struct fleetsim_ledger *fleetsim_ledger(
    const struct fleetsim *sim, size_t host);

/* The bytes that bytes=N sends: writes those from `offset` on to `dst`. */
void fleetsim_pattern(uint64_t offset, void *dst, size_t len);

/* The name and the meaning of the i-th scenario; NULL at the end. */
const char *fleetsim_scenarios(size_t i, const char **about);

#endif
