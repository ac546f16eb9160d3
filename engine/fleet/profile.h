/*
 * profile.h -- what ssh_config(5) says of hosts, shared by those it says the
 * same of.
 *
 * Room: engine/fleet.  May touch: base/, conf/, ssh/.
 * Key files, known_hosts files and algorithm lists are read once each,
 * however many profiles name them.
 */
#ifndef MUSTER_FLEET_PROFILE_H
#define MUSTER_FLEET_PROFILE_H

#include "muster.h"
#include "ssh/session.h"
#include "ssh/trust.h"

struct profiles;
struct sshconf_host;

struct profile {
	size_t index;                  /* from 0, in the order of making */
	struct muster_options options; /* the fleet's, with the host's times */
	const struct knownhosts *known;
	const struct prefs *prefs;
	const struct keyring *keyring;
	char *agent_path; /* owned; NULL: no agent */
	bool identities_only;
	bool allow_password, allow_interactive;
	unsigned password_prompts;
	struct session_trust trust;
	char *trust_file;             /* owned; trust.file */
	atomic_bool told;             /* trust.told */
	unsigned connection_attempts; /* ConnectionAttempts */
	int family;
	bool tcp_keepalive;
	bool compress;        /* Compression */
	bool pty;             /* RequestTTY force */
	char **variables;     /* owned; NAME=value, NULL at the end */
	char *forward_path;   /* owned; the agent to forward; NULL: none */
	char *bind_address;   /* owned; NULL: any */
	char *bind_interface; /* owned; NULL: any */
};

/* `options` are borrowed. Reads the key and known_hosts files that they name.
 * NULL: MUSTER_ERR_KEY, MUSTER_ERR_PASSPHRASE, MUSTER_ERR_FILE. */
struct profiles *profiles_new(
    const struct muster_options *options, struct muster_error *err);
void profiles_free(struct profiles *p);

/* The profile for the values of a host; lent until profiles_free(). NULL:
 * MUSTER_ERR_FILE for a known_hosts file, MUSTER_ERR_SYNTAX for algorithms
 * of which none is left. */
const struct profile *profiles_get(struct profiles *p,
    const struct sshconf_host *values, struct muster_error *err);

/* Traces what the values of a host ask for and does not happen. */
void profile_trace_unheeded(const struct sshconf_host *values);

size_t profiles_n(const struct profiles *p);

#endif
