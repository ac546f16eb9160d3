/*
 * muster_keys.h -- the host keys of a fleet, looked at and accepted.
 *
 * Room: engine.  May touch: muster.h, which includes it; nobody else does.
 *
 *	muster_start_keys(m, NULL, 0, &err);
 *	... MUSTER_EVENT_RESULT of each host ...
 *	muster_host_key(m, i)->fingerprint
 *	muster_accept_keys(m, hosts, n, &err);
 */
#ifndef MUSTER_MUSTER_KEYS_H
#define MUSTER_MUSTER_KEYS_H

#ifdef __cplusplus
extern "C" {
#endif

enum muster_key_state {
	MUSTER_KEY_UNSEEN,  /* the host did not get so far as to show one */
	MUSTER_KEY_KNOWN,   /* known_hosts has it */
	MUSTER_KEY_UNKNOWN, /* known_hosts has none for the host */
	MUSTER_KEY_CHANGED, /* known_hosts has another one */
	MUSTER_KEY_REVOKED, /* known_hosts forbids it */
};

struct muster_host_key {
	enum muster_key_state state;
	const char *type;        /* "ssh-ed25519" ...; "" when unseen */
	const char *fingerprint; /* "SHA256:..."; "" when unseen */
	const char *line; /* CHANGED, REVOKED: "file:line has type SHA256:..."
			     of the line that says so; else "" */
};

/* Connects to `n` hosts (all when `hosts` is NULL) as far as it takes to see
 * their keys: nothing of the user is sent to them, though bastions before
 * them are logged in to. A host that has shown its key ends CANCELLED, the
 * others as they always do. Returns 0, or -1 as muster_start(), and
 * MUSTER_ERR_USAGE for hosts that ssh(1) connects to. */
int muster_start_keys(
    struct muster *m, const size_t *hosts, size_t n, struct muster_error *err);

/* What the host has shown since, or the key that a command was refused by, as
 * HK_UNKNOWN, HK_CHANGED or HK_REVOKED; lent until it is started again. To be
 * asked after its RESULT. */
const struct muster_host_key *muster_host_key(
    const struct muster *m, size_t host);

/* Writes the keys of UNKNOWN hosts down in the file that ssh(1) would: all of
 * a file or none, while it is locked, and nobody's lines are touched. They
 * hold from the next muster_new() on. Blocks for up to five seconds while
 * others write. Returns 0, or -1: MUSTER_ERR_USAGE for a host whose key is
 * not UNKNOWN or has no file, MUSTER_ERR_FILE, MUSTER_ERR_TIMEOUT,
 * MUSTER_ERR_KEY when another one is known by now. */
int muster_accept_keys(
    struct muster *m, const size_t *hosts, size_t n, struct muster_error *err);

#ifdef __cplusplus
}
#endif

#endif
