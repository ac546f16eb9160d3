/*
 * hosts.c -- the hosts of a fleet: adding them, and what they are called.
 *
 * Room: engine/fleet.  May touch: this room, base/, conf/.
 */
#include "config.h"

#include "base/err.h"
#include "base/limits.h"
#include "base/map.h"
#include "base/mem.h"
#include "conf/hostexpr.h"
#include "conf/sshconf.h"
#include "fleet/fleet.h"
#include "fleet/profile.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

size_t
muster_n_hosts(const struct muster *m)
{
	return m->n_hosts;
}

const char *
muster_host_name(const struct muster *m, size_t host)
{
	assert(host < m->n_hosts);
	return m->hosts[host]->name;
}

const char *
muster_host_user(const struct muster *m, size_t host)
{
	assert(host < m->n_hosts);
	return m->hosts[host]->user;
}

uint16_t
muster_host_port(const struct muster *m, size_t host)
{
	assert(host < m->n_hosts);
	return m->hosts[host]->port;
}

/* The name that known_hosts has for the host (ssh_config(5) HostKeyAlias):
 * an alias stands there without a port. */
static void
set_key_name(struct host *h, const struct sshconf_host *values)
{
	const char *alias = sshconf_word(values, SSHCONF_HOSTKEYALIAS);

	h->key_name = mem_strdup(alias != NULL ? alias : h->address);
	h->key_port = alias != NULL ? 22 : h->port;
}

static int
set_way(
    struct host *h, const struct sshconf_host *values, struct muster_error *err)
{
	const struct sshconf_value *command =
	    &values->values[SSHCONF_PROXYCOMMAND];

	if (h->bastion != NULL)
		h->gate = mem_printf(
		    "%zu %s %u", h->bastion->index, h->address, h->port);
	if (command->n == 0)
		return 0;
	if (strcmp(command->words[0], "-") == 0)
		return err_set(err, MUSTER_ERR_USAGE,
		    "the ProxyCommand '-' of host '%s' is for ssh alone: name "
		    "a program",
		    h->address);
	h->proxy_command = mem_strdup(command->words[0]);
	h->gate = mem_strdup(command->raw[0]);
	return 0;
}

/* Whether ssh(1) shall connect to it, which knows its way. */
static bool
is_for_openssh(const struct muster *m, const struct muster_host *host)
{
	return m->options.openssh ||
	       (host->settings != NULL && host->settings->openssh);
}

struct brake *
fleet_brake(struct muster *m, const char *user)
{
	struct brake *b = map_gets(m->brakes, user);

	if (b == NULL) {
		b = brake_new(user, m->password, m->env.broker);
		(void)map_puts(m->brakes, user, b);
	}
	return b;
}

static struct host *
make_host(struct muster *m, const struct sshconf_host *values, bool openssh,
    struct muster_error *err)
{
	struct host *h = mem_new(sizeof(*h));

	h->address = mem_strdup(sshconf_word(values, SSHCONF_HOSTNAME));
	h->user = mem_strdup(sshconf_word(values, SSHCONF_USER));
	h->brake = fleet_brake(m, h->user);
	h->port = (uint16_t)sshconf_number(values, SSHCONF_PORT);
	set_key_name(h, values);
	if (openssh) {
		h->gate = mem_printf("%s:%u", h->address, h->port);
		return h;
	}
	if (fleet_jump(m, values, &h->bastion, err) == 0 &&
	    set_way(h, values, err) == 0)
		return h;
	host_clear(h);
	free(h);
	return NULL;
}

char *
fleet_target(const struct host *h)
{
	return mem_printf("%s@%s:%u", h->user, h->alias, h->port);
}

static int
set_become(struct host *h, const struct muster_host_settings *settings,
    struct muster_error *err)
{
	if (settings == NULL || !settings->become)
		return 0;
	if (!become_method_of(settings->become_method, &h->become_method))
		return err_set(err, MUSTER_ERR_USAGE,
		    "host '%s' is to become another user by '%s': sudo, su "
		    "and doas are known",
		    h->address, settings->become_method);
	h->becomes = true;
	h->become_user = mem_strdup(settings->become_user);
	return 0;
}

