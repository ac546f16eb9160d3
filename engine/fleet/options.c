/*
 * options.c -- the options of a fleet: defaults, copies, files.
 *
 * Room: engine/fleet.  May touch: base/, conf/knownhosts.h.
 */
#include "config.h"

#include "base/err.h"
#include "base/mem.h"
#include "conf/knownhosts.h"
#include "fleet/fleet.h"

#include <errno.h>
#include <pwd.h>
#include <stdlib.h>
#include <unistd.h>

void
muster_options_init(struct muster_options *options)
{
	*options = (struct muster_options){
	    .fanout = 64,
	    .max_unauthenticated = 8,
	    .connects_per_100ms = 64,
	    .retries = 2,
	    .dns_timeout_ms = 5000,
	    .connect_timeout_ms = 10000,
	    .banner_timeout_ms = 10000,
	    .kex_timeout_ms = 15000,
	    .auth_timeout_ms = 20000,
	    .open_timeout_ms = 10000,
	    .linger_ms = 5000,
	    .grace_ms = 5000,
	    .stall_timeout_ms = 60000,
	    .keepalive_ms = 15000,
	    .keepalive_max = 3,
	};
}

static const char **
copy_list(const char *const *list, size_t n)
{
	const char **copy = mem_array(n, sizeof(*copy));

	for (size_t i = 0; i < n; i++)
		copy[i] = mem_strdup(list[i]);
	return copy;
}

static void
free_list(const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free((void *)(uintptr_t)list[i]);
	free((void *)(uintptr_t)list);
}

static char *
login_name(void)
{
	const struct passwd *pw = getpwuid(getuid());

	return pw == NULL ? NULL : mem_strdup(pw->pw_name);
}

int
fleet_copy_options(struct muster_options *to, const struct muster_options *from,
    struct muster_error *err)
{
	if (from->fanout == 0 || from->max_unauthenticated == 0 ||
	    from->connects_per_100ms == 0)
		return err_set(err, MUSTER_ERR_USAGE,
		    "a limit of 0 would let no host begin");
	*to = *from;
	to->user = from->user != NULL ? mem_strdup(from->user) : login_name();
	to->identities = copy_list(from->identities, from->n_identities);
	to->known_hosts = copy_list(from->known_hosts, from->n_known_hosts);
	to->agent_path =
	    mem_strdup(from->agent_path != NULL ? from->agent_path
						: getenv("SSH_AUTH_SOCK"));
	if (to->port == 0)
		to->port = 22;
	if (to->user != NULL)
		return 0;
	fleet_clear_options(to);
	return err_set(err, MUSTER_ERR_SYSTEM,
	    "no login name for user id %u: name one", (unsigned)getuid());
}

void
fleet_clear_options(struct muster_options *options)
{
	free((void *)(uintptr_t)options->user);
	free((void *)(uintptr_t)options->agent_path);
	free_list(options->identities, options->n_identities);
	free_list(options->known_hosts, options->n_known_hosts);
}

/* As in ssh_config(5) UserKnownHostsFile and GlobalKnownHostsFile. */
static int
read_defaults(struct knownhosts *k, struct muster_error *err)
{
	static const char *const users[] = {"known_hosts", "known_hosts2"};
	static const char *const systems[] = {
	    "/etc/ssh/ssh_known_hosts", "/etc/ssh/ssh_known_hosts2"};
	const char *home = getenv("HOME");
	int rc = 0;

	for (size_t i = 0; rc == 0 && home != NULL && i < 2; i++) {
		char *path = mem_printf("%s/.ssh/%s", home, users[i]);

		rc = knownhosts_read(k, path, err);
		free(path);
	}
	for (size_t i = 0; rc == 0 && i < 2; i++)
		rc = knownhosts_read(k, systems[i], err);
	return rc;
}

struct knownhosts *
fleet_read_known_hosts(
    const struct muster_options *options, struct muster_error *err)
{
	struct knownhosts *k = knownhosts_new();
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < options->n_known_hosts; i++)
		rc = knownhosts_read(k, options->known_hosts[i], err);
	if (rc == 0 && options->n_known_hosts == 0 && !options->no_env_files)
		rc = read_defaults(k, err);
	if (rc == 0)
		return k;
	knownhosts_free(k);
	return NULL;
}
