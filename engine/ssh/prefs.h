/*
 * prefs.h -- which algorithms are offered, and in which order.
 *
 * Room: engine/ssh.  May touch: base/, conf/sshconf.h, libssh2.
 * Our lists, without what the libssh2 at hand has not: its own filter copies
 * over itself (1.10). Made once for a fleet; any thread may use it.
 */
#ifndef MUSTER_SSH_PREFS_H
#define MUSTER_SSH_PREFS_H

#include <stdbool.h>

struct knownhosts_host;
struct muster_error;
struct prefs;

enum prefs_list {
	PREFS_KEX,
	PREFS_HOSTKEYS,
	PREFS_CIPHERS,
	PREFS_MACS,
	PREFS_KEYS, /* of users, that is what they sign with */
	PREFS_N_LISTS
};

/* `lists` are as ssh_config(5) has them, '+', '-' and '^' forms too; NULL
 * for ours. NULL: MUSTER_ERR_SYNTAX when nothing is left of one. */
struct prefs *prefs_new(
    const char *const lists[PREFS_N_LISTS], struct muster_error *err);
void prefs_free(struct prefs *p);

/* Sets the method lists of a LIBSSH2_SESSION. Host key algorithms begin with
 * those of which `known` has keys, as in ssh(1). With `compress` it is asked
 * for, once logged in. Returns 0, or libssh2's error. */
int prefs_set(const struct prefs *p, void *ssh,
    const struct knownhosts_host *known, bool compress);

/* One of our lists, as it is offered; lent. */
const char *prefs_list(const struct prefs *p, enum prefs_list which);

/* Whether a server's list has none of the names of ours. */
bool prefs_is_foreign(
    const struct prefs *p, enum prefs_list which, const char *theirs);

/* Whether a user's key of a type ("ssh-rsa", a certificate's ...) may be
 * offered. */
bool prefs_take_key(const struct prefs *p, const char *type);

/* The best algorithm with SHA-2 that an RSA key may sign with; NULL: none. */
const char *prefs_rsa_algorithm(const struct prefs *p);

/* Whether the libssh2 that runs signs and verifies rsa-sha2-*. */
bool prefs_has_rsa_sha2(void);

#endif