/* Names a host that is there for the first time: as it was added, or, when
 * that is taken by another login or port, by all three. */
static void
name_first(struct muster *m, struct host *h, char *target)
{
	h->name = map_gets(m->by_name, h->alias) == NULL ? mem_strdup(h->alias)
							 : mem_strdup(target);
	h->listed = mem_strdup(h->name);
	(void)map_puts(m->by_target, target, h);
}

/* Puts a host in. Returns false when it is there already. */
static bool
insert(struct muster *m, struct host *h, const char *name)
{
	struct host *first;
	char *target;

	h->alias = mem_strdup(name);
	target = fleet_target(h);
	first = map_gets(m->by_target, target);
	if (first == NULL) {
		name_first(m, h, target);
	} else if (m->options.keep_duplicates) {
		h->first = first;
		h->copy = ++first->n_copies;
		fleet_name_copy(h);
	}
	free(target);
	if (h->name == NULL)
		return false;
	h->index = m->n_hosts;
	h->record_index = MUSTER_NOWHERE;
	(void)map_puts(m->by_name, h->name, h);
	mem_grow(&m->hosts, &m->cap_hosts, m->n_hosts + 1, sizeof(*m->hosts));
	m->hosts[m->n_hosts++] = h;
	return true;
}

int
muster_add_host(
    struct muster *m, const struct muster_host *host, struct muster_error *err)
{
	const struct sshconf_request request = {
	    .host = host->name,
	    .user = host->user != NULL ? host->user : m->options.user,
	    .port = host->port != 0 ? host->port : m->options.port,
	    .address = host->address,
	};
	const struct profile *profile;
	struct sshconf_host values;
	struct sshconf *config;
	struct host *h;

	assert(m->magic == FLEET_MAGIC);
	config = fleet_sshconf(m, host->settings, err);
	if (config == NULL)
		return err_prefix(err, "host '%s'", host->name);
	if (sshconf_resolve(config, &request, &values, err) != 0)
		return host->settings == NULL
			   ? -1
			   : err_prefix(err, "host '%s'", host->name);
	profile = profiles_get(m->profiles, &values, err);
	h = profile == NULL
		? NULL
		: make_host(m, &values, is_for_openssh(m, host), err);
	sshconf_host_clear(&values);
	if (h == NULL)
		return -1;
	h->profile = profile;
	if (set_become(h, host->settings, err) != 0) {
		host_clear(h);
		free(h);
		return -1;
	}
	if (is_for_openssh(m, host))
		fleet_call_openssh(m, h, host);
	if (insert(m, h, host->name))
		return 1;
	host_clear(h);
	free(h);
	return 0;
}

/* Takes out all hosts but the first `n`. */
static void
keep_first(struct muster *m, size_t n)
{
	while (m->n_hosts > n) {
		struct host *h = m->hosts[--m->n_hosts];
		char *target = fleet_target(h);

		if (h->first != NULL)
			h->first->n_copies--;
		else
			(void)map_remove(m->by_target, target, strlen(target));
		(void)map_remove(m->by_name, h->name, strlen(h->name));
		free(target);
		host_clear(h);
		free(h);
	}
}

int
muster_add_hosts(struct muster *m, const char *expr, struct muster_error *err)
{
	const struct hostexpr_options options = {0};
	const size_t n_before = m->n_hosts;
	struct hostlist list;
	int rc;

	assert(m->magic == FLEET_MAGIC);
	hostlist_init(&list, LIMIT_HOSTS, m->options.keep_duplicates);
	rc = hostexpr_expand(expr, &options, &list, err);
	for (size_t i = 0; rc >= 0 && i < list.n; i++) {
		const struct hostref *ref = &list.items[i];
		const struct muster_host host = {
		    .name = ref->host,
		    .user = ref->user,
		    .port = ref->port,
		};

		rc = muster_add_host(m, &host, err);
	}
	hostlist_clear(&list);
	if (rc < 0)
		keep_first(m, n_before);
	return rc < 0 ? -1 : 0;
}
