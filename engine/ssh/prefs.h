/*
 * prefs.h -- which algorithms are offered, and in which order.
 *
 * Room: engine/ssh.  May touch: base/, libssh2.
 * Our lists, without what the libssh2 at hand has not: its own filter copies
 * over itself (1.10). Made once for a fleet; any thread may use it.
 */
#ifndef MUSTER_SSH_PREFS_H
#define MUSTER_SSH_PREFS_H

#include <stdbool.h>

struct knownhosts_host;
struct prefs;

/* Never NULL. */
struct prefs *prefs_new(void);
void prefs_free(struct prefs *p);

/* Sets the method lists of a LIBSSH2_SESSION. Host key algorithms begin with
 * those of which `known` has keys, as in ssh(1). Returns 0, or libssh2's
 * error. */
int prefs_set(
    const struct prefs *p, void *ssh, const struct knownhosts_host *known);

/* Whether the libssh2 that runs signs and verifies rsa-sha2-*. */
bool prefs_has_rsa_sha2(void);

#endif
