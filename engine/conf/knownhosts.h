/*
 * knownhosts.h -- which keys a host may show: known_hosts files.
 *
 * Room: engine/conf.  May touch: base/, crypto/digest.h.
 * Format and matching as sshd(8) SSH_KNOWN_HOSTS FILE FORMAT says and
 * ssh-keygen -F answers. Once read, a struct knownhosts is not changed by
 * look-ups: any number of threads may make them at once.
 *
 *	k = knownhosts_new();
 *	knownhosts_read(k, path, err);                  for each file
 *	h = knownhosts_find(k, "web1", 22);             in a helper thread
 *	n = knownhosts_host_types(h, types, 8);         before the key exchange
 *	if (knownhosts_check(h, blob, len, &hit) == KNOWNHOSTS_MATCH)
 */
#ifndef MUSTER_CONF_KNOWNHOSTS_H
#define MUSTER_CONF_KNOWNHOSTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "crypto/digest.h"

struct muster_error;
struct knownhosts;
struct knownhosts_host;

#define KNOWNHOSTS_TYPE_BYTES 64 /* of a key type, with the NUL */

/* ---- reading ---- */

struct knownhosts *knownhosts_new(void);
void knownhosts_free(struct knownhosts *k);

/* The same with one more owner, to be freed as often. From any thread. */
struct knownhosts *knownhosts_ref(const struct knownhosts *k);

/* Adds the lines of a file. A missing file and /dev/null have none. Lines
 * that make no sense are skipped with a note.
 * Returns 0, or -1 with nothing added, MUSTER_ERR_FILE: the file cannot be
 * read, is no regular file, belongs to another user than this one and root,
 * or may be written by everybody; MUSTER_ERR_LIMIT: it is too large. */
int knownhosts_read(
    struct knownhosts *k, const char *path, struct muster_error *err);

/* Adds the keys of a list that ssh_config(5) RevokedHostKeys names, one a line
 * ("type base64 [comment]"): no host may show them. As ssh(1) is, it is strict:
 * returns 0, or -1, MUSTER_ERR_FILE, also for a file that is missing, is a
 * key revocation list of ssh-keygen(1) (which is not read here), or has a
 * line that is no key. */
int knownhosts_read_revoked(
    struct knownhosts *k, const char *path, struct muster_error *err);

/* The same for a text; `name` stands for the file in notes and hits. */
void knownhosts_parse(
    struct knownhosts *k, const char *name, const void *text, size_t len);

/* How many lines were skipped, and why: "file:line: reason", lent until
 * knownhosts_free(). Of many notes the first 100 are kept: NULL beyond. */
size_t knownhosts_n_notes(const struct knownhosts *k);
const char *knownhosts_note(const struct knownhosts *k, size_t i);

/* How many lines have hashed names: each costs a hash in knownhosts_find(),
 * so that above some hundreds it does not belong on a loop's thread. */
size_t knownhosts_n_hashed(const struct knownhosts *k);

/* ---- looking up ---- */

/* Finds the lines that name a host, which is a name, an address, or what
 * HostKeyAlias says (then with port 22). Port 22 (or 0) looks for "host",
 * others for "[host]:port" alone. `k` must outlive the answer. Never NULL. */
struct knownhosts_host *knownhosts_find(
    const struct knownhosts *k, const char *host, uint16_t port);
void knownhosts_host_free(struct knownhosts_host *h);

enum knownhosts_match {
	KNOWNHOSTS_UNKNOWN = 0, /* no line names the host */
	KNOWNHOSTS_MATCH,       /* a line has this key */
	KNOWNHOSTS_CHANGED,     /* lines have keys, none this one */
	KNOWNHOSTS_REVOKED,     /* a @revoked line has this key */
};

/* One line of a file. */
struct knownhosts_hit {
	const char *file; /* lent until knownhosts_free() */
	size_t line;      /* from 1 */
	char type[KNOWNHOSTS_TYPE_BYTES];
	char fingerprint[DIGEST_FINGERPRINT_BYTES];
};

/* Compares a key blob (RFC 4253 s. 6.6) with what was found. *hit (may be
 * NULL) tells the line that decided: the one with the key, or for CHANGED
 * one that has another key, of the same type if there is one. A key of
 * another type than those known is CHANGED too, as for ssh(1): the known
 * types are asked for first. @cert-authority lines never match. */
enum knownhosts_match knownhosts_check(const struct knownhosts_host *h,
    const void *blob, size_t len, struct knownhosts_hit *hit);

/* Lists the types of the keys known for the host, each once, in the order of
 * the lines, without revoked keys and authorities: what to put first in the
 * list of host key algorithms. (ssh-rsa stands for rsa-sha2-* too.) The
 * names are lent until knownhosts_free(). Returns how many of `max`. */
size_t knownhosts_host_types(
    const struct knownhosts_host *h, const char **types, size_t max);

/* Whether a @cert-authority line names the host. */
bool knownhosts_host_has_authority(const struct knownhosts_host *h);

/* ---- writing ---- */

struct knownhosts_new {
	const char *host; /* as for knownhosts_find() */
	uint16_t port;
	const void *blob;
	size_t len;
};

/* Appends a line for each of `n` hosts, `hashed` as HashKnownHosts asks.
 * Other programs' lines are never touched, and of each new line all or
 * nothing is written. The file and its folder are made (0600, 0700) when
 * missing. Blocks for up to five seconds while others hold the lock, and
 * for the disk: not on a loop.
 * The file is read again under the lock: a line that is there already is
 * not written twice; a host that has another key of the same type there, or
 * this one revoked, is an error for all; so is a name or key that does not
 * go into a line (MUSTER_ERR_USAGE, MUSTER_ERR_KEY).
 * Returns 0, or -1: MUSTER_ERR_FILE, MUSTER_ERR_TIMEOUT (the lock),
 * MUSTER_ERR_KEY (another key is known by now). */
int knownhosts_add(const char *path, const struct knownhosts_new *hosts,
    size_t n, bool hashed, struct muster_error *err);

#endif
